"""What does a JSON Feed say?  https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urljoin

from ..base import Media
from ..reading import mapping, mappings, moment, short, text, web_address
from .entries import Entry, Head
from .names import MOST_ENTRIES, NOT_XML
from .soundness import Unsound

UNDATED = datetime.min.replace(tzinfo=UTC)


def entries_of_json(told: Any, address: str) -> tuple[Head, list[Entry]]:
    """Its head and its entries. Raises Unsound when it is other JSON."""
    feed = mapping(told)
    items = feed.get("items")
    if not isinstance(items, list) or "jsonfeed" not in short(feed.get("version")).lower():
        raise Unsound(NOT_XML)
    hubs = [one for one in mappings(feed.get("hubs")) if short(one.get("type")).lower() == "websub"]
    head = Head(
        title=short(feed.get("title")),
        itself=web_address(feed.get("feed_url")),
        hub=web_address(hubs[0].get("url")) if hubs else "",
        author=_author(feed)[0],
        language=short(feed.get("language")),
    )
    return head, [_entry(one, address) for one in items[:MOST_ENTRIES] if isinstance(one, dict)]


def _entry(told: dict[str, Any], address: str) -> Entry:
    name, author_address = _author(told)
    html, plain = text(told.get("content_html")), text(told.get("content_text")) or text(told.get("summary"))
    at = moment(told.get("date_published") or told.get("date_modified"), UNDATED)
    return Entry(
        id=_id(told.get("id")),
        link=_address(address, told.get("url") or told.get("external_url")),
        title=escape(text(told.get("title"))),
        body=html or f"<pre>{escape(plain)}</pre>",
        base=address,
        author=name,
        author_address=author_address,
        at=at if at != UNDATED else None,
        language=short(told.get("language")),
        media=tuple(_media(told, address)),
    )


def _author(told: dict[str, Any]) -> tuple[str, str]:
    """Of version 1.1, which has several, or 1.0, which had one."""
    first = next(iter(mappings(told.get("authors"))), mapping(told.get("author")))
    return short(first.get("name")), web_address(first.get("url"))


def _media(told: dict[str, Any], base: str) -> list[Media]:
    listed = [(one.get("url"), short(one.get("mime_type"))) for one in mappings(told.get("attachments"))]
    listed += [(told.get("image"), "image/")] if told.get("image") else []
    found = [(_address(base, url), kind.partition("/")[0]) for url, kind in listed[:20]]
    return [Media(url, kind if kind in ("image", "video", "audio") else "file") for url, kind in found if url]


def _id(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else short(value)


def _address(base: str, value: Any) -> str:
    try:
        return web_address(urljoin(base, short(value).strip())) if value else ""
    except ValueError:
        return ""
