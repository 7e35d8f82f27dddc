"""What does an RSS or Atom feed say? Read by feedparser, which knows thirty years of dialects.

It is given only what `soundness.py` found well-formed and small, and told to leave HTML as it is: that
is read by `laid_out.py`, whose time does not explode.
"""

from __future__ import annotations

import calendar
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from ..base import Media
from ..reading import number, short, web_address
from .entries import Entry, Head
from .names import NO_FEED, NOT_XML
from .soundness import Unsound, sound

KINDS = {"image", "video", "audio"}
PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
TYPES_OF_HTML = ("<!doctype html", "<html", "<head", "<body")


def read_xml(data: bytes, address: str, content_type: str) -> tuple[Head, list[Entry], tuple[str, ...], str]:
    """Its head, its entries, the ids it declares deleted, and what was wrong with it. Raises Unsound."""
    import feedparser

    if (
        data[:1000]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith(tuple(t.encode() for t in TYPES_OF_HTML))
    ):
        raise Unsound(NO_FEED)
    found = sound(data, content_type)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        told = feedparser.parse(
            found.xml, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # it meets hostile bytes here, and raises whatever it likes
        raise Unsound(NOT_XML) from error
    if not told.get("version") and not told.get("entries"):
        raise Unsound(NOT_XML)
    feed = told.get("feed", {})
    gone = tuple(_joined(address, one) for one in found.gone)  # as feedparser makes whole ids of short ones
    return _head(feed, address), [_entry(one, address) for one in told.entries], gone, found.trouble


def _head(feed: Any, address: str) -> Head:
    return Head(
        title=short(feed.get("title")),
        itself=_link(feed, "self", address),
        hub=_link(feed, "hub", address),
        author=_name(feed),
        language=short(feed.get("language")),
        every=_every(feed),
    )


def _entry(told: Any, address: str) -> Entry:
    body, base, language = _body(told)
    base = urljoin(address, base) if base else address
    answers = told.get("thr_in-reply-to")
    return Entry(
        id=short(told.get("id")),
        link=_joined(base, told.get("link")),
        title=_text(told.get("title")),
        body=body,
        base=base,
        author=_name(told),
        author_address=web_address((told.get("author_detail") or {}).get("href")),
        at=_at(told),
        language=language,
        answers=_joined(base, answers.get("ref") or answers.get("href")) if isinstance(answers, dict) else "",
        comments_feed=web_address(_joined(base, told.get("wfw_commentrss"))) if _has_comments(told) else "",
        media=tuple(_media(told, base)),
    )


def _body(told: Any) -> tuple[str, str, str]:
    """The longest telling, the base of its links, and its language."""
    tellings = [one for one in told.get("content", []) if isinstance(one, dict)]
    summary = told.get("summary_detail") or {}
    tellings.append({**summary, "value": told.get("summary", "")})
    longest = max(tellings, key=lambda one: len(_text(one.get("value"))))
    return _text(longest.get("value")), short(longest.get("base")), short(longest.get("language"))


def _name(told: Any) -> str:
    """As a name; some feeds say `mail@example.com (Ada)`, and the address is nobody's business."""
    detail = told.get("author_detail") or {}
    name = short(detail.get("name")) or short(told.get("author"))
    return name.removeprefix("/u/") if "@" not in name else name.partition("@")[0]


def _at(told: Any) -> datetime | None:
    """When it was said, not when it was last touched; in UTC, as feedparser tells it."""
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        # Asked for with `get`, feedparser takes one date for another, and complains that we did.
        value = dict.get(told, name)
        if isinstance(value, time.struct_time):
            try:
                return datetime.fromtimestamp(calendar.timegm(value), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _media(told: Any, base: str) -> Iterable[Media]:
    listed = [
        *((one.get("href"), one.get("type"), one) for one in told.get("enclosures", [])),
        *(
            (one.get("url"), one.get("type") or one.get("medium"), one)
            for one in told.get("media_content", [])
        ),
        *((one.get("url"), "image", one) for one in told.get("media_thumbnail", [])),
    ]
    for address, kind, one in listed[:20]:
        url = web_address(_joined(base, address))
        if url:
            main = short(kind).partition("/")[0]
            width, height = _pixels(one.get("width")), _pixels(one.get("height"))
            yield Media(url, main if main in KINDS else "file", "", width, height)


def _pixels(value: Any) -> int | None:
    return number(int(value)) if isinstance(value, str) and value.isdecimal() and len(value) < 6 else None


def _has_comments(told: Any) -> bool:
    return short(told.get("slash_comments")) != "0"


def _every(feed: Any) -> timedelta | None:
    ttl, period = short(feed.get("ttl")), short(feed.get("sy_updateperiod")).lower()
    if ttl.isdecimal() and len(ttl) < 6:
        return timedelta(minutes=int(ttl))
    if period in PERIODS:
        often = short(feed.get("sy_updatefrequency"))
        return timedelta(hours=PERIODS[period]) / max(
            int(often) if often.isdecimal() and len(often) < 4 else 1, 1
        )
    return None


def _link(feed: Any, rel: str, base: str) -> str:
    found = (one.get("href") for one in feed.get("links", []) if one.get("rel") == rel)
    return web_address(_joined(base, next(found, "")))


def _joined(base: str, address: Any) -> str:
    try:
        return urljoin(base, short(address).strip()) if address else ""
    except ValueError:
        return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
