"""A hub calls us, over HTTP: what it brings is kept once, and who is not that hub leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from goodword.channels.base import Call
from goodword.channels.feeds import Feeds, names
from goodword.channels.feeds.memory import Memory
from goodword.channels.feeds.websub import Subscription
from goodword.listening import connecting, hooks, listener
from goodword.listening.models import Connection, Mention, Post
from goodword.store import callback
from goodword.team.models import AuditEntry
from goodword.web import hooks as door
from tests.servers.feeds import Blog, Hub, blog, hub, signed
from tests.world import Member, World

OURS = "https://goodword.shop"
KETTLE = "My kettle from Kettle & Co whistles."


@pytest.fixture
def ada() -> Iterator[Blog]:
    with blog() as there:
        yield there


@pytest.fixture
def reachable(settings: Settings) -> None:
    settings.URL = OURS
    settings.ALLOWED_HOSTS = ["goodword.shop", "testserver", "localhost", "127.0.0.1"]


@pytest.fixture
def feeds(world: World, ada: Blog, settings: Settings, reachable: None) -> Connection:
    """A connection that follows Ada's blog."""
    settings.PRIVATE_HOSTS = frozenset({ada.place.door})
    connection, _health = connecting.connect(
        world.dana.teammate, Feeds, {"feeds": ada.address}, now=world.now
    )
    return connection


def subscription(ada: Blog) -> Subscription:
    return Subscription(ada.address, ada.address)


def address(connection: Connection, ada: Blog, **more: str) -> str:
    """What a hub calls, as a path on our own server."""
    parts = urlsplit(subscription(ada).callback(connection.open().account))
    return f"{parts.path}?{parts.query}{'&' if more else ''}{urlencode(more)}"


def brings(where: str, body: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {"X-Hub-Signature": signature}
    kind = "application/atom+xml"
    return Client().post(where, body, content_type=kind, headers=headers).status_code  # type: ignore[arg-type]


def secret(connection: Connection, ada: Blog) -> str:
    return subscription(ada).secret(connection.open().account)


# --- the whole way, over HTTP ----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_a_hub_is_asked_to_call_asks_back_calls_and_is_asked_to_stop(
    world: World, ada: Blog, live_server: LiveServer, settings: Settings, algorithm: str
) -> None:
    settings.URL = live_server.url
    with hub() as its_hub:
        ada.hub = its_hub.address
        settings.PRIVATE_HOSTS = frozenset(
            {ada.place.door, its_hub.place.door, urlsplit(live_server.url).netloc}
        )
        connection, _health = connecting.connect(
            world.dana.teammate, Feeds, {"feeds": ada.address}, now=world.now
        )
        listener.listen_once(connection, stopped=lambda: False)
        (form,) = its_hub.asked()
        assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", ada.address)
        assert its_hub.asks_back(form)

        ada.says(KETTLE)
        body = ada.feed()
        for _time in range(2):  # a hub that missed our answer says it again
            assert its_hub.calls(ada.address, body, algorithm) == [200]
        assert [post.text for post in Post.objects.filter(channel="feeds")] == [KETTLE]
        assert Mention.objects.filter(post__channel="feeds").count() == 1

        connection.refresh_from_db()
        connecting.remove(connection, world.dana.teammate, now=world.now)
        _wait_for(its_hub, 2)
        assert its_hub.asked()[-1]["hub.mode"] == "unsubscribe"
        assert its_hub.asks_back(its_hub.asked()[-1])
        assert its_hub.promises == {}


def _wait_for(its_hub: Hub, requests: int) -> None:
    """Leaving is said by a thread that nobody waits for."""
    import threading

    for thread in threading.enumerate():
        if thread.name == "leave":
            thread.join(10)
    assert len(its_hub.asked()) == requests


# --- does it mean us? ------------------------------------------------------------------------------


def test_a_hub_is_told_that_we_meant_what_we_asked_for(feeds: Connection, ada: Blog) -> None:
    asked = {"hub.mode": "subscribe", "hub.topic": ada.address, "hub.challenge": "<b>ch4llenge</b>"}
    answer = Client().get(address(feeds, ada, **asked))
    assert (answer.status_code, answer.content) == (200, b"<b>ch4llenge</b>")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "asked",
    [
        {"hub.mode": "subscribe", "hub.topic": "https://other.example/", "hub.challenge": "c"},
        {"hub.mode": "unsubscribe", "hub.topic": "{topic}", "hub.challenge": "c"},
        {"hub.mode": "subscribe", "hub.topic": "{topic}"},
        {"hub.mode": "please", "hub.topic": "{topic}", "hub.challenge": "c"},
        {},
    ],
    ids=["another feed", "to stop", "without a challenge", "something else", "nothing"],
)
def test_what_we_did_not_ask_for_is_not_found(feeds: Connection, ada: Blog, asked: dict[str, str]) -> None:
    told = {name: value.format(topic=ada.address) for name, value in asked.items()}
    assert Client().get(address(feeds, ada, **told)).status_code == 404


