"""A Redis of our own for the tests (the Bluesky AppView wants one): in memory, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import Server, free_port, listens_on, missing


@contextmanager
def redis() -> Iterator[str]:
    """Start a server and yield its `host:port`."""
    program = shutil.which("redis-server")
    if program is None:
        missing("Redis (apt-get install redis-server)")
        return
    with tempfile.TemporaryDirectory(prefix="goodword-redis-", ignore_cleanup_errors=True) as folder:
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = Server(command, Path(folder) / "log")
        try:
            server.wait_until(lambda: listens_on(port), seconds=10)
            yield f"127.0.0.1:{port}"
        finally:
            server.stop()
