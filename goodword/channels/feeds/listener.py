"""How are many feeds listened to? Each at its own pace, sites side by side, and none in another's way."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ..addresses import host_of
from ..base import Account, Checkpoint, Edited, Event, Gone, Post, Seen, Watch
from .discovery import with_scheme
from .documents import Document
from .looking import Look, look_at
from .memory import Feed, Memory, in_time
from .names import AT_ONCE, BELOW_FOR, MOST_BELOW, OLD, RENEW_AFTER
from .places import PLACES, asks_for_words, searches
from .websub import Subscription, ask_hub

LOOK_UP_EVERY = 0.2  # seconds between looks whether we are to stop
HUB_AGAIN_AFTER = timedelta(hours=1)  # when it did not understand us


@dataclass(frozen=True)
class Wanted:
    """A feed that is to be followed."""

    addressed: bool = False  # what is said in it is said to us: the comments on our own pages
    may_be_called: bool = True  # by its hub; the searches of a day are too many for that


def wanted(settings: Mapping[str, str], words: list[str]) -> dict[str, Wanted]:
    """By address: the feeds that were typed, and the searches of the brand's queries."""
    typed = [with_scheme(line) for line in settings.get("feeds", "").splitlines() if line.strip()]
    comments = [with_scheme(line) for line in settings.get("comments", "").splitlines() if line.strip()]
    chosen = settings.get("places", "").split()
    templates = [place.address for place in PLACES if place.key in chosen] + list(
        filter(asks_for_words, typed)
    )
    found = {address: Wanted(may_be_called=False) for address in searches(templates, words)}
    found |= {address: Wanted() for address in typed if not asks_for_words(address)}
    return found | {address: Wanted(addressed=True) for address in comments if not asks_for_words(address)}


class Listener:
    """One round: every feed whose time has come is looked at, and kept as soon as it is read."""

    def __init__(self, account: Account, watch: Watch, cursor: str | None) -> None:
        self.account, self.watch = account, watch
        self.memory = Memory.read(cursor)
        self.wanted = wanted(account.settings, list(watch.searches))
        self.now = datetime.now(UTC)

    def events(self) -> Iterator[Event]:
        self._forget_unwanted()
        for address in self.wanted:
            self.memory.feeds.setdefault(address, Feed())
        due = [address for address, feed in self.memory.feeds.items() if in_time(feed.next, self.now)]
        for address, look in self._looks(due):
            yield from self._told(address, look)
            yield Checkpoint(self.memory.write())
        if not due:
            yield Checkpoint(self.memory.write())

    # looking

    def _looks(self, due: list[str]) -> Iterator[tuple[str, Look]]:
        """Looks as they come in. The feeds of one site are asked one after the other, as guests do."""
        by_site: dict[str, list[str]] = {}
        for address in due:
            by_site.setdefault(host_of(address), []).append(address)
        sites: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        for addresses in by_site.values():
            sites.put(addresses)
        looks: queue.SimpleQueue[tuple[str, Look]] = queue.SimpleQueue()
        for _number in range(min(AT_ONCE, len(by_site))):
            threading.Thread(target=self._visit, args=(sites, looks), name="feeds", daemon=True).start()
        for _address in due:
            look = self._next(looks)
            if look is None:
                return  # what was not read is due still
            yield look

    def _next(self, looks: queue.SimpleQueue[tuple[str, Look]]) -> tuple[str, Look] | None:
        while not self.watch.stopped():
            try:
                return looks.get(timeout=LOOK_UP_EVERY)
            except queue.Empty:
                continue
        return None

    def _visit(self, sites: queue.SimpleQueue[list[str]], looks: queue.SimpleQueue[tuple[str, Look]]) -> None:
        while not self.watch.stopped():
            try:
                addresses = sites.get_nowait()
            except queue.Empty:
                return
            for address in addresses:
                looks.put((address, self._look(address)))

    def _look(self, address: str) -> Look:
        feed = self.memory.feeds[address]
        return look_at(
            feed.at or address,
            now=self.now,
            allowed_private=self.account.allowed_private,
            etag=feed.etag,
            modified=feed.modified,
            below=feed.below,
        )

    # telling

    def _told(self, address: str, look: Look) -> Iterator[Event]:
        feed = self.memory.feeds[address]
        last = feed.looked
        feed.came(look, self.now)
        if document := look.document:
            addressed = self.wanted.get(address, Wanted()).addressed
            for post in document.posts:
                yield from self._post(feed, replace(post, addressed=addressed), last)
            for native_id in document.gone:
                if self.watch.knows_post(native_id):
                    yield Gone(native_id)
            feed.remember(document.posts)
            self._follow_comments(address, document)
        if self.wanted.get(address, Wanted(may_be_called=False)).may_be_called:
            self._ask_to_be_called(address, feed, look)

    def _post(self, feed: Feed, post: Post, last: float) -> Iterator[Event]:
        if feed.is_new(post):
            yield Seen(post, history=not last or self._is_old(post, last))
        elif feed.says_otherwise(post) and (self.watch.knows_post(post.native_id) or self._matters(post)):
            yield Edited(post)

    def _is_old(self, post: Post, last: float) -> bool:
        """It was there before we last looked, but not shown: its feed was rearranged, or moved."""
        return post.at < min(self.now, datetime.fromtimestamp(last, UTC)) - OLD

    def _matters(self, post: Post) -> bool:
        return self.watch.interested("\n".join([post.title, post.text, *post.links]))

    def _follow_comments(self, address: str, document: Document) -> None:
        """What is said below an entry that meets a query belongs to it."""
        below = sum(bool(feed.below) for feed in self.memory.feeds.values())
        for post in document.posts[::-1]:
            comments = document.below.get(post.native_id, "")
            until = post.at + BELOW_FOR
            if below >= MOST_BELOW or until < self.now:
                return
            is_same_site = comments and host_of(comments) == host_of(address)
            if is_same_site and comments not in self.memory.feeds and self._matters(post):
                self.memory.feeds[comments] = Feed(below=post.native_id, until=until.timestamp())
                below += 1

    # being called

    def _ask_to_be_called(self, address: str, feed: Feed, look: Look) -> None:
        if look.document:
            head = look.document.head
            hub = head.hub or look.links.get("hub", "")
            topic = head.itself or look.links.get("self", "") or look.address
            if (hub, topic) != (feed.hub, feed.topic):
                feed.hub, feed.topic, feed.asked = hub, topic, 0.0
        is_due = feed.hub and self.account.hook and in_time(feed.asked, self.now - RENEW_AFTER)
        if is_due:
            understood = ask_hub(feed.hub, Subscription(address, feed.topic), self.account, "subscribe")
            again = timedelta(0) if understood else RENEW_AFTER - HUB_AGAIN_AFTER
            feed.asked = (self.now - again).timestamp()

    def _forget_unwanted(self) -> None:
        for address, feed in list(self.memory.feeds.items()):
            is_over = in_time(feed.until, self.now) if feed.below else address not in self.wanted
            if is_over:
                part_with(address, feed, self.account)
                del self.memory.feeds[address]


def part_with(address: str, feed: Feed, account: Account) -> None:
    """Ask its hub to call no more; if it does not hear, its promise runs out by itself."""
    if feed.hub and feed.asked and account.hook:
        ask_hub(feed.hub, Subscription(address, feed.topic), account, "unsubscribe")
