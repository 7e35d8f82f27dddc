"""A blog on this machine with a feed, comments and all; and a hub that calls whoever asked it to (WebSub)."""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from itertools import count
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

from tests.net.places import Place, opened_place, said

ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:at="http://purl.org/atompub/tombstones/1.0">'
)

PAGE = said(
    b'<html><head><link rel=alternate type="application/atom+xml" href="/feed.xml"></head></html>',
    "Content-Type: text/html",
)


@dataclass
class Said:
    """An entry of the feed."""

    id: str
    title: str
    text: str
    author: str
    at: datetime
    answers: str = ""

    @property
    def path(self) -> str:
        return self.id.rpartition(":")[2]

    def atom(self, site: str) -> str:
        answers = f'<thr:in-reply-to ref="{escape(self.answers)}"/>' if self.answers else ""
        return (
            f"<entry><id>{self.id}</id><title>{escape(self.title)}</title>"
            f'<link href="{site}/{self.path}"/><published>{self.at.isoformat()}</published>'
            f"<author><name>{escape(self.author)}</name></author>{answers}"
            f'<content type="html">{escape(f"<p>{escape(self.text)}</p>")}</content></entry>'
        )


class Blog:
    """Its feed is at /feed.xml, and answers 304 to who has it already. Its page, at /, names it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.entries: list[Said] = []
        self.deleted: list[str] = []
        self.numbers = count(1)
        self.hub = ""
        self.status = ""  # "503 Service Unavailable" and the like
        self.headers: list[str] = []
        self.not_modified = 0  # how often it had nothing new to say
        place.answers["/feed.xml"] = self._answer
        place.answers["/"] = PAGE

    @property
    def address(self) -> str:
        return self.place.url("/feed.xml")

    def says(
        self,
        text: str,
        *,
        title: str = "",
        author: str = "Ada",
        answers: str = "",
        at: datetime | None = None,
    ) -> Said:
        entry = Said(
            f"tag:ada.example,2026:entry-{next(self.numbers)}",
            title,
            text,
            author,
            at or datetime.now(UTC),
            answers,
        )
        self.entries.insert(0, entry)
        self.place.answers[f"/{entry.path}"] = PAGE
        return entry

    def entry(self, id: str) -> Said:
        return next(entry for entry in self.entries if entry.id == id)

    def deletes(self, id: str) -> None:
        self.entries.remove(self.entry(id))
        self.deleted.append(id)

    def feed(self) -> bytes:
        links = f'<link rel="self" href="{self.address}"/>'
        links += f'<link rel="hub" href="{self.hub}"/>' if self.hub else ""
        gone = "".join(f'<at:deleted-entry ref="{id}" when="2026-01-01T00:00:00Z"/>' for id in self.deleted)
        told = "".join(entry.atom(self.place.url("")) for entry in self.entries)
        return f"{ATOM}<title>Ada's blog</title>{links}{gone}{told}</feed>".encode()

    def _answer(self, visitor: socket.socket) -> None:
        if self.status:
            visitor.sendall(said(b"", *self.headers, status=self.status))
            return
        etag = f'ETag: "{hashlib.sha256(self.feed()).hexdigest()[:16]}"'
        if etag.partition(" ")[2] in self.place.requests[-1]:
            self.not_modified += 1
            visitor.sendall(said(b"", etag, *self.headers, status="304 Not Modified"))
            return
        kind = "Content-Type: application/atom+xml"
        visitor.sendall(said(self.feed(), kind, etag, *self.headers))


@contextmanager
def blog() -> Iterator[Blog]:
    with opened_place() as place:
        yield Blog(place)


@dataclass
class Promise:
    """What a hub keeps of who wants to be called."""

    callback: str
    secret: str
    lease: int = 0


@dataclass
class Hub:
    """A WebSub hub: it asks back whether a subscription was meant, then calls, signing what it brings."""

    place: Place
    promises: dict[tuple[str, str], Promise] = field(default_factory=dict)  # by topic and callback
    turned_down: list[str] = field(default_factory=list)  # callbacks that did not mean it

    @property
    def address(self) -> str:
        return self.place.url("/hub")

    def asked(self) -> list[dict[str, str]]:
        """The requests that came, not yet answered by a question back."""
        forms = [parse_qs(body.decode()) for body in self.place.bodies]
        return [{name: values[0] for name, values in form.items()} for form in forms]

    def asks_back(self, form: dict[str, str]) -> bool:
        """Did they mean it? Then it is so from now on."""
        topic, callback = form["hub.topic"], form["hub.callback"]
        challenge = uuid4().hex
        more = {"hub.mode": form["hub.mode"], "hub.topic": topic, "hub.challenge": challenge}
        status, answer = ask(f"{callback}&{urlencode(more | {'hub.lease_seconds': '86400'})}")
        if status != 200 or answer != challenge.encode():
            self.turned_down.append(callback)
            return False
        if form["hub.mode"] == "subscribe":
            self.promises[topic, callback] = Promise(callback, form["hub.secret"], 86400)
        else:
            self.promises.pop((topic, callback), None)
        return True

    def calls(self, topic: str, body: bytes, algorithm: str = "sha256") -> list[int]:
        """Everybody who wants to know is told; the statuses that they answered."""
        return [
            ask(promise.callback, body, {"X-Hub-Signature": signed(body, promise.secret, algorithm)})[0]
            for (about, _callback), promise in self.promises.items()
            if about == topic
        ]


def signed(body: bytes, secret: str, algorithm: str = "sha256") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


def ask(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    told = {"Content-Type": "application/atom+xml", **(headers or {})}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, told), timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as refusal:
        return refusal.code, refusal.read()


@contextmanager
def hub() -> Iterator[Hub]:
    with opened_place() as place:
        place.answers["/hub"] = said(b"", status="202 Accepted")
        yield Hub(place)


def is_token(text: str) -> bool:
    return bool(re.fullmatch(r"[\w-]{20,}", text))
