"""The places of the playground: a file of lines in a folder, written by us and by the tests' people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest

from goodword.channels.base import Account, Post
from goodword.channels.playground import PLACES, Playground, reference_of
from tests.world import SAM

KEYS = tuple(place.key for place in PLACES)


def hurried(kind: type[Playground]) -> type[Playground]:
    """The same place, where each look at the clock takes a minute: nobody waits for answers."""

    class Hurried(kind):  # type: ignore[misc,valid-type]
        clock = datetime.now(UTC)

        def now(self) -> datetime:
            self.clock += timedelta(minutes=1)
            return self.clock

    return Hurried


class Spool:
    can_misbehave: ClassVar[frozenset[str]] = frozenset({"goes_down"})

    def __init__(self, channel: Playground, folder: Path) -> None:
        self.channel, self.folder = channel, folder
        self.posts: dict[str, Post] = {}

    def says(self, words: str, to: str = "") -> str:
        native_id = uuid4().hex
        post = Post(native_id, SAM, words, datetime.now(UTC), parent=to, root=to or native_id, addressed=True)
        return self._tells(replace(post, reference=reference_of(post)))

    def _tells(self, post: Post) -> str:
        self.posts[post.native_id] = post
        self.channel.person_says(post)
        return post.native_id

    def edits(self, native_id: str, words: str) -> None:
        self.channel.person_edits(replace(self.posts[native_id], text=words))

    def deletes(self, native_id: str) -> None:
        self.channel.person_deletes(native_id)

    def texts_of_ours(self) -> list[str]:
        gone = {line["native_id"] for line in self._lines("gone")}
        sent = ((self.channel.sent_already(line["key"]), line["text"]) for line in self._lines("sent"))
        return [text for where, text in sent if where and where.native_id not in gone]

    def likes_of_ours(self) -> list[str]:
        return [line["to"]["id"] for line in self._lines("liked")]

    def goes_down(self) -> None:
        """A file stands where the folder should be: nothing can be written there."""
        self.folder.rename(self.folder.with_name("aside"))
        self.folder.touch()

    def comes_back(self) -> None:
        self.folder.unlink()
        self.folder.with_name("aside").rename(self.folder)

    def asks_to_wait(self) -> None:
        raise NotImplementedError

    revokes_login = loses_answers = asks_to_wait

    def _lines(self, kind: str) -> list[dict[str, object]]:
        path = self.folder / f"{self.channel.key}.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [line for line in lines if line["kind"] == kind]


@contextmanager
def open_place(key: str, request: pytest.FixtureRequest) -> Iterator[Spool]:
    folder = request.getfixturevalue("tmp_path") / "spool"
    folder.mkdir()
    kind = next(place for place in PLACES if place.key == key)
    yield Spool(hurried(kind)(Account({"spool": str(folder)}, native_id="ours")), folder)
