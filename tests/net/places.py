"""Small servers on this machine that answer as badly as a test wants, and remember who came."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behave = Callable[[socket.socket], None]


class Place:
    """A server on a free port of 127.0.0.1. `answers` maps a path to bytes, or to what it does."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.answers: dict[str, bytes | Behave] = {}
        self.behave: Behave | None = None  # whatever is asked for
        self.requests: list[str] = []
        self.bodies: list[bytes] = []  # of those requests that had one
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def door(self) -> str:
        """As an owner would open it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.door}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.split(" ", 2)[1] for request in self.requests]

    def close(self) -> None:
        self.closing.set()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _address = self._listener.accept()
                threading.Thread(target=self._answer, args=(visitor,), daemon=True).start()

    def _answer(self, visitor: socket.socket) -> None:
        with suppress(OSError):
            if self.tls:
                visitor = self.tls.wrap_socket(visitor, server_side=True)
            self._speak(visitor)

    def _speak(self, visitor: socket.socket) -> None:
        with visitor:
            head = b""
            while b"\r\n\r\n" not in head:
                packet = visitor.recv(65536)
                if not packet:
                    return
                head += packet
            head, _, body = head.partition(b"\r\n\r\n")
            self.requests.append(head.decode("latin-1"))
            self._take(body, visitor)
            answer = self.behave or self.answers.get(
                self.paths[-1], said(b"not here", status="404 Not Found")
            )
            if callable(answer):
                answer(visitor)
            else:
                visitor.sendall(answer)

    def _take(self, body: bytes, visitor: socket.socket) -> None:
        length = re.search(r"(?i)\ncontent-length: (\d+)", self.requests[-1])
        if length is None:
            return
        while len(body) < int(length[1]):
            body += visitor.recv(65536)
        self.bodies.append(body)


@contextmanager
def opened_place(tls: ssl.SSLContext | None = None) -> Iterator[Place]:
    place = Place(tls)
    try:
        yield place
    finally:
        place.close()


def said(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def moved_to(url: str, status: str = "302 Found") -> bytes:
    return said(b"", f"Location: {url}", status=status)
