"""A small Hacker News on this machine, where the brand has told of itself and people answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

from goodword.channels.base import Account
from goodword.channels.hackernews import HackerNews as Channel
from tests.servers.hackernews import HackerNews, hacker_news

KEYS = ("hackernews",)


class News:
    can_misbehave: ClassVar[frozenset[str]] = frozenset({"goes_down", "asks_to_wait"})

    def __init__(self, news: HackerNews) -> None:
        self.news = news
        settings = {"names": "kettleandco", "search": news.address, "items": news.address}
        self.channel = Channel(Account(settings, allowed_private=frozenset({news.door})))
        self.story = news.submits("kettleandco", "Show HN: A kettle that whistles")

    def says(self, words: str, to: str = "") -> str:
        return self.news.comments("ada", to or self.story, words)

    def edits(self, native_id: str, words: str) -> None:
        self.news.edits(native_id, words)

    def deletes(self, native_id: str) -> None:
        self.news.deletes(native_id)

    def texts_of_ours(self) -> list[str]:
        return []

    def likes_of_ours(self) -> list[str]:
        return []

    def goes_down(self) -> None:
        self.news.trouble = "goes_down"

    def asks_to_wait(self) -> None:
        self.news.trouble = "asks_to_wait"

    def revokes_login(self) -> None: ...
    def loses_answers(self) -> None: ...

    def comes_back(self) -> None:
        self.news.trouble = ""


@contextmanager
def open_place(key: str, request: pytest.FixtureRequest) -> Iterator[News]:
    with hacker_news() as news:
        yield News(news)
