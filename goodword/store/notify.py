"""Did anything change? Lets open pages hear of it at once, without asking the tables all the time.

SQLite: `PRAGMA data_version` differs as soon as another connection has committed: a read of a few
bytes. PostgreSQL: LISTEN and NOTIFY, so that an idle page costs nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator

from django.db import connection, transaction

CHANNEL = "goodword"
LOOK_EVERY = 0.4  # seconds between two looks at SQLite
HEARTBEAT = 15.0  # seconds: an answer that stays silent longer is cut by proxies


def announce() -> None:
    """Tell everybody who listens, once the current transaction has committed."""
    if connection.vendor == "postgresql":
        transaction.on_commit(_notify)


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


async def changes() -> AsyncIterator[bool]:
    """Yield True once we listen, then whenever something may have changed; False at each heartbeat."""
    source = _postgresql_changes if connection.vendor == "postgresql" else _sqlite_changes
    async for changed in source():
        yield changed


async def _sqlite_changes() -> AsyncIterator[bool]:
    path = connection.settings_dict["NAME"]
    watching = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    try:
        version, silent = _version(watching), 0.0
        yield True
        while True:
            await asyncio.sleep(LOOK_EVERY)
            silent += LOOK_EVERY
            now = _version(watching)
            if now != version or silent >= HEARTBEAT:
                yield now != version
                version, silent = now, 0.0
    finally:
        watching.close()


def _version(watching: sqlite3.Connection) -> int:
    return int(watching.execute("PRAGMA data_version").fetchone()[0])


async def _postgresql_changes() -> AsyncIterator[bool]:
    import psycopg

    wanted = connection.get_connection_params()
    wanted.pop("cursor_factory", None)
    wanted.pop("context", None)
    listening = await psycopg.AsyncConnection.connect(**wanted, autocommit=True)
    try:
        await listening.execute(f"LISTEN {CHANNEL}")
        yield True
        while True:
            heard = [n async for n in listening.notifies(timeout=HEARTBEAT, stop_after=1)]
            yield bool(heard)
    finally:
        await listening.close()
