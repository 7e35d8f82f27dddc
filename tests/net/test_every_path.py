"""Whatever takes an address from outside meets the 42 hostile ones: not one connection is made.

A new file that opens addresses fails here until the path to it is walked.
"""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from ssrfguard.httpx import SafeBackend, SafeTransport

from goodword import CHECKOUT
from goodword.channels.base import Account, ChannelError, Watch
from goodword.channels.bluesky import Bluesky
from goodword.channels.bluesky.service import Service as BlueskyService
from goodword.channels.email import finding as mail_finding
from goodword.channels.email.lines import Server
from goodword.channels.feeds import Feeds
from goodword.channels.feeds.websub import Subscription, ask_hub
from goodword.channels.hackernews import HackerNews
from goodword.listening import addresses, media
from goodword.net import saved
from goodword.net.client import fetch
from goodword.net.trouble import NotFetched
from goodword.notifying import chats, devices
from goodword.notifying.flavours import ChatWords
from goodword.notifying.models import ChatHook, PushSubscription
from goodword.store import vault
from tests.net.test_hostile_addresses import GOOD, HOSTILE
from tests.notifying.test_webpush import EXAMPLE

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
REFUSALS = (NotFetched, ChannelError, saved.NotAdmitted, media.Missing, chats.NotReached, ValueError)


class Path(NamedTuple):
    """A way on which an address from outside comes to be opened."""

    file: str  # that opens it, below goodword/
    walk: Callable[[str], object]
    goes_out: bool = True  # to good ones, as a web address does


def feeds(**settings: str) -> Feeds:
    return Feeds(Account(settings))


def listened(url: str) -> None:
    *_, checkpoint = feeds(feeds=url).listen(Watch(), None)
    raise NotFetchedAsTold(Feeds.troubles(checkpoint.cursor)[0].sentence)  # type: ignore[union-attr]


class NotFetchedAsTold(ValueError):
    """It was kept as the trouble of one feed."""


def nothing(found: object) -> None:
    if not found:
        raise ValueError("nothing was found there")


def chat(url: str) -> None:
    row = ChatHook(name="Team", flavour="signed", locked=vault.lock({"address": url, "secret": "s" * 40}))
    words = ChatWords(
        kind="reply", brand="Kettle & Co", title="t", link="https://a.example/", link_words="Open"
    )
    chats.post(row, words, name="1", now=NOW)


def device(url: str) -> None:
    keys = {"p256dh": str(EXAMPLE["p256dh"]), "auth": str(EXAMPLE["auth"])}
    devices.wake(PushSubscription(endpoint=url, **keys), {"title": "t"}, topic="t", now=NOW)


def page(url: str) -> None:
    _page, trouble = addresses._page(url, NOW)
    if trouble:
        raise ValueError(trouble)


def bluesky(url: str) -> Account:
    return Account(
        {"service": url, "firehose": url.replace("http", "ws", 1), "handle": "a.example"}, {"password": "p"}
    )


def mail(url: str) -> None:
    Server.named(urlsplit(url).netloc, 993, frozenset()).connected(frozenset())


def of_saved(url: str) -> None:
    with saved.refusing(), saved.client(url, frozenset(), timeout=1) as client:
        try:
            client.get(url)
        except httpx.ConnectError as error:
            raise ValueError from error


