"""What does a web page say of itself: who wrote it, when, and how it begins?

Read from what pages tell machines (OpenGraph, JSON-LD, meta tags), by patterns that take time in
proportion to the page: a parser of whole pages can be kept busy by a hostile one. It is a first guess,
which a person reads and corrects; what is missing is "".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from .base import clean_text
from .reading import items, mapping, mappings, short

LOOKED_AT = 1_000_000  # characters: what a page says of itself stands at its beginning
MOST_TAGS = 150
MOST_SCRIPTS = 20
LONGEST_TEXT = 5_000  # characters of the words that are proposed

_META = re.compile(r"<meta\b([^<>]{1,2500})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]{1,30})\s{0,5}=\s{0,5}(?:\"([^\"]{0,2500})\"|'([^']{0,2500})')")
_TITLE = re.compile(r"<title\b[^<>]{0,500}>([^<]{0,2000})", re.IGNORECASE)
_CHARSET = re.compile(r"charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
# Encodings of text. Python knows others, and some of them cost the square of the length.
_ENCODING = re.compile(
    r"utf-?(?:8|16)|iso-?8859-?\d+|latin-?1|windows-\d+|cp\d+|koi8-\w|gb\w+|big5|shift[_-]jis|euc-\w+", re.I
)
_JSON_LD = "application/ld+json"

# The first of these that a page has is taken.
_AUTHOR = ("author", "article:author", "twitter:creator", "parsely-author", "dc.creator", "sailthru.author")
_TIME = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "parsely-pub-date",
    "og:updated_time",
)
_TITLES = ("og:title", "twitter:title")
_TEXTS = ("og:description", "twitter:description", "description")
_WORDS_IN_JSON = ("reviewBody", "articleBody", "text", "description")
_SAYING = ("Review", "DiscussionForumPosting", "SocialMediaPosting", "Comment", "Question", "Article")


@dataclass(frozen=True)
class Page:
    """What a page says of itself, as far as it does."""

    title: str = ""
    author: str = ""
    text: str = ""
    at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.title or self.author or self.text or self.at)


def parse_page(body: bytes, content_type: str, now: datetime) -> Page:
    """The page as it introduces itself. Never raises; what is no page says nothing."""
    text = _decoded(body, content_type)
    meta = _meta(text)
    said = next(_sayings(text), {})
    title = _TITLE.search(text)
    return Page(
        title=_first(meta, _TITLES) or _plain(said.get("headline")) or _plain(title[1] if title else ""),
        author=_author(said) or _person(_first(meta, _AUTHOR)),
        text=_longest(_words(said), _first(meta, _TEXTS)),
        at=_time(said.get("datePublished"), now) or _time(_first(meta, _TIME), now),
    )


def _decoded(body: bytes, content_type: str) -> str:
    body = body[:LOOKED_AT]
    named = _CHARSET.search(content_type) or _CHARSET.search(body[:2000].decode("latin-1"))
    encoding = named[1] if named and _ENCODING.fullmatch(named[1]) else "utf-8"
    try:
        return clean_text(body.decode(encoding, "replace"), LOOKED_AT)
    except LookupError:  # a number that no encoding has
        return clean_text(body.decode("utf-8", "replace"), LOOKED_AT)


def _meta(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, tag in enumerate(_META.finditer(text)):
        if number >= MOST_TAGS:
            break
        said = {name.lower(): one or other for name, one, other in _ATTRIBUTE.findall(tag[1])}
        name = (said.get("property") or said.get("name") or said.get("itemprop") or "").lower()
        if name and said.get("content"):
            found.setdefault(name, _plain(said["content"]))
    return found


def _sayings(text: str) -> Iterator[dict[str, Any]]:
    """What of the page's own description is somebody's words, the most telling first."""
    found = [one for block in _blocks(text) for one in _flat(block)]
    for kind in _SAYING:
        yield from (one for one in found if kind in str(one.get("@type")))


def _blocks(text: str) -> Iterator[Any]:
    at = 0
    for _ in range(MOST_SCRIPTS):
        at = text.find(_JSON_LD, at)
        begins = text.find(">", at) + 1
        ends = text.find("</script", begins)
        if at < 0 or begins <= 0 or ends < 0:
            return
        with suppress(ValueError, RecursionError):
            yield json.loads(text[begins:ends])
        at = ends


def _flat(block: Any) -> Iterator[dict[str, Any]]:
    for one in mappings(block) if isinstance(block, list) else [mapping(block)]:
        yield one
        yield from mappings(one.get("@graph"))
        yield mapping(one.get("mainEntity"))
        yield from mappings(one.get("review") if isinstance(one.get("review"), list) else [one.get("review")])


def _author(said: dict[str, Any]) -> str:
    author = said.get("author")
    first = items(author)[0] if isinstance(author, list) and author else author
    return _person(_plain(mapping(first).get("name") if isinstance(first, dict) else first))


def _person(name: str) -> str:
    """A name; many pages give the address of the author's page instead."""
    return "" if name.lower().startswith(("http://", "https://")) else name[:200]


def _words(said: dict[str, Any]) -> str:
    return next((words for name in _WORDS_IN_JSON if (words := _plain(said.get(name), LONGEST_TEXT))), "")


def _longest(one: str, other: str) -> str:
    return max(one, other, key=len)


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if meta.get(name)), "")


def _time(written: Any, now: datetime) -> datetime | None:
    try:
        at = datetime.fromisoformat(short(written))
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return at if datetime(1990, 1, 1, tzinfo=UTC) <= at <= now else None


def _plain(value: Any, most: int = 2000) -> str:
    """As one reads it: entities resolved, white space evened out."""
    if not isinstance(value, str):
        return ""
    lines = clean_text(unescape(value[: most * 2])).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()[:most]
