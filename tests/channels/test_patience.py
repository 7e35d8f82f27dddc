"""A listener waits for its server, and stops at once when told to."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from goodword.channels.base import Account, Watch
from goodword.channels.bluesky import Bluesky
from goodword.channels.patience import Stopped, patiently
from tests.servers.bluesky_network import opened_by

AT_ONCE = 1.5  # seconds; the promise is two


def never() -> bool:
    return False


def test_an_answer_comes_back_and_so_does_an_error() -> None:
    assert patiently(lambda: 7, never) == 7
    with pytest.raises(ZeroDivisionError):
        patiently(lambda: 1 // 0, never)


def test_an_error_of_the_call_is_not_mistaken_for_waiting() -> None:
    def too_late() -> None:
        raise TimeoutError("the server took too long")

    with pytest.raises(TimeoutError, match="the server took too long"):
        patiently(too_late, never)


def test_a_call_that_hangs_is_given_up_when_we_are_to_stop() -> None:
    ended = threading.Event()
    with pytest.raises(Stopped):
        patiently(lambda: ended.wait(10), lambda: True)
    ended.set()


def test_a_listener_stops_at_once_although_its_server_hangs() -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = {"service": address, "handle": "brand.test", "firehose": ""}
        account = Account(settings, {"password": "x"}, allowed_private=opened_by(address))
        threading.Timer(0.3, stop.set).start()
        began = time.monotonic()

        assert list(Bluesky(account).listen(Watch(stopped=stop.is_set), None)) == []
        assert time.monotonic() - began < AT_ONCE
