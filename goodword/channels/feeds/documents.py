"""What does a feed say, be it RSS, Atom or JSON Feed? From bytes to posts, without asking anybody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..addresses import host_of
from ..base import Post
from .entries import Head, id_in, post_of
from .json_feed import entries_of_json
from .names import KEPT_ENTRIES, NOT_XML
from .soundness import Unsound, decoded
from .xml_feeds import read_xml


@dataclass(frozen=True)
class Document:
    head: Head
    posts: tuple[Post, ...] = ()  # oldest first, the newest KEPT_ENTRIES
    gone: tuple[str, ...] = ()  # native ids
    below: Mapping[str, str] = field(default_factory=dict)  # native id -> the feed of its comments
    trouble: str = ""  # what could not be read of it


def read_feed(
    data: bytes, address: str, content_type: str = "", *, now: datetime, below: str = "", base: str = ""
) -> Document:
    """Read a feed that lies at `address`: it gives the ids of its entries their room, since what one site
    says must never change what another said. Undated entries are of `now`. `below` is the post whose
    comments these are. Raises Unsound, with a sentence.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        head, entries = entries_of_json(_json(data, content_type), base or address)
        gone: Iterable[str] = ()
        trouble = ""
    else:
        head, entries, gone, trouble = read_xml(data, base or address, content_type)
    room = host_of(address) or address
    posts: dict[str, Post] = {}
    comments: dict[str, str] = {}
    for entry in entries:
        post = post_of(entry, room, head, now=now, below=below)
        posts.setdefault(post.native_id, post)
        if entry.comments_feed:
            comments[post.native_id] = entry.comments_feed
    newest = sorted(posts.values(), key=lambda post: (post.at, post.native_id))[-KEPT_ENTRIES:]
    return Document(
        head, tuple(_threaded(newest)), tuple(id_in(room, one) for one in gone if one), comments, trouble
    )


def _threaded(posts: list[Post]) -> list[Post]:
    """An answer to an answer belongs to the thread of that one, where both are in one feed."""
    roots: dict[str, str] = {}
    for post in posts:
        roots[post.native_id] = roots.get(post.root, post.root)
    return [replace(post, root=roots[post.native_id]) for post in posts]


def _json(data: bytes, content_type: str) -> object:
    try:
        return json.loads(decoded(data, content_type))
    except (ValueError, RecursionError) as error:
        raise Unsound(NOT_XML) from error
