"""What do people say on Hacker News, in stories and in comments?

Heard by searching for the brand's queries, by following the threads in which it was named and those of
our own people, and by looking again at what we keep, since the site tells nobody of edits and deletes.
It takes no answers from other programs: they are written there.

`listener.py` hears, `service.py` asks the two services; `heard.py` reads what they say, `threads.py` finds
what belongs together, and `names.py` holds what they call their things.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from goodword.sentence import Sentence

from .. import base
from ..base import Cap, Channel, Event, Field, Permission, Post, Watch
from .heard import as_ours, item_of, parse_item
from .listener import Listener
from .names import ANSWER_THERE, FIND_WITHIN, NO_SUCH_USER, SITE, USER
from .service import Service
from .threads import place


class HackerNews(Channel):
    key = "hackernews"
    name = "Hacker News"
    icon = "newspaper"
    caps = frozenset({Cap.HEAR, Cap.SEARCH, Cap.EDITS, Cap.DELETES, Cap.RESUME, Cap.FIND, Cap.READ_ADDRESS})
    poll_every = timedelta(minutes=1)
    connect_hint = (
        "Stories and comments that meet your queries are heard; no account is needed. Answers are written "
        "on Hacker News itself."
    )
    fields = (
        Field(
            "names",
            "Our own names there",
            "One a line: what they write counts as ours, and answers to it as said to us.",
            required=False,
            kind="lines",
        ),
    )

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        if action is not Cap.REPLY:
            return super().can(action, post)
        is_comment = post.reference.get("kind") == "comment"
        return Permission(
            False, ANSWER_THERE, f"{SITE}/reply?id={post.native_id}" if is_comment else post.url
        )

    def check(self) -> base.Health:
        service = Service(self.account)
        next(service.search(most=1), None)
        service.changed()
        missing = [
            Sentence(NO_SUCH_USER, name=name)
            for name in sorted(self.our_names())
            if service.author(name) is None
        ]
        works = (
            "Stories and comments are found by your queries.",
            "Edits and deletes are noticed by looking again.",
        )
        return base.Health("hackernews", self.name, works, tuple(missing))

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        return Listener(Service(self.account), self.our_names(), watch, cursor).events()

    def find(self, words: str, *, limit: int = 30) -> Iterator[Post]:
        """Newest stories and comments in which these words stand together, as written. Keeps nothing.

        One question, answered within five seconds; offline, or when the search is down, Unreachable.
        """
        phrase = " ".join(words.replace('"', " ").split())
        if phrase:
            yield from Service(self.account, FIND_WITHIN).search(f'"{phrase}"', most=limit)

    def read_address(self, url: str) -> Post | None:
        """The story or comment at `item?id=`, with its thread; None for any other page and what is gone."""
        native_id = item_of(url)
        service = Service(self.account)
        post = parse_item(service.item(native_id)) if native_id else None
        if post is None:
            return None
        names = self.our_names()
        return place(as_ours(post, names), service, lambda text: False, names).post

    def our_names(self) -> frozenset[str]:
        """In lower case, though there they differ by case: nobody types them so exactly."""
        typed = self.account.settings.get("names", "").split()
        return frozenset(name.lower().lstrip("@") for name in typed if USER.fullmatch(name.lstrip("@")))
