"""How is the network heard without missing anything: asked again and again, and followed live?"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from .. import base
from ..base import Author, ChannelError, Edited, Event, Gap, Post, Refused, Seen, Unreachable, Watch
from ..patience import Stopped, patiently
from ..reading import items
from .heard import Place, parse_author, parse_frame, parse_thread, parse_view
from .names import ABOVE, GAPS, POST, TOO_MANY
from .records import written_time
from .service import BATCH, Service

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

QUIET = 1.0  # seconds without a word: such a stream is small, and can be read again from its beginning
BATCH_WAIT = 0.5  # seconds; also how soon we see that we are to stop
CHECKPOINT_EVERY = 5.0  # seconds: what a crash may cost to hear again
LONGEST_PAUSE = 60.0  # seconds between tries to reach the firehose
# Searches learn of a post some minutes late, and clocks differ: each look goes back this far again.
OVERLAP = timedelta(minutes=15)
MAX_PAGES = 10  # of a hundred each, when we come back after a long time
PROFILES_AT_ONCE = 25  # the network's own limit
REMEMBERED = 20_000  # posts and profiles, so that what is heard in several ways is passed on once


class Listener:
    """One hearing of the network: where it stands, and what it passed on already."""

    def __init__(self, service: Service, poll_every: timedelta, watch: Watch, cursor: str | None) -> None:
        self.service, self.poll_every = service, poll_every
        self.watch, self.is_first_time = watch, cursor is None
        self.place, self.missed = Place.read(cursor, datetime.now(UTC))
        self.firehose: ClientConnection | None = None
        self.firehose_at, self.pause = 0.0, 1.0  # since when it is open, or when to try again
        self.poll_at = self.checkpoint_at = 0.0
        self.me, self.is_complete = "", True  # whether all that we asked was answered
        self.passed_on: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.authors: OrderedDict[str, Author] = OrderedDict()

    def events(self) -> Iterator[Event]:
        try:
            self.me = patiently(lambda: self.service.did, self.watch.stopped)
            while not self.watch.stopped():
                self._reach_firehose()
                yield from self._passed_on(chain(self._asked(), self._heard()))
                if time.monotonic() >= self.checkpoint_at and self._knows_its_place():
                    self.checkpoint_at = time.monotonic() + CHECKPOINT_EVERY
                    yield base.Checkpoint(self.place.written())
        except Stopped:
            return
        finally:
            self._hang_up()

    # asking: notifications, searches, our own posts

    def _asked(self) -> Iterator[Event]:
        """What was said since we last asked, the oldest first: all that a broken stream may have lost."""
        if time.monotonic() < self.poll_at:
            return
        since, self.is_complete = self.place.since and self.place.since - OVERLAP, True
        for post, at in sorted(self._answers(since), key=lambda one: one[0].at):
            yield Seen(post, history=self.is_first_time or at < self.place.began - OVERLAP)
            if self.is_complete:
                self.place = replace(self.place, since=max(at, self.place.since or at))
        self.is_first_time = False
        self.poll_at, self.checkpoint_at = time.monotonic() + self.poll_every.total_seconds(), 0.0

    def _answers(self, since: datetime | None) -> Iterator[tuple[Post, datetime]]:
        told = {"reasons": ["mention", "reply", "quote"]}
        yield from self._pages(since, "app.bsky.notification.listNotifications", "notifications", told)
        searched = {"sort": "latest"} | ({"since": written_time(since)} if since else {})
        for words in self.watch.searches:
            try:
                yield from self._pages(since, "app.bsky.feed.searchPosts", "posts", {"q": words, **searched})
            except (Unreachable, Refused):  # people who turn to us do not wait until searches work again
                self.is_complete = False
        ours = {"repo": self.me, "collection": POST}
        yield from self._pages(since, "com.atproto.repo.listRecords", "records", ours)

    def _pages(
        self, since: datetime | None, name: str, part: str, asked: Mapping[str, Any]
    ) -> Iterator[tuple[Post, datetime]]:
        """The newest first, back to `since`; one page when we only begin to listen."""
        page: Mapping[str, Any] = {}
        for _ in range(MAX_PAGES if since else 1):
            answer, now = self._get(name, limit=100, **asked, **page), datetime.now(UTC)
            found = [one for view in items(answer.get(part)) if (one := parse_view(view, self.me, now))]
            yield from (one for one in found if since is None or one[1] >= since)
            all_known = all(_version(post) in self.passed_on for post, _ in found)
            if all_known or not answer.get("cursor") or (since and found[-1][1] < since):
                return
            page = {"cursor": answer["cursor"]}
        self.missed = TOO_MANY if since else self.missed

    # hearing: the firehose

    def _reach_firehose(self) -> None:
        if self.firehose or not self.service.firehose_address or time.monotonic() < self.firehose_at:
            return
        try:
            self.firehose = patiently(self._connected, self.watch.stopped)
            self.firehose_at = time.monotonic()
        except Unreachable:
            self._hang_up()

    def _connected(self) -> ClientConnection:
        firehose = self.service.open_firehose(self.place.seq)
        if self.watch.stopped():
            firehose.close()  # nobody waits for it any more
        return firehose

    def _knows_its_place(self) -> bool:
        """The stream tells where it stands with its first word; a quiet one we begin again."""
        if self.firehose and self.place.seq is None:
            if time.monotonic() < self.firehose_at + QUIET:
                return False
            self.place = replace(self.place, seq=0)
        return True

    def _hang_up(self) -> None:
        """Close the stream; the next try comes later each time, until the stream tells us something."""
        if self.firehose:
            self.firehose.close()
        self.firehose, self.firehose_at = None, time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _heard(self) -> Iterator[Event]:
        for data in self._frames():
            frame = parse_frame(data, self.me, self.watch, datetime.now(UTC))
            if frame.seq is not None:
                self.place = replace(self.place, seq=frame.seq)
            if frame.at >= self.place.began - OVERLAP:
                yield from frame.events
            if frame.trouble in GAPS:
                self.missed, self.poll_at = GAPS[frame.trouble], 0.0  # ask at once for what can still be read
            if frame.trouble == "FutureCursor":
                self.place = replace(self.place, seq=None)
                self._hang_up()

    def _frames(self) -> Iterator[bytes]:
        """What has come in; waits a moment for the first."""
        from websockets.exceptions import WebSocketException

        if self.firehose is None:
            time.sleep(BATCH_WAIT)
        wait = BATCH_WAIT
        try:
            for _ in range(BATCH):
                if self.firehose is None:
                    return
                data = self.firehose.recv(timeout=wait)
                wait, self.pause = 0, 1.0
                if isinstance(data, bytes):
                    yield data
        except TimeoutError:
            return  # nothing more for now
        except (WebSocketException, OSError, EOFError):
            self._hang_up()

    # passing on

    def _passed_on(self, events: Iterable[Event]) -> Iterator[Event]:
        """Each event once, after what it answers, with its author's name instead of a bare id."""
        news = [event for event in self._in_context(events) if self._is_news(event)]
        authors = self._authors(news)
        for event in news:
            yield _with_author(event, authors)
            self.checkpoint_at = 0.0
        if self.missed:
            yield Gap(self.place.since, self.missed)
            self.missed = ""

    def _in_context(self, events: Iterable[Event]) -> Iterator[Event]:
        """Before somebody turns to us in a thread that we do not know: what it is about."""
        for event in events:
            if isinstance(event, Seen) and event.post.addressed and not event.history:
                yield from self._above(event.post.parent)
            yield event

    def _above(self, parent: str) -> Iterator[Event]:
        if not parent or self.watch.knows_post(parent):
            return
        try:
            answer = self._get("app.bsky.feed.getPostThread", uri=parent, depth=0, parentHeight=ABOVE)
        except ChannelError:
            return  # the post itself matters more than what it answers
        for post in parse_thread(answer, self.me, datetime.now(UTC)):
            yield Seen(post, history=True)

    def _is_news(self, event: Event) -> bool:
        if not isinstance(event, Seen | Edited):
            return True
        known = _version(event.post) in self.passed_on
        _remember(self.passed_on, _version(event.post), None)
        return not known or isinstance(event, Edited)  # who only saw the new text knows of no edit

    def _authors(self, events: list[Event]) -> Mapping[str, Author]:
        """Profiles of all who said something, and afresh of those who changed."""
        for event in events:
            if isinstance(event, base.AuthorChanged):
                self.authors.pop(event.author.native_id, None)
        dids = dict.fromkeys(author.native_id for event in events if (author := _author(event)))
        unknown = [did for did in dids if did not in self.authors]
        for start in range(0, len(unknown), PROFILES_AT_ONCE):
            try:
                answer = self._get(
                    "app.bsky.actor.getProfiles", actors=unknown[start : start + PROFILES_AT_ONCE]
                )
            except ChannelError:
                break  # a post without its author's name is better than none
            for author in map(parse_author, items(answer.get("profiles"))):
                _remember(self.authors, author.native_id, author)
        return self.authors

    def _get(self, name: str, **parameters: Any) -> dict[str, Any]:
        return patiently(partial(self.service.get, name, **parameters), self.watch.stopped)


def _version(post: Post) -> tuple[str, str]:
    return post.native_id, str(post.reference["cid"])


def _author(event: Event) -> Author | None:
    if isinstance(event, Seen | Edited):
        return event.post.author
    return event.author if isinstance(event, base.AuthorChanged) else None


def _with_author(event: Event, authors: Mapping[str, Author]) -> Event:
    told = _author(event)
    found = authors.get(told.native_id) if told else None
    if found and isinstance(event, Seen | Edited):
        return replace(event, post=replace(event.post, author=found))
    if found and isinstance(event, base.AuthorChanged):  # the stream is ahead of the profiles
        newer = {part: told for part in ("handle", "name", "bio") if (told := getattr(event.author, part))}
        return base.AuthorChanged(replace(found, **newer))
    return event


def _remember(memory: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
