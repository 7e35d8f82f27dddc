"""Which feeds does a page name, for somebody who typed the address of a site?"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from ..laid_out import MOST_HTML, Tag, pieces
from ..reading import web_address
from .soundness import decoded

TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
MOST_NAMED = 20


def feeds_named(data: bytes, address: str, content_type: str = "") -> list[str]:
    """Addresses of the page's feeds, the main one first: that of comments alone comes last."""
    found: dict[str, bool] = {}
    base = address
    for piece in pieces(_without_head(decoded(data, content_type)[:MOST_HTML])):
        if not isinstance(piece, Tag):
            continue
        if piece.name == "base" and piece.attribute("href"):
            base = _joined(address, piece.attribute("href")) or address
        if piece.name == "link" and len(found) < MOST_NAMED:
            url = _feed(piece, base)
            if url:
                found.setdefault(url, "comment" in (url + piece.attribute("title")).lower())
    return sorted(found, key=lambda url: found[url])


def with_scheme(typed: str) -> str:
    """As an address that can be opened: people leave out the beginning."""
    typed = typed.strip()
    if not typed or "://" in typed:
        return "https://" + typed[7:] if typed.lower().startswith("feed://") else typed
    return f"https://{typed.removeprefix('feed:')}"


def shown(address: str) -> str:
    """An address as people say it: without what all have."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + query


def _feed(tag: Tag, base: str) -> str:
    kind = tag.attribute("type").lower().partition(";")[0].strip()
    is_feed = "alternate" in tag.attribute("rel").lower().split() and kind in TYPES
    return _joined(base, tag.attribute("href")) if is_feed else ""


def _without_head(html: str) -> str:
    """The links stand in the head, which nobody says aloud."""
    return html.replace("<head", "<header", 1).replace("<HEAD", "<header", 1)


def _joined(base: str, address: str) -> str:
    try:
        return web_address(urljoin(base, address.strip()))
    except ValueError:
        return ""
