"""What do all places have in common, where people talk?

A channel is one file in this folder. Its **pure half** turns bytes into events (`parse...`), its
**network half** (`listen`, `send`, ...) talks to the place and imports its SDK inside the calls, so
that the file is cheap to import. A channel registers itself by existing: `channels()` finds it.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

import regex

from goodword.sentence import Sentence


class Cap(StrEnum):
    """What a channel can do. The conformance suite runs what is claimed here."""

    HEAR = "hear"  # listen() yields what is said to us and about us
    SEARCH = "search"  # listen() also finds posts by words
    REPLY = "reply"
    LIKE = "like"  # a like or favourite, our smallest thank you
    PICTURE = "picture"  # a reply may carry a picture with alt text
    TAKE_BACK = "take_back"  # our own reply can be deleted
    EDITS = "edits"  # an edit at the source is heard
    DELETES = "deletes"  # a delete at the source is heard
    RESUME = "resume"  # listen(cursor) goes on exactly where it stopped
    LOOK_UP = "look_up"  # sent_already(key) can tell whether a reply of unknown fate arrived
    FIND = "find"  # find(words) shows posts before any account exists
    READ_ADDRESS = "read_address"  # read_address(url) knows the post behind a link
    HOOK = "hook"  # the place calls us: receive(call) turns that into events
    QUARANTINE = "quarantine"  # reread(raw, watch) tries again what could not be read


class Visibility(StrEnum):
    PUBLIC = "public"
    DIRECT = "direct"  # only we and they can read it


# --- what is heard ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Author:
    """Who said it, as the channel tells it. `native_id` never changes; the handle may."""

    native_id: str
    handle: str = ""
    name: str = ""
    avatar_url: str = ""
    url: str = ""
    bio: str = ""
    followers: int | None = None


@dataclass(frozen=True)
class Media:
    """A picture or other attachment: shown through our own cache, never loaded by a reader's browser."""

    url: str
    kind: str = "image"  # image | video | audio | file
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that came with a post: its bytes are kept by us, since no address gives them again."""

    name: str
    mime: str
    data: bytes = field(repr=False)
    left_out: int = 0  # bytes of a file that is too large to be kept: then `data` is empty


@dataclass(frozen=True)
class Post:
    """Something somebody said, as a channel heard it.

    `parent` and `root` are native ids; `root` is the post that opened the thread (its own id when it
    did). `addressed` is true when it is meant for us: an @mention, a direct message, a reply to us.
    `ours` is true when one of our own people wrote it, in Goodword or in the native app.
    `quoted` repeats what others said before: it is folded away on screen, and neither matched nor
    understood. `html` is the post as its author laid it out, already made safe by the channel.
    `automatic` is true when a machine wrote it: it is kept and can be found, but nobody waits for an answer.
    `reference` is what `send` needs to answer it, opaque to all but its channel.
    """

    native_id: str
    author: Author
    text: str
    at: datetime  # aware, UTC
    url: str = ""
    title: str = ""
    parent: str = ""
    root: str = ""
    visibility: Visibility = Visibility.PUBLIC
    addressed: bool = False
    ours: bool = False
    languages: tuple[str, ...] = ()  # as the author or the network declares them
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    quoted: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    reference: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A post was heard. `history` marks what was said before we began to listen: it never floods."""

    post: Post
    history: bool = False


@dataclass(frozen=True)
class Edited:
    post: Post


@dataclass(frozen=True)
class Gone:
    """The post is gone at its source; `why` is deleted, redacted, moderated or not_found."""

    native_id: str
    why: str = "deleted"


@dataclass(frozen=True)
class AuthorGone:
    """The author left, was suspended or hid: every post of theirs must be hidden."""

    native_id: str
    why: str = "deactivated"


@dataclass(frozen=True)
class AuthorBack:
    """The author returned: what had been hidden may be shown again."""

    native_id: str


@dataclass(frozen=True)
class AuthorChanged:
    author: Author


@dataclass(frozen=True)
class Gap:
    """We know that we missed something: a person is shown since when, and why."""

    since: datetime | None
    why: str


@dataclass(frozen=True)
class Unreadable:
    """Something arrived that we cannot read: kept with its bytes, for a person to try again."""

    native_id: str
    why: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Bounced:
    """What we sent as `native_id` came back: it did not arrive, and `why` tells a person so."""

    native_id: str
    why: str


@dataclass(frozen=True)
class Progress:
    """How far the taking in of history is: `done` of `total`; both equal when it is over."""

    done: int
    total: int


@dataclass(frozen=True)
class Checkpoint:
    """Everything yielded so far may be committed together with this cursor."""

    cursor: str


