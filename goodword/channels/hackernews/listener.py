"""How is Hacker News listened to, though it never calls? One look a minute, from where the last one ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from ..base import AuthorChanged, Checkpoint, Edited, Event, Gap, Gone, Post, Seen, Watch
from ..patience import Stopped, patiently
from ..reading import mapping
from .heard import as_ours, is_gone, parse_item, searched
from .names import (
    AT_ONCE,
    AWAY_TOO_LONG,
    FOLLOWED_FOR,
    HISTORY,
    HISTORY_POSTS,
    LOOKED_AT,
    MOST_FOLLOWED,
    MOST_PAGES,
    MOST_PROFILES,
    OVERLAP,
    PAGE,
    REMEMBERED,
)
from .service import Service
from .threads import Placed, place

T = TypeVar("T")


@dataclass
class Memory:
    """What the cursor remembers between two looks. Of each list, the newest come last."""

    at: float = 0.0  # up to when we have heard, in seconds; 0 before the first look
    followed: dict[str, float] = field(default_factory=dict)  # stories whose comments we ask for, until when
    heard: list[str] = field(default_factory=list)  # posts that matter: what answers them does, too
    ours: list[str] = field(default_factory=list)  # what we wrote: answers to it are said to us
    walk: int = 0  # how far we have looked again at what we keep

    @classmethod
    def read(cls, cursor: str | None) -> Memory:
        """From the cursor; from the beginning if it cannot be read."""
        try:
            told = mapping(json.loads(cursor or "{}"))
            return cls(
                at=float(told.get("at", 0)),
                followed={str(story): float(until) for story, until in told.get("followed", {}).items()},
                heard=list(map(str, told.get("heard", []))),
                ours=list(map(str, told.get("ours", []))),
                walk=int(told.get("walk", 0)),
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()

    def write(self, now: datetime) -> str:
        """What is too old or too much is forgotten."""
        open_ones = [(s, until) for s, until in self.followed.items() if until > now.timestamp()]
        kept = Memory(
            now.timestamp(),
            dict(open_ones[-MOST_FOLLOWED:]),
            self.heard[-REMEMBERED:],
            self.ours[-REMEMBERED:],
            self.walk,
        )
        return json.dumps(vars(kept), separators=(",", ":"))


class Listener:
    """One look. It ends with a checkpoint, or raises the ChannelError that hindered it."""

    def __init__(self, service: Service, names: frozenset[str], watch: Watch, cursor: str | None) -> None:
        self.service, self.names, self.watch = service, names, watch
        self.memory = Memory.read(cursor)
        self.now = datetime.now(UTC)
        self.is_first = not self.memory.at
        heard_until = datetime.fromtimestamp(self.memory.at, UTC)
        self.since = self.now - HISTORY if self.is_first else heard_until - OVERLAP
        self.asked_about: set[str] = set()  # authors

    def events(self) -> Iterator[Event]:
        """What is found, what is said below it, and what became of the rest. Ends early when stopped."""
        try:
            yield from self._found()
            yield from self._said_below()
            yield from self._looked_at_again()
        except Stopped:
            return  # without a checkpoint: it is looked for again
        yield Checkpoint(self.memory.write(self.now))

    # what is found

    def _found(self) -> Iterator[Event]:
        """What our people wrote, and what meets a query, oldest first: a story comes before its comments."""
        most = HISTORY_POSTS if self.is_first else PAGE * MOST_PAGES
        found: dict[str, Post] = {}
        questions = [("", f"author_{name}") for name in sorted(self.names)]
        questions += [(words, "(story,comment)") for words in self.watch.searches]
        for words, tags in questions:
            answer = self._patiently(self._search, words, tags, most)
            found |= {post.native_id: as_ours(post, self.names) for post in answer}
            if len(answer) >= PAGE * MOST_PAGES:
                yield Gap(self.since, AWAY_TOO_LONG)
        for post in sorted(found.values(), key=_said_at):
            is_known = post.native_id in self.memory.heard
            if not is_known and (post.ours or self.watch.interested(searched(post))):
                yield from self._tell(self._placed(post))

    def _search(self, words: str, tags: str, most: int) -> list[Post]:
        return list(self.service.search(words, tags=tags, since=self.since, most=most))

    # what is said below it

    def _said_below(self) -> Iterator[Event]:
        stories = list(self.memory.followed)
        for start in range(0, len(stories), AT_ONCE):
            below = self._patiently(self._comments, stories[start : start + AT_ONCE])
            for post in sorted(below, key=_said_at):
                if post.native_id in self.memory.heard:
                    continue
                placed = self._placed(as_ours(post, self.names))
                if placed.is_below_a_whole or post.parent in self.memory.heard:
                    yield from self._tell(placed)

    def _comments(self, stories: list[str]) -> list[Post]:
        return list(self.service.comments_below(stories, self.since))

    # what is told of it

    def _placed(self, post: Post) -> Placed:
        return self._patiently(place, post, self.service, self.watch.interested, self.names)

    def _tell(self, placed: Placed) -> Iterator[Event]:
        post = placed.post
        addressed = post.parent in self.memory.ours and not post.ours
        if post.parent not in self.memory.heard:
            yield from (Seen(above, history=True) for above in placed.above)
        yield Seen(replace(post, addressed=addressed), history=self.is_first)
        if not self.is_first:
            yield from self._introduced(post.author.native_id)
        self._remember(post, placed.story)

    def _remember(self, post: Post, story: str) -> None:
        self.memory.heard.append(post.native_id)
        if post.ours:
            self.memory.ours.append(post.native_id)
        until = (post.at + FOLLOWED_FOR).timestamp()
        self.memory.followed[story] = max(until, self.memory.followed.pop(story, 0.0))

    def _introduced(self, name: str) -> Iterator[Event]:
        """What somebody tells of themselves."""
        if name in self.asked_about or len(self.asked_about) >= MOST_PROFILES:
            return
        self.asked_about.add(name)
        if author := self._patiently(self.service.author, name):
            yield AuthorChanged(author)

    # what became of the rest

    def _looked_at_again(self) -> Iterator[Event]:
        """The site tells nobody of edits and deletes: what just changed, and some of what we keep in turn."""
        changed = self._patiently(self.service.changed)
        ids = dict.fromkeys(one for one in changed if self.watch.knows_post(one))
        kept = self.watch.kept(self.memory.walk, LOOKED_AT)
        self.memory.walk = kept[-1][0] if len(kept) >= LOOKED_AT else 0
        for native_id in [*ids, *(one for _at, one in kept if one not in ids)]:
            item = self._patiently(self.service.item, native_id)
            if why := is_gone(item):
                yield Gone(native_id, why)
            elif post := parse_item(item):
                yield Edited(self._placed(as_ours(post, self.names)).post)

    def _patiently(self, call: Callable[..., T], *given: Any) -> T:
        return patiently(partial(call, *given), self.watch.stopped)


def _said_at(post: Post) -> tuple[datetime, int]:
    return post.at, int(post.native_id)
