"""Where do backups lie, which are there, and which of them are kept?

The folder itself is the list: a file stands there under its name only once it was read back whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings

# Deleted there, deleted here, in backups too: none but the newest lives longer than a month. Six monthly
# ones would bring back what people deleted half a year ago.
LONGEST = timedelta(days=30)
ALL_OF = timedelta(days=2)  # also two of one day: the one before an upgrade must outlive that night's
DAILY, WEEKLY = 7, 4  # then one of each day, then one of each earlier week: up to 28 days back

NAME = re.compile(r"goodword-([0-9a-f]{8})-(\d{8}-\d{6})-(nightly|by-hand|upgrade)\.tar\.zst")
DRAFT = ".goodword-being-made"  # how the names of unfinished ones begin
LOCK = ".goodword-lock"


class Why(StrEnum):
    NIGHTLY = "nightly"
    BY_HAND = "by-hand"
    UPGRADE = "upgrade"


class Busy(Exception):
    """Another process makes a backup in this folder just now."""


@dataclass(frozen=True)
class Backup:
    path: Path
    made_at: datetime
    why: Why

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size


def fingerprint(key: str | None = None) -> str:
    """Tells two vault keys apart without telling anything of them."""
    return hashlib.sha256(b"goodword vault\n" + (key or settings.VAULT_KEY).encode()).hexdigest()[:16]


def name_of(made_at: datetime, why: Why) -> str:
    """A folder may hold the backups of several installs: the first part says whose it is."""
    return f"goodword-{fingerprint()[:8]}-{made_at.astimezone(UTC):%Y%m%d-%H%M%S}-{why}.tar.zst"


def ledger_beside(folder: Path) -> Path:
    """The copy of the ledger that lies beside the backups, should the home be lost."""
    return folder / f"goodword-{fingerprint()[:8]}-forgotten.jsonl"


def backups_in(folder: Path) -> list[Backup]:
    """Those of this install, newest first; none where there is no such folder."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return []
    found = [match for match in map(NAME.fullmatch, names) if match and match[1] == fingerprint()[:8]]
    return sorted(
        (Backup(folder / match[0], _moment(match[2]), Why(match[3])) for match in found),
        key=lambda backup: backup.made_at,
        reverse=True,
    )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


def rotate(folder: Path, *, now: datetime) -> list[Path]:
    """Delete what is no longer kept; call it when a new one has just been made. What was deleted."""
    there = backups_in(folder)
    stays = kept((backup.made_at for backup in there), now=now)
    gone = [backup.path for backup in there if backup.made_at not in stays]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def kept(moments: Iterable[datetime], *, now: datetime) -> set[datetime]:
    """Of backups made at these moments, those that stay. The newest always does: it may be the only one."""
    newest_first = sorted(moments, reverse=True)
    fresh = [at for at in newest_first if now - at <= LONGEST]
    daily = _newest_of_each(fresh, lambda at: at.date().toordinal())[:DAILY]
    weekly = _newest_of_each(fresh, lambda at: at.date().toordinal() // 7)[: WEEKLY + 1]
    return {*newest_first[:1], *(at for at in fresh if now - at <= ALL_OF), *daily, *weekly}


def _newest_of_each(newest_first: list[datetime], part: Callable[[datetime], int]) -> list[datetime]:
    found: dict[int, datetime] = {}
    for at in newest_first:
        found.setdefault(part(at), at)
    return list(found.values())


@contextmanager
def alone_in(folder: Path, *, wait: bool) -> Iterator[None]:
    """Nobody else makes a backup in this folder meanwhile; what one who was killed left there is gone.

    The lock ends with the process that holds it, however it ends. Raises Busy unless it may wait.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy from None
        for draft in folder.glob(f"{DRAFT}*"):
            draft.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)