HUB = Subscription("https://a.example/", "https://a.example/")
PATHS = {
    "what is fetched": Path("", lambda url: fetch(url, max_bytes=9, deadline=2)),
    "what is posted": Path("", lambda url: fetch(url, max_bytes=9, deadline=2, body=b"x")),
    "a saved client": Path("", of_saved),
    "a saved line": Path("", lambda url: saved.line(url.replace("http", "ws", 1), frozenset(), timeout=1)),
    "a picture": Path("listening/media.py", lambda url: media._original(url)),
    "a page that is logged": Path("listening/addresses.py", page),
    "a feed when it is connected": Path("channels/feeds/looking.py", lambda url: feeds(feeds=url).check()),
    "a feed that is followed": Path("channels/feeds/looking.py", listened),
    "a feed of comments": Path("channels/feeds/looking.py", lambda url: feeds(comments=url).check()),
    "a search by feed": Path(
        "channels/feeds/looking.py", lambda url: list(feeds(feeds=f"{url}?q={{words}}").find("tea"))
    ),
    "the feed of a page": Path("channels/feeds/looking.py", lambda url: nothing(feeds().read_address(url))),
    "the hub of a feed": Path(
        "channels/feeds/websub.py",
        lambda url: nothing(ask_hub(url, HUB, Account({}, hook="https://b.example/"), "subscribe")),
    ),
    "a mirror of Hacker News": Path(
        "channels/hackernews/service.py",
        lambda url: HackerNews(Account({"search": url, "items": url})).check(),
    ),
    "a Bluesky service": Path("channels/bluesky/service.py", lambda url: Bluesky(bluesky(url)).check()),
    "a Bluesky stream": Path(
        "channels/bluesky/service.py", lambda url: BlueskyService(bluesky(url)).open_firehose(None)
    ),
    "the settings of a mail domain": Path(
        "channels/email/finding.py", lambda url: nothing(mail_finding.published_at(url))
    ),
    "a mail server": Path("channels/email/lines.py", mail, goes_out=False),
    "a team's chat": Path("notifying/chats.py", chat),
    "a browser to be woken": Path("notifying/devices.py", device),
}
each_path = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where a socket was asked to go; none of them gets there."""
    tried: list[tuple[str, int]] = []

    def refuse(_socket: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[:2])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.slow  # 800 of them; the client itself meets the 42 in the quick suite
@each_path
@pytest.mark.parametrize("url", HOSTILE)
def test_no_path_leads_to_a_hostile_address(path: Path, url: str, connections: list[tuple[str, int]]) -> None:
    with pytest.raises(REFUSALS):
        path.walk(url)
    assert connections == []


@pytest.mark.parametrize(("url", "goes_to"), GOOD.items())
@pytest.mark.parametrize(
    "path", [p for p in PATHS.values() if p.goes_out], ids=[n for n, p in PATHS.items() if p.goes_out]
)
def test_every_path_leads_to_a_good_one(
    path: Path, url: str, goes_to: tuple[str, int], connections: list[tuple[str, int]]
) -> None:
    """Else nothing would be proved by what does not arrive."""
    with pytest.raises((*REFUSALS, OSError)):
        path.walk(url)
    assert set(connections) == {goes_to}


@each_path
def test_no_path_follows_a_name_that_leads_into_our_network(
    path: Path, connections: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is public when it is asked for the first time, and ours from then on."""
    answers: list[str] = []

    def rebinding(_host: str, port: int, *_rest: object, **_more: object) -> list[object]:
        answers.append("8.8.8.8" if not answers else "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[-1], port))]

    # Functions took the system's resolver as their default when they were made.
    for function in (fetch, SafeBackend.__init__, SafeTransport.__init__):
        defaults = dict(function.__kwdefaults__ or {})
        if "resolver" in defaults:
            monkeypatch.setattr(function, "__kwdefaults__", defaults | {"resolver": rebinding})
    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises((*REFUSALS, OSError)):
        path.walk("http://rebinding.example/")
    assert {address for address, _port in connections} == {"8.8.8.8"}


def test_every_file_that_opens_addresses_is_walked_here() -> None:
    root = CHECKOUT / "goodword"
    opening = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if file.relative_to(root).parts[0] != "net"
        and re.search(r"net\.client import .*fetch|net import saved", file.read_text("utf-8"))
    }
    assert opening == {path.file for path in PATHS.values() if path.file}


@pytest.mark.slow
def test_ten_thousand_names_that_change_their_answers_lead_nowhere(
    connections: list[tuple[str, int]],
) -> None:
    """Public or ours by chance at each question, and sometimes both at once."""
    chance = random.Random(7)
    answers = (["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1", "8.8.4.4"], ["::1"])

    def fickle(_host: str, port: int, *_rest: object) -> list[object]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in chance.choice(answers)
        ]

    for number in range(10_000):
        with pytest.raises(NotFetched):
            fetch(f"http://fickle-{number}.example/", max_bytes=9, deadline=5, resolver=fickle)  # type: ignore[arg-type]
    assert {address for address, _port in connections} == {"8.8.8.8"}
