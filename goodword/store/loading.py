"""How are rows put into the tables of an empty database, by the hundred thousand?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction

from goodword.store.columns import READ, READ_BY_POSTGRESQL, Table, converting

PORTION = 5000  # rows written at once


@contextmanager
def in_haste() -> Iterator[None]:
    """For SQLite: no sync at each commit. What a crash leaves is worthless, and the caller throws it away."""
    if connection.vendor == "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
        try:
            yield
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute("PRAGMA synchronous = FULL")


@contextmanager
def keys_looked_at_once() -> Iterator[None]:
    """For SQLite: at the end, and not for each row. PostgreSQL does so by itself, at each commit."""
    if connection.vendor == "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            yield
            if broken := cursor.execute("PRAGMA foreign_key_check").fetchone():
                raise IntegrityError(f"a row of {broken[0]} points to nothing in {broken[2]}")
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")


def empty_table(table: Table) -> None:
    """What the migrations themselves have put there."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608


def load(table: Table, rows: Iterable[list[Any]]) -> int:
    """Put these rows there, in one transaction; how many."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            return _copy(table, rows)
        return _insert(table, rows)


def _insert(table: Table, rows: Iterable[list[Any]]) -> int:
    convert = converting(tuple(column.kind for column in table.columns), READ)
    holes = ", ".join("?" for _column in table.columns)
    statement = f"INSERT INTO {_named(table)} VALUES ({holes})"  # noqa: S608 (our own table)
    connection.ensure_connection()
    remaining, count = iter(rows), 0
    while portion := [convert(row) for row in islice(remaining, PORTION)]:
        connection.connection.executemany(statement, portion)
        count += len(portion)
    return count


def _copy(table: Table, rows: Iterable[list[Any]]) -> int:
    convert = converting(tuple(column.kind for column in table.columns), READ_BY_POSTGRESQL)
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        with cursor.copy(f"COPY {_named(table)} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(convert(row))
                count += 1
    return count


def fresh_numbers(table: Table, count: int) -> Iterator[int]:
    """Numbers for so many new rows, which nobody else is given."""
    key = _key_of(table)
    if key is None or not count:
        return iter(())
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [quote(table.name), key, count],
            )
            return iter([number for (number,) in cursor.fetchall()])
        # The transaction is IMMEDIATE: nobody else adds a row until it ends.
        cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table.name])
        last = cursor.fetchone()[0] or 0
        cursor.execute(f"SELECT max({quote(key)}) FROM {quote(table.name)}")  # noqa: S608
        last = max(last, cursor.fetchone()[0] or 0)
        return iter(range(last + 1, last + 1 + count))


def _key_of(table: Table) -> str | None:
    return next((column.name for column in table.columns if column.kind == "key"), None)


def go_on_numbering(last_numbers: Mapping[str, int], tables: Iterable[Table]) -> None:
    """The next row of each table gets a number that none ever had."""
    with connection.cursor() as cursor:
        for table in tables:
            if key := _key_of(table):
                _number_on(cursor, table.name, key, last_numbers.get(table.name, 0))


def _number_on(cursor: Any, table: str, key: str, last: int) -> None:
    quote = connection.ops.quote_name
    cursor.execute(f"SELECT max({quote(key)}) FROM {quote(table)}")  # noqa: S608
    last = max(last, cursor.fetchone()[0] or 0)
    if connection.vendor == "postgresql":
        sequence = [quote(table), key, max(last, 1), last > 0]
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", sequence)
        return
    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _named(table: Table) -> str:
    names = ", ".join(connection.ops.quote_name(column.name) for column in table.columns)
    return f"{connection.ops.quote_name(table.name)} ({names})"
