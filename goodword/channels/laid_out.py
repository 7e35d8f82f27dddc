"""What does HTML say, read aloud? Its words, the links in it and its pictures, from any bytes at all.

It is read in one pass whose time grows with the length alone: what is nested a hundred thousand times,
never closed or no HTML at all costs no more than a letter to a friend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin

from .base import Media, clean_text
from .reading import web_address

MOST_HTML = 400_000  # characters that are read: the text of the longest post, with four times its markup
LONGEST_TAG = 4_000  # characters; a longer one holds a picture, or is none
MOST_BROKEN = 100  # tags that never end; after so many, the rest is no HTML
MOST_LINKS, MOST_PICTURES = 50, 20  # as many as we keep of a post

TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*+)((?>[^\"'<>]|\"[^\"]*\"|'[^']*')*+)>", re.ASCII)
ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]++))", re.ASCII)
SPACE = re.compile(r"[ \xa0\t\r\n\f]++")

UNSAID = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "head"}
LINES = {"div", "tr", "dt", "dd", "section", "article", "header", "footer", "figure", "figcaption", "form"}
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "hr"}
CELLS = {"td", "th"}


class Tag(NamedTuple):
    name: str  # in lower case
    closes: bool
    attributes: str  # as they are written

    def attribute(self, name: str) -> str:
        for found in ATTRIBUTE.finditer(self.attributes):
            if found[1].lower() == name:
                return unescape(found[2] or found[3] or found[4] or "")
        return ""


@dataclass(frozen=True)
class Reading:
    """What was laid out: `text` with a line for each line, an empty one between paragraphs."""

    text: str = ""
    links: tuple[str, ...] = ()
    pictures: tuple[Media, ...] = ()


def read(html: str, base: str = "") -> Reading:
    """Read HTML aloud. `base` is the address of its page, for links that name none. Never raises."""
    aloud = _Aloud(base)
    for piece in pieces(html[:MOST_HTML]):
        aloud.take(piece)
    return aloud.reading()


def pieces(html: str) -> Iterator[str | Tag]:
    """Tags, and the text between them (unescaped). Comments are left out, and so is what no one says."""
    at, broken = 0, 0
    while (start := html.find("<", at)) >= 0:
        if start > at:
            yield unescape(html[at:start])
        if html.startswith(("<!", "<?"), start):
            comment = html.startswith("<!--", start)
            end = html.find("-->" if comment else ">", start + 2)
            if end < 0:
                return
            at = end + (3 if comment else 1)
            continue
        found = TAG.match(html, start, start + LONGEST_TAG) if broken < MOST_BROKEN else None
        if found is None:
            broken += html[start + 1 : start + 2].isalpha()
            yield "<"
            at = start + 1
            continue
        tag = Tag(found[2].lower(), found[1] == "/", found[3])
        at = found.end() if tag.name not in UNSAID or tag.closes else _end_of(tag.name, html, found.end())
        yield tag
    yield unescape(html[at:])


def _end_of(name: str, html: str, at: int) -> int:
    """Where what no one says is over: with its closing tag, or never."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
    return found.start() if found else len(html)


@dataclass
class _Aloud:
    base: str
    said: list[str] = field(default_factory=list)
    breaks: int = 0  # lines to break before the next word
    space: bool = False  # a space stands before the next word
    verbatim: int = 0  # how deep within <pre>
    link: str = ""  # the address of the link we are in
    links: dict[str, None] = field(default_factory=dict)
    pictures: dict[str, Media] = field(default_factory=dict)

    def take(self, piece: str | Tag) -> None:
        if isinstance(piece, str):
            self._say(piece)
        elif piece.name == "a":
            self.link = "" if piece.closes else self._address(piece.attribute("href"))
            if self.link and len(self.links) < MOST_LINKS:
                self.links[self.link] = None
        elif piece.name == "img":
            self._show(piece)
        elif piece.name == "br":
            self.breaks = min(self.breaks + 1, 2)
        elif piece.name == "li" and not piece.closes:
            self._break(1)
            self._say("• ")
        elif piece.name in LINES:
            self._break(1)
        elif piece.name in CELLS:
            self.space = True
        elif piece.name in PARAGRAPHS:
            self._break(2)
            if piece.name == "pre":
                self.verbatim = max(self.verbatim + (-1 if piece.closes else 1), 0)

    def _say(self, words: str) -> None:
        if self.link and words.rstrip(".… ") and self.link.startswith(words.rstrip(".… ")):
            words = self.link  # a long address is often shown cut off
        plain = words if self.verbatim else SPACE.sub(" ", words)
        if not plain.strip():
            self.space = self.space or bool(plain)
            return
        if self.breaks:
            if self.said:
                self.said.append("\n" * self.breaks)
        elif self.said and (self.space or plain[0] == " "):
            self.said.append(" ")
        # Spaces of a line of code stand where they stood; the others wait for the next word.
        self.said.append(plain.rstrip() if self.verbatim else plain.strip(" "))
        self.breaks, self.space = 0, plain[-1].isspace()

    def _break(self, lines: int) -> None:
        self.breaks = max(self.breaks, lines)

    def _show(self, tag: Tag) -> None:
        address = self._address(tag.attribute("src"))
        width, height = _pixels(tag.attribute("width")), _pixels(tag.attribute("height"))
        # A picture of one pixel counts who reads.
        if address and len(self.pictures) < MOST_PICTURES and width != 1 and height != 1:
            alt = clean_text(tag.attribute("alt"), 1_000)
            self.pictures.setdefault(address, Media(address, "image", alt, width, height))

    def _address(self, written: str) -> str:
        try:
            return web_address(urljoin(self.base, written.strip()))
        except ValueError:
            return ""

    def reading(self) -> Reading:
        text = clean_text("".join(self.said).strip())
        return Reading(text, tuple(self.links), tuple(self.pictures.values()))


def _pixels(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]{1,5}", value) else None
