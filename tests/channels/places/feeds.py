"""A blog on this machine, whose comments are ours to answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

import pytest

from goodword.channels.base import Account
from goodword.channels.feeds import Feeds, names
from tests.servers.feeds import Blog, blog

KEYS = ("feeds",)
AT_ONCE = timedelta(0)  # nobody waits a quarter of an hour in a test


class OurBlog:
    can_misbehave: ClassVar[frozenset[str]] = frozenset({"goes_down"})

    def __init__(self, blog: Blog) -> None:
        self.blog = blog
        settings = {"comments": blog.address}
        self.channel = Feeds(Account(settings, allowed_private=frozenset({blog.place.door})))

    def says(self, words: str, to: str = "") -> str:
        answers = to.partition("/")[2]
        return f"127.0.0.1/{self.blog.says(words, answers=answers).id}"

    def edits(self, native_id: str, words: str) -> None:
        self.blog.entry(native_id.partition("/")[2]).text = words

    def deletes(self, native_id: str) -> None:
        self.blog.deletes(native_id.partition("/")[2])

    def texts_of_ours(self) -> list[str]:
        return []

    def likes_of_ours(self) -> list[str]:
        return []

    def goes_down(self) -> None:
        self.blog.status = "503 Service Unavailable"

    def comes_back(self) -> None:
        self.blog.status = ""

    def asks_to_wait(self) -> None: ...
    def revokes_login(self) -> None: ...
    def loses_answers(self) -> None: ...


@contextmanager
def open_place(key: str, request: pytest.FixtureRequest) -> Iterator[OurBlog]:
    patch = request.getfixturevalue("monkeypatch")
    for pace in ("USUAL_PACE", "FASTEST_PACE", "FIRST_WAIT"):
        patch.setattr(names, pace, AT_ONCE)
    with blog() as there:
        yield OurBlog(there)
