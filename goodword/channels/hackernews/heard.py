"""What do the two services of Hacker News say? From JSON to posts, without asking anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from ..base import Author, Post
from ..laid_out import read
from ..reading import short, web_address
from .names import ADDRESS, ITEM, SITE


def parse_hit(hit: dict[str, Any]) -> Post | None:
    """A story or a comment as the search knows it; None if it is neither. Its thread is yet to be found."""
    native_id, author = _id(hit.get("objectID")), short(hit.get("author"))
    at = moment(hit.get("created_at_i"))
    if not native_id or not author or at is None:
        return None
    if parent := _id(hit.get("parent_id")):
        return _comment(native_id, author, at, hit.get("comment_text"), parent)
    text = hit.get("story_text") or hit.get("text")
    return _story(native_id, author, at, hit.get("title"), hit.get("url"), text)


def parse_item(item: dict[str, Any]) -> Post | None:
    """An item as it is now; None if it is gone, or no post. Its thread is yet to be found."""
    native_id, author = _id(item.get("id")), short(item.get("by"))
    at = moment(item.get("time"))
    if is_gone(item) or not native_id or not author or at is None:
        return None
    if parent := _id(item.get("parent")):
        return _comment(native_id, author, at, item.get("text"), parent)
    return _story(native_id, author, at, item.get("title"), item.get("url"), item.get("text"))


def is_gone(item: dict[str, Any]) -> str:
    """Why it can be read there no more; "" if it can."""
    if item.get("deleted") is True:
        return "deleted"
    return "moderated" if item.get("dead") is True else ""


def parse_user(user: dict[str, Any], name: str) -> Author:
    """Who somebody is. What others gave them in points is no audience, so no followers are told."""
    about = user.get("about")
    return replace(author_named(name), bio=read(about).text if isinstance(about, str) else "")


def author_named(name: str) -> Author:
    return Author(name, handle=name, url=f"{SITE}/user?id={name}")


def item_of(address: str) -> str:
    """The id of the item that this address shows; "" if it is none of the site's."""
    found = ADDRESS.fullmatch(address.strip().partition("#")[0])
    return _id(parse_qs(found[1]).get("id", [""])[0]) if found else ""


def as_ours(post: Post, names: Collection[str]) -> Post:
    """The post, marked if one of our own people wrote it."""
    return replace(post, ours=True) if post.author.native_id.lower() in names else post


def searched(post: Post) -> str:
    """All of a post in which a query may be met."""
    return "\n".join([post.title, post.text, *post.links])


def moment(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def _story(native_id: str, author: str, at: datetime, title: Any, url: Any, text: Any) -> Post:
    said = read(text) if isinstance(text, str) else read("")
    link = web_address(url)
    return Post(
        native_id=native_id,
        author=author_named(author),
        text=said.text,
        title=short(title),
        at=at,
        url=f"{SITE}/item?id={native_id}",
        root=native_id,
        links=tuple(filter(None, [link, *said.links])),
        reference={"id": native_id, "kind": "story"},
    )


def _comment(native_id: str, author: str, at: datetime, text: Any, parent: str) -> Post:
    said = read(text) if isinstance(text, str) else read("")
    return Post(
        native_id=native_id,
        author=author_named(author),
        text=said.text,
        at=at,
        url=f"{SITE}/item?id={native_id}",
        parent=parent,
        root=native_id,
        links=said.links,
        reference={"id": native_id, "kind": "comment"},
    )


def _id(value: Any) -> str:
    written = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return written if ITEM.fullmatch(written) else ""
