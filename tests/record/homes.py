"""Homes to put aside and to bring back to: empty ones, on either database, and what is in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.installs import PROJECT

SQLITE, POSTGRESQL = "sqlite", "postgresql"

# All rows, in words that both databases share; sessions are not kept, and each migration has its own time.
ROWS = """
import json; from decimal import Decimal
import django; django.setup()
from goodword.store import schema; from goodword.store.snapshot import snapshot
def plain(kind, value):
    if value is None: return None
    if kind == "json": return json.dumps(json.loads(value), sort_keys=True)
    return str(Decimal(value).normalize()) if kind == "decimal" else value
with snapshot() as taken:
    print(json.dumps({table.name: sorted(
        repr([plain(column.kind, value) for column, value in zip(table.columns, row)])
        for row in taken.rows(table)) for table in schema.tables(schema.applied())}))
"""


@dataclass(frozen=True)
class Home:
    path: Path
    environment: dict[str, str]

    def says(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.runs("-m", "goodword", *words)

    def runs(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def does(self, script: str, *words: str) -> str:
        """Run these lines of Python in the home; what they print."""
        done = self.runs("-c", script, *words)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def starts(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "goodword", *words],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def backs_up(self, *words: str) -> Path:
        done = self.says("backup", *words)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip().splitlines()[-1])

    def rows(self) -> dict[str, list[str]]:
        rows: dict[str, list[str]] = json.loads(self.does(ROWS))
        return rows

    def finds(self, word: str) -> list[str]:
        """The files of the home in whose bytes the word stands."""
        files = (file for file in self.path.rglob("*") if file.is_file())
        return [file.name for file in files if word.lower().encode() in file.read_bytes().lower()]


@contextmanager
def empty_home(folder: Path, kind: str, server: str | None = None) -> Iterator[Home]:
    """A home in which nothing is, with a database of that kind in which nothing is either."""
    path = folder / f"home-{uuid4().hex[:6]}"
    environment = {**os.environ, "GOODWORD_HOME": str(path), "DJANGO_SETTINGS_MODULE": "goodword.settings"}
    for name in ("DATABASE_URL", "GOODWORD_BACKUPS", "GOODWORD_NO_BACKUP", "GOODWORD_PASSPHRASE"):
        environment.pop(name, None)
    if kind == SQLITE:
        yield Home(path, environment)
        return
    assert server
    name = f"home_{uuid4().hex}"
    environment["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    _say(server, f'CREATE DATABASE "{name}"')
    try:
        yield Home(path, environment)
    finally:
        _say(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _say(server: str, words: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(words)


def last_line(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])
