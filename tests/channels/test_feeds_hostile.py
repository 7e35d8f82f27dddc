"""Feeds made to hurt, served by a real server: each ends soon, stays small, and is said in a sentence."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword.channels.base import Account, Checkpoint, Event, Seen, Watch
from goodword.channels.feeds import Feeds, names
from goodword.channels.feeds.looking import Look, look_at
from goodword.net.trouble import SENTENCES, Why
from tests.net.places import Place, moved_to, opened_place, said

pytestmark = pytest.mark.timeout(30)  # what hangs fails soon
SECOND = 3.0  # CPU seconds that the worst document may cost on a busy machine; most cost a tenth of one
SOON = 0.5  # seconds, as a deadline
GOOD = b"<rss><channel><item><title>Tea</title><guid>a:1</guid></item></channel></rss>"


@pytest.fixture
def place() -> Iterator[Place]:
    with opened_place() as place:
        yield place


@pytest.fixture
def canary() -> Iterator[Place]:
    """A server in our own network that nobody opened."""
    with opened_place() as canary:
        yield canary
        assert canary.requests == []


def look(place: Place, path: str = "/feed", within: float = 10) -> Look:
    return look_at(
        place.url(path), now=datetime.now(UTC), allowed_private=frozenset({place.door}), within=within
    )


def served(place: Place, body: bytes, *headers: str) -> Look:
    place.answers["/feed"] = said(body, *headers)
    return look(place)


# --- bombs -----------------------------------------------------------------------------------------

LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>".encode() for n in range(9)
)
BOMBS: dict[str, tuple[bytes, str]] = {
    "billion laughs": (
        LAUGHS + b"]><rss><channel><item><title>&j;</title></item></channel></rss>",
        names.BOMB,
    ),
    "quadratic blow-up": (
        b"<!DOCTYPE l [<!ENTITY a '" + b"x" * 100_000 + b"'>]><rss>" + b"&a;" * 10_000 + b"</rss>",
        names.BOMB,
    ),
    "a file of ours": (b"<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss>&a;</rss>", names.BOMB),
    "a declaration elsewhere": (
        b"<!DOCTYPE l [<!ENTITY % a SYSTEM 'http://127.0.0.1/x.dtd'>%a;]><rss></rss>",
        names.BOMB,
    ),
    "200,000 nested tags": (b"<rss>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</rss>", names.TOO_DEEP),
    "60,000 attributes": (
        b"<rss " + b" ".join(b"a%d='1'" % n for n in range(60_000)) + b"><item/></rss>",
        names.ODD,
    ),
    "a million ampersands": (b"<rss><item><title>" + b"&" * 1_000_000 + b"</title></item></rss>", names.ODD),
    "millions of lines": (b"<rss><item><title>" + b"\n" * 5_000_000 + b"</title></item></rss>", names.ODD),
    "tags that never end": (b"<rss>" + b"<a " * 500_000, names.NOT_XML),
    "comments that never end": (b"<rss>" + b"<!-- " * 500_000, names.NOT_XML),
    "nested JSON": (b'{"items":' * 100_000, names.NOT_XML),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_words_and_costs_little(place: Place, bomb: str) -> None:
    body, sentence = BOMBS[bomb]
    began = time.process_time()
    found = served(place, body)
    assert (found.document, found.trouble) == (None, sentence)
    assert time.process_time() - began < SECOND


HEAVY: dict[str, bytes] = {
    "a title of a megabyte": b"<rss><channel><item><title>"
    + b"tea " * 250_000
    + b"</title></item></channel></rss>",
    "a date of a megabyte": b"<rss><channel><item><pubDate>"
    + b"1 Jan " * 170_000
    + b"</pubDate></item></channel></rss>",
    "an id of a megabyte": b"<rss><channel><item><guid>a:"
    + b"x" * 1_000_000
    + b"</guid></item></channel></rss>",
    "a million empty entries": b"<rss><channel>" + b"<item/>" * 1_000_000 + b"</channel></rss>",
    "one entry of a million parts": b"<rss><channel><item/><item>"
    + b"<a/>" * 1_000_000
    + b"</item></channel></rss>",
    "nested HTML": b"<rss><channel><item><description>"
    + b"&lt;div&gt;" * 30_000
    + b"</description></item></channel></rss>",
    "HTML that never ends": b"<rss><channel><item><description>"
    + b"&lt;a " * 40_000
    + b"</description></item></channel></rss>",
    "NULs": b"<rss><channel><item><title>T\x00e\x00a"
    + b"\x00" * 1_000_000
    + b"</title></item></channel></rss>",
    "spaces": b" " * 4_000_000 + GOOD,
}


@pytest.mark.parametrize("weight", HEAVY)
def test_what_is_heavy_is_read_in_bounded_time_and_comes_out_small(place: Place, weight: str) -> None:
    began = time.process_time()
    found = served(place, HEAVY[weight])
    assert time.process_time() - began < SECOND
    assert found.document
    for post in found.document.posts:
        assert len(post.title) <= 500
        assert len(post.text) <= 100_000
        assert len(post.native_id) <= 300
        assert "\x00" not in post.title


def test_a_little_that_unpacks_to_a_lot_is_never_held(place: Place) -> None:
    place.answers["/feed"] = said(gzip.compress(b"<rss>" + bytes(20_000_000)), "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        found = look(place)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.trouble == SENTENCES[Why.TOO_LARGE]
    assert most < 4 * names.MAX_FEED


# --- servers that lie or dawdle --------------------------------------------------------------------


def test_a_feed_that_says_it_is_longer_than_it_is_was_not_read(place: Place) -> None:
    place.answers["/feed"] = said(GOOD, length=len(GOOD) + 100)
    assert look(place).trouble == SENTENCES[Why.UNREADABLE]


def test_a_feed_that_says_it_is_shorter_gives_what_was_whole_and_says_that_it_was_cut(place: Place) -> None:
    two = GOOD.replace(b"</channel></rss>", b"<item><title>Cups</title></item></channel></rss>")
    place.answers["/feed"] = said(two, length=len(two) - 30)
    found = look(place)
    assert found.document
    assert [post.title for post in found.document.posts] == ["Tea"]
    assert found.trouble == names.CUT_OFF


def test_a_feed_that_says_it_is_endless_was_not_waited_for(place: Place) -> None:
    place.answers["/feed"] = said(GOOD, length=10**15)
    assert look(place).trouble == SENTENCES[Why.TOO_LARGE]


def test_a_feed_that_never_ends_is_cut_off(place: Place) -> None:
    def endless(visitor: socket.socket) -> None:
        visitor.sendall(b"HTTP/1.1 200 OK\r\n\r\n<rss><channel>")
        while not place.closing.is_set():
            visitor.sendall(b"<item><title>Tea</title></item>" * 10_000)

    place.answers["/feed"] = endless
    assert look(place).trouble == SENTENCES[Why.TOO_LARGE]


def test_a_feed_that_drips_is_cut_off_at_the_deadline(place: Place) -> None:
    def drip(visitor: socket.socket) -> None:
        visitor.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not place.closing.wait(0.02):
            visitor.sendall(b" ")

    place.answers["/feed"] = drip
    began = time.monotonic()
    assert look(place, within=SOON).trouble == SENTENCES[Why.TOO_SLOW]
    assert time.monotonic() - began < SOON * 4


def test_noise_for_a_header_goes_nowhere(place: Place) -> None:
    place.answers["/feed"] = said(GOOD, 'ETag: "tea"', "Last-Modified: " + "x" * 600)
    found = look(place)
    assert (found.etag, found.modified) == ('"tea"', "")


# --- our own network -------------------------------------------------------------------------------


@pytest.mark.parametrize("hop", [1, 2, 3])
def test_no_feed_leads_into_our_network_at_any_hop(place: Place, canary: Place, hop: int) -> None:
    place.answers["/feed"] = moved_to("/1") if hop > 1 else moved_to(canary.url())
    for step in range(1, hop):
        place.answers[f"/{step}"] = moved_to(f"/{step + 1}") if step < hop - 1 else moved_to(canary.url())
    assert look(place).trouble == SENTENCES[Why.REFUSED]


def test_no_page_names_a_feed_in_our_network(place: Place, canary: Place) -> None:
    page = f'<html><head><link rel=alternate type=application/rss+xml href="{canary.url()}"></head></html>'
    assert served(place, page.encode(), "Content-Type: text/html").trouble == SENTENCES[Why.REFUSED]


def heard(place: Place, feed: bytes, hook: str = "") -> list[Event]:
    place.answers["/feed"] = said(feed)
    settings = {"feeds": place.url("/feed")}
    account = Account(
        settings, allowed_private=frozenset({place.door}), hook=hook, hook_secret="of the tests"
    )
    watch = Watch(interested=lambda text: True)
    channel, cursor = Feeds(account), None
    events: list[Event] = []
    for _round in range(2):
        for event in channel.listen(watch, cursor):
            events.append(event)
            cursor = event.cursor if isinstance(event, Checkpoint) else cursor
    return events


def test_no_entry_names_a_feed_of_comments_in_our_network(place: Place, canary: Place) -> None:
    spaces = b'xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    told = b"<item><guid>a:1</guid><wfw:commentRss>%s</wfw:commentRss></item>" % canary.url("/c").encode()
    assert [
        e
        for e in heard(place, b"<rss %s><channel>%s</channel></rss>" % (spaces, told))
        if isinstance(e, Seen)
    ]


def test_no_feed_names_a_hub_in_our_network(place: Place, canary: Place) -> None:
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="%s"/><entry/></feed>'
    assert heard(place, feed % canary.url("/hub").encode(), hook="https://goodword.example/hooks/x/")


def test_one_feed_cannot_change_or_delete_what_another_site_said(place: Place) -> None:
    """Their ids are in rooms of their own: what it says of others' ids it says of its own."""
    feed: Any = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        b'<at:deleted-entry ref="tag:ada.example,2026:1" when="x"/>'
        b"<entry><id>tag:ada.example,2026:2</id><title>Forged</title></entry></feed>"
    )
    found = served(place, feed).document
    assert found
    assert all(
        one.startswith("127.0.0.1/") for one in [*found.gone, *(post.native_id for post in found.posts)]
    )
