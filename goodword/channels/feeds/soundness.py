"""Is it safe to read these bytes as XML, and what of them is whole?

Whatever comes in, a parser is given well-formed text that declares no entities, is not deep, and is
not too much. Small slips that half the web makes are mended; where a document breaks off, what was
whole before is kept.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.entities import html5
from xml.parsers import expat

from .names import (
    BOMB,
    CUT_OFF,
    DEEPEST,
    MOST_ATTRIBUTES,
    MOST_ELEMENTS,
    MOST_ENTRIES,
    MOST_PIECES,
    NOT_XML,
    ODD,
    TOO_DEEP,
)

DECLARATION = re.compile(r"<\?xml\b[^>]{0,200}\?>")
DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Encodings of text. Python knows others, some of which cost the square of the length.
TEXTS = re.compile(
    r"(utf-?(8|16|32)|iso-?8859|latin|windows|cp|koi8|gb|big5|shift|sjis|euc|iso-?2022|mac|us-?asc|asc)"
)
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
BEFORE = "\ufeff \t\r\n"  # what often stands before the first sign
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML holds none of these
LONE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)")
NAMED = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
XML_OWN = {"lt", "gt", "amp", "quot", "apos"}

ENTRIES = {"item", "entry"}
TOMBSTONE = "http://purl.org/atompub/tombstones/1.0 deleted-entry"


class Unsound(Exception):
    """This must not be read; `str(error)` says why, to a person."""


@dataclass(frozen=True)
class Sound:
    """Well-formed XML as UTF-8, and what of it the one pass already told."""

    xml: bytes
    gone: tuple[str, ...] = ()  # ids of entries that the feed declares deleted
    trouble: str = ""  # what was wrong with the rest


def sound(data: bytes, content_type: str = "") -> Sound:
    """What of these bytes may be read. Raises Unsound. Costs one pass, two if something had to be mended."""
    text = UNFIT.sub("", decoded(data, content_type)).lstrip(BEFORE)
    if declaration := DECLARATION.match(text):
        text = text[declaration.end() :].lstrip(BEFORE)
    if not text.startswith("<"):
        raise Unsound(NOT_XML)
    written = text.encode()
    walk = _Walk(written)
    if not walk.broken:
        return walk.found()
    if (mended := _mended(text).encode()) != written:
        walk = _Walk(mended)
    return walk.found()


def decoded(data: bytes, content_type: str = "") -> str:
    """The text of a document, whatever it says of its encoding: valid UTF-8 is UTF-8."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    told = DECLARED.search(data[:300])
    charset = CHARSET.search(content_type)
    names = [told[1].decode("ascii") if told else "", charset[1] if charset else ""]
    if not any(name.lower().startswith(("utf-16", "utf-32", "iso-2022")) for name in names):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    known = next(filter(_is_known, names), "windows-1252")
    return data.decode(known, "replace")


def _is_known(encoding: str) -> bool:
    if not TEXTS.match(encoding.lower()) or encoding.lower().replace("-", "") == "utf8":
        return False
    try:
        return bool(codecs.lookup(encoding))
    except LookupError:
        return False


def _mended(text: str) -> str:
    """With the names of HTML's signs spelt out, and without the ampersands that people forget to write."""
    return LONE_AMPERSAND.sub("&amp;", NAMED.sub(_sign, text))


def _sign(found: re.Match[str]) -> str:
    return found[0] if found[1] in XML_OWN else html5.get(f"{found[1]};", f"&amp;{found[1]};")


@dataclass
class _Walk:
    """One pass over a document. It stops where the document breaks, or is too much."""

    written: bytes
    broken: str = ""
    gone: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # elements, as they are written
    elements: int = 0
    entries: int = 0
    whole_until: int = 0  # where the last whole entry ends
    open_then: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Names come as they are written, since they must be closed so; prefixes are told apart below.
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._declares
        self.prefixes: dict[str, str] = {}
        try:
            parser.Parse(self.written, True)
        except expat.ExpatError:
            self.broken = CUT_OFF
        except _Enough:
            self.broken = CUT_OFF if self.entries < MOST_ENTRIES else "enough"

    def found(self) -> Sound:
        if self.broken and not self.whole_until:
            raise Unsound(NOT_XML)
        closed = "".join(f"</{name}>" for name in reversed(self.open_then)).encode()
        xml = self.written[: self.whole_until] + closed if self.broken else self.written
        if sum(map(xml.count, (b"<", b"&", b"\n"))) > MOST_PIECES:
            raise Unsound(ODD)
        return Sound(xml, tuple(self.gone), CUT_OFF if self.broken == CUT_OFF else "")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.open.append(name)
        self.elements += 1
        if len(self.open) > DEEPEST:
            raise Unsound(TOO_DEEP)
        if len(attributes) > MOST_ATTRIBUTES:
            raise Unsound(ODD)
        if self.elements > MOST_ELEMENTS:
            raise _Enough
        for attribute, value in attributes.items():
            if attribute.startswith("xmlns:"):
                self.prefixes[attribute[6:]] = value
        prefix, _, local = name.rpartition(":")
        if local == "deleted-entry" and f"{self.prefixes.get(prefix)} {local}" == TOMBSTONE:
            self.gone.append(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        self.open.pop()
        if name.rpartition(":")[2].lower() in ENTRIES:
            self.entries += 1
            end = self.written.find(b">", self.parser.CurrentByteIndex) + 1
            self.whole_until, self.open_then = end, list(self.open)
            if self.entries >= MOST_ENTRIES:
                raise _Enough

    def _declares(self, *_what: object) -> None:
        raise Unsound(BOMB)


class _Enough(Exception):
    """No more of it is read."""
