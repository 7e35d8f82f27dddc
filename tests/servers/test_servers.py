"""No server outlives its tests, and none that is missing goes unnoticed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgresql import postgresql
from tests.servers.processes import PROJECT, Server, listens_on, missing

TWO_SLEEPERS = ("sh", "-c", "echo $$; sleep 300 & sleep 300")


def lives(pid: int) -> bool:
    """Does it still do anything? What is dead but not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not lives(pid)


def sleepers(log: Path) -> list[int]:
    """The server and the child that it started."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if said := log.read_text():
            shell = int(said.split()[0])
            children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
            if len(children) == 2:
                return [shell, *map(int, children)]
        time.sleep(0.02)
    raise AssertionError("the server did not start")


def test_stopping_ends_the_server_and_all_it_started(tmp_path: Path) -> None:
    server = Server(TWO_SLEEPERS, tmp_path / "log")
    pids = sleepers(tmp_path / "log")
    server.stop()

    assert not any(lives(pid) for pid in pids)
    server.stop()  # a second time does no harm


def test_a_server_that_ignores_being_asked_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.servers.processes.GRACE", 0.3)
    server = Server(("sh", "-c", "trap '' TERM; echo $$; sleep 300 & sleep 300"), tmp_path / "log")
    pids = sleepers(tmp_path / "log")
    server.stop()

    assert all(ends(pid) for pid in pids)


def test_a_server_ends_when_the_tests_themselves_are_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    start = (
        f"from tests.servers.processes import *; Server({TWO_SLEEPERS}, Path({str(log)!r})); time.sleep(300)"
    )
    tests = subprocess.Popen([sys.executable, "-c", start], cwd=PROJECT)
    while not log.exists():
        time.sleep(0.02)
    pids = sleepers(log)
    tests.send_signal(signal.SIGKILL)
    tests.wait()

    assert all(ends(pid) for pid in pids)


def test_a_server_that_does_not_answer_says_what_it_said(tmp_path: Path) -> None:
    server = Server(("sh", "-c", "echo out of coffee; sleep 300"), tmp_path / "log")
    with pytest.raises(RuntimeError, match="out of coffee"):
        server.wait_until(lambda: False, seconds=0.3)


def test_a_missing_server_fails_in_ci_and_is_skipped_aloud_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="coffee machine"):
        missing("The coffee machine")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="NOT tested"):
        missing("The coffee machine")


@pytest.mark.slow
def test_postgresql_starts_empty_and_leaves_nothing() -> None:
    with postgresql() as url:
        with psycopg.connect(url) as database:
            tables = database.execute("SELECT * FROM pg_tables WHERE schemaname = 'public'").fetchall()
            [(folder_name,)] = database.execute("SHOW data_directory").fetchall()
        folder = Path(folder_name)
        port = int(url.rpartition(":")[2].partition("/")[0])
        assert tables == []
        assert folder.stat().st_uid != 0  # it refuses to run as root
        still_connected = psycopg.connect(url)

    assert not listens_on(port)
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        still_connected.execute("SELECT 1")
