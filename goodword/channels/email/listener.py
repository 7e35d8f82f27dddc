"""How is a mailbox heard: its past once, newest thousands only, and then whatever comes, within seconds?

The cursor knows of each folder its UIDVALIDITY and the last UID that was heard. The past is taken in by
portions in the order in which it was written, so that an answer finds what it answers, with the place
where it stopped in the cursor: a crash or a restart goes on there. Between the portions new mail is
heard. What the owner flags, moves or deletes in the mailbox is no deletion at its source: only new UIDs
are looked at.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..base import Checkpoint, Event, Progress, Watch
from .heard import Reader
from .mailbox import Box, Head
from .parts import LARGEST_WHOLE

INBOX = "INBOX"
PORTION = 100  # mails of the past between two checkpoints
HELD = 30_000_000  # bytes of mails that are held at once
LOOK_AGAIN = (
    45.0  # seconds of IDLE until the Sent folder is looked at; servers hang up after minutes of silence
)
TURN = 10.0  # seconds of the past between two looks for new mail

Key = tuple[float, int, int]  # when it was written, which folder, its UID: the order of the past


@dataclass
class Folder:
    validity: int = 0
    heard: int = 0  # the last UID that was heard live
    arrived: float = 0.0  # when the last one arrived: after a new UIDVALIDITY only later ones are news


@dataclass
class Past:
    """What is still to be taken in of the time before."""

    first: list[int] = field(default_factory=list)  # by folder: the lowest UID that belongs to it
    last: list[int] = field(default_factory=list)
    at: list[float] = field(default_factory=list)  # the Key of the last one taken in; empty before the first
    done: int = 0
    total: int = 0


@dataclass
class Cursor:
    folders: list[Folder] = field(default_factory=lambda: [Folder(), Folder()])
    past: Past | None = None

    @classmethod
    def read(cls, text: str | None) -> Cursor | None:
        """None for no cursor, and for one that is none of ours: then everything is looked at anew."""
        try:
            told: dict[str, Any] = json.loads(text or "null")
            folders = [Folder(**one) for one in told["folders"]]
            past = Past(**told["past"]) if told.get("past") else None
            return cls(folders, past) if len(folders) == 2 else None
        except (ValueError, TypeError, KeyError):
            return None

    def __str__(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


class Listener:
    def __init__(self, box: Box, reader: Reader, watch: Watch, cursor: str | None, newest: int) -> None:
        self.box, self.reader, self.watch, self.newest = box, reader, watch, newest
        self.names = [INBOX, box.sent_folder()]
        self.cursor = Cursor.read(cursor) or Cursor()
        self._begins = Cursor.read(cursor) is None

    def events(self) -> Iterator[Event]:
        """Until stopped; or once, where the server cannot tell of new mail by itself."""
        order = self._past_in_order()
        while not self.watch.stopped():
            yield from self._news()
            order = self._past_in_order() if self._renewed() else order
            if self.cursor.past:
                yield from self._take_in(order)
            if self.watch.stopped():
                return
            if self.cursor.past:
                continue
            if not self.box.can_idle:
                return
            self.box.look_into(INBOX)
            if not self.box.uids(self.cursor.folders[0].heard):
                self.box.wait(LOOK_AGAIN, self.watch.stopped)

    # what is new

    def _news(self) -> Iterator[Event]:
        heads: list[tuple[Head, int]] = []
        for i, name in enumerate(self.names):
            if name:
                heads += [(head, i) for head in self._new_in(i, name)]
        heads.sort(key=_key)
        for head, i, events in self._read(heads, history=False):
            yield from events
            folder = self.cursor.folders[i]
            folder.arrived = max(folder.arrived, head.arrived.timestamp())
        for head, i in heads:
            self.cursor.folders[i].heard = max(self.cursor.folders[i].heard, head.uid)
        self._begins = False
        yield Checkpoint(str(self.cursor))

    def _new_in(self, i: int, name: str) -> list[Head]:
        """What came since; on the first look, and after a new UIDVALIDITY, the older mails become past."""
        folder, validity = self.cursor.folders[i], self.box.look_into(name)
        if folder.validity == validity:
            return list(self.box.heads(self.box.uids(folder.heard)))
        known_until = folder.arrived if folder.validity else None
        folder.validity = validity
        uids = self.box.uids()[-self.newest :] if self.newest else []
        everything = uids or self.box.uids()[-1:]
        folder.heard = everything[-1] if everything else 0
        if known_until is None:
            self._becomes_past(i, uids)
            return []
        heads = list(self.box.heads(uids))
        news = [head for head in heads if head.arrived.timestamp() > known_until]
        self._becomes_past(i, [head.uid for head in heads if head not in news])
        return news

    # the past

    def _becomes_past(self, i: int, uids: Sequence[int]) -> None:
        past = self.cursor.past or Past([0, 0], [0, 0])
        past.first[i], past.last[i] = (uids[0], uids[-1]) if uids else (0, 0)
        past.at, past.done = [], 0
        self.cursor.past = past
        self._order: list[tuple[Head, int]] | None = None

    def _renewed(self) -> bool:
        return self.cursor.past is not None and getattr(self, "_order", ()) is None

    def _past_in_order(self) -> list[tuple[Head, int]]:
        """All that is left of it, in the order in which it was written."""
        past = self.cursor.past
        self._order = []
        if past is None:
            return self._order
        found: list[tuple[Head, int]] = []
        for i, name in enumerate(self.names):
            if name and past.last[i]:
                self.box.look_into(name)
                uids = [uid for uid in self.box.uids(past.first[i] - 1) if uid <= past.last[i]]
                found += [(head, i) for head in self.box.heads(uids)]
        left = [one for one in sorted(found, key=_key) if not past.at or list(_key(one)) > past.at]
        past.total = past.done + len(left)
        self._order = left
        return left

    def _take_in(self, order: list[tuple[Head, int]]) -> Iterator[Event]:
        """Portions of the past, for as long as new mail may wait."""
        past, until = self.cursor.past, time.monotonic() + TURN
        assert past is not None
        while order and time.monotonic() < until and not self.watch.stopped():
            portion = next(_portions(order))
            del order[: len(portion)]
            for head, i, events in self._read(portion, history=True):
                yield from events
                folder = self.cursor.folders[i]
                folder.arrived = max(folder.arrived, head.arrived.timestamp())
            past.at, past.done = list(_key(portion[-1])), past.done + len(portion)
            yield Progress(past.done, past.total)
            if not order:
                self.cursor.past = None
            yield Checkpoint(str(self.cursor))
        if not order and self.cursor.past:
            self.cursor.past = None
            yield Progress(past.total, past.total)
            yield Checkpoint(str(self.cursor))

    # one mail after the other

    def _read(
        self, heads: Sequence[tuple[Head, int]], *, history: bool
    ) -> Iterator[tuple[Head, int, Iterator[Event]]]:
        """Fetched folder by folder in runs, told in the order given. Small ones wait for their turn."""
        for portion in _portions(heads):
            fetched = list(self._fetched(portion))
            self.reader.expect(mail for _i, _head, mail in fetched if isinstance(mail, bytes))
            waiting = {(i, head.uid): self._events(head, mail, i, history) for i, head, mail in fetched}
            del fetched
            for head, i in portion:
                if (i, head.uid) in waiting:
                    yield head, i, waiting.pop((i, head.uid))

    def _fetched(self, heads: Sequence[tuple[Head, int]]) -> Iterator[tuple[int, Head, Any]]:
        for i, name in enumerate(self.names):
            some = [head for head, folder in heads if folder == i]
            if some:
                self.box.look_into(name)
                for head, mail in self.box.mails(some):
                    yield i, head, mail

    def _events(self, head: Head, mail: Any, i: int, history: bool) -> Iterator[Event]:
        """Read when its turn comes: in the order of the thread, not of the folders."""
        is_sent = i == 1
        if isinstance(mail, bytes):
            return self.reader.events(mail, head.arrived, is_sent=is_sent, history=history)
        raw = bytes(mail.headers)[:100_000]
        return self.reader.told(mail, raw, head.arrived, is_sent=is_sent, history=history)


def _portions(heads: Sequence[tuple[Head, int]]) -> Iterator[Sequence[tuple[Head, int]]]:
    """So many that they fit into memory together, however large their files are."""
    some: list[tuple[Head, int]] = []
    weight = 0
    for one in heads:
        here = min(one[0].size, LARGEST_WHOLE)
        if some and (len(some) >= PORTION or weight + here > HELD):
            yield some
            some, weight = [], 0
        some.append(one)
        weight += here
    if some:
        yield some


def _key(one: tuple[Head, int]) -> Key:
    head, folder = one
    return head.said_at.timestamp(), folder, head.uid
