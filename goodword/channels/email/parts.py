"""Which parts has a mail, and what is in them? A tree of any shape becomes a flat, bounded list.

Read with the library's lenient policy and nothing that it raises gets out: the stricter one fails on
more than one in a hundred mails with a damaged byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email import policy as policies
from email.errors import (
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import Message

from ...sentence import Sentence
from ..base import Attachment
from .charsets import text_of
from .headers import decoded, one_line
from .structure import Leaf

DEEPEST = 40  # forwards of forwards; more is made to break parsers
MOST_PARTS = 300
LARGEST_TEXT = 2_000_000  # bytes of one part that is read as text
LARGEST_FILE = 10_000_000  # bytes of one attachment that are kept; what is larger stays in the mailbox
LARGEST_WHOLE = 25_000_000  # bytes of the attachments of one mail together

TOO_DEEP = Sentence("This mail is nested deeper than any honest one, so not all of it was read.")
TOO_MANY = Sentence("This mail has more parts than any honest one, so not all of them were read.")
NO_BOUNDARY = Sentence("The parts of this mail cannot be told apart: the line that divides them is missing.")
GARBLED = Sentence("A part of this mail is garbled: it is not in the encoding that it claims.")
BROKEN = Sentence("This mail is not built as mails are, and could not be taken apart.")

_CALENDAR, _EMBEDDED = "text/calendar", "message/rfc822"
# Nobody opens these: the wrapping of signatures, reports and Outlook.
WRAPPING = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
ENDINGS = {_EMBEDDED: ".eml", _CALENDAR: ".ics", "application/ms-tnef": ".dat", "text/html": ".html"}
_SAFE_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}\Z")


class NotReadable(Exception):
    """Not even its headers could be read; the text says why."""


@dataclass(frozen=True)
class Part:
    """A leaf of the tree. `data` is None where the server kept it since it is too large."""

    mime: str
    data: bytes | None = field(repr=False)
    size: int
    charset: str = ""
    name: str = ""
    is_attachment: bool = False
    is_flowed: bool = False
    joins: bool = False  # of a flowed text: the blank at the end of a line is not part of it

    @property
    def text(self) -> str:
        return text_of((self.data or b"")[:LARGEST_TEXT], self.charset)


@dataclass(frozen=True)
class Mail:
    headers: Message
    parts: tuple[Part, ...]
    embedded: tuple[Message, ...] = ()  # mails that were forwarded as attachments
    troubles: tuple[Sentence, ...] = ()

    def texts(self, mime: str) -> list[Part]:
        return [part for part in self.parts if part.mime == mime and not part.is_attachment and part.data]

    def attachments(self) -> tuple[Attachment, ...]:
        """The files, each within its limit and all within theirs."""
        kept, left = [], LARGEST_WHOLE
        for part in self.parts:
            if not _is_file(part):
                continue
            data = part.data if part.data and len(part.data) <= min(LARGEST_FILE, left) else b""
            left -= len(data)
            kept.append(
                Attachment(part.name or _name_for(part.mime), part.mime, data, 0 if data else part.size)
            )
        return tuple(kept)


def opened(data: bytes) -> Mail:
    """The mail of these bytes. Raises NotReadable."""
    try:
        message = message_from_bytes(data, policy=policies.compat32)
    except Exception as error:  # a parser that meets hostile bytes raises whatever it likes
        raise NotReadable(BROKEN) from error
    return taken_apart(message)


def taken_apart(message: Message) -> Mail:
    """The parts of a message, and what of them could not be read."""
    parts: list[Part] = []
    embedded: list[Message] = []
    troubles: list[Sentence] = []
    for leaf, trouble in _leaves(message):
        if trouble:
            troubles.append(trouble)
        if leaf is None:
            continue
        part, trouble = _part(leaf)
        if trouble:
            troubles.append(trouble)
        if part.mime == _EMBEDDED:
            embedded.extend(messages_in(leaf)[:3])
        parts.append(part)
    return Mail(message, tuple(parts), tuple(embedded), tuple(dict.fromkeys(troubles)))


def assembled(top: bytes, leaves: Sequence[tuple[Leaf, bytes | None]]) -> Mail:
    """A large mail of which only some parts were fetched, each with its own headers. Raises NotReadable."""
    read: list[Part] = []
    for leaf, data in leaves:
        if data is None:
            read.append(Part(leaf.mime, None, leaf.unpacked, name=leaf.name, is_attachment=True))
        else:
            part, _trouble = _part(opened(data).headers)
            read.append(part)
    return Mail(opened(top).headers, tuple(read))


def _leaves(message: Message) -> Iterator[tuple[Message | None, Sentence | None]]:
    """Each leaf, in the order they stand; or what is wrong where there is none."""
    waiting: list[tuple[int, Message]] = [(0, message)]
    seen = 0
    while waiting:
        depth, here = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            yield None, TOO_MANY
            return
        if depth > DEEPEST:
            yield None, TOO_DEEP
            continue
        below = messages_in(here)
        if mime_of(here) == _EMBEDDED or not here.is_multipart():
            yield here, _trouble_of(here)
            continue
        waiting.extend((depth + 1, one) for one in reversed(below))


def _trouble_of(leaf: Message) -> Sentence | None:
    missing = (NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect)
    return NO_BOUNDARY if any(isinstance(defect, missing) for defect in leaf.defects) else None


def _part(leaf: Message) -> tuple[Part, Sentence | None]:
    mime = mime_of(leaf)
    data, trouble = _data_of(leaf)
    disposition = _disposition(leaf)
    is_text = mime in ("text/plain", "text/html") or mime.startswith("multipart/")
    name = _name_of(leaf)
    return (
        Part(
            mime=mime if not mime.startswith("multipart/") else "text/plain",
            data=data,
            size=len(data),
            charset=_parameter(leaf, "charset"),
            name=name,
            is_attachment=disposition == "attachment" or (bool(name) and not is_text) or not is_text,
            is_flowed=_parameter(leaf, "format").lower() == "flowed",
            joins=_parameter(leaf, "delsp").lower() == "yes",
        ),
        trouble if is_text else None,
    )


def _data_of(leaf: Message) -> tuple[bytes, Sentence | None]:
    try:
        if mime_of(leaf) == _EMBEDDED:
            return b"\n".join(message.as_bytes() for message in messages_in(leaf)[:3]), None
        data = leaf.get_payload(decode=True)
    except Exception:  # of a damaged transfer encoding: binascii, ValueError, LookupError, AssertionError
        data = None
    if not isinstance(data, bytes):
        return b"", GARBLED
    return data, GARBLED if _is_garbled(leaf, data) else None


def _is_garbled(leaf: Message, data: bytes) -> bool:
    """Was it no base64 at all? A stray character in it is common, and harmless."""
    wrong = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
    if not any(isinstance(defect, wrong) for defect in leaf.defects):
        return False
    text = text_of(data[:2_000], _parameter(leaf, "charset"))
    return (
        sum(c == "\ufffd" or (c < " " and c not in "\r\n\t") or "\x7f" <= c < "\xa0" for c in text) > 1
        or not text
    )


def messages_in(message: Message) -> list[Message]:
    """Its parts. Asked only of what has some: of others the library tries to read the text, and may raise."""
    payload = message.get_payload() if message.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def mime_of(message: Message) -> str:
    try:
        mime = message.get_content_type().lower()
    except Exception:
        return "text/plain"
    return mime if _SAFE_MIME.fullmatch(mime) else "application/octet-stream"


def _disposition(leaf: Message) -> str:
    try:
        return str(leaf.get_content_disposition() or "")
    except Exception:
        return ""


def _parameter(leaf: Message, name: str) -> str:
    try:
        value = leaf.get_param(name, "")
    except Exception:
        return ""
    value = value[2] if isinstance(value, tuple) else value
    return str(value or "")[:100]


def _name_of(leaf: Message) -> str:
    try:
        return one_line(decoded(str(leaf.get_filename("") or "")))[:200]
    except Exception:
        return ""


def _is_file(part: Part) -> bool:
    return part.is_attachment and part.mime not in WRAPPING and bool(part.size or part.name)


def _name_for(mime: str) -> str:
    kind, _slash, sub = mime.partition("/")
    ending = ENDINGS.get(mime) or (f".{sub}" if kind in ("image", "audio", "video") and sub.isalnum() else "")
    return f"{kind if kind in ('image', 'audio', 'video', 'message') else 'file'}{ending}"
