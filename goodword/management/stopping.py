"""When is it time to stop? At Ctrl+C, at a service manager's TERM, or when the parent process is gone."""

import os
import signal
import threading
import time
from types import FrameType

LOOK_EVERY = 2.0  # seconds


def until_stopped() -> threading.Event:
    """An event that is set by SIGINT or SIGTERM; what is being done is finished first."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    end_with_parent()
    return stopped


def end_with_parent() -> None:
    """A parent that was killed hard cannot tell its children: they look, and end themselves by SIGTERM."""
    if os.environ.get("GOODWORD_PARENT"):
        threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = int(os.environ["GOODWORD_PARENT"])
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
