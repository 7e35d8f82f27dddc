"""In which house do the tests live? A home of their own, and one of the two databases.

A pytest plugin (`-p tests.house`), because all this must be said before Django reads its settings.
`GOODWORD_TEST_DATABASE=postgresql` starts Debian's PostgreSQL; otherwise a SQLite file is used, as in
a fresh install. Each process of pytest-xdist has a home of its own; the server is shared.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlencode

DATABASE = os.environ.get("GOODWORD_TEST_DATABASE", "sqlite")

# A test that waits for a lock shall fail and say so, long before the whole run is ended from outside.
PATIENCE = {
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}

HOME = Path(tempfile.mkdtemp(prefix="goodword-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


def move_in() -> None:
    os.environ["GOODWORD_HOME"] = str(HOME)
    os.environ["GOODWORD_UNDO_SECONDS"] = "0"
    os.environ["GOODWORD_URL"] = "http://localhost:8000"
    for name in ("GOODWORD_PRIVATE_HOSTS", "GOODWORD_MAIL", "GOODWORD_MAIL_FROM"):
        os.environ.pop(name, None)
    if DATABASE == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif "PYTEST_XDIST_WORKER" not in os.environ:  # workers are given the address by their parent
        os.environ["DATABASE_URL"] = _started_postgresql()


def _started_postgresql() -> str:
    from tests.servers.postgresql import postgresql

    running = ExitStack()
    atexit.register(running.close)
    # libpq reads a plus sign in an address as it stands.
    options = urlencode({"options": patience()}, quote_via=quote)
    return f"{running.enter_context(postgresql())}?{options}"


def patience() -> str:
    """The options with which PostgreSQL loses its patience."""
    return " ".join(f"-c {name}={value}" for name, value in PATIENCE.items())


move_in()
