"""A line to a real server, that can be made to fail in the ways lines and servers do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class BadLine(ThreadingHTTPServer):
    """`trouble` is "" (all passes), goes_down, asks_to_wait (429), loses_answers (of writes) or
    cannot_search."""

    daemon_threads = True

    def __init__(self, service: str) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.service = service
        self.trouble = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Call(BaseHTTPRequestHandler):
    server: BadLine

    def do_GET(self) -> None:
        if self.server.trouble == "cannot_search" and "searchPosts" in self.path:
            self._bring_back(httpx.Response(502, json={"error": "UpstreamFailure"}))
        elif not self._is_cut_off():
            self._bring_back(httpx.get(f"{self.server.service}{self.path}", headers=self._kept()))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self._is_cut_off():
            return
        answer = httpx.post(f"{self.server.service}{self.path}", content=body, headers=self._kept())
        if not (self.server.trouble == "loses_answers" and "repo.putRecord" in self.path):
            self._bring_back(answer)

    def _is_cut_off(self) -> bool:
        if self.server.trouble == "asks_to_wait":
            headers = {"ratelimit-reset": str(int(time.time()) + 120)}
            self._bring_back(httpx.Response(429, headers=headers, json={"error": "RateLimitExceeded"}))
        return self.server.trouble in ("goes_down", "asks_to_wait")

    def _kept(self) -> dict[str, str]:
        return {
            name: value for name in ("authorization", "content-type") if (value := self.headers.get(name))
        }

    def _bring_back(self, answer: httpx.Response) -> None:
        self.send_response(answer.status_code)
        for name in ("content-type", "ratelimit-reset"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        pass  # the tests say enough


@contextmanager
def bad_line(service: str) -> Iterator[BadLine]:
    with BadLine(service) as line:
        thread = threading.Thread(target=line.serve_forever)
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()
