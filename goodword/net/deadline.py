"""How is one deadline kept for a whole fetch? By asking the clock before each wait.

A time limit per read does not help against a server that sends one byte a second: each read is quick.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import BoundedSemaphore, Thread
from typing import Any

import httpcore
from ssrfguard import Policy, Resolver
from ssrfguard.httpx import SafeBackend

# A lookup of a name cannot be cancelled. So many may hang at once; after that, fetches wait their turn.
_lookups = BoundedSemaphore(32)


@dataclass(frozen=True)
class Deadline:
    at: float  # on the monotonic clock, in seconds

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left, always more than none. Raises TimeoutError when the time is up."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this fetch is up")
        return left


class WithDeadline(httpcore.NetworkBackend):
    """Connects as `guarded` does, and gives every wait no more than what is left."""

    def __init__(self, guarded: SafeBackend, policy: Policy, until: Deadline) -> None:
        self.guarded = guarded
        self.attempts = policy.max_connection_attempts
        self.until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        # The guard waits this long for each address of the name, one after the other.
        each = self.until.left() / self.attempts
        stream = self.guarded.connect_tcp(host, port, each, local_address, socket_options)
        return _StreamWithDeadline(stream, self.until)


class _StreamWithDeadline(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, until: Deadline) -> None:
        self.stream = stream
        self.until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.until.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.until.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, self.until.left())
        return _StreamWithDeadline(secured, self.until)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def resolver_within(until: Deadline, resolver: Resolver) -> Resolver:
    """The same resolver, waited for no longer than the deadline: the system's own knows no time limit."""

    def resolve(*question: Any) -> Any:
        if not _lookups.acquire(timeout=until.left()):
            raise TimeoutError("too many lookups of names hang")
        answer: Future[Any] = Future()
        Thread(target=_look_up, args=(resolver, question, answer), daemon=True).start()
        return answer.result(timeout=until.left())

    return resolve


def _look_up(resolver: Resolver, question: tuple[Any, ...], answer: Future[Any]) -> None:
    try:
        answer.set_result(list(resolver(*question)))
    except Exception as error:
        answer.set_exception(error)
    finally:
        _lookups.release()