def test_a_feed_that_was_taken_off_the_list_is_let_go(feeds: Connection, ada: Blog) -> None:
    Connection.objects.update(settings={"feeds": "https://other.example/"})
    asked = {"hub.topic": ada.address, "hub.challenge": "c"}
    assert Client().get(address(feeds, ada, **asked, **{"hub.mode": "unsubscribe"})).status_code == 200
    assert Client().get(address(feeds, ada, **asked, **{"hub.mode": "subscribe"})).status_code == 404


def test_an_address_that_we_did_not_make_is_not_found(feeds: Connection, ada: Blog) -> None:
    asked = {"hub.mode": "subscribe", "hub.topic": ada.address, "hub.challenge": "c"}
    parts = urlsplit(address(feeds, ada))
    made = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for wrong in (
        {"key": ""},
        {"key": made["key"][:-1] + "x"},
        {"feed": "https://x.example/"},
        {"topic": "x"},
    ):
        assert Client().get(f"{parts.path}?{urlencode(made | wrong | asked)}").status_code == 404
    assert Client().get(f"/hooks/nobody/?{urlencode(made | asked)}").status_code == 404


# --- is it really the hub? -------------------------------------------------------------------------


def test_what_a_hub_signed_is_kept(feeds: Connection, ada: Blog) -> None:
    ada.says(KETTLE)
    body = ada.feed()
    assert brings(address(feeds, ada), body, signed(body, secret(feeds, ada))) == 200
    post = Post.objects.get(channel="feeds")
    assert (post.text, post.is_mention, post.connection) == (KETTLE, True, feeds)


def test_what_a_hub_brings_again_or_changed_is_one_post(feeds: Connection, ada: Blog) -> None:
    entry = ada.says(KETTLE)
    for text in (KETTLE, KETTLE, f"{KETTLE} Loudly."):
        entry.text = text
        assert brings(address(feeds, ada), ada.feed(), signed(ada.feed(), secret(feeds, ada))) == 200
    assert Post.objects.get(channel="feeds").text == f"{KETTLE} Loudly."


def test_who_is_not_that_hub_is_not_found_and_leaves_nothing(feeds: Connection, ada: Blog) -> None:
    ada.says(KETTLE)
    body = ada.feed()
    other = Subscription("https://other.example/", "https://other.example/").secret(feeds.open().account)
    good = signed(body, secret(feeds, ada))
    rows = Post.objects.count(), AuditEntry.objects.count()
    forged = {
        "no header": None,
        "empty": "",
        "no method": good.partition("=")[2],
        "no signature": "sha256=",
        "wrong": signed(body, "wrong"),
        "truncated": good[:-2],
        "of another feed": signed(body, other),
        "of another body": signed(body + b" ", secret(feeds, ada)),
        "a method that nobody uses": f"md5={good.partition('=')[2]}",
        "letters that are none": "sha256=\xe9",
    }
    for how, signature in forged.items():
        assert brings(address(feeds, ada), body, signature) == 404, how
    assert brings(address(feeds, ada), body.replace(b"><", b"> <"), good) == 404, "the same, written anew"
    assert (Post.objects.count(), AuditEntry.objects.count()) == rows
    answers = [
        Client().post(where, body, content_type="text/xml").content
        for where in (address(feeds, ada), "/hooks/nobody/", "/hooks/nobody/?key=x")
    ]
    assert answers[0] == answers[1] == answers[2], "nobody learns which addresses there are"


def test_another_connections_secret_is_not_ours(feeds: Connection, ada: Blog, world: World) -> None:
    ada.says(KETTLE)
    theirs, _health = connecting.connect(world.eve.teammate, Feeds, {"feeds": ada.address}, now=world.now)
    assert brings(address(feeds, ada), ada.feed(), signed(ada.feed(), secret(theirs, ada))) == 404
    assert not Post.objects.filter(channel="feeds").exists()


def test_without_a_secret_nobody_is_believed(feeds: Connection, ada: Blog) -> None:
    account = feeds.open().account
    bare = type(account)(settings=account.settings, hook=account.hook, hook_secret="")
    call = Call(
        "POST", {"feed": ada.address, "topic": ada.address, "key": subscription(ada)._key(bare)}, {}, b""
    )
    with pytest.raises(Exception, match="nothing that we asked for"):
        Feeds(bare).receive(call)


