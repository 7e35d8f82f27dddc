"""How are all rows read as they were at one moment, while everybody goes on writing?

SQLite keeps the pages of the moment for as long as one read transaction is open; PostgreSQL gives a
snapshot to a REPEATABLE READ transaction. Neither holds up a writer; rows come in small portions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from goodword.store.columns import ASKED_OF_POSTGRESQL, WRITTEN, Table, Value, converting

PORTION = 2000  # rows read at once


@dataclass(frozen=True)
class Only:
    """A question for keys, as Django asks it: with %s where a number stands."""

    key: str
    sql: str
    numbers: tuple[int, ...]


class DatabaseIsDamaged(Exception):
    """The database found a fault in itself; the text is what it says."""


class Snapshot(Protocol):
    def count(self, table: Table) -> int: ...

    def last_number(self, table: Table) -> int:
        """The highest number that a row of it ever had: none is given a second time."""
        ...

    def rows(self, table: Table, only: Only | None = None) -> Iterator[list[Value]]:
        """All of them, in no order; or those whose key the question gives."""
        ...


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """All rows of this moment. Raises DatabaseIsDamaged, and what the database raises."""
    taken = _of_postgresql() if connection.vendor == "postgresql" else _of_sqlite()
    with taken as one:
        yield one


@contextmanager
def _of_sqlite() -> Iterator[Snapshot]:
    path = connection.settings_dict["NAME"]
    reading = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    try:
        reading.execute("BEGIN")
        found = reading.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise DatabaseIsDamaged(str(found))
        yield _Sqlite(reading)
    except sqlite3.DatabaseError as trouble:
        if isinstance(trouble, sqlite3.OperationalError):
            raise
        raise DatabaseIsDamaged(str(trouble)) from trouble
    finally:
        reading.close()


class _Sqlite:
    def __init__(self, reading: sqlite3.Connection) -> None:
        self._reading = reading

    def count(self, table: Table) -> int:
        return self._number(f"SELECT count(*) FROM {_quoted(table.name)}")  # noqa: S608 (our own table)

    def last_number(self, table: Table) -> int:
        return self._number("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", table.name)

    def rows(self, table: Table, only: Only | None = None) -> Iterator[list[Value]]:
        convert = converting(tuple(column.kind for column in table.columns), WRITTEN)
        names = ", ".join(_quoted(column.name) for column in table.columns)
        question, numbers = _asking(f"SELECT {names} FROM {_quoted(table.name)}", only)  # noqa: S608
        found = self._reading.execute(question.replace("%s", "?"), numbers)
        found.arraysize = PORTION
        while portion := found.fetchmany():
            for row in portion:
                yield convert(list(row))

    def _number(self, question: str, *words: str) -> int:
        return int(self._reading.execute(question, words).fetchone()[0] or 0)


@contextmanager
def _of_postgresql() -> Iterator[Snapshot]:
    import psycopg

    wanted = connection.get_connection_params()
    for ours in ("cursor_factory", "context"):
        wanted.pop(ours, None)
    with psycopg.connect(**wanted) as reading:
        reading.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reading.read_only = True
        yield _Postgresql(reading)
        reading.rollback()


class _Postgresql:
    def __init__(self, reading: Any) -> None:
        self._reading = reading

    def count(self, table: Table) -> int:
        return self._number(f"SELECT count(*) FROM {_quoted(table.name)}")  # noqa: S608 (our own table)

    def last_number(self, table: Table) -> int:
        if not table.has_numbers_of_its_own:
            return 0
        key = next(column.name for column in table.columns if column.kind == "key")
        sequence = self._reading.execute(
            "SELECT pg_get_serial_sequence(%s, %s)", (_quoted(table.name), key)
        ).fetchone()[0]
        return self._number(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608

    def rows(self, table: Table, only: Only | None = None) -> Iterator[list[Value]]:
        convert = converting(tuple(column.kind for column in table.columns), WRITTEN)
        names = ", ".join(
            ASKED_OF_POSTGRESQL.get(column.kind, "{0}").format(_quoted(column.name))
            for column in table.columns
        )
        question, numbers = _asking(f"SELECT {names} FROM {_quoted(table.name)}", only)  # noqa: S608
        with self._reading.cursor(name="backup") as found:
            found.itersize = PORTION
            for row in found.execute(question, numbers or None):
                yield convert(list(row))

    def _number(self, question: str) -> int:
        return int(self._reading.execute(question).fetchone()[0] or 0)


def _asking(question: str, only: Only | None) -> tuple[str, tuple[int, ...]]:
    if only is None:
        return question, ()
    # In their order, so that what came first has the lower number wherever they are numbered anew.
    key = _quoted(only.key)
    return f"{question} WHERE {key} IN ({only.sql}) ORDER BY {key}", only.numbers


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
