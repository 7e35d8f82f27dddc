"""How are people on Bluesky heard and answered?

Heard in three ways, since none is enough alone: notifications (what is said to us), searches (what is
said about us), and the firehose: everything, live, and alone in telling of edits, deletes and people
who leave. A reply is kept under a record key made from its draft, so that it cannot exist twice.

`listener.py` hears and `service.py` asks the account's server; both go by the pure files: `heard.py` reads
what the network says, `records.py` writes what it wants, `names.py` holds what it calls its things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from .. import base
from ..base import Cap, Channel, ChannelError, Draft, Event, Field, Permission, Post, Refused, Sent, Watch
from ..reading import mapping, short, text
from .heard import closed, parse_thread
from .listener import Listener
from .names import CLOSED, LIKE, MAX_PICTURE, POST
from .records import facets_of, record_key, sent_of, subject_of, uri_of, written_time
from .service import SESSIONS, Exists, NotThere, OpenService, Service


class Bluesky(Channel):
    key = "bluesky"
    name = "Bluesky"
    icon = "cloud"
    caps = frozenset(Cap) - {Cap.FIND, Cap.HOOK, Cap.QUARANTINE}
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
        SESSIONS.pop(self.service.who, None)  # an old session would outlive a password that was revoked
        session = self.service.sign_in()
        active = session.get("active") is not False
        answers = [
            (
                active,
                "Replies, pictures and likes can be sent.",
                "The account is deactivated: nothing can be sent.",
            ),
            (
                _works(lambda: self.service.get("app.bsky.notification.listNotifications", limit=1)),
                "Mentions, replies and quotes are heard.",
                "Notifications cannot be read: mentions, replies and quotes are not heard.",
            ),
            (
                _works(lambda: self.service.get("app.bsky.feed.searchPosts", q=self.service.who[1], limit=1)),
                "Posts about you are found by words.",
                "Searches do not work: posts that do not mention you are not found.",
            ),
            (
                _works(lambda: self.service.open_firehose(None).close()),
                "Edits, deletes and people who leave are heard live.",
                "There is no live stream: edits and deletes are not heard.",
            ),
        ]
        works = tuple(good for fine, good, _ in answers if fine)
        missing = tuple(bad for fine, _, bad in answers if not fine)
        return base.Health(session["did"], short(session.get("handle")), works, missing)

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        return Listener(self.service, self.poll_every, watch, cursor).events()

    def read_address(self, url: str) -> Post | None:
        uri = uri_of(url)
        if not uri:
            return None
        reader = self.service if self.account.settings.get("handle") else OpenService(self.account)
        asked = {"uri": uri, "depth": 0, "parentHeight": 0}
        answer = reader.get("app.bsky.feed.getPostThread", **asked)
        found = parse_thread(answer, self.account.native_id, datetime.now(UTC))
        return found[-1] if found else None

    def send(self, draft: Draft) -> Sent:
        if found := self._find(POST, draft.key):
            return found
        words = text(draft.text)
        record: dict[str, Any] = {"$type": POST, "text": words, "createdAt": written_time(datetime.now(UTC))}
        record["facets"] = facets_of(words, self._did_of)
        if reference := draft.reference:
            self._refuse_if_closed(reference["uri"])
            root = {"uri": reference["root_uri"], "cid": reference["root_cid"]}
            record["reply"] = {"root": root, "parent": subject_of(reference)}
        if draft.picture:
            image = {"image": self._upload(draft.picture), "alt": text(draft.picture.alt)}
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [image]}
        return self._put(POST, draft.key, record)

    def like(self, reference: Mapping[str, Any], key: str) -> Sent:
        now = written_time(datetime.now(UTC))
        return self._put(LIKE, key, {"$type": LIKE, "subject": subject_of(reference), "createdAt": now})

    def take_back(self, sent: Sent) -> None:
        collection, key = sent.native_id.split("/")[-2:]
        self.service.tell(
            "com.atproto.repo.deleteRecord", repo=self.service.did, collection=collection, rkey=key
        )

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        return self._find(POST, key) or (None if draft else self._find(LIKE, key))

    # what sending needs

    def _put(self, collection: str, key: str, record: dict[str, Any]) -> Sent:
        """Keep a record of ours, unless it exists: a second try finds the first."""
        place = {"repo": self.service.did, "collection": collection, "rkey": record_key(key)}
        try:
            answer = self.service.tell("com.atproto.repo.putRecord", **place, record=record, swapRecord=None)
        except Exists:
            if found := self._find(collection, key):
                return found
            raise
        return sent_of(answer, record)

    def _find(self, collection: str, key: str) -> Sent | None:
        place = {"repo": self.service.did, "collection": collection, "rkey": record_key(key)}
        try:
            found = self.service.get("com.atproto.repo.getRecord", **place)
        except NotThere:
            return None
        return sent_of(found, mapping(found.get("value")))

    def _refuse_if_closed(self, uri: str) -> None:
        """The network takes a reply to a closed thread and then shows it to nobody: say so instead."""
        try:
            answer = self.service.get("app.bsky.feed.getPostThread", uri=uri, depth=0, parentHeight=0)
        except NotThere:
            return  # too new for the AppView: then nobody can have closed it
        thread = mapping(answer.get("thread"))
        if reason := closed({**mapping(thread.get("post")), "blocked": thread.get("blocked")}):
            raise Refused(CLOSED[reason])

    def _upload(self, picture: base.Picture) -> Any:
        if len(picture.data) > MAX_PICTURE:
            raise Refused("Bluesky takes pictures of at most 1 MB: choose a smaller one.")
        headers = {"Content-Type": picture.mime}
        answer = self.service.call(
            "POST", "com.atproto.repo.uploadBlob", content=picture.data, headers=headers
        )
        return answer.get("blob")

    def _did_of(self, handle: str) -> str:
        try:
            return short(self.service.get("com.atproto.identity.resolveHandle", handle=handle).get("did"))
        except Refused:
            return ""

    @cached_property
    def service(self) -> Service:
        return Service(self.account)


def _works(look: Callable[[], object]) -> bool:
    try:
        look()
    except ChannelError:
        return False
    return True
