"""How does a brand begin with the set-up of another one of the same owner?

Copied is what people wrote down as rules: queries, what becomes work, hours, muted words, and who is on
the team. Never copied are connections and their secrets, hooks, and anything about people: these belong
to one brand. Done twice, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import regex
from django.db import transaction

from goodword.conversations.admission import DEFAULT_RULES
from goodword.conversations.models import Mute
from goodword.listening.models import Query
from goodword.listening.querying import add_query, as_kept, understood
from goodword.team.authority import Permission, require, write_down
from goodword.team.hours import Timetable, set_hours
from goodword.team.models import Brand, Teammate


@dataclass(frozen=True)
class Wanted:
    """A query as it shall be in the new brand."""

    name: str
    text: str
    kind: str


@dataclass(frozen=True)
class Offer:
    """What could be copied, and is not there yet."""

    queries: list[Wanted]
    admits: list[str]  # empty: both have the same
    words: list[str]
    team: list[Teammate]
    time_zone: str  # empty: both have the same
    has_hours: bool


@dataclass(frozen=True)
class Chosen:
    """What somebody chose of it, with queries in their words."""

    queries: list[Wanted] = field(default_factory=list)
    rules: bool = False
    hours: bool = False
    words: bool = False
    team: Collection[int] = ()


def offer(source: Brand, into: Brand) -> Offer:
    """What `into` could take over from `source`."""
    known = {query.text for query in _queries(into)}
    queries = [_wanted(query, source, into) for query in _queries(source)]
    return Offer(
        queries=[wanted for wanted in queries if wanted.text not in known],
        admits=_rules(source) if _rules(source) != _rules(into) else [],
        words=_new_words(source, into),
        team=list(_new_team(source, into)),
        time_zone=source.time_zone if source.time_zone != into.time_zone else "",
        has_hours=_hours(source) != _hours(into),
    )


def copy(source: Teammate, into: Teammate, chosen: Chosen, *, now: datetime) -> dict[str, int]:
    """Copy what was chosen; how many of each. Both are memberships of one person, who owns both brands.

    Raises QuerySyntaxError for a query that makes no sense: then nothing at all was copied.
    """
    require(source, Permission.MANAGE)
    require(into, Permission.MANAGE)
    if source.user_id != into.user_id or source.brand_id == into.brand_id:
        raise ValueError("a set-up is copied between two brands of one owner")
    with transaction.atomic():
        done = {
            "queries": _copy_queries(into, chosen.queries, now),
            "words": _copy_words(source.brand, into, now) if chosen.words else 0,
            "team": _copy_team(source.brand, into, chosen.team, now),
        }
        if chosen.rules:
            into.brand.admits = list(source.brand.admits)
            into.brand.save(update_fields=["admits"])
        if chosen.hours:
            _copy_hours(source.brand, into, now)
        said = {"rules": chosen.rules, "hours": chosen.hours} | done
        write_down(into.brand, into, "copied a set-up", source.brand, now=now, **said)
    return done


def renamed(text: str, source: Brand, into: Brand) -> str:
    """The text with the name of one brand in place of the other's, also where it is written as one word."""
    names = {_as_one_word(source.name): _as_one_word(into.name), source.name: into.name}
    for name, other in names.items():
        if name:
            pattern = rf"(?<!\w){regex.escape(name)}(?!\w)"
            text = regex.sub(pattern, partial(_like, other), text, flags=regex.IGNORECASE)
    return text


def _like(other: str, found: regex.Match[str]) -> str:
    """Small letters stay small: a query is often written so."""
    return other.lower() if found.group() == found.group().lower() else other


def _as_one_word(name: str) -> str:
    return "".join(regex.findall(r"\w+", name))


def _wanted(query: Query, source: Brand, into: Brand) -> Wanted:
    return Wanted(renamed(query.name, source, into), renamed(query.text, source, into), query.kind)


def _rules(brand: Brand) -> list[str]:
    return list(brand.admits or DEFAULT_RULES)


def _queries(brand: Brand) -> Iterable[Query]:
    return Query.objects.filter(brand=brand, removed_at=None).order_by("kind", "name", "pk")


def _copy_queries(into: Teammate, wanted: list[Wanted], now: datetime) -> int:
    known = {query.text for query in _queries(into.brand)}
    texts = [understood(one.text) for one in wanted]
    new = [(one, text) for one, text in zip(wanted, texts, strict=True) if as_kept(text) not in known]
    for one, text in new:
        add_query(into, text, name=one.name, kind=one.kind, now=now)
    return len(new)


def _muted_words(brand: Brand) -> dict[str, str]:
    rows = Mute.objects.filter(brand=brand, what=Mute.What.WORD, undone_at=None).order_by("pk")
    return {word.casefold(): word for word in rows.values_list("word", flat=True)}


def _new_words(source: Brand, into: Brand) -> list[str]:
    there = _muted_words(into)
    return [word for folded, word in _muted_words(source).items() if folded not in there]


def _copy_words(source: Brand, into: Teammate, now: datetime) -> int:
    words = _new_words(source, into.brand)
    for word in words:
        mute = Mute.objects.create(brand=into.brand, what=Mute.What.WORD, word=word, by=into, at=now)
        write_down(into.brand, into, "muted", mute, now=now, word=word)
    return len(words)


def _new_team(source: Brand, into: Brand) -> Iterable[Teammate]:
    """Who is narrowed is left out: the connections of one brand say nothing of another's."""
    there = Teammate.objects.active().filter(brand=into).values("user")
    team = Teammate.objects.active().filter(brand=source, is_narrowed=False).exclude(user__in=there)
    return team.select_related("user").order_by("joined_at", "pk")


def _copy_team(source: Brand, into: Teammate, chosen: Collection[int], now: datetime) -> int:
    joining = [teammate for teammate in _new_team(source, into.brand) if teammate.pk in chosen]
    for one in joining:
        joined, _made = Teammate.objects.update_or_create(
            brand=into.brand,
            user=one.user,
            defaults={
                "role": one.role,
                "may_read_private": one.may_read_private,
                "may_read_notes": one.may_read_notes,
                "is_narrowed": False,
                "removed_at": None,
                "removed_by": None,
            },
        )
        write_down(into.brand, into, "took into the team", joined, now=now, role=one.role)
    return len(joining)


def _hours(brand: Brand) -> object:
    """Open spans and closed days, whatever the clock they are read from."""
    newest = Timetable.of(brand).newest
    return newest.week, newest.closed_on


def _copy_hours(source: Brand, into: Teammate, now: datetime) -> None:
    into.brand.time_zone = source.time_zone
    into.brand.save(update_fields=["time_zone"])
    if _hours(into.brand) != _hours(source):
        newest = Timetable.of(source).newest
        set_hours(into, newest.week, newest.closed_on, now=now)
