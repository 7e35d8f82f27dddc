"""What lies at the address of a feed just now? Asked with what we know, so that nothing new costs nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from goodword.sentence import Sentence

from ...net.trouble import NotFetched
from .discovery import feeds_named
from .documents import Document, read_feed
from .names import BROKEN, BUSY, FETCH_WITHIN, GONE, LOCKED, MAX_FEED, MISSING, NO_FEED, NOT_XML
from .soundness import Unsound

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
VALIDATOR = re.compile(r"[\x21-\x7e ]{1,500}", re.ASCII)  # what may go along in a header
LINK = re.compile(r"<([^<>\s]{1,2000})>\s*((?:;[^,<>]{0,200})*)")
REL = re.compile(r";\s*rel\s*=\s*\"?([^\";]+)", re.IGNORECASE)
MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


NO_TROUBLE = Sentence("")


@dataclass(frozen=True)
class Look:
    """What came of one look. Without a document and without a trouble there is nothing new."""

    address: str  # where the feed was found
    document: Document | None = None
    trouble: Sentence = NO_TROUBLE
    etag: str = ""
    modified: str = ""
    links: Mapping[str, str] = field(default_factory=dict)  # what the answer's head names: hub, self
    no_sooner: timedelta = timedelta(0)
    is_for_good: bool = False  # the trouble will not pass


def look_at(
    address: str,
    *,
    now: datetime,
    allowed_private: frozenset[str],
    etag: str = "",
    modified: str = "",
    below: str = "",
    within: float = FETCH_WITHIN,
) -> Look:
    """Fetch and read the feed at this address, or the main one that its page names. Never raises."""
    look = _look(address, now, allowed_private, _conditions(etag, modified), below, within)
    if isinstance(look, Look):
        return look
    named = [url for url in look if url != address]
    if not named:
        return Look(address, trouble=Sentence(NO_FEED))
    found = _look(named[0], now, allowed_private, {}, below, within)
    return found if isinstance(found, Look) else Look(address, trouble=Sentence(NO_FEED))


def _look(
    address: str,
    now: datetime,
    allowed_private: frozenset[str],
    conditions: dict[str, str],
    below: str,
    within: float,
) -> Look | list[str]:
    """One look; of a page that is no feed, the feeds that it names."""
    from ...net.client import fetch

    try:
        answer = fetch(
            address,
            max_bytes=MAX_FEED,
            deadline=within,
            accept=ACCEPT,
            headers=conditions,
            allowed_private=allowed_private,
        )
    except NotFetched as error:
        return Look(address, trouble=Sentence(str(error)))
    wait = _wait(answer.headers, now)
    if answer.status == 304:
        return Look(address, etag=_kept(answer.headers, "etag"), no_sooner=wait)
    if answer.status != 200:
        return Look(
            address, trouble=_complaint(answer.status), no_sooner=wait, is_for_good=answer.status == 410
        )
    kind = answer.headers.get("content-type", "")
    try:
        document = read_feed(answer.body, address, kind, now=now, below=below, base=answer.final_url)
    except Unsound as error:
        named = feeds_named(answer.body, answer.final_url, kind) if str(error) in (NO_FEED, NOT_XML) else []
        return named or Look(address, trouble=Sentence(str(error)), no_sooner=wait)
    return Look(
        address,
        document,
        trouble=Sentence(document.trouble),
        etag=_kept(answer.headers, "etag"),
        modified=_kept(answer.headers, "last-modified"),
        links=links_of(answer.headers.get("link", "")),
        no_sooner=max(wait, document.head.every or timedelta(0)),
    )


def links_of(header: str) -> dict[str, str]:
    """By relation: where the head of an answer leads."""
    found: dict[str, str] = {}
    for address, parameters in LINK.findall(header[:10_000]):
        if rel := REL.search(parameters):
            for one in rel[1].lower().split():
                found.setdefault(one, address)
    return found


def _conditions(etag: str, modified: str) -> dict[str, str]:
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in asked.items() if value}


def _kept(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    return value if VALIDATOR.fullmatch(value) else ""


def _complaint(status: int) -> Sentence:
    if status in (404, 410):
        return Sentence(GONE if status == 410 else MISSING)
    if status == 429:
        return Sentence(BUSY)
    if status in (401, 402, 403, 451):
        return Sentence(LOCKED, status=str(status))
    return Sentence(BROKEN, status=str(status))


def _wait(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long the site wants us to stay away: at its request, or since nothing will change sooner."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal() and len(asked) < 8:
        return timedelta(seconds=int(asked))
    if asked:
        try:
            until = parsedate_to_datetime(asked)
            return max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta(0))
        except (ValueError, TypeError, OverflowError):
            pass
    age = MAX_AGE.search(headers.get("cache-control", ""))
    return timedelta(seconds=min(int(age[1]), 10**7)) if age else timedelta(0)
