"""How is a value of a column written, so that either database can take it in again?

Both databases are read into the same plain values: numbers, texts and nothing. What one of them has no
word for is written as the other keeps it: a moment is "2026-03-10 12:00:00.5" in UTC, a truth is 0 or 1.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

Value = str | int | float | None


@dataclass(frozen=True)
class Column:
    name: str
    kind: str


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    needs: frozenset[str]  # tables whose rows must be there before

    @property
    def has_numbers_of_its_own(self) -> bool:
        return any(column.kind == "key" for column in self.columns)


# By Django's name of the field. A field that is not here fails a test, and a backup before it is made.
KINDS = {
    "AutoField": "key",
    "BigAutoField": "key",
    "SmallAutoField": "key",
    "IntegerField": "number",
    "BigIntegerField": "number",
    "SmallIntegerField": "number",
    "PositiveIntegerField": "number",
    "PositiveBigIntegerField": "number",
    "PositiveSmallIntegerField": "number",
    "FloatField": "number",
    "BooleanField": "truth",
    "CharField": "text",
    "TextField": "text",
    "SlugField": "text",
    "FileField": "text",
    "DateField": "date",
    "TimeField": "time",
    "DateTimeField": "moment",
    "DecimalField": "decimal",
    "DurationField": "span",
    "JSONField": "json",
    "BinaryField": "bytes",
    "UUIDField": "uuid",
}


class UnknownKind(TypeError):
    """A field of this type is not understood yet: say in KINDS how it is written."""


def table_of(model: type[models.Model]) -> Table:
    """What the table of this model (of today, or of an earlier migration) holds."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
    return Table(
        model._meta.db_table,
        tuple(Column(str(field.column), _kind(field)) for field in fields),
        frozenset(
            field.related_model._meta.db_table
            for field in fields
            if field.related_model and field.related_model is not model
        ),
    )


def _kind(field: Any) -> str:
    if isinstance(field, models.ForeignKey):
        return _kind(field.target_field).replace("key", "number")
    try:
        return KINDS[field.get_internal_type()]
    except KeyError:
        raise UnknownKind(f"{field.model.__name__}.{field.name} is a {type(field).__name__}") from None


# --- what each database calls them -------------------------------------------------------------------

# How PostgreSQL is asked for a column, so that it answers as SQLite keeps it.
ASKED_OF_POSTGRESQL = {
    "truth": "{0}::int",
    "date": "{0}::text",
    "time": r"regexp_replace(to_char({0}::interval, 'HH24:MI:SS.US'), '\.0+$', '')",
    "moment": r"regexp_replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '\.0+$', '')",
    "decimal": "{0}::text",
    "span": "(extract(epoch from {0}) * 1000000)::bigint",
    "json": "{0}::text",
    "uuid": "replace({0}::text, '-', '')",
}


def _decimal(value: Any) -> str:
    """SQLite gives a float; its shortest form is the number that was meant."""
    return format(Decimal(str(value)), "f")


def _base64(value: Any) -> str:
    return base64.b64encode(value).decode()


def _without_nul(value: Any) -> str:
    return str(value).replace("\0", "�")  # SQLite can hold a NUL, PostgreSQL refuses it


# What is done with a value that was read, or is to be written, beside passing it on.
WRITTEN: dict[str, Callable[[Any], Value]] = {"decimal": _decimal, "bytes": _base64}
READ: dict[str, Callable[[Any], Any]] = {"bytes": base64.b64decode}
READ_BY_POSTGRESQL: dict[str, Callable[[Any], Any]] = {
    **READ,
    "text": _without_nul,
    "json": _without_nul,
    "span": "{} microseconds".format,
}


def converting(
    kinds: tuple[str, ...], by_kind: dict[str, Callable[[Any], Any]]
) -> Callable[[list[Any]], list[Any]]:
    """A function over whole rows that touches only the columns that need it."""
    needed = [(place, by_kind[kind]) for place, kind in enumerate(kinds) if kind in by_kind]

    def convert(row: list[Any]) -> list[Any]:
        for place, change in needed:
            if row[place] is not None:
                row[place] = change(row[place])
        return row

    return convert
