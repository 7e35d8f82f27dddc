"""How is a post written down before it is kept, and read again as it was?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from .base import Author, Media, Post, Visibility


def as_json(post: Post) -> dict[str, Any]:
    """All of a post but the bytes of its attachments, as JSON can hold it."""
    said = asdict(replace(post, attachments=()))
    return {**said, "at": post.at.isoformat(), "visibility": str(post.visibility)}


def from_json(said: Mapping[str, Any]) -> Post:
    """The post again. Raises KeyError, TypeError or ValueError for what `as_json` did not write."""
    return Post(
        **{
            **said,
            "author": Author(**said["author"]),
            "at": datetime.fromisoformat(said["at"]),
            "visibility": Visibility(said["visibility"]),
            "media": tuple(Media(**media) for media in said["media"]),
            "languages": tuple(said["languages"]),
            "links": tuple(said["links"]),
            "attachments": (),
        }
    )
