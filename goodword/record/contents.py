"""What belongs into a backup, and what does it say of itself?"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from goodword import __version__
from goodword.record.archive import Writer
from goodword.record.shelf import Why, fingerprint
from goodword.store import schema
from goodword.store.columns import KINDS, Column, Table
from goodword.store.schema import Applied
from goodword.store.snapshot import Snapshot

FORMAT = 1
PORTION = 4 << 20  # bytes of rows in one member, about: what is held in memory
HEAD, ROWS, HOME, KEYS = "head.json", "rows/", "home/", "keys.locked"

# Of the home: keys are kept apart from what they open; the others are made again, or are backups themselves.
LEFT_OUT = frozenset({"keys", "media", "uploads", "backups", "address", "alive"})
LARGEST_AT_ONCE = 64 << 20  # bytes of a file that are held in memory, so that it may change meanwhile

Progress = Callable[[int, int], None]  # rows done, of how many


@dataclass(frozen=True)
class About:
    """What is said of a backup at its beginning, and again at its end."""

    made_at: str
    why: str
    version: str
    database: str
    migrations: list[Applied]
    vault: str  # fingerprint of the key that opens the passwords of connections
    has_keys: bool
    format: int = FORMAT

    @classmethod
    def of_now(cls, now: datetime, why: Why, *, has_keys: bool) -> About:
        return cls(
            now.isoformat(timespec="seconds"),
            why,
            __version__,
            connection.vendor,
            schema.applied(),
            fingerprint(),
            has_keys,
        )

    @classmethod
    def read(cls, told: dict[str, Any]) -> About:
        """Raises TypeError or KeyError when it is none."""
        migrations = [(str(app), str(name)) for app, name in told["migrations"]]
        return cls(**{**{name: told[name] for name in cls.__dataclass_fields__}, "migrations": migrations})


@dataclass
class Rows:
    """What the list says of one table."""

    columns: list[tuple[str, str]]
    count: int = 0
    last_number: int = 0

    @property
    def kinds_are_known(self) -> bool:
        return {kind for _name, kind in self.columns} <= set(KINDS.values())

    def table(self, name: str) -> Table:
        return Table(name, tuple(Column(*column) for column in self.columns), frozenset())


@dataclass
class Contents:
    tables: dict[str, Rows] = field(default_factory=dict)
    files: int = 0

    def as_told(self) -> dict[str, Any]:
        return {"tables": {name: asdict(rows) for name, rows in self.tables.items()}, "files": self.files}


def write(archive: Writer, about: About, taken: Snapshot, *, keys: bytes | None, progress: Progress) -> None:
    """Everything, in the order in which it will be read."""
    archive.add(HEAD, json.dumps(asdict(about)).encode())
    if keys is not None:
        archive.add(KEYS, keys)
    contents = Contents()
    tables = schema.tables(about.migrations)
    total = sum(taken.count(table) for table in tables)
    done = 0
    for table in tables:
        kept = contents.tables[table.name] = Rows([(column.name, column.kind) for column in table.columns])
        kept.last_number = taken.last_number(table)
        for number, (count, portion) in enumerate(_portions(taken, table)):
            archive.add(f"{ROWS}{table.name}/{number:06}.jsonl", portion)
            kept.count += count
            done += count
            progress(done, max(done, total))
    # After the rows: what a row names was there when the row was written, and what came since does no harm.
    for path in home_files():
        contents.files += _add(archive, path)
    archive.finish({"about": asdict(about), **contents.as_told()})


def _portions(taken: Snapshot, table: Table) -> Iterator[tuple[int, bytes]]:
    lines: list[str] = []
    size = 0
    for row in taken.rows(table):
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
        size += len(lines[-1])
        if size >= PORTION:
            yield len(lines), _joined(lines)
            lines, size = [], 0
    if lines:
        yield len(lines), _joined(lines)


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")


def home_files() -> Iterator[Path]:
    """Every file of the home that no setting, database or cache can bring back."""
    home, database = Path(settings.HOME), str(connection.settings_dict["NAME"])
    for folder, folders, names in os.walk(home):
        if Path(folder) == home:
            folders[:] = [name for name in folders if name not in LEFT_OUT]
            names = [name for name in names if name not in LEFT_OUT]
        folders[:] = sorted(name for name in folders if Path(folder, name) != Path(settings.BACKUPS))
        # What is hidden or a draft is on its way to its place, or a lock.
        plain = (name for name in sorted(names) if not name.startswith(".") and not name.endswith(".draft"))
        for path in (Path(folder, name) for name in plain):
            if path.is_file() and not path.is_symlink() and not str(path).startswith(database):
                yield path


def _add(archive: Writer, path: Path) -> int:
    name = f"{HOME}{path.relative_to(settings.HOME).as_posix()}"
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size <= LARGEST_AT_ONCE:
                archive.add(name, file.read())
            else:
                archive.add_file(name, file, size)
    except FileNotFoundError:  # deleted since we looked: so it is to be
        return 0
    return 1
