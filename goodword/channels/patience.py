"""How does a listener wait for a server that may hang, and still stop at once when told to?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

LOOK_UP_EVERY = 0.2  # seconds between looks whether we are to stop


class Stopped(Exception):
    """We are to stop, while a call is still waiting for its answer."""


def patiently(call: Callable[[], T], stopped: Callable[[], bool]) -> T:
    """Make the call and wait for it; Stopped as soon as we are to stop.

    The call runs in a thread of its own. One that is given up ends by its own deadline, unheard.
    """
    answer: Future[T] = Future()
    threading.Thread(target=_make, args=(call, answer), name="patiently", daemon=True).start()
    while not answer.done():
        if stopped():
            raise Stopped
        with suppress(TimeoutError):
            answer.exception(timeout=LOOK_UP_EVERY)
    return answer.result()


def _make(call: Callable[[], T], answer: Future[T]) -> None:
    try:
        answer.set_result(call())
    except Exception as error:
        answer.set_exception(error)
