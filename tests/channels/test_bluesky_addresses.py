"""Which pages are posts of Bluesky, and are they read with and without an account?"""

from __future__ import annotations

import pytest

from goodword.channels.base import Account, Refused
from goodword.channels.bluesky import Bluesky
from goodword.channels.bluesky.records import uri_of
from tests.servers.bluesky_network import BlueskyNetwork, eventually, opened_by

URI = "at://ada.example/app.bsky.feed.post/3kabcdefghi2k"


@pytest.mark.parametrize(
    "page",
    [
        "https://bsky.app/profile/ada.example/post/3kabcdefghi2k",
        " https://bsky.app/profile/ada.example/post/3kabcdefghi2k/?ref=share#top ",
        "http://www.bsky.app/profile/ada.example/post/3kabcdefghi2k",
    ],
)
def test_a_page_of_a_post_names_it(page: str) -> None:
    assert uri_of(page) == URI


def test_an_author_may_be_named_by_number() -> None:
    page = "https://bsky.app/profile/did%3Aplc%3Aabc/post/3k"
    assert uri_of(page) == "at://did:plc:abc/app.bsky.feed.post/3k"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "https://bsky.app/profile/ada.example",
        "https://bsky.app/profile/ada.example/post/",
        "https://bsky.app.evil.example/profile/ada/post/3k",
        "https://evil.example/https://bsky.app/profile/ada/post/3k",
        "https://bsky.app/profile/a b/post/3k",
        f"https://bsky.app/profile/{'a' * 100_000}/post/3k",
        "\x00\ud800",
    ],
    ids=str.__len__,
)
def test_any_other_page_is_none(page: str) -> None:
    assert Bluesky(Account({})).read_address(page) is None


def test_what_is_public_is_read_without_an_account(bluesky_network: BlueskyNetwork) -> None:
    ada = bluesky_network.person("ada")
    said = ada.says("Is the kettle any good?")
    reader = Bluesky(
        Account({"open_service": bluesky_network.appview}, allowed_private=opened_by(bluesky_network.appview))
    )
    page = f"https://bsky.app/profile/{ada.handle}/post/{said.uri.rpartition('/')[2]}"
    post = eventually(lambda: reader.read_address(page))
    assert (post.native_id, post.text) == (said.uri, "Is the kettle any good?")
    assert (post.author.handle, post.ours, post.addressed) == (ada.handle, False, False)
    with pytest.raises(Refused, match="knows no such post"):
        reader.read_address(f"https://bsky.app/profile/{ada.handle}/post/3kaaaaaaaaaaa")
