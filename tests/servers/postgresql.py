"""A PostgreSQL of our own for the tests: Debian's, in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.processes import Server, free_port, missing

# What a crash would lose is of no worth in a test; without these three the suite is several times slower.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
FAST_SHUTDOWN = signal.SIGINT  # SIGTERM would wait for every open connection
START_WITHIN = 30.0  # seconds, on a busy machine


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """`postgresql://...` of an empty database `goodword` whose owner may do everything."""
    with postgresql() as url:
        yield url


@contextmanager
def postgresql(database: str = "goodword") -> Iterator[str]:
    """Start a server with one empty database and yield its address."""
    programs = _programs()
    if programs is None:
        missing("PostgreSQL (apt-get install postgresql-15)")
        return
    with tempfile.TemporaryDirectory(prefix="goodword-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_owner = _owner_of(folder)
        data, port = folder / "data", free_port()
        _run(
            [*as_owner, programs / "initdb", "-D", data, "-U", "goodword", "-A", "trust", "-E", "UTF8", "-N"]
        )
        command = [*as_owner, str(programs / "postgres"), "-D", str(data), *_options(folder, port)]
        server = Server(command, folder / "log", ends_on=FAST_SHUTDOWN)
        try:
            server.wait_until(lambda: _answers(programs, port), START_WITHIN)
            _run([programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "goodword", database])
            yield f"postgresql://goodword@127.0.0.1:{port}/{database}"
        finally:
            server.stop()


def _programs() -> Path | None:
    """The folder of the newest installed server; Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    in_path = shutil.which("postgres")
    return Path(in_path).parent if in_path else None


def _owner_of(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: there, the system's own `postgres` runs it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _options(folder: Path, port: int) -> list[str]:
    settings = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FAST)
    return [part for setting in (*settings, "max_connections=200") for part in ("-c", setting)]


def _answers(programs: Path, port: int) -> bool:
    command = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False, timeout=10).returncode == 0


def _run(command: list[str | Path]) -> None:
    try:
        subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=60, cwd="/")
    except subprocess.CalledProcessError as error:
        raise RuntimeError(error.stderr.decode(errors="replace")) from error
