"""What do the places that can be searched by a feed say about some words, within the time a person waits?"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from ..base import Account, Post, Unreachable
from .looking import Look, look_at
from .names import FIND_WITHIN, NONE_ANSWERED
from .places import LETTERS, searches

logger = logging.getLogger(__name__)


def posts_found(
    words: str, templates: Iterable[str], account: Account, within: float = FIND_WITHIN
) -> list[Post]:
    """Posts in which the words stand, newest first. A place that fails is left out; Unreachable if all do."""
    phrase = " ".join(words.replace('"', " ").split())
    asked = searches(templates, [f'"{phrase}"'] if phrase else [])
    looks = _looks(asked, account, within)
    answered = [look.document for look in looks if look.document]
    if asked and not answered:
        raise Unreachable(NONE_ANSWERED)
    if len(answered) < len(asked):
        logger.info("%d of %d places to search gave no answer", len(asked) - len(answered), len(asked))
    posts = {post.native_id: post for document in answered for post in document.posts if _names(post, phrase)}
    return sorted(posts.values(), key=lambda post: post.at, reverse=True)


def _looks(asked: list[str], account: Account, within: float) -> list[Look]:
    """What came in time."""
    ends = time.monotonic() + within
    looks: queue.SimpleQueue[Look] = queue.SimpleQueue()
    for address in asked:
        threading.Thread(target=_look, args=(address, account, within, looks), daemon=True).start()
    came: list[Look] = []
    while len(came) < len(asked) and (left := ends - time.monotonic()) > 0:
        try:
            came.append(looks.get(timeout=left))
        except queue.Empty:
            break
    return came


def _look(address: str, account: Account, within: float, looks: queue.SimpleQueue[Look]) -> None:
    now = datetime.now(UTC)
    looks.put(look_at(address, now=now, allowed_private=account.allowed_private, within=within))


def _names(post: Post, phrase: str) -> bool:
    """As a phrase, or as one word as in a tag: places find more than one asks for."""
    said = " ".join(f"{post.title} {post.text} {' '.join(post.links)}".lower().split())
    return phrase.lower() in said or f"#{LETTERS.sub('', phrase.lower())}" in said