Event = (
    Seen
    | Edited
    | Gone
    | AuthorGone
    | AuthorBack
    | AuthorChanged
    | Gap
    | Unreadable
    | Bounced
    | Progress
    | Checkpoint
)


@dataclass(frozen=True)
class Watch:
    """What to listen for: words to search for, and the native ids of authors and threads we know.

    `interested` answers quickly whether a text could meet one of the brand's queries, so that a
    channel that hears a whole network can drop the rest before it builds anything.
    `knows_post` and `knows_author` let it pass on edits and deletes of what we keep, and only those;
    `posts_of` tells what we keep of posts, for places where threads are claimed and must be checked.
    `kept(after, limit)` walks through what we keep, for places that never tell of a delete: pairs of a
    place in the walk and a native id, from `after` (0: the beginning) on.
    """

    searches: Sequence[str] = ()
    interested: Callable[[str], bool] = lambda text: False
    knows_post: Callable[[str], bool] = lambda native_id: False
    knows_author: Callable[[str], bool] = lambda native_id: False
    posts_of: Callable[[Sequence[str]], Mapping[str, Post]] = lambda native_ids: {}
    kept: Callable[[int, int], Sequence[tuple[int, str]]] = lambda after, limit: ()
    stopped: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Call:
    """A request that a place made to us: its bytes as they came, header names in lower case."""

    method: str  # GET or POST
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Received:
    """What a call means, and what the place is answered."""

    events: tuple[Event, ...] = ()
    status: int = 200
    answer: str = ""  # plain text


# --- what is said by us ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    data: bytes
    mime: str
    alt: str


@dataclass(frozen=True)
class Draft:
    """What a teammate wrote, and to what it answers. `key` is the same for every try of one reply."""

    text: str
    reference: Mapping[str, Any]
    key: str
    picture: Picture | None = None
    signed: str = ""  # who speaks, where a place shows a name: "Dana at Steamwren"


@dataclass(frozen=True)
class Sent:
    native_id: str
    url: str = ""
    reference: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Permission:
    """May this be done to this post? If not, why, and where it can be done by hand."""

    allowed: bool
    reason: str = ""
    native_link: str = ""

    def __bool__(self) -> bool:
        return self.allowed


# --- what can go wrong, in words for a person ------------------------------------------------------


class ChannelError(Exception):
    """Something went wrong at the channel. `str(error)` is one plain sentence for a teammate.

    One in which something is filled in is a goodword.sentence.Sentence, so that it can be translated.
    """


class NeedsLogin(ChannelError):
    """The login was refused or revoked: work is kept, the owner signs in again."""


class Unreachable(ChannelError):
    """The place did not answer before anything was sent: safe to try again."""


class RateLimited(ChannelError):
    """The place asks us to wait until `until` (aware, UTC)."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class Refused(ChannelError):
    """The place understood and said no: trying again would not help."""


class BadSignature(ChannelError):
    """A call was not signed by the place it says it comes from: nothing of it is kept."""


class Unclear(ChannelError):
    """It may have been sent: a person must look before anything is sent again."""


# --- a channel -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """One field of the form with which a connection is made."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    kind: str = "text"  # text | url | password | email | number | lines (one entry a line) | choices
    choices: tuple[tuple[str, str], ...] = ()  # of a field of that kind; chosen values come one a line
    advanced: bool = False  # folded away: it is found by itself nearly always


@dataclass(frozen=True)
class Account:
    """A brand's own account on a channel, opened: what the network half works with."""

    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    native_id: str = ""  # who we are there, as `check` found it
    allowed_private: frozenset[str] = frozenset()  # host:port that whoever runs the machine has opened
    hook: str = ""  # the public address at which this place can call us; empty when there is none
    hook_secret: str = ""  # known to us and the place: it signs its calls with it
    own_key: str = ""  # known to us alone, the same for as long as we are this account there


@dataclass(frozen=True)
class Health:
    """What `check` found: who we are there, and in plain words what works and what does not."""

    native_id: str
    handle: str
    works: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)  # settings it found out: kept with the connection


@dataclass(frozen=True)
class Trouble:
    """One part of a connection does not work, while the others do: which, why, since when."""

    about: str  # as the person knows it: the address of a feed
    sentence: str
    since: datetime | None = None


