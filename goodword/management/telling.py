"""How does a command that takes long say how far it has come, without a line for every step?"""

from __future__ import annotations

import time
from collections.abc import Callable

TELL_EVERY = 2.0  # seconds


def told_now_and_then(say: Callable[[str], object], sentence: str) -> Callable[[int, int], None]:
    """A function to call with what is done and the whole: now and then it says so, in this sentence."""
    told_at = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_EVERY:
            told_at = time.monotonic()
            say(sentence % {"done": f"{done:,}", "total": f"{total:,}"})

    return tell
