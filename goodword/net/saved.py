"""How does a channel talk to the host that was saved in its connection, and to no other?

The owner typed that address, so it may be wrong or ill meant: it is checked, and the connection goes to
the very address that was checked. Private ones must be opened by whoever runs the machine. What it needs
is imported inside the calls, since every channel imports this file.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx
    from ssrfguard import Policy


class NotAdmitted(Exception):
    """The saved address must not be reached from here; `str(error)` is a sentence for its owner."""


CLOSED = (
    "That address lies in a private network or on an unusual port. Whoever runs this machine can open it "
    "by naming it as host:port in GOODWORD_PRIVATE_HOSTS."
)


@contextmanager
def refusing() -> Iterator[None]:
    """Within this block a refused address is NotAdmitted, whichever part noticed it."""
    from ssrfguard import SSRFGuardError

    try:
        yield
    except SSRFGuardError as error:
        raise NotAdmitted(CLOSED) from error


def client(address: str, allowed_private: frozenset[str], *, timeout: float) -> httpx.Client:
    """A client for `address` alone. No redirects, no cookies of others, no proxy from the environment."""
    import httpx
    from ssrfguard.httpx import SafeTransport

    from goodword.net.admission import admit

    with refusing():
        _url, policy = admit(address, allowed_private)
        return httpx.Client(transport=SafeTransport(policy=policy, trust_env=False), timeout=timeout)


def line(address: str, allowed_private: frozenset[str], *, timeout: float) -> socket.socket:
    """An open socket to the host of a ws:// or wss:// address. OSError when nobody answers."""
    from goodword.net.admission import PUBLIC

    return _opened(address.replace("ws", "http", 1), allowed_private, PUBLIC, timeout)


def mail_line(host: str, port: int, allowed_private: frozenset[str], *, timeout: float) -> socket.socket:
    """An open socket to a mail server. OSError when nobody answers, ValueError if that is no host."""
    from goodword.net.admission import MAIL

    name = f"[{host}]" if ":" in host else host
    return _opened(f"http://{name}:{port}/", allowed_private, MAIL, timeout)


def _opened(address: str, allowed_private: frozenset[str], public: Policy, timeout: float) -> socket.socket:
    import httpcore
    import httpx
    from ssrfguard.httpx import SafeBackend

    from goodword.net.admission import admit

    with refusing():
        try:
            url, policy = admit(address, allowed_private, public)
            port = url.port or (443 if url.scheme == "https" else 80)
            stream = SafeBackend(policy=policy).connect_tcp(url.host, port, timeout=timeout)
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from error
        except httpcore.NetworkError as error:
            raise OSError(str(error)) from error
        except httpcore.TimeoutException as error:
            raise TimeoutError(str(error)) from error
    opened: socket.socket = stream.get_extra_info("socket")
    opened.settimeout(None)
    return opened
