"""`python -m tests.kills.driver hear|send CHANNEL KILLS POSTS SEED`: work, be killed, and begin again.

Django is loaded once; each life is a fork of this process, killed by `kill -9` after a moment of chance,
or by itself at the two worst moments of sending. At the end one life runs undisturbed, and what the
database then holds is printed as JSON.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import django

django.setup()

from django.db import connections  # noqa: E402

from goodword import pipeline  # noqa: E402
from goodword.conversations import outbox, replying  # noqa: E402
from goodword.conversations.models import Conversation, Delivery  # noqa: E402
from goodword.listening.listener import listen_once  # noqa: E402
from goodword.listening.models import Connection, Post  # noqa: E402
from goodword.team.membership import make_owner  # noqa: E402
from goodword.team.models import Brand  # noqa: E402
from tests.kills.faraway import BEGAN, ToFaraway  # noqa: E402

LONGEST_LIFE = 1.0  # seconds without a request: it has nothing left to do
LAST_MOMENT = 0.02  # seconds after the last request: spreads the kills over what follows it
BETWEEN_LIVES = timedelta(minutes=3)  # every lease of a life that was killed has run out by then
Work = Callable[[datetime], bool]  # is anything left to do?


def main(what: str, channel: str, kills: int, posts: int, seed: int) -> None:
    random.seed(seed)
    work = {"hear": hear, "send": send}[what]
    _begin(channel)
    if what == "send":
        hear(BEGAN)
        _write_replies()
    ToFaraway.dies = 0.3 if what == "send" else 0.0
    now, interrupted = BEGAN + timedelta(hours=1), 0
    for _life in range(kills):
        now += BETWEEN_LIVES
        interrupted += _live(work, now)
    ToFaraway.dies = 0.0
    for _round in range(2):  # what was in flight is looked at only when its time to settle is over
        now += BETWEEN_LIVES
        while work(now):
            pass
    print(json.dumps({"kills": kills, "interrupted": interrupted, **_what_is_there()}))


def hear(now: datetime) -> bool:
    connection = Connection.objects.select_related("brand").get()
    listen_once(connection, stopped=Event().is_set)
    return bool(pipeline.advance_all(now))


def send(now: datetime) -> bool:
    return bool(outbox.settle_interrupted(now) + outbox.send_due(now))


def _live(work: Work, now: datetime) -> int:
    """One life, ended by kill -9; 1 if it had already ended itself between a request and its commit."""
    connections.close_all()
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        random.seed(os.urandom(8))
        ToFaraway.tells = tells
        while work(now):
            pass
        signal.pause()  # nothing left to do: wait for the end
    os.close(tells)
    _wait_for_requests(hears, random.randint(0, 4))
    time.sleep(random.uniform(0, LAST_MOMENT))
    already, status = os.waitpid(child, os.WNOHANG)
    if not already:
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
    os.close(hears)
    assert os.WIFSIGNALED(status), "a life ended by an error: its words stand above"
    return int(bool(already))


def _wait_for_requests(hears: int, count: int) -> None:
    """A life is as long as a few requests, and not a time: a busy machine would never reach the first."""
    for _request in range(count):
        ready, _, _ = select.select([hears], [], [], LONGEST_LIFE)
        if not ready or not os.read(hears, 1):
            return  # it has nothing left to do, or is dead already


def _begin(channel: str) -> None:
    brand = Brand.objects.create(name="Kettle & Co")
    Connection.objects.create(brand=brand, channel=channel, name="Faraway", made_at=BEGAN)
    make_owner(brand, "dana@kettle.example", now=BEGAN)


def _write_replies() -> None:
    dana = Brand.objects.get().teammates.get()
    for post in Post.objects.filter(is_ours=False):
        replying.reply(post, dana, "It does.", key=f"reply-{post.pk}", now=BEGAN, anyway=True)


def _what_is_there() -> dict[str, object]:
    deliveries = Delivery.objects.values_list("key", "state", "trouble")
    return {
        "cursor": Connection.objects.get().cursor,
        "posts": list(Post.objects.filter(is_ours=False).values_list("native_id", flat=True)),
        "steps": sorted(set(Post.objects.values_list("step", flat=True))),
        "conversations": Conversation.objects.count(),
        "deliveries": {key: state for key, state, _trouble in deliveries},
        "silent": [key for key, state, trouble in deliveries if state == "unknown" and not trouble],
        "our posts": Post.objects.filter(is_ours=True).count(),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
