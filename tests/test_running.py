"""`goodword run` as whoever installs it meets it: it says what it can, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodword import __version__
from tests.servers.processes import free_port, listens_on

GOODWORD = [sys.executable, "-m", "goodword"]


def test_without_a_word_the_command_says_what_it_can_do() -> None:
    told = subprocess.run(GOODWORD, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "goodword run" in told
    assert "goodword import" in told


def test_its_version_is_its_own_and_not_that_of_a_part() -> None:
    assert said({}, "--version").stdout.strip() == __version__


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "nonsense", "postgresql://"),
        ("GOODWORD_URL", "nonsense", "https://goodword.example"),
        ("GOODWORD_UNDO_SECONDS", "soon", "a number of seconds"),
        ("GOODWORD_HOME", "/dev/null/home", "/dev/null/home cannot be made"),
    ],
)
def test_a_setting_that_means_nothing_is_one_sentence(name: str, value: str, told: str) -> None:
    done = said({name: value}, "check")
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_refused_command_says_why_and_nothing_else(home: Path) -> None:
    done = said({"GOODWORD_HOME": str(home), "DATABASE_URL": ""}, "owner", "nobody")
    assert (done.returncode, done.stderr) == (2, "'nobody' is not an e-mail address.\n")


@pytest.mark.parametrize("port", ["0", "65536", "999999999999", "-1", "http"])
def test_what_is_no_port_is_told(home: Path, port: str) -> None:
    done = said({"GOODWORD_HOME": str(home)}, "run", f"--port={port}")
    assert done.returncode == 2
    assert "write a number from 1 to 65535" in done.stderr


def said(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GOODWORD, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


COOKIES = """
import django; django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.HTTPS)
"""


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://goodword.example", "__Host-session __Host-csrf True True True"),
        ("http://localhost:8000", "session csrf False False False"),
    ],
)
def test_over_https_cookies_are_secure_and_bound_to_the_host(address: str, told: str) -> None:
    environment = {**os.environ, "GOODWORD_URL": address, "DJANGO_SETTINGS_MODULE": "goodword.settings"}
    done = subprocess.run(
        [sys.executable, "-c", COOKIES], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == told


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="goodword-run-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def start(home: Path, port: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "GOODWORD_HOME": str(home)} | {"DATABASE_URL": "", "GOODWORD_URL": ""}
    environment = {name: value for name, value in environment.items() if value}
    command = [*GOODWORD, "run", "--port", str(port)]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout
    assert next(line for line in running.stdout if line.startswith("Open http://localhost:"))
    wait_until(lambda: listens_on(port), 30)
    return running


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_no_part_of_it_stays_behind(home: Path, how: signal.Signals) -> None:
    port = free_port()
    running = start(home, port)
    parts = children_of(running.pid)
    assert len(parts) == 3
    running.send_signal(how)
    running.wait(timeout=20)
    wait_until(lambda: not any(map(is_alive, parts)) and not listens_on(port), 20)


@pytest.mark.slow
def test_a_port_that_is_taken_is_told_with_what_to_do(home: Path) -> None:
    port = free_port()
    running = start(home, port)
    try:
        environment = {**os.environ, "GOODWORD_HOME": str(home)}
        second = subprocess.run(
            [*GOODWORD, "run", "--port", str(port)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 2
        assert f"--port {port + 1}" in second.stderr
        own = {"GOODWORD_HOME": str(home), "DATABASE_URL": "", "GOODWORD_URL": ""}
        assert f"Open http://localhost:{port}/link/" in said(own, "link").stdout
        assert "somebody@else.example" in said(own, "link", "somebody@else.example").stderr
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=20)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Neither gone nor a zombie that only waits to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(done: object, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