def test_a_paused_connection_keeps_nothing_and_a_removed_one_says_goodbye(
    feeds: Connection, ada: Blog, world: World
) -> None:
    ada.says(KETTLE)
    where, signature = address(feeds, ada), signed(ada.feed(), secret(feeds, ada))
    connecting.pause(feeds, world.dana.teammate, now=world.now)
    assert brings(where, ada.feed(), signature) == 200
    connecting.remove(feeds, world.dana.teammate, now=world.now)
    assert brings(where, ada.feed(), signature) == 410
    assert not Post.objects.filter(channel="feeds").exists()


@pytest.mark.parametrize("body", [b"", b"hello", b"<rss>" + b"<a>" * 100_000, b"\x00" * 1000])
def test_what_is_signed_and_cannot_be_read_breaks_nothing(feeds: Connection, ada: Blog, body: bytes) -> None:
    assert brings(address(feeds, ada), body, signed(body, secret(feeds, ada))) == 200


# --- the door --------------------------------------------------------------------------------------


def test_the_door_takes_no_more_than_it_can_hold(feeds: Connection, ada: Blog) -> None:
    assert brings(address(feeds, ada), b"x" * (5 * 1024 * 1024 + 1), "sha256=x") == 413


def test_the_door_is_not_hammered(feeds: Connection, ada: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_CALLS", 3)
    assert [brings(address(feeds, ada), b"", None) for _call in range(5)][2:] == [404, 429, 429]


def test_only_get_and_post_are_understood(feeds: Connection, ada: Blog) -> None:
    assert Client().put(address(feeds, ada)).status_code == 405


def test_a_channel_that_takes_no_calls_has_no_door(world: World) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(hook="of-bluesky", channel="bluesky")
    assert hooks.connection_called("of-bluesky") is None


# --- where we can be called ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://goodword.shop", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("https://192.168.1.4", False),
        ("https://[::1]", False),
        ("https://goodword", False),
        ("https://goodword.local", False),
        ("https://93.184.216.34", True),
        ("https://10.0.0.5:8443", True),
    ],
)
def test_only_who_can_be_found_asks_to_be_called(settings: Settings, url: str, found: bool) -> None:
    settings.URL, settings.PRIVATE_HOSTS = url, frozenset({"10.0.0.5:8443"})
    assert bool(callback.address_of("token")) is found
    assert callback.address_of(None) == ""


def test_a_connection_that_nobody_can_call_asks_no_hub(
    feeds: Connection, ada: Blog, settings: Settings
) -> None:
    settings.URL = "http://localhost:8000"
    with hub() as its_hub:
        ada.hub = its_hub.address
        listener.listen_once(feeds, stopped=lambda: False)
        assert its_hub.asked() == []


def test_a_hub_is_asked_anew_before_its_promise_ends_and_soon_if_it_did_not_hear(
    feeds: Connection, ada: Blog, settings: Settings
) -> None:
    def listens_after(time: timedelta) -> None:
        feeds.refresh_from_db()
        memory = Memory.read(feeds.cursor)
        for feed in memory.feeds.values():
            feed.next, feed.asked = 0.0, feed.asked - time.total_seconds()
        feeds.cursor = memory.write()
        listener.listen_once(feeds, stopped=lambda: False)

    with hub() as its_hub:
        ada.hub = its_hub.address
        settings.PRIVATE_HOSTS |= {its_hub.place.door}
        heard = [
            (listens_after(time), len(its_hub.asked()))[1]
            for time in (timedelta(0), timedelta(hours=2), names.RENEW_AFTER)
        ]
        assert heard == [1, 1, 2]
        its_hub.place.answers["/hub"] = b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n"
        listens_after(names.RENEW_AFTER)
        listens_after(names.RENEW_AFTER / 48)
        assert len(its_hub.asked()) == 3
        listens_after(timedelta(hours=1))
        assert len(its_hub.asked()) == 4
        assert names.RENEW_AFTER * 5 < names.LEASE


def test_the_page_of_the_connection_names_what_cannot_be_read(
    feeds: Connection, ada: Blog, dana: Member
) -> None:
    ada.status = "404 Not Found"
    listener.listen_once(feeds, stopped=lambda: False)
    page = dana.looks_at(f"/connections/{feeds.pk}/").content.decode()
    assert ada.address in page
    assert "There is nothing at this address any more (404)." in page
    assert "1 part of this connection cannot be read" in page
