"""How is a server of the tests started, and how is it certain that it ends with them?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

# The shell leads the group of processes and holds the other end of a pipe from us: when we end, even by
# kill -9, the pipe closes and the whole group goes. `$@` is the server.
GUARD = """
trap '' TERM INT
(trap - TERM INT; exec "$@") </dev/null &
read -r _
kill -INT 0
kill -TERM 0
tries=0
while kill -0 $! 2>/dev/null && [ $tries -lt 20 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -KILL 0
"""
GRACE = 5.0  # seconds a server gets to end by itself


class Server:
    """One server process, with all it starts, in a group of its own."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        ends_on: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.log = log
        self._ends_on = ends_on
        with log.open("wb") as output:
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "guard", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait for the server to answer. RuntimeError, with the end of its log, if it does not."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"The server did not start within {seconds} s:\n{self.log_end()}")
            time.sleep(0.05)

    def log_end(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """End the whole group: asked first, killed after a moment."""
        if self._guard.poll() is not None:
            return
        _signal_group(self._guard.pid, self._ends_on)
        deadline = time.monotonic() + GRACE
        while _others_in_group(self._guard.pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._guard.stdin is not None:
            self._guard.stdin.close()  # lets the guard finish, so that it buries its dead
        try:
            self._guard.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            _signal_group(self._guard.pid, signal.SIGKILL)
            self._guard.wait()


def missing(what: str) -> None:
    """A server that cannot be had fails in CI, and is skipped aloud elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must test against it.")
    pytest.skip(f"{what} is missing: this was NOT tested.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens_on(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _others_in_group(group: int) -> bool:
    """Is anybody but the guard itself left in its group?"""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        state, its_group = fields[0], int(fields[2])
        if its_group == group and int(status.parent.name) != group and state != "Z":
            return True
    return False
