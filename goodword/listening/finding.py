"""What do people say about a name, before any account exists? Every place that can look is asked at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings

from goodword.channels.base import Account, Cap, Channel, ChannelError, Post, channels

logger = logging.getLogger(__name__)

WITHIN = timedelta(seconds=9)  # a person waits for the answer; a place that is up needs two
EACH = 25  # newest posts of a place: more than anybody reads at a first look


@dataclass
class Found:
    """What the places said in time, and which said nothing because they could not be reached."""

    posts: dict[str, list[Post]] = field(default_factory=dict)  # by key of the channel, newest first
    silent: list[type[Channel]] = field(default_factory=list)


def places_to_look() -> list[type[Channel]]:
    """The channels that show posts without an account."""
    return [kind for kind in channels().values() if Cap.FIND in kind.caps]


def without_account(kind: type[Channel]) -> Channel:
    """The channel as anybody may ask it."""
    return kind(Account(settings={}, allowed_private=settings.PRIVATE_HOSTS))


def find_everywhere(words: str, *, within: timedelta = WITHIN) -> Found:
    """Ask every place for the newest posts that have these words. Keeps nothing."""
    asked = [_Asked(kind, words) for kind in places_to_look()]
    for one in asked:
        one.thread.start()
    ends = time.monotonic() + within.total_seconds()
    for one in asked:
        one.thread.join(max(0.0, ends - time.monotonic()))
    found = Found()
    for one in asked:
        if one.answered:
            found.posts[one.kind.key] = one.posts
        else:
            found.silent.append(one.kind)
    return found


class _Asked:
    """One place that is being asked; what it said until now may be read at any time."""

    def __init__(self, kind: type[Channel], words: str) -> None:
        self.kind, self.words = kind, words
        self.posts: list[Post] = []
        self.answered = False
        self.thread = threading.Thread(target=self._ask, name=f"find-{kind.key}", daemon=True)

    def _ask(self) -> None:
        channel = without_account(self.kind)
        try:
            self.posts = list(_first(channel.find(self.words, limit=EACH)))
            self.answered = True
        except ChannelError as trouble:
            logger.info("%s could not be asked: %s", self.kind.key, trouble)
        except Exception:
            logger.exception("%s broke while it was asked", self.kind.key)


def _first(posts: Iterator[Post]) -> Iterator[Post]:
    for number, post in enumerate(posts):
        if number >= EACH:
            return
        yield post
