"""A place where people talk, in memory, in the words of the tests: `place.says(ada, "Lovely kettle!")`.

Its channel has the key `fake`. A place can also misbehave, as real ones do: `place.goes_down()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any, ClassVar

from goodword.channels import base
from goodword.channels.base import Author, Cap, Draft, Post, Sent, Visibility

US = Author("us", handle="kettleandco", name="Kettle & Co")
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # a Tuesday


@dataclass
class Place:
    """Everything that was said there, and everything that reached it from us."""

    name: str = "kettle square"
    now: datetime = NOON
    sent: list[Draft] = field(default_factory=list)  # what arrived, in order, also what arrived twice
    liked: list[str] = field(default_factory=list)  # native ids
    taken_back: list[str] = field(default_factory=list)
    is_idempotent: bool = True  # a second try with the same key does not post again

    events: list[base.Event] = field(default_factory=list)
    posts: dict[str, Post] = field(default_factory=dict)
    answers: dict[str, Sent] = field(default_factory=dict)  # by key
    trouble: base.ChannelError | None = None
    answers_are_lost: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # what people do there

    def says(
        self,
        author: Author,
        text: str,
        *,
        to: Post | None = None,
        addressed: bool = False,
        at: datetime | None = None,
        **more: Any,
    ) -> Post:
        native_id = f"{self.name}/{next(self.numbers)}"
        post = Post(
            native_id=native_id,
            author=author,
            text=text,
            at=at or self.now,
            url=f"https://fake.example/{native_id.replace(' ', '-')}",
            parent=to.native_id if to else "",
            root=(to.root or to.native_id) if to else native_id,
            addressed=addressed,
            ours=author.native_id == US.native_id,
            reference={"post": native_id},
            **more,
        )
        self.posts[native_id] = post
        self.events.append(base.Seen(post))
        return post

    def edits(self, post: Post, text: str) -> Post:
        edited = self.posts[post.native_id] = replace(post, text=text)
        self.events.append(base.Edited(edited))
        return edited

    def deletes(self, post: Post, why: str = "deleted") -> None:
        del self.posts[post.native_id]
        self.events.append(base.Gone(post.native_id, why))

    def leaves(self, author: Author, why: str = "deactivated") -> None:
        self.events.append(base.AuthorGone(author.native_id, why))

    def returns(self, author: Author) -> None:
        self.events.append(base.AuthorBack(author.native_id))

    def says_all_again(self) -> None:
        """A reconnect: everything said so far is sent a second time."""
        self.events += [event for event in self.events if isinstance(event, base.Seen)]

    # how it misbehaves

    def goes_down(self) -> None:
        self.trouble = base.Unreachable("Kettle Square does not answer. We try again by ourselves.")

    def comes_back(self) -> None:
        self.trouble, self.answers_are_lost = None, False

    def asks_to_wait(self, until: datetime | None = None) -> None:
        until = until or self.now + timedelta(minutes=5)
        self.trouble = base.RateLimited("Kettle Square asks us to wait.", until)

    def revokes_login(self) -> None:
        self.trouble = base.NeedsLogin("Kettle Square does not accept the login any more. Sign in again.")

    def refuses(self) -> None:
        self.trouble = base.Refused("Kettle Square does not take this reply: the thread is closed.")

    def loses_answers(self) -> None:
        """What we send arrives, and the answer that says so does not."""
        self.answers_are_lost = True

    # what reaches it from us

    def receives(self, draft: Draft) -> Sent:
        if self.trouble:
            raise self.trouble
        if not (self.is_idempotent and draft.key in self.answers):
            self.sent.append(draft)
            parent = self.posts.get(draft.reference.get("post", ""))
            post = self.says(US, draft.text, to=parent)
            self.answers[draft.key] = Sent(post.native_id, post.url, post.reference)
        if self.answers_are_lost:
            raise base.Unclear("Kettle Square took it and then fell silent.")
        return self.answers[draft.key]

    def receives_like(self, reference: Mapping[str, Any], key: str) -> Sent:
        if self.trouble:
            raise self.trouble
        self.liked.append(str(reference["post"]))
        return Sent(f"like of {reference['post']}")

    def receives_take_back(self, sent: Sent) -> None:
        if self.trouble:
            raise self.trouble
        self.taken_back.append(sent.native_id)
        if sent.native_id in self.posts:
            self.deletes(self.posts[sent.native_id])


PLACES: dict[str, Place] = {}


@contextmanager
def open_place(name: str = "kettle square") -> Iterator[Place]:
    """A place that the channel finds by its name, until the test is over."""
    place = PLACES[name] = Place(name)
    try:
        yield place
    finally:
        del PLACES[name]


class Fake(base.Channel):
    """Reads a place from wherever its cursor stands, as a poll: it returns when it is up to date."""

    key = "fake"
    name = "Kettle Square"
    caps = frozenset(Cap) - {Cap.SEARCH, Cap.FIND, Cap.HOOK, Cap.QUARANTINE}
    fields = (
        base.Field("place", label="Place", help="The name of the place.", default="kettle square"),
        base.Field("password", label="Password", secret=True, kind="password", required=False),
    )
    max_length = 300
    poll_every: ClassVar[timedelta] = timedelta(0)

    @property
    def place(self) -> Place:
        try:
            return PLACES[self.account.settings.get("place", "kettle square")]
        except KeyError:
            raise base.Unreachable("There is no such place. Look for a slip in its name.") from None

    def check(self) -> base.Health:
        if self.place.trouble:
            raise self.place.trouble
        return base.Health(US.native_id, US.handle, works=("Reading and replying work.",))

    def listen(self, watch: base.Watch, cursor: str | None) -> Iterator[base.Event]:
        if self.place.trouble:
            raise self.place.trouble
        start, end = int(cursor or 0), len(self.place.events)
        if start > end:
            yield base.Gap(None, "Kettle Square has forgotten how far we had read.")
            start = 0
        for event in self.place.events[start:end]:
            if watch.stopped():
                return
            is_history = cursor is None and isinstance(event, base.Seen)
            yield replace(event, history=True) if is_history else event  # type: ignore[call-arg]
        yield base.Checkpoint(str(end))

    def find(self, words: str, *, limit: int = 30) -> Iterator[Post]:
        if self.place.trouble:
            raise self.place.trouble
        said = (post for post in reversed(self.place.posts.values()) if words.lower() in post.text.lower())
        return islice(said, limit)

    def read_address(self, url: str) -> Post | None:
        if not url.startswith("https://fake.example/"):
            return None
        if self.place.trouble:
            raise self.place.trouble
        return next((post for post in self.place.posts.values() if post.url == url), None)

    def send(self, draft: Draft) -> Sent:
        return self.place.receives(draft)

    def like(self, reference: Mapping[str, Any], key: str) -> Sent:
        return self.place.receives_like(reference, key)

    def take_back(self, sent: Sent) -> None:
        self.place.receives_take_back(sent)

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        if self.place.trouble:
            raise self.place.trouble
        return self.place.answers.get(key)


@contextmanager
def forgetful() -> Iterator[None]:
    """The place cannot be asked what arrived: like text messages, or e-mail."""
    able, Fake.caps = Fake.caps, Fake.caps - {Cap.LOOK_UP}
    try:
        yield
    finally:
        Fake.caps = able


def direct(**more: Any) -> dict[str, Any]:
    """The marks of a direct message."""
    return {"visibility": Visibility.DIRECT, "addressed": True, **more}