class Channel:
    """A kind of place. Subclass it in a file of this folder; that is all a new channel needs.

    The network half is plain blocking Python: each connection listens in a thread of its own.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    icon: ClassVar[str] = "message-circle"  # a Lucide icon
    caps: ClassVar[frozenset[Cap]] = frozenset()
    fields: ClassVar[tuple[Field, ...]] = ()
    connectable: ClassVar[bool] = True  # offered on the connect screen
    connect_hint: ClassVar[str] = ""  # one or two sentences above the form
    reply_within: ClassVar[timedelta] = timedelta(hours=4)  # what people expect there
    max_length: ClassVar[int | None] = None  # in the channel's own way of counting
    counted_in: ClassVar[str] = "characters"  # what `length` counts
    private: ClassVar[bool] = False  # what is said here is between us and one person

    _registry: ClassVar[dict[str, type[Channel]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "key" in cls.__dict__:
            Channel._registry[cls.key] = cls

    def __init__(self, account: Account | None = None) -> None:
        self.account = account or Account(settings={})

    # pure

    @classmethod
    def length(cls, text: str) -> int:
        """How long the text is as this channel counts (default: graphemes, as people count)."""
        return len(regex.findall(r"\X", text))

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        """May `action` (reply, like, take_back) be done to this post? Override for rules per item."""
        if action in cls.caps:
            return Permission(True)
        sentence = "%(channel)s has no way to do this from here."
        return Permission(False, Sentence(sentence, channel=Sentence(cls.name)), post.url)

    @classmethod
    def goes_to(cls, post: Post) -> str:
        """To whom a reply to this post goes, where that is more than its author's name; else empty."""
        return ""

    @classmethod
    def takes_notices_at(cls, handle: str) -> str:
        """The address to which the notification mails of other places can be forwarded; empty if none."""
        return ""

    @classmethod
    def troubles(cls, cursor: str) -> tuple[Trouble, ...]:
        """What the cursor tells of parts that do not work now, though the connection as a whole does."""
        return ()

    # network: each raises a ChannelError with a sentence for a person

    def check(self) -> Health:
        """Sign in and look around. Sends nothing."""
        raise NotImplementedError

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        """Yield events, and a Checkpoint when all before it may be committed, and before waiting for more.

        The first call has no cursor: yield recent history as `Seen(history=True)` and go on from
        now. Return when `watch.stopped()`. A finite listener (a poll) returns after its last
        Checkpoint; it is called again after `poll_every`.
        """
        raise NotImplementedError

    poll_every: ClassVar[timedelta] = timedelta(seconds=30)

    def find(self, words: str, *, limit: int = 30) -> Iterator[Post]:
        """Newest posts in which these words occur; needs no account, and keeps nothing."""
        raise NotImplementedError

    def read_address(self, url: str) -> Post | None:
        """The post behind the address of a page of this place; None if it is none of its posts."""
        raise NotImplementedError

    def receive(self, call: Call) -> Received:
        """What a call of the place means. Pure: it verifies and parses. Raises BadSignature."""
        raise NotImplementedError

    def leave(self, cursor: str) -> None:
        """The connection is removed: ask the place to call us no more. At best; it may not answer."""

    def reread(self, raw: bytes, watch: Watch) -> list[Event]:
        """Try again to read what came as Unreadable; it may be Unreadable once more."""
        raise NotImplementedError

    def send(self, draft: Draft) -> Sent:
        """Send what a teammate wrote. Only conversations/outbox.py may call this."""
        raise NotImplementedError

    def like(self, reference: Mapping[str, Any], key: str) -> Sent:
        """Like a post. Only conversations/outbox.py may call this."""
        raise NotImplementedError

    def take_back(self, sent: Sent) -> None:
        """Delete our own reply or like. Only conversations/outbox.py may call this."""
        raise NotImplementedError

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        """Read our own timeline: did the try with this key arrive? None if it did not."""
        raise NotImplementedError


@cache
def _load_all() -> None:
    package = importlib.import_module(__package__ or "goodword.channels")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def channels() -> dict[str, type[Channel]]:
    """Every channel there is, by key, in order of name."""
    _load_all()
    return dict(sorted(Channel._registry.items(), key=lambda item: item[1].name))


def channel_named(key: str) -> type[Channel]:
    """The channel of this key. A file may bring posts of a place that no channel here knows: they are
    kept under its name, and can do what posts of a file can. What a teammate writes down of a page is
    kept under the name of its site, which has a dot.
    """
    _load_all()
    return Channel._registry.get(key) or Channel._registry["web" if "." in key else "file"]


# --- cleaning, once, at the edge -------------------------------------------------------------------

MAX_TEXT = 100_000  # characters; a post of a megabyte is kept shortened, and says so
SHORTENED = " […]"
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Text as any database and any screen can hold it: no NUL, no lone surrogate, bounded."""
    text = _SURROGATES.sub("\ufffd", text).replace("\x00", "\ufffd")
    if len(text) > limit:
        text = text[: limit - len(SHORTENED)] + SHORTENED
    return text


def stable_key(*parts: str) -> str:
    """A short key that is the same for the same parts: for channels that lack native ids."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:24]
