"""How is the database brought to the shape of this version, so that one could still go back?"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.record import nightly, restore
from goodword.record.backup import CannotBackUp
from goodword.record.shelf import Why
from goodword.store import schema

LOCK = ".upgrading"


class CannotUpgrade(Exception):
    """The database was left as it is; the text says why, and what to do."""


def bring_up_to_date(say: Callable[[str], object]) -> None:
    """Make a backup and migrate, where migrations wait; what is done is said. Raises CannotUpgrade.

    Web, listener and worker may start at the same time: one of them does it, the others wait.
    """
    if restore.is_unfinished():
        raise CannotUpgrade(
            _(
                "A restore into this home was interrupted: what is here is not whole. Give the same command "
                "again: goodword restore FILE"
            )
        )
    if not schema.pending():
        return
    with _one_at_a_time():
        if schema.pending():
            if settings.MAKES_BACKUPS and not schema.is_empty():
                _back_up_first(say)
            call_command("migrate", verbosity=0, interactive=False)


def _back_up_first(say: Callable[[str], object]) -> None:
    say(_("This version changes the database. A backup is made first ..."))
    folder = Path(settings.BACKUPS)
    try:
        made = nightly.make_and_rotate(folder, why=Why.UPGRADE, now=timezone.now(), wait=True)
    except CannotBackUp as why:
        raise CannotUpgrade(
            _(
                "%(why)s So the upgrade did not begin, and nothing was changed. Mend that and start again, "
                "or set GOODWORD_NO_BACKUP=1 if you have a backup of your own."
            )
            % {"why": why}
        ) from why
    say(_("The backup is %(file)s.") % {"file": made.path})


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    handle = os.open(Path(settings.HOME) / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
