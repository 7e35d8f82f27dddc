"""What does the cursor remember of each feed between two looks, and when is it looked at again?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from goodword.sentence import packed, unpacked

from ..base import Post, Trouble
from ..reading import mapping
from . import names
from .looking import Look


@dataclass
class Feed:
    """One feed. Times are seconds since 1970; what is empty is not written."""

    at: str = ""  # where it was found, if not at its own address
    etag: str = ""
    modified: str = ""
    next: float = 0.0  # not looked at before
    looked: float = 0.0  # when it was last read; 0 before the first time
    fails: int = 0  # in a row
    trouble: str = ""  # a packed Sentence
    since: float = 0.0  # of the trouble
    seen: dict[str, str] = field(default_factory=dict)  # entry -> what it said, both as short digests
    hub: str = ""  # who promised to call, and by which name it knows the feed
    topic: str = ""
    asked: float = 0.0  # when we last asked the hub to
    below: str = ""  # the post whose comments these are
    until: float = 0.0  # how long they are asked for

    def came(self, look: Look, now: datetime) -> None:
        """Remember the look, and when to look again."""
        self.at = look.address
        if look.trouble and look.document is None:
            self._failed(look, now)
            return
        self.etag, self.modified = look.etag or self.etag, look.modified if look.document else self.modified
        self.looked, self.fails = now.timestamp(), 0
        self._say(look.trouble, now)
        pace = min(max(names.USUAL_PACE, look.no_sooner, names.FASTEST_PACE), names.SLOWEST_PACE)
        self.next = (now + pace).timestamp()

    def _failed(self, look: Look, now: datetime) -> None:
        """Twice as long after each failure, and never sooner than the site asks."""
        self.fails += 1
        if self.fails >= names.SOUGHT_ANEW_AFTER:
            self.at = ""
        self.etag = self.modified = ""
        wait = min(names.FIRST_WAIT * 2 ** min(self.fails - 1, 10), names.LONGEST_WAIT)
        wait = max(wait, min(look.no_sooner, names.NOT_SOON), names.NOT_SOON if look.is_for_good else wait)
        self.next = (now + wait).timestamp()
        self._say(look.trouble, now)

    def _say(self, trouble: str, now: datetime) -> None:
        self.since = (self.since or now.timestamp()) if trouble else 0.0
        self.trouble = packed(trouble) if trouble else ""

    def is_new(self, post: Post) -> bool:
        return _short(post.native_id) not in self.seen

    def says_otherwise(self, post: Post) -> bool:
        return self.seen.get(_short(post.native_id), _said(post)) != _said(post)

    def remember(self, posts: Iterable[Post]) -> None:
        """What the feed says now. What it says no more may come back: an edit must be told from news."""
        now_said = {_short(post.native_id): _said(post) for post in posts}
        before = [(key, said) for key, said in self.seen.items() if key not in now_said]
        room = max(names.KEPT_ENTRIES * 2 - len(now_said), 0)
        self.seen = dict([*before[-room:], *now_said.items()] if room else now_said)


@dataclass
class Memory:
    """All feeds of a connection, by the address under which they are wanted."""

    feeds: dict[str, Feed] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str | None) -> Memory:
        """From the cursor; what cannot be read of it is forgotten."""
        try:
            told = mapping(mapping(json.loads(cursor or "{}")).get("feeds"))
        except (ValueError, RecursionError):
            return cls()
        return cls({address: _feed(one) for address, one in told.items() if isinstance(one, dict)})

    def write(self) -> str:
        feeds = {
            address: {name: value for name, value in asdict(feed).items() if value}
            for address, feed in self.feeds.items()
        }
        return json.dumps({"feeds": feeds}, separators=(",", ":"))

    def troubles(self) -> tuple[Trouble, ...]:
        return tuple(
            Trouble(address, unpacked(feed.trouble), datetime.fromtimestamp(feed.since, UTC))
            for address, feed in self.feeds.items()
            if feed.trouble and not feed.below
        )


def _feed(told: dict[str, Any]) -> Feed:
    kinds = {one.name: type(getattr(Feed(), one.name)) for one in fields(Feed)}
    return Feed(**{n: v for n, v in told.items() if n in kinds and _fits(v, kinds[n])})


def _fits(value: Any, kind: type) -> bool:
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _said(post: Post) -> str:
    said = "\x1f".join([post.title, post.text, post.url, *post.links])
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=4).hexdigest()


def in_time(moment: float, now: datetime, slack: timedelta = timedelta(0)) -> bool:
    """Has this moment come?"""
    return moment <= (now + slack).timestamp()
