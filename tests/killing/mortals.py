"""How does a process live that may be killed at any moment? Forked from a warm parent: a life costs little.

The parent has loaded everything and holds no connection to the database, so that each child opens its
own, as a worker that was just started does.
"""

from __future__ import annotations

import os
import select
import signal
import time
import traceback
from collections.abc import Callable

from django.db import connections

Life = Callable[[], object]

LONGEST_LIFE = 60.0  # seconds; whoever is alive by then hangs
STUMBLED = 1


class Mortal:
    """A child process that lives one life. It says when it is born: a kill before that proves nothing."""

    def __init__(self, life: Life) -> None:
        connections.close_all()
        self._hears, says = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _live(life, says)
        os.close(says)
        self._wait_until(b"born")

    def dies_within(self, seconds: float) -> None:
        """Let it live a little, then kill -9: it can neither finish nor tidy up."""
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGKILL)
        self.ends()

    def ends(self) -> None:
        """Wait for its end, killed or not. AssertionError when it stumbled over something by itself."""
        said = self._rest()
        _pid, status = os.waitpid(self.pid, 0)
        os.close(self._hears)
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL), said.decode(errors="replace")

    def _wait_until(self, word: bytes) -> None:
        heard = os.read(self._hears, len(word))
        assert heard == word, heard

    def _rest(self) -> bytes:
        said = b""
        while True:
            ready, _, _ = select.select([self._hears], [], [], LONGEST_LIFE)
            if not ready:
                os.kill(self.pid, signal.SIGKILL)
                return b"it lived too long: something hangs"
            more = os.read(self._hears, 65536)
            if not more:
                return said
            said += more


def _live(life: Life, says: int) -> None:
    """In the child. It leaves by _exit: nothing of pytest's must run a second time."""
    status = STUMBLED
    try:
        os.write(says, b"born")
        life()
        status = 0
    except BaseException:
        os.write(says, traceback.format_exc().encode())
    finally:
        os._exit(status)


def all_at_once(lives: list[Life]) -> None:
    """Let them live side by side, each to its end."""
    mortals = [Mortal(life) for life in lives]
    for mortal in mortals:
        mortal.ends()
