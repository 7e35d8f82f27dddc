"""How are people on Bluesky heard and answered?

Heard in three ways, since none is enough alone: notifications (what is said to us), searches (what is
said about us), and the firehose: everything, live, and alone in telling of edits, deletes and people
who leave. A reply is kept under a record key made from its draft, so that it cannot exist twice.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import base
from .asking import (
    BAD_ADDRESS,
    MAX_ANSWER,
    MAY_BE_SENT,
    NO_ANSWER,
    PATIENCE,
    Answer,
    ask,
    no_answer,
    wait_until,
)
from .base import (
    Author,
    Cap,
    Channel,
    ChannelError,
    Draft,
    Edited,
    Event,
    Field,
    Gap,
    Media,
    NeedsLogin,
    Permission,
    Post,
    RateLimited,
    Refused,
    Seen,
    Sent,
    Unclear,
    Unreachable,
    Watch,
)
from .patience import Stopped, patiently
from .reading import items, mapping, mappings, moment, number, short, text, web_address

if TYPE_CHECKING:
    import httpx
    from websockets.sync.client import ClientConnection

POST, LIKE, FACET = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.richtext.facet"
PROFILE = "app.bsky.actor.profile/self"
WEB = "https://bsky.app/profile"
PICTURES = "https://cdn.bsky.app/img/feed_fullsize/plain"
VIDEOS = "https://video.bsky.app/watch"
FIRST_WORDS = datetime(2022, 11, 1, tzinfo=UTC)  # nothing was said on Bluesky before
MAX_PICTURE = 1_000_000  # bytes, the network's own limit

BATCH = 500  # frames passed on together; the whole network sends about as many in a second
QUIET = 1.0  # seconds without a word: such a stream is small, and can be read again from its beginning
BATCH_WAIT = 0.5  # seconds; also how soon we see that we are to stop
CHECKPOINT_EVERY = 5.0  # seconds: what a crash may cost to hear again
LONGEST_PAUSE = 60.0  # seconds between tries to reach the firehose
# Searches learn of a post some minutes late, and clocks differ: each look goes back this far again.
OVERLAP = timedelta(minutes=15)
MAX_PAGES = 10  # of a hundred each, when we come back after a long time
ABOVE = 10  # posts above the one that turns to us: enough to see what it is about
PROFILES_AT_ONCE = 25  # the network's own limit
REMEMBERED = 20_000  # posts and profiles, so that what is heard in several ways is passed on once

NO_SIGN_IN = "Bluesky did not accept the handle and app password: make a new app password and enter it here."
TOO_MUCH = "Bluesky asks us to wait: too much was asked of it."
GAPS = {
    "FutureCursor": "Bluesky's live stream began anew: edits and deletes before may have been missed.",
    "OutdatedCursor": "We were away longer than Bluesky's live stream reaches back: edits may be missed.",
}
UNREADABLE = "Our place in Bluesky's live stream could not be read: something may have been missed."
TOO_MANY = "More was said while we were away than Bluesky lets us read again."
CLOSED = {
    "limited": "The author has limited who may reply.",
    "blocked": "They have blocked this account, or it has blocked them.",
}


class Bluesky(Channel):
    key = "bluesky"
    name = "Bluesky"
    icon = "cloud"
    caps = frozenset(Cap)
    max_length = 300
    connect_hint = (
        "Make an app password in Bluesky under Settings, Privacy and security, App passwords. "
        "Your main password is not needed here."
    )
    fields = (
        Field("handle", "Handle", "As people write it, for example brand.bsky.social"),
        Field("password", "App password", secret=True, kind="password"),
        Field("service", "Service", "Where the account lives.", default="https://bsky.social", kind="url"),
        Field(
            "firehose",
            "Live stream",
            "Tells of edits and deletes, and of mentions within a second. It carries the whole network, some "
            "25 GB a day. Leave it empty to look every half minute instead.",
            required=False,
            default="wss://bsky.network",
        ),
    )

    @classmethod
    def length(cls, text: str) -> int:
        """In graphemes, of which 300 are taken, or tenths of the bytes, of which 3,000 are."""
        return max(super().length(text), -(-len(text.encode("utf-8", "replace")) // 10))

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        if action is Cap.REPLY and (reason := CLOSED.get(post.reference.get("closed", ""))):
            return Permission(False, reason, post.url)
        if action is Cap.TAKE_BACK and not post.ours:
            return Permission(False, "Only its author can delete this.", post.url)
        return super().can(action, post)

    def check(self) -> base.Health:
        _SESSIONS.pop(self._who, None)  # an old session would outlive a password that was revoked
        session = self._sign_in()
        active = session.get("active") is not False
        answers = [
            (
                active,
                "Replies, pictures and likes can be sent.",
                "The account is deactivated: nothing can be sent.",
            ),
            (
                _works(lambda: self.get("app.bsky.notification.listNotifications", limit=1)),
                "Mentions, replies and quotes are heard.",
                "Notifications cannot be read: mentions, replies and quotes are not heard.",
            ),
            (
                _works(lambda: self.get("app.bsky.feed.searchPosts", q=self._who[1], limit=1)),
                "Posts about you are found by words.",
                "Searches do not work: posts that do not mention you are not found.",
            ),
            (
                _works(lambda: self.open_firehose(None).close()),
                "Edits, deletes and people who leave are heard live.",
                "There is no live stream: edits and deletes are not heard.",
            ),
        ]
        works = tuple(good for fine, good, _ in answers if fine)
        missing = tuple(bad for fine, _, bad in answers if not fine)
        return base.Health(session["did"], short(session.get("handle")), works, missing)

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        return _Listener(self, watch, cursor).events()

    def send(self, draft: Draft) -> Sent:
        if found := self._find(POST, draft.key):
            return found
        words = text(draft.text)
        record: dict[str, Any] = {"$type": POST, "text": words, "createdAt": _written(datetime.now(UTC))}
        record["facets"] = facets_of(words, self._did_of)
        if reference := draft.reference:
            self._refuse_if_closed(reference["uri"])
            root = {"uri": reference["root_uri"], "cid": reference["root_cid"]}
            record["reply"] = {"root": root, "parent": _subject(reference)}
        if draft.picture:
            image = {"image": self._upload(draft.picture), "alt": text(draft.picture.alt)}
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [image]}
        return self._put(POST, draft.key, record)

    def like(self, reference: Mapping[str, Any], key: str) -> Sent:
        now = _written(datetime.now(UTC))
        return self._put(LIKE, key, {"$type": LIKE, "subject": _subject(reference), "createdAt": now})

    def take_back(self, sent: Sent) -> None:
        collection, key = sent.native_id.split("/")[-2:]
        self._tell("com.atproto.repo.deleteRecord", repo=self.did, collection=collection, rkey=key)

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        return self._find(POST, key) or (None if draft else self._find(LIKE, key))

    # what sending needs

    def _put(self, collection: str, key: str, record: dict[str, Any]) -> Sent:
        """Keep a record of ours, unless it exists: a second try finds the first."""
        place = {"repo": self.did, "collection": collection, "rkey": record_key(key)}
        try:
            answer = self._tell("com.atproto.repo.putRecord", **place, record=record, swapRecord=None)
        except _Exists:
            if found := self._find(collection, key):
                return found
            raise
        return _sent(answer, record)

    def _find(self, collection: str, key: str) -> Sent | None:
        place = {"repo": self.did, "collection": collection, "rkey": record_key(key)}
        try:
            found = self.get("com.atproto.repo.getRecord", **place)
        except _NotThere:
            return None
        return _sent(found, mapping(found.get("value")))

    def _refuse_if_closed(self, uri: str) -> None:
        """The network takes a reply to a closed thread and then shows it to nobody: say so instead."""
        try:
            answer = self.get("app.bsky.feed.getPostThread", uri=uri, depth=0, parentHeight=0)
        except _NotThere:
            return  # too new for the AppView: then nobody can have closed it
        thread = mapping(answer.get("thread"))
        if reason := closed({**mapping(thread.get("post")), "blocked": thread.get("blocked")}):
            raise Refused(CLOSED[reason])

    def _upload(self, picture: base.Picture) -> Any:
        if len(picture.data) > MAX_PICTURE:
            raise Refused("Bluesky takes pictures of at most 1 MB: choose a smaller one.")
        headers = {"Content-Type": picture.mime}
        answer = self._call("POST", "com.atproto.repo.uploadBlob", content=picture.data, headers=headers)
        return answer.get("blob")

    def _did_of(self, handle: str) -> str:
        try:
            return short(self.get("com.atproto.identity.resolveHandle", handle=handle).get("did"))
        except Refused:
            return ""

    # talking to the service

    @property
    def did(self) -> str:
        return str(self._sign_in()["did"])

    @property
    def firehose_address(self) -> str:
        return self.account.settings.get("firehose", "wss://bsky.network").rstrip("/")

    def get(self, name: str, **parameters: Any) -> dict[str, Any]:
        return self._call("GET", name, params=parameters)

    def open_firehose(self, seq: int | None) -> ClientConnection:
        """Connect to the live stream, right after the event `seq`. Unreachable if that fails."""
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        from ..net import saved

        after = "" if seq is None else f"?cursor={seq}"
        address = f"{self.firehose_address}/xrpc/com.atproto.sync.subscribeRepos{after}"
        limits: dict[str, Any] = {"max_size": MAX_ANSWER, "max_queue": BATCH}
        try:
            host = saved.line(self.firehose_address, self.account.allowed_private, timeout=PATIENCE)
            line = connect(address, sock=host, open_timeout=PATIENCE, close_timeout=1, **limits)
            opened: ClientConnection = ExitStack().enter_context(line)  # whoever asked for it closes it
            return opened
        except saved.NotAdmitted as error:
            raise Refused(str(error)) from error
        except (WebSocketException, OSError, ValueError) as error:
            raise Unreachable(NO_ANSWER) from error

    def _tell(self, name: str, **body: Any) -> dict[str, Any]:
        """Change something that others see: if the answer is lost, the outcome is unclear."""
        return self._call("POST", name, visible=True, json=body)

    def _call(self, verb: str, name: str, *, visible: bool = False, **request: Any) -> dict[str, Any]:
        session, headers = self._sign_in(), request.pop("headers", {})
        for _first_try in (True, False):
            headers["Authorization"] = f"Bearer {session['accessJwt']}"
            try:
                return self._ask(verb, name, visible, headers=headers, **request)
            except _Expired:
                session = self._sign_in(instead_of=session)
        raise NeedsLogin(NO_SIGN_IN)

    def _sign_in(self, instead_of: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Our session, shared by all who act for this account: the network allows 300 sign-ins a day."""
        with _SIGNING_IN:
            session = _SESSIONS.get(self._who)
            if session is None or session is instead_of:
                session = _SESSIONS[self._who] = self._renewed(session) or self._new_session()
            return session

    def _renewed(self, session: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if session is None:
            return None
        headers = {"Authorization": f"Bearer {session['refreshJwt']}"}
        try:
            return self._opened("refreshSession", headers=headers)
        except (NeedsLogin, Refused):
            return None

    def _new_session(self) -> Mapping[str, Any]:
        _, handle, password = self._who
        try:
            return self._opened("createSession", json={"identifier": handle, "password": password})
        except Refused as error:
            raise NeedsLogin(NO_SIGN_IN) from error

    def _opened(self, how: str, **request: Any) -> Mapping[str, Any]:
        session = self._ask("POST", f"com.atproto.server.{how}", **request)
        if not all(isinstance(session.get(part), str) for part in ("did", "accessJwt", "refreshJwt")):
            raise Unreachable(BAD_ADDRESS)
        return session

    def _ask(self, verb: str, name: str, visible: bool = False, **request: Any) -> dict[str, Any]:
        answer = ask(self._client, verb, f"{self._who[0]}/xrpc/{name}", visible, **request)
        if answer.status >= 300:
            raise complaint(answer, visible, datetime.now(UTC))
        return answer.body

    @cached_property
    def _client(self) -> httpx.Client:
        from ..net import saved

        try:
            return saved.client(self._who[0], self.account.allowed_private, timeout=PATIENCE)
        except saved.NotAdmitted as error:
            raise Refused(str(error)) from error
        except ValueError as error:
            raise Unreachable(BAD_ADDRESS) from error

    @property
    def _who(self) -> tuple[str, str, str]:
        settings, password = self.account.settings, self.account.secrets.get("password", "")
        service = settings.get("service") or "https://bsky.social"
        return service.rstrip("/"), settings.get("handle", "").strip().lstrip("@"), password


_SESSIONS: dict[tuple[str, str, str], Mapping[str, Any]] = {}
_SIGNING_IN = threading.Lock()  # two who renew at once would burn each other's token


class _Expired(NeedsLogin):
    """The session ran out: renew it and ask again."""


class _NotThere(Refused):
    """There is no such record."""


class _Exists(Refused):
    """There is such a record already."""


KNOWN_COMPLAINTS: dict[str, tuple[type[ChannelError], str]] = {
    "ExpiredToken": (_Expired, NO_SIGN_IN),
    "InvalidToken": (_Expired, NO_SIGN_IN),
    "AuthenticationRequired": (NeedsLogin, NO_SIGN_IN),
    "AuthMissing": (NeedsLogin, NO_SIGN_IN),
    "AuthFactorTokenRequired": (NeedsLogin, NO_SIGN_IN),
    "RecordNotFound": (_NotThere, "Bluesky knows no such post."),
    "NotFound": (_NotThere, "Bluesky knows no such post."),
    "InvalidSwap": (_Exists, "Bluesky keeps something else in this place."),
}


def complaint(answer: Answer, visible: bool, now: datetime) -> ChannelError:
    """What a refusal means for a teammate. `visible`: what was asked for would be seen by others."""
    word, message = short(answer.body.get("error")), short(answer.body.get("message"))
    if answer.status == 429:
        return RateLimited(TOO_MUCH, wait_until(answer.headers, now))
    if "Could not locate record" in message:  # older servers have no word of its own for it
        word = "RecordNotFound"
    if word in KNOWN_COMPLAINTS:
        kind, sentence = KNOWN_COMPLAINTS[word]
        return kind(sentence)
    if answer.status == 401:
        return NeedsLogin(NO_SIGN_IN)
    if answer.status >= 500:
        return no_answer(visible)
    return Refused(f"Bluesky refused this: {message or word}") if word else Unreachable(BAD_ADDRESS)


def _works(look: Callable[[], object]) -> bool:
    try:
        look()
    except ChannelError:
        return False
    return True


class _Listener:
    """One hearing of the network: where it stands, and what it passed on already."""

    def __init__(self, channel: Bluesky, watch: Watch, cursor: str | None) -> None:
        self.channel, self.watch, self.is_first_time = channel, watch, cursor is None
        self.place, self.missed = Place.read(cursor, datetime.now(UTC))
        self.firehose: ClientConnection | None = None
        self.firehose_at, self.pause = 0.0, 1.0  # since when it is open, or when to try again
        self.poll_at = self.checkpoint_at = 0.0
        self.me, self.is_complete = "", True  # whether all that we asked was answered
        self.passed_on: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.authors: OrderedDict[str, Author] = OrderedDict()

    def events(self) -> Iterator[Event]:
        try:
            self.me = patiently(lambda: self.channel.did, self.watch.stopped)
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
        self.poll_at, self.checkpoint_at = time.monotonic() + self.channel.poll_every.total_seconds(), 0.0

    def _answers(self, since: datetime | None) -> Iterator[tuple[Post, datetime]]:
        told = {"reasons": ["mention", "reply", "quote"]}
        yield from self._pages(since, "app.bsky.notification.listNotifications", "notifications", told)
        searched = {"sort": "latest"} | ({"since": _written(since)} if since else {})
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
        if self.firehose or not self.channel.firehose_address or time.monotonic() < self.firehose_at:
            return
        try:
            self.firehose = patiently(self._connected, self.watch.stopped)
            self.firehose_at = time.monotonic()
        except Unreachable:
            self._hang_up()

    def _connected(self) -> ClientConnection:
        firehose = self.channel.open_firehose(self.place.seq)
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
        return patiently(partial(self.channel.get, name, **parameters), self.watch.stopped)


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


# --- the pure half: from what the network says to events ---------------------------------------------

POST_URI = re.compile(rf"at://(did:[a-z]+:[\w.:%-]{{1,256}})/{re.escape(POST)}/([\w.~:-]{{1,512}})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where we stand: in the firehose, and in time for what we ask. Written down, it is the cursor."""

    began: datetime  # what is older is history, also in a stream that we read from its beginning
    seq: int | None = None
    since: datetime | None = None

    def written(self) -> str:
        times = {"began": _written(self.began), "since": self.since and _written(self.since)}
        return json.dumps({"seq": self.seq, **times})

    @classmethod
    def read(cls, cursor: str | None, now: datetime) -> tuple[Place, str]:
        """The place, and what we miss if the cursor cannot be read."""
        if cursor is None:
            return cls(now), ""
        try:
            kept = json.loads(cursor)
            seq, since = kept["seq"], kept["since"]
            began = datetime.fromisoformat(kept["began"])
            return cls(began, seq and int(seq), since and datetime.fromisoformat(since)), ""
        except (ValueError, TypeError, KeyError):
            return cls(now), UNREADABLE


@dataclass(frozen=True)
class Frame:
    """One message of the firehose: its place in the stream, and what it tells us."""

    at: datetime
    seq: int | None = None
    events: tuple[Event, ...] = ()
    trouble: str = ""  # the network's own word, such as FutureCursor


def parse_frame(data: bytes, me: str, watch: Watch, now: datetime) -> Frame:
    """Keep of a frame what concerns us. Never raises: one broken frame must not stop the stream."""
    import libipld

    try:
        header, body = map(mapping, libipld.decode_dag_cbor_multi(data))
    except (ValueError, RecursionError):
        return Frame(now)
    at = min(moment(body.get("time"), now), now)
    seq = body["seq"] if isinstance(body.get("seq"), int) else None
    match header.get("t"):
        case "#commit":
            return Frame(at, seq, tuple(_of_commit(body, at, me, watch)))
        case "#account" | "#identity" as kind if watch.knows_author(did := short(body.get("did"))):
            return Frame(at, seq, (_of_author(kind, did, body),))
    return Frame(at, seq, trouble=short(body.get("error") or body.get("name")))


def _of_commit(body: Mapping[str, Any], at: datetime, me: str, watch: Watch) -> Iterator[Event]:
    did, records = short(body.get("repo")), None
    for operation in mappings(body.get("ops")):
        path, cid = short(operation.get("path")), operation.get("cid")
        uri = f"at://{did}/{path}"
        is_post = path.startswith(POST) and POST_URI.fullmatch(uri)
        if is_post and operation.get("action") == "delete" and watch.knows_post(uri):
            yield base.Gone(uri)
        if not isinstance(cid, bytes) or not (is_post or (path == PROFILE and watch.knows_author(did))):
            continue
        records = _records(body.get("blocks")) if records is None else records
        record = mapping(records.get(cid))
        if not is_post:
            name, bio = short(record.get("displayName")), short(record.get("description"))
            yield base.AuthorChanged(replace(_known_by(did), name=name, bio=bio))
            continue
        edited = operation.get("action") == "update" and watch.knows_post(uri)
        if record and (edited or did == me or _concerns(record, me, watch)):
            post = parse_record(uri, _cid(cid), record, at, me)
            yield Edited(post) if edited else Seen(post)


def _of_author(kind: str, did: str, body: Mapping[str, Any]) -> Event:
    if kind == "#identity":
        return base.AuthorChanged(replace(_known_by(did), handle=short(body.get("handle"))))
    if body.get("active") is False:
        return base.AuthorGone(did, short(body.get("status")) or "deactivated")
    return base.AuthorBack(did)


def _records(blocks: Any) -> Mapping[bytes, Any]:
    import libipld

    try:
        return libipld.decode_car(blocks)[1]
    except (ValueError, TypeError, RecursionError):
        return {}


def _concerns(record: Mapping[str, Any], me: str, watch: Watch) -> bool:
    in_our_thread = _strong(mapping(record.get("reply")).get("root"))[0].startswith(f"at://{me}/")
    return in_our_thread or _addresses(record, me) or watch.interested(text(record.get("text")))


def _addresses(record: Mapping[str, Any], me: str) -> bool:
    """Does the post mention us, answer us or quote us?"""
    answered, quoted = _strong(mapping(record.get("reply")).get("parent"))[0], _quoted(record)
    ours = f"at://{me}/"
    return answered.startswith(ours) or quoted.startswith(ours) or me in _features(record, "did")


def parse_view(view: Any, me: str, now: datetime) -> tuple[Post, datetime] | None:
    """A post as notifications, searches, threads and lists show it, and when the network took it in."""
    view = mapping(view)
    uri, heard_at = short(view.get("uri")), min(moment(view.get("indexedAt"), now), now)
    if not POST_URI.fullmatch(uri):
        return None
    record = mapping(view.get("record") or view.get("value"))
    post = parse_record(uri, short(view.get("cid")), record, heard_at, me)
    author = parse_author(view.get("author"))
    if author.native_id == post.author.native_id:
        post = replace(post, author=author)
    post = replace(post, reference={**post.reference, "closed": closed(view)})
    return post, heard_at if "indexedAt" in view else post.at


def parse_thread(answer: Any, me: str, now: datetime) -> list[Post]:
    """The post asked for and those above it, the oldest first."""
    posts: list[Post] = []
    node = mapping(mapping(answer).get("thread"))
    while node and len(posts) <= ABOVE:
        if found := parse_view(node.get("post"), me, now):
            posts.append(found[0])
        node = mapping(node.get("parent"))
    return posts[::-1]


def parse_record(uri: str, cid: str, record: Mapping[str, Any], heard_at: datetime, me: str) -> Post:
    """A record as it lies in its author's repository. `uri` is the address of a post."""
    did, _, key = uri.removeprefix("at://").split("/", 2)
    reply = mapping(record.get("reply"))
    root_uri, root_cid = _strong(reply.get("root"))
    said_at = moment(record.get("createdAt"), heard_at)  # by the author's clock, unless it cannot be
    return Post(
        native_id=uri,
        author=_known_by(did),
        text=text(record.get("text")),
        at=said_at if FIRST_WORDS <= said_at <= heard_at else heard_at,
        url=f"{WEB}/{did}/post/{key}",
        parent=_strong(reply.get("parent"))[0],
        root=root_uri or uri,
        addressed=did != me and _addresses(record, me),
        ours=did == me,
        languages=tuple(code[:35] for language in items(record.get("langs")) if (code := short(language))),
        media=tuple(_media(record, did)),
        links=tuple(_links(record)),
        reference={"uri": uri, "cid": cid, "root_uri": root_uri or uri, "root_cid": root_cid or cid},
    )


def parse_author(profile: Any) -> Author:
    profile = mapping(profile)
    return replace(
        _known_by(short(profile.get("did"))),
        handle=short(profile.get("handle")),
        name=short(profile.get("displayName")),
        avatar_url=web_address(profile.get("avatar")),
        bio=short(profile.get("description")),
        followers=number(profile.get("followersCount")),
    )


def closed(view: Mapping[str, Any]) -> str:
    """Why a post as shown to us takes no reply from us: a key of CLOSED, or nothing."""
    relation = mapping(mapping(view.get("author")).get("viewer"))
    if relation.get("blockedBy") or relation.get("blocking") or view.get("blocked"):
        return "blocked"
    return "limited" if mapping(view.get("viewer")).get("replyDisabled") else ""


def _known_by(did: str) -> Author:
    return Author(native_id=did, url=f"{WEB}/{did}")


def _media(record: Mapping[str, Any], did: str) -> Iterator[Media]:
    for embed in _embeds(record):
        for image in mappings(embed.get("images")):
            if cid := _blob(image.get("image")):
                ratio = mapping(image.get("aspectRatio"))
                size = number(ratio.get("width")), number(ratio.get("height"))
                yield Media(f"{PICTURES}/{did}/{cid}@jpeg", "image", short(image.get("alt")), *size)
        if cid := _blob(embed.get("video")):
            yield Media(f"{VIDEOS}/{did}/{cid}/thumbnail.jpg", "video", short(embed.get("alt")))


def _links(record: Mapping[str, Any]) -> Iterator[str]:
    found = [*_features(record, "uri"), *(mapping(e.get("external")).get("uri") for e in _embeds(record))]
    if quoted := POST_URI.fullmatch(_quoted(record)):
        found.append(f"{WEB}/{quoted[1]}/post/{quoted[2]}")
    yield from dict.fromkeys(filter(None, map(web_address, found)))


def _embeds(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The embed, and the media inside it when it also quotes a post."""
    embed = mapping(record.get("embed"))
    return [embed, mapping(embed.get("media"))]


def _quoted(record: Mapping[str, Any]) -> str:
    quoted = mapping(mapping(record.get("embed")).get("record"))
    return _strong(quoted.get("record") or quoted)[0]


def _features(record: Mapping[str, Any], name: str) -> list[str]:
    """What the facets of a text hold: the `did` of each mention, the `uri` of each link."""
    facets = mappings(record.get("facets"))
    return [short(feature.get(name)) for facet in facets for feature in mappings(facet.get("features"))]


def _strong(reference: Any) -> tuple[str, str]:
    """Address and content hash of another post; nothing if it is not one."""
    uri, cid = short(mapping(reference).get("uri")), short(mapping(reference).get("cid"))
    return (uri, cid) if POST_URI.fullmatch(uri) else ("", "")


def _blob(blob: Any) -> str:
    """The content hash of a picture: bytes in the firehose, `$link` in JSON."""
    ref = mapping(blob).get("ref")
    return _cid(ref) if isinstance(ref, bytes) else short(mapping(ref).get("$link"))


def _cid(raw: bytes) -> str:
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


# --- the pure half: from a draft to what the network wants -------------------------------------------

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'\])}…]")
MENTION = re.compile(r"(?<![\w@./])@((?:[a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*)")
TAG = re.compile(r"(?<![\w/#&])#(\d*[^\W\d]\w{0,63})")
KEY_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
# Keys look like times in microseconds. Ours lie in 2024 and 2025: believable, and before all that
# people post now, so that their newest posts stay first in the account's own list.
KEYS_FROM, KEYS_SPAN = 1_704_067_200_000_000, 63_158_400_000_000


def record_key(key: str) -> str:
    """The same for the same draft, in the form (TID) that the network demands of posts and likes."""
    chosen = int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:16], "big")
    number = (KEYS_FROM << 10) + chosen % (KEYS_SPAN << 10)
    return "".join(KEY_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def facets_of(words: str, did_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """Links, mentions and tags, counted in bytes. `did_of` answers who has a handle, if anybody."""
    facets = [_facet(words, found, "link", uri=found[0]) for found in LINK.finditer(words)]
    without_links = LINK.sub(lambda found: " " * len(found[0]), words)
    for found in MENTION.finditer(without_links):
        if did := did_of(found[1].lower()):
            facets.append(_facet(words, found, "mention", did=did))
    facets += [_facet(words, found, "tag", tag=found[1]) for found in TAG.finditer(without_links)]
    return facets


def _facet(words: str, found: re.Match[str], kind: str, **feature: str) -> dict[str, Any]:
    start, end = (len(words[:position].encode()) for position in found.span())
    features = [{"$type": f"{FACET}#{kind}", **feature}]
    return {"index": {"byteStart": start, "byteEnd": end}, "features": features}


def _subject(reference: Mapping[str, Any]) -> dict[str, Any]:
    return {"uri": reference["uri"], "cid": reference["cid"]}


def _sent(answer: Mapping[str, Any], record: Mapping[str, Any]) -> Sent:
    """What was kept under our key, as the outbox remembers it."""
    uri, cid = short(answer.get("uri")), short(answer.get("cid"))
    if not uri or not cid:
        raise Unclear(MAY_BE_SENT)
    did, collection, key = uri.removeprefix("at://").split("/", 2)
    root_uri, root_cid = _strong(mapping(record.get("reply")).get("root"))
    reference = {"uri": uri, "cid": cid, "root_uri": root_uri or uri, "root_cid": root_cid or cid}
    return Sent(uri, f"{WEB}/{did}/post/{key}" if collection == POST else "", reference)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
