"""The place in memory, with the test's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

from goodword.channels.base import Account, Channel
from tests import fakechannel
from tests.fakechannel import US, Fake
from tests.world import SAM

KEYS = ("fake",)


class Square:
    can_misbehave: ClassVar[frozenset[str]] = frozenset(
        {"goes_down", "asks_to_wait", "revokes_login", "loses_answers"}
    )

    def __init__(self, place: fakechannel.Place, channel: Channel) -> None:
        self.place, self.channel = place, channel
        self.goes_down, self.asks_to_wait = place.goes_down, place.asks_to_wait
        self.revokes_login, self.loses_answers = place.revokes_login, place.loses_answers
        self.comes_back = place.comes_back

    def says(self, words: str, to: str = "") -> str:
        parent = self.place.posts[to] if to else None
        return self.place.says(SAM, words, to=parent, addressed=True).native_id

    def edits(self, native_id: str, words: str) -> None:
        self.place.edits(self.place.posts[native_id], words)

    def deletes(self, native_id: str) -> None:
        self.place.deletes(self.place.posts[native_id])

    def texts_of_ours(self) -> list[str]:
        return [post.text for post in self.place.posts.values() if post.author == US]

    def likes_of_ours(self) -> list[str]:
        return self.place.liked


@contextmanager
def open_place(key: str, request: pytest.FixtureRequest) -> Iterator[Square]:
    with fakechannel.open_place("square of the suite") as place:
        yield Square(place, Fake(Account({"place": place.name}, native_id=US.native_id)))
