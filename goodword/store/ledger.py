"""What was deleted at its source, so that no backup made before can bring it back?

A list beside the database, to which lines are only added: a backup that is restored later does not know
what was deleted since, but this list does. It names nothing: each line holds a salted hash of the brand,
the channel and the channel's own id. Whoever has that very row can see that it is meant; from the list
alone nobody learns a name.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

FILE = "forgotten.jsonl"  # in settings.LEDGER, and beside the backups


class What(StrEnum):
    POST = "post"
    AUTHOR = "author"
    RETURN = "return"  # an author who was hidden is back


@dataclass(frozen=True)
class Line:
    what: What
    mark: str
    why: str
    at: str


@dataclass(frozen=True)
class Ledger:
    """The lines of one file, and the salt with which their marks were made."""

    salt: bytes
    lines: list[Line]

    def mark(self, brand_id: int, channel: str, native_id: str) -> str:
        return mark_of(self.salt, brand_id, channel, native_id)


def note(what: What, brand_id: int, channel: str, native_id: str, why: str, *, now: datetime) -> None:
    """Add a line. It survives our own end at once, and a power cut once the transaction has committed.

    It is written before that: a line too many only says once more what the channel said, and a line too
    few would bring words back. A disk that takes no line must not keep us from forgetting.
    """
    file = Path(settings.LEDGER) / FILE
    try:
        line = Line(what, mark_of(_salt_in(file), brand_id, channel, native_id), why[:40], now.isoformat())
        # An empty line first: what a power cut left of the line before stays by itself.
        _append(file, "\n" + json.dumps(vars(line)))
    except OSError:
        logger.exception("what was deleted could not be written down in %s", file)
    else:
        transaction.on_commit(lambda: _sync(file))


def read(file: Path) -> Ledger | None:
    """What stands in this file; None when it is none of ours. A line that was cut off is passed over."""
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            salt = bytes.fromhex(json.loads(opened.readline())["salt"])
            return Ledger(salt, list(_lines(opened)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _lines(opened: Iterable[str]) -> Iterator[Line]:
    for text in opened:
        try:
            told = json.loads(text)
            yield Line(What(told["what"]), told["mark"], told["why"], told["at"])
        except (ValueError, KeyError, TypeError):
            continue


def mark_of(salt: bytes, brand_id: int, channel: str, native_id: str) -> str:
    words = json.dumps([brand_id, channel, native_id])
    return hmac.new(salt, words.encode(), hashlib.sha256).hexdigest()[:32]


def _salt_in(file: Path) -> bytes:
    """The salt of this file; a new file begins with one. Two may begin at once: one of them wins, whole."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        _append(draft, json.dumps({"salt": secrets.token_hex(16)}))
        _sync(draft)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    with file.open(encoding="utf-8") as opened:
        return bytes.fromhex(json.loads(opened.readline())["salt"])


def _append(file: Path, line: str) -> None:
    """In one write: two processes that add at the same time do not mix their lines."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def _sync(file: Path) -> None:
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
