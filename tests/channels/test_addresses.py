"""Do two links to one page mean the same, and do two pages stay two?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels.addresses import LONGEST, address_in, host_of, normal_address, same_page
from goodword.channels.base import channel_named, channels
from goodword.channels.by_hand import SOMEBODY, ByHand, author_named, place_of

SAME = [
    (
        "https://reddit.com/r/kettles/comments/ab/x",
        "http://old.reddit.com/r/kettles/comments/ab/x/?rdt=5#top",
    ),
    (
        "https://reddit.com/r/kettles/comments/ab/x",
        "https://m.reddit.com/r/kettles/comments/ab/x?utm_source=a",
    ),
    ("https://youtube.com/watch?v=AB", "https://youtu.be/AB?si=xyz"),
    ("https://youtube.com/watch?v=AB", "https://m.youtube.com/watch?v=AB&feature=share&t=5"),
    ("https://x.com/jo/status/123", "https://mobile.twitter.com/jo/status/123?s=20&t=abc"),
    ("https://shop.example/a?x=1&y=2", "https://www.shop.example:443/a/?y=2&fbclid=q&x=1"),
    ("https://exämple.de/ä", "https://xn--exmple-cua.de/%C3%A4"),
    ("https://kettle.example/a#:~:text=hello", "https://kettle.example/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_was_hung_onto_a_link_makes_no_other_page(one: str, other: str) -> None:
    assert normal_address(one) == normal_address(other) != ""
    assert same_page(one, other)


DIFFERENT = [
    ("https://forum.example/t/5#post-12", "https://forum.example/t/5#post-13"),
    ("https://shop.example/a?id=1", "https://shop.example/a?id=2"),
    ("https://shop.example/a", "https://other.example/a"),
    ("https://shop.example/A", "https://shop.example/a"),
    ("https://shop.example/jo/reviews", "https://shop.example/bo/reviews?x=1"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_have_another_address(one: str, other: str) -> None:
    assert normal_address(one) != normal_address(other)
    assert not same_page(one, other)


def test_a_post_is_the_same_by_the_handle_and_by_the_number_of_its_author() -> None:
    by_handle = "https://bsky.app/profile/ada.example/post/3kabcdefghijk"
    assert same_page(by_handle, "https://bsky.app/profile/did:plc:abc/post/3kabcdefghijk?ref=x")
    assert not same_page("https://a.example/ada/latest", "https://a.example/bo/latest")


NONE = [
    "",
    "kettle.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://a.example/",
    "https://",
    "https://localhost/",
    "https://a.example:99999/",
    "https://[::1]/",
    "https://a b.example/",
    "https://" + "a" * LONGEST + ".example/",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_web_address_is_nothing(text: str) -> None:
    assert normal_address(text) == host_of(text) == ""
    assert place_of(text) == "web"


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=200), st.text(max_size=100).map("https://a.example/{}".format)))
def test_no_text_raises_and_writing_it_twice_changes_nothing(text: str) -> None:
    once = normal_address(text)
    assert normal_address(once) == once
    assert same_page(text, text) == bool(once)
    place_of(text)


def test_the_address_is_found_in_what_a_phone_shares() -> None:
    assert (
        address_in("", "Look! https://a.example/b?c=1, great.", "https://z.example")
        == "https://a.example/b?c=1"
    )
    assert address_in("no address", "") == ""
    assert address_in("x" * 1_000_000) == ""


PLACES = [
    ("https://www.trustpilot.com/review/x", "trustpilot"),
    ("https://de.trustpilot.com/review/x", "trustpilot"),
    ("https://www.amazon.co.uk/dp/B0", "amazon"),
    ("https://www.google.de/maps/place/Kettle", "google-reviews"),
    ("https://maps.app.goo.gl/xyz", "google-reviews"),
    ("https://play.google.com/store/apps/x", "google-play"),
    ("https://forum.kettles.example/t/5", "forum.kettles.example"),
    ("https://trustpilot.evil.example/", "trustpilot.evil.example"),
    ("https://nottrustpilot.com/", "nottrustpilot.com"),
    (f"https://{'a' * 60}.example/", "web"),
]


@pytest.mark.parametrize(("address", "place"), PLACES)
def test_a_place_is_known_by_its_site_and_else_called_by_it(address: str, place: str) -> None:
    assert place_of(address) == place
    assert len(place) <= 40
    assert issubclass(channel_named(place), ByHand)


def test_no_place_of_teammates_can_be_connected_or_claims_anything() -> None:
    by_hand = [kind for kind in channels().values() if issubclass(kind, ByHand)]
    assert len(by_hand) > 20
    assert not [kind.key for kind in by_hand if kind.connectable or kind.caps or kind.fields]
    assert channel_named("some-list").key == "file", "what a file brings stays a file's"


def test_a_handle_is_one_person_and_a_mere_name_is_not() -> None:
    def authors(who: str) -> set[str]:
        return {author_named(who, post, "Somebody on X").native_id for post in ("post 1", "post 2")}

    assert len(authors("@ada")) == len(authors("u/ada_92")) == len(authors("KettleFan")) == 1
    assert author_named("@Ada", "p", "").native_id == author_named("ada_92", "p", "").native_id[:3]
    assert len(authors("Anna")) == len(authors("Anna Moreau")) == len(authors("")) == 2
    nobody = author_named("  ", "p", "Somebody on X")
    assert nobody.native_id.startswith(SOMEBODY)
    assert nobody.name == "Somebody on X"
