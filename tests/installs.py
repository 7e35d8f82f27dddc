"""A fresh install, apart from the tests' own database: for what must survive the process that made it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from tests.house import DATABASE

PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Install:
    home: Path
    environment: dict[str, str]

    def run(self, *command: str, seconds: float = 60) -> str:
        """Run `goodword ...` to its end; what it printed. CalledProcessError if it failed."""
        return self.python("-m", "goodword", *command, seconds=seconds)

    def python(self, *arguments: str, seconds: float = 60) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, (
            f"exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        )
        return done.stdout


@contextmanager
def fresh_install(folder: Path) -> Iterator[Install]:
    """An empty home with its own database, of the kind that the tests run on; migrated."""
    home = folder / "home"
    environment = {**os.environ, "GOODWORD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "goodword.settings"}
    if DATABASE == "sqlite":
        environment.pop("DATABASE_URL", None)
        yield _migrated(Install(home, environment))
        return
    server, name = os.environ["DATABASE_URL"], f"install_{uuid4().hex}"
    environment["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    _say(server, f'CREATE DATABASE "{name}"')
    try:
        yield _migrated(Install(home, environment))
    finally:
        _say(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrated(install: Install) -> Install:
    install.run("migrate", "--verbosity", "0")
    return install


def _say(server: str, words: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(words)
