"""What is each row of a brand called in its new install, and what of it does not hold there any more?

Keys are followed only within the file: a row that points to something that did not come along loses the
key, or stays away itself where it cannot be without.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_noop

from goodword.conversations.models import Delivery, Note, Reply
from goodword.listening.models import Connection, Post
from goodword.people.models import Profile
from goodword.record.archive import Damaged
from goodword.record.belongings import Belonging, keys_of
from goodword.record.handing import WITHHELD
from goodword.store.columns import Table
from goodword.store.models import Entry
from goodword.team.models import Brand

Row = dict[str, Any]

ABOUT = re.compile(r"(\w+):(\d+)")
INDEXED: dict[str, type[models.Model]] = {
    Entry.Kind.POST: Post,
    Entry.Kind.PERSON: Profile,
    Entry.Kind.NOTE: Note,
    Entry.Kind.REPLY: Reply,
}

S = Delivery.State
# What was on its way when the brand left: the old install may have sent it, and this one must not.
ENDS_AS: dict[str, str] = {S.QUEUED: S.BLOCKED, S.INFLIGHT: S.UNKNOWN, S.TAKING_BACK: S.UNKNOWN}
ON_ITS_WAY = gettext_noop("The brand was handed over before this went out.")


class Numbers:
    """What each row of the file is called here."""

    def __init__(self) -> None:
        self._here: dict[type[models.Model], dict[int, int]] = {}

    def name(self, model: type[models.Model], theirs: int, ours: int) -> None:
        self._here.setdefault(model, {})[theirs] = ours

    def unname(self, model: type[models.Model], theirs: int) -> None:
        self._here[model].pop(theirs, None)

    def of(self, model: type[models.Model], theirs: Any) -> int | None:
        return self._here.get(model, {}).get(theirs)

    def only_one(self, model: type[models.Model]) -> int:
        [number] = self._here[model].values()
        return number


@dataclass
class Newcomers:
    """Who comes along, and who of them may come in at once."""

    origin: str
    now: datetime
    keep_team: bool
    known_here: set[int] = field(default_factory=set)  # users who sign in here already

    def may_come_in(self, user: int) -> bool:
        return self.keep_team and user in self.known_here


def renumbered(
    ours: Belonging,
    table: Table,
    rows: Iterator[list[Any]],
    fresh: Iterator[int],
    numbers: Numbers,
    newcomers: Newcomers,
) -> Iterator[list[Any]]:
    """The rows as they are to be kept here. Raises Damaged when there are more than were announced."""
    names = [column.name for column in table.columns]
    own = next((column.name for column in table.columns if column.kind == "key"), None)
    keys = [(str(key.column), key) for key in keys_of(ours.model)]
    named: Iterator[tuple[Any, Row]] = (
        _named(dict(zip(names, row, strict=True)), own, ours.model, fresh, numbers) for row in rows
    )
    if any(key.related_model is ours.model for _column, key in keys):
        named = iter(list(named))  # a row may point to one below it: all get their numbers first
    for theirs, row in named:
        row.update(WITHHELD.get(table.name, {}))
        follows = all(_follow(row, column, key, numbers) for column, key in keys)
        if follows and _changed(table.name, row, numbers, newcomers):
            yield [row[name] for name in names]
        elif own is not None:
            numbers.unname(ours.model, theirs)  # so that what points to it stays away, too


def _named(
    row: Row, own: str | None, model: type[models.Model], fresh: Iterator[int], numbers: Numbers
) -> tuple[Any, Row]:
    """The row under its number here, and the one that it had."""
    if own is None:
        return None, row
    theirs, number = row[own], next(fresh, None)
    if number is None:
        raise Damaged("it holds more rows than it says")
    numbers.name(model, theirs, number)
    row[own] = number
    return theirs, row


def _follow(row: Row, column: str, key: Any, numbers: Numbers) -> bool:
    """Let the key point to the same row here; False when there is none, and there must be one."""
    if row[column] is not None:
        row[column] = numbers.of(key.related_model, row[column])
    return row[column] is not None or bool(key.null)


# --- what does not hold any more -------------------------------------------------------------------


def _changed(table: str, row: Row, numbers: Numbers, newcomers: Newcomers) -> bool:
    """Change what this install must see otherwise; False when the row has no place here."""
    change = CHANGES.get(table)
    return change is None or change(row, numbers, newcomers)


def _teammate(row: Row, _numbers: Numbers, newcomers: Newcomers) -> bool:
    """Outside until invited; what they did stays theirs."""
    if row["removed_at"] is None and not newcomers.may_come_in(row["user_id"]):
        row["removed_at"] = f"{newcomers.now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}".removesuffix(".000000")
    return True


def _connection(row: Row, _numbers: Numbers, _newcomers: Newcomers) -> bool:
    """Silent until somebody resumes it: two installs must not hear and answer for one account."""
    row["state"] = Connection.State.PAUSED
    return True


def _delivery(row: Row, numbers: Numbers, newcomers: Newcomers) -> bool:
    if row["state"] in ENDS_AS:
        row["state"], row["trouble"] = ENDS_AS[row["state"]], ON_ITS_WAY
    # Another install, or this one, may know the same key already.
    row["key"] = hashlib.sha256(f"{newcomers.origin}\n{row['key']}".encode()).hexdigest()[:40]
    target = json.loads(row["target"])
    if isinstance(target, dict) and "connection" in target:
        target["connection"] = numbers.of(Connection, target["connection"])
        row["target"] = json.dumps(target)
    return True


def _audit_entry(row: Row, numbers: Numbers, _newcomers: Newcomers) -> bool:
    if about := ABOUT.fullmatch(row["about"]):
        number = numbers.of(_models().get(about[1], Brand), int(about[2]))
        row["about"] = f"{about[1]}:{number}" if number else ""
    detail = json.loads(row["detail"])
    if isinstance(detail, dict):
        for word, value in detail.items():
            if word in _models() and isinstance(value, int):
                detail[word] = numbers.of(_models()[word], value)
        detail.pop("origin", None)  # taken over before, by that install and not by this one
        row["detail"] = json.dumps(detail)
    return True


def _entry(row: Row, numbers: Numbers, _newcomers: Newcomers) -> bool:
    row["brand_id"] = numbers.of(Brand, row["brand_id"])
    row["ref"] = numbers.of(INDEXED.get(row["kind"], Brand), row["ref"])
    return row["brand_id"] is not None and row["ref"] is not None


def _models() -> dict[str, type[models.Model]]:
    """By the word that the audit trail has for them."""
    return {model.__name__.lower(): model for model in apps.get_models()}


CHANGES: dict[str, Callable[[Row, Numbers, Newcomers], bool]] = {
    "team_teammate": _teammate,
    "team_auditentry": _audit_entry,
    "listening_connection": _connection,
    "conversations_delivery": _delivery,
    "store_entry": _entry,
}
