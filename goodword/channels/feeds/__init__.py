"""What do people say on sites that offer a feed: blogs, news, forums, comments, and searches of places?

RSS, Atom and JSON Feed, each feed at its own pace and without cost where nothing is new; where a feed has
a hub (WebSub), it calls us. A feed takes no answers: its entries lead to their pages.

`listener.py` hears, by `looking.py` (one look at one feed) and `memory.py` (what is remembered of it);
`documents.py` reads what was fetched once `soundness.py` found it safe, `xml_feeds.py`, `json_feed.py` and
`entries.py` know the dialects, `discovery.py` finds the feeds of a site, `places.py` lists what can be
searched and `finding.py` does so; `websub.py` lets hubs call. `names.py` holds the limits and sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from goodword.sentence import Sentence

from .. import base
from ..addresses import same_page
from ..base import Cap, Channel, Edited, Event, Field, Permission, Post, Received, Refused, Trouble, Watch
from .documents import read_feed
from .finding import posts_found
from .listener import Listener, part_with, wanted
from .looking import Look, look_at
from .memory import Memory
from .names import CHECK_WITHIN, FIND_WITHIN, NO_ANSWERS, NOTHING_GIVEN
from .places import PLACES, asks_for_words, choices, usual
from .soundness import Unsound
from .websub import challenge_of, check_signature, subscription_called


class Feeds(Channel):
    key = "feeds"
    name = "Feeds"
    icon = "rss"
    caps = frozenset(
        {
            Cap.HEAR,
            Cap.SEARCH,
            Cap.EDITS,
            Cap.DELETES,
            Cap.RESUME,
            Cap.FIND,
            Cap.READ_ADDRESS,
            Cap.HOOK,
        }
    )
    poll_every = timedelta(minutes=1)  # to see whose time has come; each feed has its own pace
    reply_within = timedelta(hours=24)
    connect_hint = "Blogs, news, forums and searches. Of what they say, only what meets your queries is kept."
    fields = (
        Field(
            "feeds",
            "Feeds and sites",
            "One address a line: of a feed, or of a site whose feed is found by itself. Where an address has "
            "{words} in it, it is asked for each of your queries.",
            required=False,
            kind="lines",
        ),
        Field(
            "comments",
            "Comments on your own pages",
            "Feeds of what people write below your own articles: each entry counts as said to you.",
            required=False,
            kind="lines",
        ),
        Field(
            "places",
            "Search these places",
            "Each is asked for your queries, without an account. Where there is a #, as a tag.",
            required=False,
            default=usual(),
            kind="choices",
            choices=choices(),
        ),
    )

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        if action is Cap.REPLY:
            return Permission(False, NO_ANSWERS, post.url)
        return super().can(action, post)

    @classmethod
    def troubles(cls, cursor: str) -> tuple[Trouble, ...]:
        return Memory.read(cursor).troubles()

    def check(self) -> base.Health:
        """Look at every feed that was typed. Refused if none can be read and nothing is searched."""
        settings = self.account.settings
        typed = list(wanted(settings, []))
        chosen = [place.name for place in PLACES if place.key in settings.get("places", "").split()]
        asked = [line.strip() for line in settings.get("feeds", "").splitlines() if asks_for_words(line)]
        if not typed and not chosen and not asked:
            raise Refused(NOTHING_GIVEN)
        with ThreadPoolExecutor(8) as threads:
            looks = list(threads.map(self._look, typed))
        broken = [(one, look) for one, look in zip(typed, looks, strict=True) if look.document is None]
        if broken and len(broken) == len(typed) and not chosen and not asked:
            raise Refused(
                Sentence(
                    "Nothing can be read at %(address)s. %(trouble)s",
                    address=broken[0][0],
                    trouble=broken[0][1].trouble,
                )
            )
        works = [
            Sentence("%(title)s is followed.", title=look.document.head.title or one)
            for one, look in zip(typed, looks, strict=True)
            if look.document
        ]
        works += [Sentence("%(place)s is searched for your queries.", place=name) for name in chosen + asked]
        if self.account.hook:
            works.append(Sentence("Feeds that have a hub call us as soon as there is something new."))
        missing = [
            Sentence("Nothing can be read at %(address)s. %(trouble)s", address=a, trouble=look.trouble)
            for a, look in broken
        ]
        return base.Health("feeds", self.name, tuple(works), tuple(missing))

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        return Listener(self.account, watch, cursor).events()

    def find(self, words: str, *, limit: int = 30) -> Iterator[Post]:
        """Newest entries in which the words stand as written, of some places that can be searched by a feed.

        All are asked at once and have 4.5 seconds together; who fails is left out and counted in the log.
        Unreachable when none answers. Where the connection names addresses with {words}, those are asked.
        """
        own = [line.strip() for line in self.account.settings.get("feeds", "").splitlines()]
        templates = list(filter(asks_for_words, own)) or [place.address for place in PLACES if place.is_quick]
        yield from islice(posts_found(words, templates, self.account), limit)

    def read_address(self, url: str) -> Post | None:
        """The entry of this page in the feed that the page itself names; None if it names none, or not it."""
        look = self._look(url, within=FIND_WITHIN)
        posts = look.document.posts if look.document else ()
        return next((post for post in posts if same_page(post.url, url)), None)

    def receive(self, call: base.Call) -> Received:
        """A hub asks whether we meant it, or brings what is new."""
        called = subscription_called(call, self.account)
        is_wanted = called.feed in wanted(self.account.settings, [])
        if call.method == "GET":
            return Received(answer=challenge_of(call, called, wanted=is_wanted))
        check_signature(call, called, self.account)
        if not is_wanted:
            return Received(status=410)  # it may forget us
        return Received(tuple(self._brought(call, called.feed)))

    def leave(self, cursor: str) -> None:
        for address, feed in Memory.read(cursor).feeds.items():
            part_with(address, feed, self.account)

    def _brought(self, call: base.Call, feed: str) -> Iterator[Event]:
        """Told as edits: so an entry is kept if it is new, and corrected if it is known."""
        addressed = wanted(self.account.settings, [])[feed].addressed
        try:
            document = read_feed(call.body, feed, call.headers.get("content-type", ""), now=datetime.now(UTC))
        except Unsound:
            return  # the next look says what is wrong with the feed
        for post in document.posts:
            yield Edited(replace(post, addressed=addressed))

    def _look(self, address: str, within: float = CHECK_WITHIN) -> Look:
        private = self.account.allowed_private
        return look_at(address, now=datetime.now(UTC), allowed_private=private, within=within)
