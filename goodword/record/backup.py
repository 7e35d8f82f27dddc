"""How is everything put aside in one file, of which one can be sure, while everybody goes on working?"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from goodword.record import archive, contents, shelf
from goodword.record.archive import Damaged, Member
from goodword.record.contents import ROWS, About, Progress
from goodword.record.keyring import locked_keys
from goodword.record.shelf import Backup, Why
from goodword.store import ledger, schema
from goodword.store.columns import UnknownKind
from goodword.store.snapshot import DatabaseIsDamaged, snapshot

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class CannotBackUp(Exception):
    """No backup was made, and those that are there are untouched; the text says why, in a sentence."""


def make_backup(
    folder: Path,
    *,
    why: Why,
    now: datetime,
    passphrase: str = "",
    wait: bool = False,
    progress: Progress = lambda done, total: None,
) -> Backup:
    """One file in `folder` that was read back whole. With a passphrase, the keys are in it, locked by that.

    Killed at any moment, it leaves either nothing or the whole file; what it had begun is swept away by
    the next one. Raises CannotBackUp; Busy when another is being made there and it may not wait.
    """
    if schema.is_empty():
        raise CannotBackUp(_("There is nothing to put aside yet: the database is empty."))
    _ready(folder)
    with shelf.alone_in(folder, wait=wait):
        draft = folder / f"{shelf.DRAFT}-{secrets.token_hex(4)}"
        try:
            _write(draft, About.of_now(now, why, has_keys=bool(passphrase)), passphrase, progress)
            check(draft)
            made = _put_in_place(draft, folder, now, why)
            _copy_ledger(folder)
        except OSError as error:
            raise CannotBackUp(_why_not(error, folder)) from error
        except (DatabaseError, DatabaseIsDamaged) as error:
            told = {"trouble": str(error).strip().split("\n")[0]}
            raise CannotBackUp(_("The database cannot be read: %(trouble)s") % told) from error
        except schema.MadeByANewerVersion as error:
            raise CannotBackUp(
                _("The database was made by a newer version of Goodword than this one.")
            ) from error
        except Damaged as error:
            told = {"folder": str(folder), "trouble": str(error)}
            raise CannotBackUp(
                _(
                    "What was written to %(folder)s reads back otherwise: %(trouble)s. The disk may be "
                    "failing."
                )
                % told
            ) from error
        except UnknownKind as error:
            raise CannotBackUp(str(error)) from error
        finally:
            draft.unlink(missing_ok=True)
    return made


def check(path: Path) -> dict[str, Any]:
    """The list of the backup, once every hash and every row of it was found. Raises Damaged."""
    counted: dict[str, int] = {}

    def count(member: Member, data: bytes) -> None:
        if member.name.startswith(ROWS):
            table = member.name.removeprefix(ROWS).rpartition("/")[0]
            counted[table] = counted.get(table, 0) + data.count(b"\n")

    listed = archive.verified(path, count)
    try:
        About.read(listed["about"])
        told = {name: rows["count"] for name, rows in listed["tables"].items() if rows["count"]}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("its list is none of ours") from error
    if told != counted:
        raise Damaged("it holds more or fewer rows than its list says")
    return listed


def _ready(folder: Path) -> None:
    """A folder that is named and missing is a disk that is not there: it is not made on the disk below."""
    try:
        if folder == settings.HOME / "backups":
            folder.mkdir(exist_ok=True, mode=0o700)
        if not folder.is_dir():
            raise CannotBackUp(
                _("There is no folder %(folder)s. Is the disk there? Make the folder, or name another.")
                % {"folder": folder}
            )
        with (folder / shelf.LOCK).open("a"):
            pass
    except OSError as error:
        raise CannotBackUp(_why_not(error, folder)) from error


def _write(draft: Path, about: About, passphrase: str, progress: Progress) -> None:
    progress(0, 0)
    keys = locked_keys(Path(settings.KEYS), passphrase) if passphrase else None
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, snapshot() as taken:
        contents.write(archive.Writer(file), about, taken, keys=keys, progress=progress)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(draft: Path, folder: Path, now: datetime, why: Why) -> Backup:
    path = folder / shelf.name_of(now, why)
    draft.rename(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return Backup(path, now.replace(microsecond=0), why)


def _copy_ledger(folder: Path) -> None:
    kept = Path(settings.LEDGER) / ledger.FILE
    if kept.exists():
        draft = folder / f"{shelf.DRAFT}-ledger"
        shutil.copyfile(kept, draft)
        draft.chmod(0o600)
        draft.replace(shelf.ledger_beside(folder))


def _why_not(error: OSError, folder: Path) -> str:
    told = {"folder": str(folder), "trouble": error.strerror or str(error)}
    if error.errno in NO_ROOM:
        return _("There is no room for a backup in %(folder)s. Those that are there were left alone.") % told
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _("Goodword may not write to %(folder)s: %(trouble)s.") % told
    return _("No backup could be made in %(folder)s: %(trouble)s.") % told
