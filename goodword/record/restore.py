"""How does a backup become a home again, on either database, and what is said when it cannot?"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from goodword import __version__
from goodword.listening.forgetting import forget_again
from goodword.record import archive, contents, keyring
from goodword.record.archive import Damaged, Member
from goodword.record.backup import check
from goodword.record.contents import HEAD, HOME, KEYS, ROWS, About, Progress, Rows
from goodword.record.keyring import WrongPassphrase
from goodword.record.shelf import fingerprint
from goodword.store import ledger, loading, schema, wiping

# While it is there, nothing but another restore may begin here: what lies around it is half a home.
MARKER = ".restoring"


class CannotRestore(Exception):
    """Nothing was changed, unless the text says otherwise: it is a sentence for the one who tried."""


@dataclass
class Restored:
    about: About
    rows: int = 0
    files: int = 0
    forgotten: int = 0
    keys: list[str] = field(default_factory=list)
    opens_secrets: bool = False  # the key here is the one with which passwords were locked


def restore(
    path: Path,
    *,
    now: datetime,
    passphrase: str = "",
    progress: Progress = lambda done, total: None,
) -> Restored:
    """Everything as it was, and what was deleted since deleted again. Raises CannotRestore.

    Interrupted at any moment, it leaves its marker: it is begun anew, and nothing else runs until then.
    """
    about = head_of(path)
    _known(about)
    _room_for_it()
    try:
        listed = check(path)
    except Damaged as error:
        raise CannotRestore(_damaged(path, error)) from error
    keys = _opened_keys(path, passphrase) if about.has_keys and passphrase else {}
    _begin()
    done = Restored(about, keys=sorted(keys))
    tables = {name: Rows(**told) for name, told in listed["tables"].items()}
    with loading.in_haste():
        schema.make_tables(about.migrations)
        _fits(tables, about)
        with loading.keys_looked_at_once():
            _put(path, tables, done, progress)
        last_numbers = {name: rows.last_number for name, rows in tables.items()}
        loading.go_on_numbering(last_numbers, [rows.table(name) for name, rows in tables.items()])
        call_command("migrate", verbosity=0, interactive=False)
    done.forgotten = forget_again(_ledgers(path), now=now)
    wiping.wipe()
    keyring.put_back(keys, Path(settings.KEYS))
    done.opens_secrets = bool(keys) or about.vault == fingerprint()
    _end()
    return done


def head_of(path: Path) -> About:
    """What the backup says of itself, before all of it is read. Raises CannotRestore."""
    try:
        with archive.members(path) as all_of_them:
            first = next(all_of_them, None)
            if first is None or first.name != HEAD or first.size > archive.BLOCK:
                raise Damaged("it does not begin as a backup does")
            return About.read(json.loads(first.read()))
    except (Damaged, KeyError, TypeError, ValueError) as error:
        raise CannotRestore(_damaged(path, error)) from error
    except OSError as error:
        told = {"file": str(path), "trouble": error.strerror or str(error)}
        raise CannotRestore(_("%(file)s cannot be read: %(trouble)s.") % told) from error


def is_unfinished() -> bool:
    """Was a restore into this home begun, and not ended?"""
    return (Path(settings.HOME) / MARKER).exists()


def _damaged(path: Path, error: Exception) -> str:
    return _("%(file)s is damaged, or no backup of Goodword: %(trouble)s. Take another one.") % {
        "file": path,
        "trouble": error,
    }


def _known(about: About) -> None:
    if about.format > contents.FORMAT or schema.unknown(about.migrations):
        raise CannotRestore(
            _(
                "This backup was made by Goodword %(theirs)s, and this is %(ours)s, which does not know "
                "everything in it. Install Goodword %(theirs)s or a newer one, and restore with that."
            )
            % {"theirs": about.version, "ours": __version__}
        )


def _room_for_it() -> None:
    """Refuse a home in which something is, unless it is what an interrupted restore has left."""
    if is_unfinished():
        began = (Path(settings.HOME) / MARKER).read_text()
        if began and began != _database():
            raise CannotRestore(
                _(
                    "An interrupted restore began in another database (%(database)s). Set DATABASE_URL to "
                    "that one, or begin in an empty home."
                )
                % {"database": began}
            )
        return
    there = [str(path) for path in contents.home_files() if path.parent != Path(settings.LEDGER)]
    if not schema.is_empty():
        there.insert(0, _("the database %(name)s") % {"name": connection.settings_dict["NAME"]})
    if there:
        more = _(" and more") if len(there) > 3 else ""
        raise CannotRestore(
            _(
                "This home is not empty: %(things)s. A backup is restored into an empty one: move these "
                "away, or set GOODWORD_HOME to a new folder."
            )
            % {"things": ", ".join(there[:3]) + more}
        )


def _opened_keys(path: Path, passphrase: str) -> dict[str, bytes]:
    try:
        with archive.members(path) as all_of_them:
            locked = next(member.read() for member in all_of_them if member.name == KEYS)
        return keyring.opened(locked, passphrase)
    except WrongPassphrase as error:
        raise CannotRestore(
            _(
                "The passphrase does not open the keys in this backup. Try again, or restore without it: "
                "then only the passwords of connections are missing."
            )
        ) from error


def _begin() -> None:
    if is_unfinished():
        schema.drop_everything()
    marker = Path(settings.HOME) / MARKER
    marker.write_text(_database())
    _sync(marker)
    _sync(marker.parent)


def _end() -> None:
    database = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        _sync(Path(database))
    (Path(settings.HOME) / MARKER).unlink()
    _sync(Path(settings.HOME))


def _database() -> str:
    told = connection.settings_dict
    return f"{connection.vendor}:{told.get('HOST', '')}:{told.get('PORT', '')}:{told['NAME']}"


def _fits(tables: dict[str, Rows], about: About) -> None:
    """The list names the tables and columns that its own migrations make, and nothing else."""
    ours = {
        table.name: {column.name for column in table.columns} for table in schema.tables(about.migrations)
    }
    for name, rows in tables.items():
        if ours.get(name) != {column for column, _kind in rows.columns} or not rows.kinds_are_known:
            raise CannotRestore(
                _("The backup holds a table %(name)s that its version does not have.") % {"name": name}
            )


def _put(path: Path, tables: dict[str, Rows], done: Restored, progress: Progress) -> None:
    total = sum(rows.count for rows in tables.values())
    for name, rows in tables.items():
        loading.empty_table(rows.table(name))
    with archive.members(path) as all_of_them:
        for part, run in groupby(all_of_them, _part):
            if part.startswith(ROWS):
                name = part.removeprefix(ROWS)
                done.rows += loading.load(tables[name].table(name), _rows(run, done.rows, total, progress))
            elif part == HOME:
                done.files += sum(_put_file(member) for member in run)


def _part(member: Member) -> str:
    """Members that belong together follow each other: the rows of one table, the files of the home."""
    if member.name.startswith(ROWS):
        return member.name.rpartition("/")[0]
    return HOME if member.name.startswith(HOME) else member.name


def _rows(run: Iterator[Member], before: int, total: int, progress: Progress) -> Iterator[list[Any]]:
    for member in run:
        for line in member.read().splitlines():
            yield json.loads(line)
            before += 1
        progress(before, total)


def _put_file(member: Member) -> int:
    place = Path(settings.HOME) / member.name.removeprefix(HOME)
    if place.parent == Path(settings.LEDGER) and place.exists():
        # The ledger that is here knows what was deleted since: the older one is put beside it.
        place = place.with_name(f"then-{place.name}")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name[:200]}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(member.file, file, archive.BLOCK)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    return 1


def _ledgers(path: Path) -> list[ledger.Ledger]:
    """Those of this home, and those that lie beside the backup, which are kept from now on."""
    kept = Path(settings.LEDGER)
    for beside in sorted(path.parent.glob("goodword-*-forgotten.jsonl")):
        kept.mkdir(exist_ok=True, mode=0o700)
        first = kept / ledger.FILE
        place = first if not first.exists() else kept / f"beside-{beside.name}"
        shutil.copyfile(beside, place)
    return [book for file in sorted(kept.glob("*.jsonl")) if (book := ledger.read(file))]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
