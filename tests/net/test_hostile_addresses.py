"""No address, however it is written, leads into our own network."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.net.admission import BadEntry, admit
from goodword.net.client import fetch
from goodword.net.trouble import NotFetched, Why

HOSTS = [
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0177.0.0.1",
    "169.254.169.254/latest/meta-data",
    "[::ffff:169.254.169.254]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]",
    "[::127.0.0.1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[fd00::1]",
    "[2001:db8::1]",
    "[100::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.0.192",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "user@127.0.0.1",
    "example.com@127.0.0.1",
    "127.0.0.1\\@example.com",
    "8.8.8.8:22",
    "8.8.8.8:6379",
]
HOSTILE = [f"http://{host}/" for host in HOSTS] + [
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_x",
    "ftp://127.0.0.1/",
]
GOOD = {
    "http://8.8.8.8/": ("8.8.8.8", 80),
    "https://1.1.1.1/feed.xml": ("1.1.1.1", 443),
    "https://93.184.216.34/a?b=c": ("93.184.216.34", 443),
    "http://[2606:4700:4700::1111]/": ("2606:4700:4700::1111", 80),
}


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where a socket was asked to go; none of them gets there."""
    tried: list[tuple[str, int]] = []

    def refuse(_socket: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[:2])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def fetched(url: str, **options: object) -> NotFetched:
    with pytest.raises(NotFetched) as failure:
        fetch(url, **{"max_bytes": 1000, "deadline": 2, **options})  # type: ignore[arg-type]
    return failure.value


def test_there_are_forty_two_hostile_addresses() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == 42


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_before_any_connection(
    url: str, connections: list[tuple[str, int]]
) -> None:
    assert fetched(url).why is Why.REFUSED
    assert connections == []


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_looked_up_only_where_it_is_a_name(url: str) -> None:
    asked: list[str] = []

    def nobody_home(host: str, *_rest: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror

    fetched(url, resolver=nobody_home)
    assert set(asked) <= {"localhost", "0x7f000001"}


@pytest.mark.parametrize(("url", "goes_to"), GOOD.items())
def test_a_public_address_is_connected_as_it_is_written(
    url: str, goes_to: tuple[str, int], connections: list[tuple[str, int]]
) -> None:
    assert fetched(url).why is Why.UNREACHABLE
    assert connections == [goes_to]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no address",
        "http://",
        "http://\ud800/",
        "http://example.com/\ud800",
        "http://exa\x00mple.com/",
        "http://example.com:99999/",
        "http://[::1",
        "//example.com/",
        "http://" + "a" * 70 + ".example/",
        "http://example.com/" + "a" * 1_000_000,
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused_in_words(url: str, connections: list[tuple[str, int]]) -> None:
    trouble = fetched(url)
    assert trouble.why is Why.REFUSED
    assert str(trouble) == "This address is not a public web address, so it was not opened."
    assert connections == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["", "http://", "https://", "http://[", "http://a@"]))
def test_no_text_at_all_raises_anything_else_or_reaches_this_machine(text: str, start: str) -> None:
    def all_names_are_ours(_host: str, port: int, *_rest: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    assert fetched(start + text, resolver=all_names_are_ours).why is Why.REFUSED


def test_the_owner_opens_one_port_of_one_host_and_no_more() -> None:
    opened = frozenset({"10.0.0.5:8080", "[fd00::5]:80", "wiki.local:80"})
    for url in ("http://10.0.0.5:8080/a", "http://[fd00::5]/", "http://WIKI.local/"):
        assert admit(url, opened)
    for url in ("http://10.0.0.5/", "http://10.0.0.6:8080/", "http://10.0.0.5:8081/", "ftp://10.0.0.5:8080/"):
        assert fetched(url, allowed_private=opened).why is Why.REFUSED


@pytest.mark.parametrize("entry", ["10.0.0.5", ":80", "wiki.local:http", "*:80"])
def test_an_entry_that_opens_nothing_or_everything_is_said_aloud(entry: str) -> None:
    with pytest.raises((BadEntry, ValueError)):
        admit("http://example.com/", frozenset({entry}))
