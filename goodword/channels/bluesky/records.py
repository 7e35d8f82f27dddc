"""What does the network want? From a draft to records, without asking anybody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from ..asking import MAY_BE_SENT
from ..base import Sent, Unclear
from ..reading import mapping, short
from .names import FACET, POST, POST_PAGE, POST_URI, WEB

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'\])}…]")
MENTION = re.compile(r"(?<![\w@./])@((?:[a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*)")
TAG = re.compile(r"(?<![\w/#&])#(\d*[^\W\d]\w{0,63})")
KEY_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
# Keys look like times in microseconds. Ours lie in 2024 and 2025: believable, and before all that
# people post now, so that their newest posts stay first in the account's own list.
KEYS_FROM, KEYS_SPAN = 1_704_067_200_000_000, 63_158_400_000_000


def record_key(key: str) -> str:
    """The same for the same draft, in the form (TID) that the network demands of posts and likes."""
    chosen = int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:16], "big")
    number = (KEYS_FROM << 10) + chosen % (KEYS_SPAN << 10)
    return "".join(KEY_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def facets_of(words: str, did_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """Links, mentions and tags, counted in bytes. `did_of` answers who has a handle, if anybody."""
    facets = [_facet(words, found, "link", uri=found[0]) for found in LINK.finditer(words)]
    without_links = LINK.sub(lambda found: " " * len(found[0]), words)
    for found in MENTION.finditer(without_links):
        if did := did_of(found[1].lower()):
            facets.append(_facet(words, found, "mention", did=did))
    facets += [_facet(words, found, "tag", tag=found[1]) for found in TAG.finditer(without_links)]
    return facets


def _facet(words: str, found: re.Match[str], kind: str, **feature: str) -> dict[str, Any]:
    start, end = (len(words[:position].encode()) for position in found.span())
    features = [{"$type": f"{FACET}#{kind}", **feature}]
    return {"index": {"byteStart": start, "byteEnd": end}, "features": features}


def subject_of(reference: Mapping[str, Any]) -> dict[str, Any]:
    return {"uri": reference["uri"], "cid": reference["cid"]}


def sent_of(answer: Mapping[str, Any], record: Mapping[str, Any]) -> Sent:
    """What was kept under our key, as the outbox remembers it."""
    uri, cid = short(answer.get("uri")), short(answer.get("cid"))
    if not uri or not cid:
        raise Unclear(MAY_BE_SENT)
    did, collection, key = uri.removeprefix("at://").split("/", 2)
    root_uri, root_cid = strong_of(mapping(record.get("reply")).get("root"))
    reference = {"uri": uri, "cid": cid, "root_uri": root_uri or uri, "root_cid": root_cid or cid}
    return Sent(uri, f"{WEB}/{did}/post/{key}" if collection == POST else "", reference)


def uri_of(page: str) -> str:
    """What the network calls the post at this address of a page; nothing if it is none."""
    found = POST_PAGE.fullmatch(page.strip())
    return f"at://{unquote(found[1])}/{POST}/{found[2]}" if found else ""


def written_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def strong_of(reference: Any) -> tuple[str, str]:
    """Address and content hash of another post; nothing if it is not one."""
    uri, cid = short(mapping(reference).get("uri")), short(mapping(reference).get("cid"))
    return (uri, cid) if POST_URI.fullmatch(uri) else ("", "")
