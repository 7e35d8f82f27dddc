"""When is the next backup due, who makes it, and how did the last one go?

Made in a process of its own: reading a million rows beside the worker would hold up its answers.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from goodword.record import shelf
from goodword.record.backup import CannotBackUp, make_backup
from goodword.record.contents import Progress
from goodword.record.shelf import Backup, Why
from goodword.team.models import Brand

logger = logging.getLogger(__name__)

QUIET_HOUR = clock(3, 30)  # where the first brand is at home; nobody writes then, and few are written to
AGAIN_AFTER_TROUBLE = timedelta(hours=1)
TOO_OLD = timedelta(hours=50)  # two nights were missed: somebody should look
SILENT = 30.0  # seconds without a word: the process that made it is gone
NOTE_EVERY = 0.5  # seconds
POLITE = 10  # of 19: whoever answers people goes first


@dataclass(frozen=True)
class State:
    """How the last try went, or how far this one has come."""

    running: bool = False
    done: int = 0  # rows
    total: int = 0
    trouble: str = ""
    tried_at: float = 0.0  # seconds since 1970
    noted_at: float = 0.0


def state() -> State:
    """As last noted; one that has fallen silent was interrupted."""
    try:
        noted = State(**json.loads(_note().read_text()))
    except (OSError, ValueError, TypeError):
        return State()
    if noted.running and time.time() - noted.noted_at > SILENT:
        return replace(noted, running=False)
    return noted


def make_and_rotate(
    folder: Path,
    *,
    why: Why,
    now: datetime,
    passphrase: str = "",
    wait: bool = False,
    progress: Progress = lambda done, total: None,
) -> Backup:
    """Make one, note how it went, and delete what is no longer kept. Raises CannotBackUp and Busy.

    Where one is put for once (another disk), nothing is noted and nothing deleted.
    """
    if folder != _folder():
        return make_backup(folder, why=why, now=now, passphrase=passphrase, wait=wait, progress=progress)
    note = _noting(now, progress)
    try:
        made = make_backup(folder, why=why, now=now, passphrase=passphrase, wait=wait, progress=note)
    except CannotBackUp as trouble:
        _write(State(trouble=str(trouble), tried_at=now.timestamp()))
        raise
    _write(State(tried_at=now.timestamp()))
    shelf.rotate(folder, now=now)
    return made


def begin_if_due(now: datetime) -> None:
    """Start the nightly backup when its time has come, also when it came while the machine slept."""
    try:
        if settings.MAKES_BACKUPS and is_due(now):
            begin(Why.NIGHTLY)
    except OSError:  # no process more, or a disk that is away: replies must go out all the same
        logger.exception("the nightly backup could not be started; it is tried again")


def begin(why: Why) -> None:
    """Start making one, in a process that outlives the request or the round of work that asked for it."""
    if why == Why.BY_HAND:
        _write(State(running=True, tried_at=time.time()))  # somebody looks at the page already
    command = [sys.executable, "-m", "goodword", "backup", "--nice"]
    started = subprocess.Popen(  # noqa: S603 (our own command)
        [*command, "--nightly"] if why == Why.NIGHTLY else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "GOODWORD_PARENT"},
    )
    _children[:] = [child for child in (*_children, started) if child.poll() is None]


_children: list[subprocess.Popen[bytes]] = []  # so that each is buried when it has ended


def is_due(now: datetime) -> bool:
    """Has the quiet hour passed since the last good one? After trouble, it is tried again in an hour."""
    last = shelf.backups_in(_folder())
    noted = state()
    if noted.running or now.timestamp() - noted.tried_at < AGAIN_AFTER_TROUBLE.total_seconds():
        return False
    since = last[0].made_at if last else began_at()
    return since is not None and since < last_quiet_hour(now, zone())


def next_one(now: datetime) -> datetime:
    """When the next nightly one is made, if nothing goes wrong."""
    return last_quiet_hour(now, zone()) + timedelta(days=1)


def last_quiet_hour(now: datetime, where: ZoneInfo) -> datetime:
    """The newest one that is not in the future."""
    here = now.astimezone(where)
    today = datetime.combine(here.date(), QUIET_HOUR, where)
    chosen = today if today <= here else datetime.combine(here.date() - timedelta(days=1), QUIET_HOUR, where)
    return chosen.astimezone(UTC)


def zone() -> ZoneInfo:
    """Where the install is at home: as its oldest real brand."""
    named = Brand.objects.order_by("is_demo", "pk").values_list("time_zone", flat=True).first()
    return ZoneInfo(named or "UTC")


def began_at() -> datetime | None:
    """When the database was made: a home of today needs no backup before the first night."""
    found = MigrationRecorder.Migration.objects.order_by("applied").values_list("applied", flat=True).first()
    return found if isinstance(found, datetime) else None


def _folder() -> Path:
    return Path(settings.BACKUPS)


def _note() -> Path:
    return Path(settings.HOME) / "alive" / "backup.json"


def _noting(now: datetime, progress: Progress) -> Callable[[int, int], None]:
    noted_at = 0.0

    def note(done: int, total: int) -> None:
        nonlocal noted_at
        progress(done, total)
        if time.monotonic() - noted_at >= NOTE_EVERY:
            noted_at = time.monotonic()
            _write(State(True, done, total, tried_at=now.timestamp()))

    return note


def _write(noted: State) -> None:
    """Whole or not at all. A disk that takes no note is told of by the backup itself."""
    place = _note()
    draft = place.with_suffix(f".{os.getpid()}")
    try:
        place.parent.mkdir(exist_ok=True, mode=0o700)
        draft.write_text(json.dumps(asdict(replace(noted, noted_at=time.time()))))
        draft.replace(place)
    except OSError:
        return
