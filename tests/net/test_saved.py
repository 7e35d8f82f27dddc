"""A channel reaches the host saved in its connection, and no private one that nobody opened."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from goodword.net import saved


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def port_of(server: socket.socket) -> int:
    return int(server.getsockname()[1])


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1",
        "http://localhost",
        "http://169.254.169.254",
        "http://[::1]",
        "http://2130706433",
        "https://10.0.0.8",
        "http://user@127.0.0.1",
        "file:///etc/passwd",
    ],
)
def test_private_addresses_are_refused_with_what_to_do(address: str) -> None:
    with pytest.raises(saved.NotAdmitted, match="GOODWORD_PRIVATE_HOSTS"), saved.refusing():
        saved.client(address, frozenset(), timeout=1).get(address)
    with pytest.raises((saved.NotAdmitted, ValueError)):
        saved.line(address.replace("http", "ws", 1), frozenset(), timeout=1)


def test_a_name_that_leads_into_our_network_reaches_nobody(canary: socket.socket) -> None:
    address = f"http://localhost:{port_of(canary)}"
    with pytest.raises(saved.NotAdmitted), saved.refusing():
        saved.client(address, frozenset(), timeout=1).get(address)
    with pytest.raises(TimeoutError):
        canary.accept()


def test_what_the_owner_opened_is_reached(canary: socket.socket) -> None:
    opened = frozenset({f"127.0.0.1:{port_of(canary)}"})
    line = saved.line(f"ws://127.0.0.1:{port_of(canary)}/stream", opened, timeout=1)
    accepted, _from = canary.accept()
    line.sendall(b"hello")
    assert accepted.recv(5) == b"hello"
    line.close()
    accepted.close()


def test_an_opened_host_opens_no_other_port(canary: socket.socket) -> None:
    opened = frozenset({"127.0.0.1:9"})
    with pytest.raises(saved.NotAdmitted):
        saved.line(f"ws://127.0.0.1:{port_of(canary)}", opened, timeout=1)
