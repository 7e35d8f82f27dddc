"""A place in another process, which survives while we are killed; and its channel."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from goodword.channels import base
from goodword.channels.base import Author, Cap, Draft, Post, Seen, Sent

BEGAN = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PAGE = 10  # events a request gives
PORT_VARIABLE = "FARAWAY_PORT"


# --- the place, in the process of the test ---------------------------------------------------------


@dataclass
class Faraway:
    """What was said there, and how often each of our replies was accepted."""

    said: list[str] = field(default_factory=list)  # native ids
    accepted: Counter[str] = field(default_factory=Counter)  # by key
    port: int = 0


@contextmanager
def opened(posts: int) -> Iterator[Faraway]:
    place = Faraway([f"post-{number}" for number in range(posts)])

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            what, _, which = self.path.strip("/").partition("/")
            if what == "said":
                self._answer(place.said[int(which) : int(which) + PAGE])
            else:
                self._answer(place.accepted[which])

        def do_POST(self) -> None:
            place.accepted[self.path.strip("/")] += 1  # accepted before it is answered: as in life
            self._answer("accepted")

        def _answer(self, what: Any) -> None:
            body = json.dumps(what).encode()
            with suppress(ConnectionError):  # whoever asked was killed
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        place.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield place
        server.shutdown()


# --- the channel, in the process that is killed ----------------------------------------------------


class ToFaraway(base.Channel):
    key = "faraway"
    name = "Faraway"
    connectable = False
    caps = frozenset({Cap.HEAR, Cap.REPLY, Cap.RESUME, Cap.LOOK_UP})

    # How often we die at the two worst moments: just before and just after it accepted.
    dies: ClassVar[float] = 0.0
    tells: ClassVar[int | None] = None  # a pipe that hears of each request

    def listen(self, watch: base.Watch, cursor: str | None) -> Iterator[base.Event]:
        position = int(cursor or 0)
        while page := _ask(f"said/{position}"):
            self._tell()
            for native_id in page:
                yield Seen(self._post(native_id))
            position += len(page)
            yield base.Checkpoint(str(position))
            if watch.stopped():
                return

    def _post(self, native_id: str) -> Post:
        author = Author(f"author of {native_id}")
        return Post(native_id, author, "Does it whistle?", BEGAN, addressed=True, reference={"id": native_id})

    def send(self, draft: Draft) -> Sent:
        self._tell()
        _maybe_die(self.dies)
        _ask(draft.key, post=True)
        _maybe_die(self.dies)
        return Sent(f"reply {draft.key}")

    def _tell(self) -> None:
        if self.tells is not None:
            os.write(self.tells, b"!")

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        return Sent(f"reply {key}") if _ask(f"accepted/{key}") else None


class ToFarawayBlindly(ToFaraway):
    """The same place, where nobody can look up what arrived: like text messages."""

    key = "faraway-blindly"
    caps = ToFaraway.caps - {Cap.LOOK_UP}


def _ask(what: str, *, post: bool = False) -> Any:
    address = f"http://127.0.0.1:{os.environ[PORT_VARIABLE]}/{what}"
    with urllib.request.urlopen(address, data=b"" if post else None, timeout=10) as answer:
        return json.load(answer)


def _maybe_die(chance: float) -> None:
    if random.random() < chance:
        os.kill(os.getpid(), signal.SIGKILL)
