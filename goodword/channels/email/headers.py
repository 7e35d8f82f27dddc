"""What do the headers of a mail say? Whatever a stranger wrote there, the answers are clean and bounded."""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from ..base import clean_text
from .charsets import text_of

LONGEST = 10_000  # characters of one header that are looked at
LONGEST_LINE = 1_000  # of what is kept of it
MOST_ADDRESSES, MOST_IDS = 100, 50
# A mail is delivered within days. What claims to be older, or from tomorrow, has a broken clock.
BELIEVED = timedelta(days=7)

_ENCODED = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,10})?\?([bq])\?([^?\s]*)\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"(=\?[^?\s]{1,50}\?[bq]\?[^?\s]*\?=)\s+(?==\?)", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{1,400})>")
_ADDRESS = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[^@\s<>\"(),:;\\]{1,250}\Z")


@dataclass(frozen=True)
class Address:
    """Who, as mail says it. `address` is in lower case: two spellings of one mailbox are one person."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def line(message: Message, name: str) -> str:
    """The header as one line of text; empty where there is none."""
    return one_line(decoded(raw(message, name)))


def one_line(text: str) -> str:
    return clean_text(" ".join(text.split()), LONGEST_LINE)


def word(message: Message, name: str) -> str:
    """A header that is one word and its parameters: the word, in lower case."""
    return raw(message, name).partition(";")[0].strip().lower()[:200]


def raw(message: Message, name: str) -> str:
    """The first header of this name as it came, bytes beyond ASCII as lone surrogates."""
    return next(iter(_all_raw(message, name)), "")


def _all_raw(message: Message, name: str) -> list[str]:
    """Not by the library's own access, which replaces what it cannot read."""
    wanted = name.lower()
    found = [str(value)[:LONGEST] for key, value in message.raw_items() if key.lower() == wanted]
    return found[:10]


def addresses(message: Message, name: str) -> list[Address]:
    """Whom the header names; what is no address is left out."""
    try:
        found = getaddresses([_unescaped(value) for value in _all_raw(message, name)])
    except Exception:  # hostile headers reach corners of the library that raise whatever they like
        return []
    people = (address_of(address, said) for said, address in found[:MOST_ADDRESSES])
    return [person for person in people if person]


def address_of(address: str, name: str = "") -> Address | None:
    plain = address.strip().strip("<>").strip().lower()
    if not _ADDRESS.fullmatch(plain):
        return None
    said = one_line(decoded(name)).strip("\"' ")
    return Address(clean_text(plain), "" if said.lower() == plain else said[:200])


def first(message: Message, name: str) -> Address | None:
    return next(iter(addresses(message, name)), None)


def ids(message: Message, name: str) -> list[str]:
    """Message ids without their brackets, in the order they stand."""
    text = raw(message, name)
    found = _ID.findall(text) or [part for part in text.split() if "@" in part and len(part) < 400]
    return [clean_text(one) for one in found[:MOST_IDS]]


def moment(message: Message, arrived: datetime, *, history: bool) -> datetime:
    """When it was written (UTC): as it says, where that can be, else when it arrived.

    Of old mail the arrival may be the day on which a mailbox moved house, so its own word counts.
    """
    try:
        at = parsedate_to_datetime(raw(message, "Date"))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except Exception:  # ValueError, TypeError, IndexError, OverflowError: broken dates know them all
        return arrived
    if at.year < 1980 or at > arrived or (not history and at < arrived - BELIEVED):
        return arrived
    return at


def decoded(value: str) -> str:
    """With its encoded words (RFC 2047) read, and bytes that should not be there as what they look like."""
    plain = _unescaped(value)
    if "=?" not in plain:
        return plain
    joined = _BETWEEN.sub(r"\1", plain)
    text, position, waiting = "", 0, b""
    charset = ""
    for found in _ENCODED.finditer(joined):
        data = _bytes_of(found[2], found[3])
        # A letter may be split between two words: their bytes are joined before they are read.
        if found.start() != position or found[1].lower() != charset:
            text += text_of(waiting, charset) if waiting else ""
            text += joined[position : found.start()]
            waiting, charset = b"", found[1].lower()
        waiting += data
        position = found.end()
    return text + (text_of(waiting, charset) if waiting else "") + joined[position:]


def _bytes_of(encoding: str, said: str) -> bytes:
    ascii_only = said.encode("ascii", "replace")
    if encoding.lower() == "q":
        return quopri.decodestring(ascii_only, header=True)
    try:
        return b64decode(ascii_only + b"=" * (-len(ascii_only) % 4))
    except (binascii.Error, ValueError):
        return ascii_only


def _unescaped(value: str) -> str:
    """The parser keeps bytes beyond ASCII as lone surrogates."""
    if value.isascii():
        return value
    return text_of(value.encode("utf-8", "surrogateescape")) if _is_escaped(value) else value


def _is_escaped(value: str) -> bool:
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeError:
        return False
    return True
