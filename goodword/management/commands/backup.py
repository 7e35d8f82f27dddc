"""`goodword backup`: puts everything aside in one file that was read back whole; its path is printed last."""

from __future__ import annotations

import getpass
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword.management.ready import CALLED_WRONGLY
from goodword.management.telling import told_now_and_then
from goodword.record import nightly
from goodword.record.backup import CannotBackUp
from goodword.record.keyring import SHORTEST
from goodword.record.shelf import Backup, Busy, Why

NOT_MADE = 1
PASSPHRASE = "GOODWORD_PASSPHRASE"  # noqa: S105 (the name of a variable)


class Command(BaseCommand):
    help = gettext_noop("Put everything aside in one file, read it back, and print where it is.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            dest="folder",
            type=Path,
            metavar="FOLDER",
            help=_("where, this once; see also GOODWORD_BACKUPS"),
        )
        parser.add_argument(
            "--with-keys", action="store_true", help=_("the keys, too, locked by a passphrase of yours")
        )
        parser.add_argument("--passphrase-file", type=Path, help=_("where that passphrase stands"))
        parser.add_argument("--nightly", action="store_true", help=_("only if one is due"))
        parser.add_argument("--nice", action="store_true", help=_("let everything else go first"))
        parser.add_argument("--json", action="store_true", help=_("end with one line of JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["nightly"] and not nightly.is_due(timezone.now()):
            return
        if options["nice"]:
            os.nice(nightly.POLITE)
        folder = (options["folder"] or Path(settings.BACKUPS)).absolute()
        passphrase = new_passphrase(options["passphrase_file"]) if options["with_keys"] else ""
        progress = told_now_and_then(self.stderr.write, _("%(done)s of %(total)s rows"))
        try:
            made = nightly.make_and_rotate(
                folder,
                why=Why.NIGHTLY if options["nightly"] else Why.BY_HAND,
                now=timezone.now(),
                passphrase=passphrase,
                progress=progress,
            )
        except Busy as busy:
            raise CommandError(_("A backup is being made just now."), returncode=NOT_MADE) from busy
        except CannotBackUp as why:
            raise CommandError(str(why), returncode=NOT_MADE) from why
        self._tell(made, with_keys=bool(passphrase), as_json=options["json"])

    def _tell(self, made: Backup, *, with_keys: bool, as_json: bool) -> None:
        for sentence in _about_keys(with_keys):
            self.stderr.write(sentence)
        if as_json:
            told = {"path": str(made.path), "bytes": made.size, "keys": with_keys}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(str(made.path))


def _about_keys(with_keys: bool) -> list[str]:
    if with_keys:
        return [_("The keys are in it, locked by your passphrase: without that they cannot be had from it.")]
    return [
        _(
            "The keys are not in it: keep a copy of the folder %(keys)s in another place. Without them, "
            "all comes back but the passwords of your connections."
        )
        % {"keys": settings.KEYS}
    ]


def new_passphrase(file: Path | None) -> str:
    """From the file, the environment, or typed twice. CommandError (2) when it is none to trust."""
    given = given_passphrase(file)
    if not given and sys.stdin.isatty():
        given = getpass.getpass(_("Passphrase for the keys: "))
        if given != getpass.getpass(_("Once more: ")):
            raise CommandError(_("The two are not the same."), returncode=CALLED_WRONGLY)
    if len(given) < SHORTEST:
        raise CommandError(
            _(
                "A passphrase needs at least %(n)s characters. Type it, or give it by "
                "--passphrase-file or in %(name)s."
            )
            % {"n": SHORTEST, "name": PASSPHRASE},
            returncode=CALLED_WRONGLY,
        )
    return given


def given_passphrase(file: Path | None) -> str:
    """The passphrase in this file, or else in the environment."""
    if file is None:
        return os.environ.get(PASSPHRASE, "")
    try:
        return file.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeError) as error:
        told = {"file": file, "trouble": getattr(error, "strerror", "") or str(error)}
        raise CommandError(
            _("%(file)s cannot be read: %(trouble)s.") % told, returncode=CALLED_WRONGLY
        ) from error
