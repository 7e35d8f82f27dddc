"""How does a brand leave for another install? As one file, with all that is its own and nothing else.

The format is that of a backup: rows of tables, files, a list, a seal. What opens something elsewhere
stays here: passwords of connections, hooks, sessions, links.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from goodword import __version__
from goodword.listening.models import Attachment
from goodword.record.archive import Writer
from goodword.record.belongings import Belonging, belongings
from goodword.record.contents import PORTION, Progress
from goodword.record.shelf import fingerprint
from goodword.store import schema
from goodword.store.columns import Table, Value
from goodword.store.schema import Applied
from goodword.store.snapshot import Snapshot, snapshot
from goodword.team.models import Brand, Teammate

HEAD, PEOPLE, ROWS, FILES = "handover.json", "teammates.json", "rows/", "attachments/"

# What is not told, though its row is: what would open something, or is counted by this install alone.
WITHHELD: dict[str, dict[str, Value]] = {
    "listening_connection": {"secrets": "", "hook": None, "trouble": "", "trouble_since": None},
    "listening_post": {"leased_until": None},
    "conversations_delivery": {"leased_until": None},
}


@dataclass(frozen=True)
class Handover:
    """What the file says of itself at its beginning."""

    origin: str  # the same for each hand-over of one brand by one install
    brand: str
    made_at: str
    version: str
    migrations: list[Applied]

    @classmethod
    def of(cls, brand: Brand, now: datetime) -> Handover:
        return cls(
            origin_of(brand), brand.name, now.isoformat(timespec="seconds"), __version__, schema.applied()
        )


def origin_of(brand: Brand) -> str:
    """Names this brand of this install, and tells nothing of either."""
    words = f"{fingerprint()}\n{brand.pk}\n{brand.created_at.isoformat()}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def hand_over(
    brand: Brand, file: Path, *, now: datetime, progress: Progress = lambda done, total: None
) -> dict[str, int]:
    """Write the brand into this file; how many rows of each table. OSError when it cannot be written.

    The file is there whole or not at all; an older one of that name is replaced.
    """
    draft = file.with_name(f".{secrets.token_hex(4)}.draft")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened, snapshot() as taken:
            counts = _write(Writer(opened), brand, taken, now, progress)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def _write(
    archive: Writer, brand: Brand, taken: Snapshot, now: datetime, progress: Progress
) -> dict[str, int]:
    about = Handover.of(brand, now)
    archive.add(HEAD, json.dumps(asdict(about)).encode())
    archive.add(PEOPLE, json.dumps(_people_of(brand)).encode())
    ours = belongings()
    total = sum(one.of(brand).count() for one in ours)
    counts: dict[str, int] = {}
    columns: dict[str, list[tuple[str, str]]] = {}
    done = 0
    for one in ours:
        table = one.table
        columns[table.name] = [(column.name, column.kind) for column in table.columns]
        counts[table.name] = 0
        for number, lines in enumerate(_portions(taken, one, brand)):
            archive.add(f"{ROWS}{table.name}/{number:06}.jsonl", "".join(lines).encode())
            counts[table.name] += len(lines)
            done += len(lines)
            progress(done, max(done, total))
    for digest in _digests_of(brand):
        _add_file(archive, digest)
    archive.finish({"about": asdict(about), "columns": columns, "counts": counts})
    return counts


def _people_of(brand: Brand) -> dict[int, dict[str, str]]:
    """Teammates by the number of their user: name and address, nothing of how they sign in."""
    teammates = Teammate.objects.filter(brand=brand).select_related("user")
    return {one.user_id: {"email": one.user.email, "name": one.user.name} for one in teammates}


def _portions(taken: Snapshot, one: Belonging, brand: Brand) -> Iterator[list[str]]:
    withhold = _withholding(one.table)
    lines: list[str] = []
    size = 0
    for row in taken.rows(one.table, one.asked(brand)):
        withhold(row)
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        size += len(lines[-1])
        if size >= PORTION:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _withholding(table: Table) -> Any:
    withheld = WITHHELD.get(table.name, {})
    places = [
        (place, withheld[column.name])
        for place, column in enumerate(table.columns)
        if column.name in withheld
    ]

    def withhold(row: list[Value]) -> None:
        for place, value in places:
            row[place] = value

    return withhold


def _digests_of(brand: Brand) -> list[str]:
    rows = Attachment.objects.filter(post__brand=brand).exclude(digest="")
    return sorted(set(rows.values_list("digest", flat=True)))


def _add_file(archive: Writer, digest: str) -> None:
    try:
        data = file_of(digest).read_bytes()
    except FileNotFoundError:  # forgotten since the rows were read
        return
    archive.add(f"{FILES}{digest}", data)


def file_of(digest: str) -> Path:
    """Where listening.attachments keeps the file of that digest."""
    return Path(settings.ATTACHMENTS) / digest[:2] / digest[2:]
