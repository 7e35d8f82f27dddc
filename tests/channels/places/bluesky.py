"""The real Bluesky network on this machine, reached through a line that can be made to fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest

from goodword.channels.base import Account
from goodword.channels.bluesky import Bluesky
from tests.servers.bad_line import BadLine, bad_line
from tests.servers.bluesky_network import BlueskyNetwork, eventually, opened_by

KEYS = ("bluesky",)
# One network for all: its tests run in one process, and the first may wait for it to be installed.
MARKS = (pytest.mark.slow, pytest.mark.xdist_group("bluesky_network"), pytest.mark.timeout(900))
SOON = timedelta(seconds=1)  # nobody waits half a minute in a test


class Network:
    can_misbehave: ClassVar[frozenset[str]] = frozenset(
        {"goes_down", "asks_to_wait", "revokes_login", "loses_answers"}
    )

    def __init__(self, network: BlueskyNetwork, line: BadLine) -> None:
        self.brand, self.ada = network.person("brand"), network.person("ada")
        self.line, self.login = line, uuid4().hex[:8]
        settings = {"handle": "brand.test", "service": line.address, "firehose": network.firehose}
        secrets = {"password": self.brand.app_password(self.login)}
        opened = opened_by(settings["service"], settings["firehose"])
        self.channel = Bluesky(Account(settings, secrets, allowed_private=opened))
        self.said: dict[str, Any] = {}

    def says(self, words: str, to: str = "") -> str:
        text = f"{words} @brand.test"
        post = self.ada.says(text, to=self.said.get(to), mentioning=(self.brand,))
        self.said[post.uri] = post
        # Only then can the first look know it as said before.
        eventually(lambda: self.brand.is_told_of(post.uri), 30)
        return str(post.uri)

    def edits(self, native_id: str, words: str) -> None:
        self.ada.edits(native_id, words)

    def deletes(self, native_id: str) -> None:
        self.ada.deletes(native_id)

    def texts_of_ours(self) -> list[str]:
        found = [reply for uri in self.said for reply in self.ada.replies_to(uri)]
        return [reply.record.text for reply in found if reply.author.did == self.brand.did]

    def likes_of_ours(self) -> list[str]:
        return [uri for uri in self.said if self.brand.did in self.ada.likers_of(uri)]

    def goes_down(self) -> None:
        self.line.trouble = "goes_down"

    def asks_to_wait(self) -> None:
        self.line.trouble = "asks_to_wait"

    def loses_answers(self) -> None:
        self.line.trouble = "loses_answers"

    def revokes_login(self) -> None:
        self.brand.revokes(self.login)

    def comes_back(self) -> None:
        self.line.trouble = ""


@contextmanager
def open_place(key: str, request: pytest.FixtureRequest) -> Iterator[Network]:
    request.getfixturevalue("monkeypatch").setattr(Bluesky, "poll_every", SOON)
    with bad_line(request.getfixturevalue("bluesky_network").service) as line:
        yield Network(request.getfixturevalue("bluesky_network"), line)
