"""What does a mail mean to us? One mail in, events out: who said what, in which thread, and is it ours?

Pure: what we keep already is asked through `posts_of`. Three things make a mail part of a thread: it
answers a mail of ours by an id that only we can make, it answers a mail that this very person wrote or
got from us, or our own people wrote it and it lies in our Sent folder. Nothing else in it is believed.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from typing import Any

from ...sentence import Sentence
from ..base import (
    Author,
    Bounced,
    Event,
    Post,
    Seen,
    Unreadable,
    Visibility,
    clean_text,
    stable_key,
)
from . import bounces, forms, machines, notices
from .headers import Address, addresses, first, ids, line, moment, raw
from .ids import is_ours
from .layout import Laid, laid_out
from .parts import BROKEN, Mail, NotReadable, opened, taken_apart
from .quoting import split, unflowed

NO_SENDER = Sentence("This mail does not say who sent it.")
MOST_REFERENCES = 20  # ids that an answer names; mail programs need the first and the last
REMEMBERED = 2_000  # posts of this run: what is heard together may not be kept yet
HEAD = 20_000  # bytes of a mail in which ids are looked for
STUB = 10  # a plain text this many times shorter than the laid-out one only says that there is one
_NAMED = re.compile(rb"<([^<>\s]{1,400}@[^<>\s]{1,250})>")
_WEB = re.compile(r"https?://[^\s<>\"'()\[\]]{3,1000}")
_PRIVATE_NOTICE = re.compile(r"\b(?:message|messages|messaging|nachricht|direct|dm)\b", re.IGNORECASE)

Keeps = Callable[[Sequence[str]], Mapping[str, Post]]


@dataclass(frozen=True)
class Us:
    """Who we are in this mailbox."""

    address: str
    own_key: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Words:
    new: str
    quoted: str
    html: str
    links: tuple[str, ...]


class Reader:
    """Reads mail after mail, and remembers the last ones for the threads of the next."""

    def __init__(self, us: Us, posts_of: Keeps) -> None:
        self.us = us
        self._keeps = posts_of
        self._recent: OrderedDict[str, Post] = OrderedDict()
        self._asked: dict[str, Post | None] = {}

    def expect(self, mails: Iterable[bytes]) -> None:
        """Ask at once for all that these mails name, rather than for each when its turn comes."""
        named: dict[str, None] = {}
        for data in mails:
            head = data[:HEAD].partition(b"\r\n\r\n")[0]
            named.update(
                dict.fromkeys(clean_text(one.decode("utf-8", "replace")) for one in _NAMED.findall(head))
            )
        found = self._keeps(list(named))
        self._asked = {one: found.get(one) for one in named}

    def events(
        self, data: bytes, arrived: datetime, *, is_sent: bool = False, history: bool = False
    ) -> Iterator[Event]:
        """What the bytes of a mail mean. Never raises: what cannot be read is told as Unreadable."""
        try:
            mail = opened(data)
        except NotReadable as trouble:
            yield Unreadable(stable_key("mail", data[:5000].hex()), str(trouble), data)
            return
        yield from self.told(mail, data, arrived, is_sent=is_sent, history=history)

    def told(
        self, mail: Mail, data: bytes, arrived: datetime, *, is_sent: bool, history: bool
    ) -> Iterator[Event]:
        """The same for a mail that was taken apart already; `data` is kept if it cannot be read."""
        try:
            events = list(self._told(mail, arrived, is_sent, history))
            troubles = mail.troubles
        except Exception:  # the parts of a hostile mail may raise whatever they like: it alone is put aside
            events, troubles = [], (BROKEN,)
        has_words = any(isinstance(event, Seen) and event.post.text for event in events)
        if troubles and not has_words:
            events = []
        yield from events
        if not events and not troubles and not is_sent and not first(mail.headers, "From"):
            troubles = (NO_SENDER,)
        if troubles:
            native_id = next(iter(ids(mail.headers, "Message-ID")), "") or stable_key(data[:5000].hex())
            yield Unreadable(native_id, troubles[0], data)

    def _told(self, mail: Mail, arrived: datetime, is_sent: bool, history: bool) -> Iterator[Event]:
        if not is_sent and (bounce := bounces.bounce_of(mail)) and self._is_known_ours(bounce.message_id):
            yield Bounced(bounce.message_id, bounce.why)
            return
        post = self._sent(mail, arrived) if is_sent else self._received(mail, arrived, history)
        if post:
            self._remember(post)
            yield Seen(post, history=history)

    # what came in

    def _received(self, mail: Mail, arrived: datetime, history: bool) -> Post | None:
        message = mail.headers
        sender = first(message, "From")
        if sender is None or self._is_own_echo(message, sender):
            return None
        words = words_of(mail)
        at = moment(message, arrived, history=history)
        native_id = self._native_id(message, sender)
        post = Post(
            native_id=native_id,
            author=self._author(sender),
            text=words.new,
            at=at,
            title=line(message, "Subject"),
            root=native_id,
            visibility=Visibility.DIRECT,
            addressed=True,
            languages=_languages(message),
            links=words.links,
            quoted=words.quoted,
            html=words.html,
            attachments=mail.attachments(),
            reference=self._reference(message, sender),
        )
        if notice := notices.notice_of(message, _all_of(words), words.links, self.us.address):
            return _noticed(post, notice)
        if form := forms.form_of(message, words.new, self.us.domain):
            return self._from_form(post, form)
        post = replace(post, automatic=machines.is_automatic(message))
        return self._threaded(post, sender.address)

    def _author(self, sender: Address) -> Author:
        """Whoever merely claims to be us is somebody else: what we wrote lies in our Sent folder."""
        native_id = sender.address
        if sender.address == self.us.address:
            native_id = f"unverified:{sender.address}"
        return Author(native_id, handle=sender.address, name=sender.name)

    def _from_form(self, post: Post, form: forms.Form) -> Post:
        author = self._author(form.sender)
        to = {"to": form.sender.address, "to_name": form.sender.name, "form": True}
        told = {"claims_us": form.sender.address == self.us.address}
        quoted = "\n\n".join(filter(None, [post.text if form.text else "", post.quoted]))
        return replace(
            post,
            author=author,
            text=form.text or post.text,
            quoted=quoted,
            reference={**post.reference, **to, **told},
        )

    def _threaded(self, post: Post, correspondent: str) -> Post:
        """With its place in a thread, where it has a right to it."""
        for named in post.reference["named"]:
            known = self._post_of(named)
            if known and (is_ours(named, self.us.own_key) or _takes_part(known, correspondent)):
                return replace(post, parent=known.native_id, root=known.root or known.native_id)
        return post

    # what we sent

    def _sent(self, mail: Mail, arrived: datetime) -> Post | None:
        """What lies in our Sent folder our people wrote, here or in their own mail program."""
        message = mail.headers
        if machines.is_automatic(message) and not machines.is_nobody(message):
            return None  # the out-of-office note of their server is no answer
        us = Address(self.us.address)
        words = words_of(mail)
        native_id = next(iter(ids(message, "Message-ID")), "") or _print(message, us)
        post = Post(
            native_id=native_id,
            author=Author(self.us.address, handle=self.us.address),
            text=words.new,
            at=moment(message, arrived, history=True),
            title=line(message, "Subject"),
            root=native_id,
            visibility=Visibility.DIRECT,
            ours=True,
            quoted=words.quoted,
            html=words.html,
            attachments=mail.attachments(),
            reference={**self._reference(message, us), "to_all": _recipients(message)},
        )
        for named in post.reference["named"]:
            if known := self._post_of(named):
                return replace(post, parent=known.native_id, root=known.root or known.native_id)
        return post

    # ids

    def _native_id(self, message: Message, sender: Address) -> str:
        """Its Message-ID; a key of our own where it has none, or the one of another mail."""
        print_ = _print(message, sender)
        named = next(iter(ids(message, "Message-ID")), "")
        if not named:
            return print_
        known = self._post_of(named)
        if is_ours(named, self.us.own_key):
            return stable_key("claimed", named, print_)
        if known and known.reference.get("print") not in (None, print_):
            return stable_key("same id", named, print_)
        return named

    def _is_own_echo(self, message: Message, sender: Address) -> bool:
        """A copy of what we sent that came back to us by a list or a blind copy: we have it."""
        named = next(iter(ids(message, "Message-ID")), "")
        return sender.address == self.us.address and is_ours(named, self.us.own_key)

    def _is_known_ours(self, message_id: str) -> bool:
        known = self._post_of(message_id)
        return is_ours(message_id, self.us.own_key) or bool(known and known.ours)

    def _reference(self, message: Message, sender: Address) -> dict[str, Any]:
        """What is needed to answer it, and to know it again."""
        answer_to = first(message, "Reply-To") or sender
        named = list(dict.fromkeys([*ids(message, "In-Reply-To"), *reversed(ids(message, "References"))]))
        return {
            "to": answer_to.address,
            "to_name": answer_to.name or sender.name,
            "subject": line(message, "Subject"),
            "message_id": next(iter(ids(message, "Message-ID")), ""),
            "named": named[:MOST_REFERENCES],
            "print": _print(message, sender),
            "claims_us": sender.address == self.us.address,
            "nobody": machines.is_nobody(message) and answer_to.address == sender.address,
        }

    # what is known

    def _post_of(self, native_id: str) -> Post | None:
        if native_id in self._recent:
            return self._recent[native_id]
        if native_id not in self._asked:
            self._asked[native_id] = self._keeps([native_id]).get(native_id)
        return self._asked[native_id]

    def _remember(self, post: Post) -> None:
        small = replace(post, text="", quoted="", html="", attachments=(), links=())
        self._recent[post.native_id] = small
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)


def words_of(mail: Mail) -> Words:
    """What is new and what is repeated: of the plain text, or of the laid-out one if that says more."""
    plain = "\n".join(
        unflowed(part.text, part.joins) if part.is_flowed else part.text for part in mail.texts("text/plain")
    ).strip()
    html = next((part.text for part in mail.texts("text/html")), "")
    laid = laid_out(html) if html else Laid("", "", (), "")
    links = laid.links or tuple(dict.fromkeys(_WEB.findall(plain[:100_000])))[:50]
    if plain and len(plain) * STUB > len(laid.text):
        told = split(plain)
        return Words(told.new, told.quoted, laid.html, links)
    told = split(laid.text)
    quoted = "\n\n".join(filter(None, [told.quoted, laid.quoted]))
    if not told.new and mail.embedded:  # forwarded without a word: what was forwarded is what is said
        return words_of(taken_apart(mail.embedded[0]))
    return Words(told.new, quoted, laid.html, links)


def _noticed(post: Post, notice: notices.Notice) -> Post:
    """Said elsewhere, by somebody whom mail does not reach."""
    name = notice.who or notice.place
    # Two people of one name must not become one: only what looks like a handle is taken for an identity.
    is_handle = bool(notice.who) and " " not in notice.who
    native_id = f"{notice.key}:{notice.who if is_handle else stable_key(post.native_id)}"
    is_private = bool(_PRIVATE_NOTICE.search(f"{notice.title} {notice.link}"))
    told = {
        "closed": "notice",
        "native_link": notice.link,
        "place": notice.place,
        "forwarded_by": notice.forwarded_by,
        "signed": notice.is_signed,
        "claims_us": False,
    }
    said = notice.said or post.text
    return replace(
        post,
        author=Author(native_id, handle=notice.who if is_handle else "", name=name),
        text=said,
        quoted="\n\n".join(filter(None, [post.text if notice.said else "", post.quoted])),
        title=notice.title or post.title,
        url=notice.link,
        links=tuple(filter(None, [notice.link])),
        visibility=Visibility.DIRECT if is_private else Visibility.PUBLIC,
        reference={**post.reference, **told},
    )


def _all_of(words: Words) -> str:
    return "\n\n".join(filter(None, [words.new, words.quoted]))


def _takes_part(known: Post, address: str) -> bool:
    """Did this person write that mail, or did we write it to them?"""
    if known.ours:
        told = [known.reference.get("to"), *(known.reference.get("to_all") or [])]
        return address in told
    return known.author.native_id == address or known.reference.get("to") == address


def _recipients(message: Message) -> list[str]:
    return [one.address for name in ("To", "Cc") for one in addresses(message, name)][:50]


def _print(message: Message, sender: Address) -> str:
    """The same for the same mail, wherever it lies."""
    return stable_key("mail", sender.address, raw(message, "Date").strip(), line(message, "Subject"))


def _languages(message: Message) -> tuple[str, ...]:
    return tuple(one.strip()[:20] for one in raw(message, "Content-Language").split(",")[:3] if one.strip())
