"""When are the brand's people there, and by when is an answer due that was promised within some hours?

Opening hours are told by the brand's clock on the wall: several spans a day, and days on which nobody is
there. Clocks of answers run only while somebody is there; without opening hours they always run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.team.authority import Permission, require, write_down
from goodword.team.membership import NotPossible
from goodword.team.models import Brand, OpeningHours, Teammate

MOST_SPANS = 4  # of one day
MOST_CLOSED = 400  # days
LOOK_AHEAD = 400  # days: whoever is never there in that time has no opening hours
MIDNIGHT = time(0)

Span = tuple[time, time]  # from, until; until midnight is written 00:00


@dataclass(frozen=True)
class Hours:
    """A week of open spans, Monday first, by the clock of a time zone. No spans at all: always open."""

    week: Sequence[Sequence[Span]] = ((),) * 7
    closed_on: frozenset[date] = frozenset()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @property
    def is_always(self) -> bool:
        return not any(self.week)

    def is_open(self, at: datetime) -> bool:
        if self.is_always:
            return True
        return any(begin <= at < end for begin, end in self._spans_from(at, days=1))

    def after(self, start: datetime, open_time: timedelta) -> datetime:
        """The moment at which `open_time` has passed since `start`, counted while we are open."""
        if self.is_always:
            return start + open_time
        left = open_time
        for begin, end in self._spans_from(start, days=LOOK_AHEAD):
            begin = max(begin, start)
            if begin + left <= end:
                return begin + left
            left -= max(end - begin, timedelta(0))
        return start + open_time

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long we were open from `start` until `end`."""
        if self.is_always or end <= start:
            return max(end - start, timedelta(0))
        days = (end - start).days + 2
        spans = self._spans_from(start, days=days)
        return sum(
            (max(min(until, end) - max(begin, start), timedelta(0)) for begin, until in spans), timedelta(0)
        )

    def _spans_from(self, at: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Open spans as moments in UTC, beginning with those of the day of `at`."""
        first = at.astimezone(self.zone).date()
        for day in (first + timedelta(days=number) for number in range(days)):
            if day in self.closed_on:
                continue
            for begin, end in self.week[day.weekday()]:
                last = day + timedelta(days=1) if end == MIDNIGHT else day
                yield self._moment(day, begin), self._moment(last, end)

    def _moment(self, day: date, by_the_clock: time) -> datetime:
        return datetime.combine(day, by_the_clock, self.zone).astimezone(UTC)


ALWAYS = Hours()


class Timetable:
    """The opening hours of a brand through time: what was in force when something happened."""

    def __init__(self, kept: Sequence[tuple[datetime, Hours]]) -> None:
        self._newest_first = kept

    @classmethod
    def of(cls, brand: Brand) -> Timetable:
        rows = OpeningHours.objects.filter(brand=brand).order_by("-since", "-pk")
        return cls([(row.since, _hours(row, brand)) for row in rows])

    @property
    def newest(self) -> Hours:
        return self._newest_first[0][1] if self._newest_first else ALWAYS

    def at(self, moment: datetime) -> Hours:
        """Before anybody had said when they are there, the clock always ran."""
        return next((hours for since, hours in self._newest_first if since <= moment), ALWAYS)


def hours_of(brand: Brand, at: datetime) -> Hours:
    """Those in force at that moment; read once for each brand that a request or a batch has in hand."""
    if not hasattr(brand, "timetable"):
        brand.timetable = Timetable.of(brand)  # type: ignore[attr-defined]
    return brand.timetable.at(at)  # type: ignore[attr-defined,no-any-return]


def set_hours(
    by: Teammate, week: Sequence[Sequence[Span]], closed_on: Iterable[date], *, now: datetime
) -> OpeningHours:
    """From now on; what was promised before stays as it was. An empty week means around the clock.

    Raises NotPossible with a sentence.
    """
    require(by, Permission.MANAGE)
    days = [_in_order(spans) for spans in week]
    closed = sorted(set(closed_on))[-MOST_CLOSED:]
    with transaction.atomic():
        row = OpeningHours.objects.create(
            brand=by.brand,
            week=[
                [[begin.isoformat("minutes"), end.isoformat("minutes")] for begin, end in day] for day in days
            ],
            closed_on=[day.isoformat() for day in closed],
            since=now,
            by=by,
        )
        write_down(by.brand, by, "set the opening hours", row, now=now)
    by.brand.__dict__.pop("timetable", None)
    return row


def _in_order(spans: Sequence[Span]) -> list[Span]:
    """The spans of a day, one after the other. Raises NotPossible."""
    if len(spans) > MOST_SPANS:
        raise NotPossible(_("A day has at most %(most)s spans.") % {"most": MOST_SPANS})
    ordered = sorted(spans)
    done = None
    for begin, end in ordered:
        if end != MIDNIGHT and end <= begin:
            raise NotPossible(
                _("%(begin)s to %(end)s ends before it begins.")
                % {"begin": begin.isoformat("minutes"), "end": end.isoformat("minutes")}
            )
        if done is not None and (done == MIDNIGHT or begin < done):
            raise NotPossible(
                _("Two spans of one day overlap at %(begin)s.") % {"begin": begin.isoformat("minutes")}
            )
        done = end
    return ordered


def _hours(row: OpeningHours, brand: Brand) -> Hours:
    week = tuple(tuple(_span(span) for span in day) for day in row.week)
    closed = frozenset(date.fromisoformat(day) for day in row.closed_on)
    return Hours(week, closed, ZoneInfo(brand.time_zone))


def _span(kept: Any) -> Span:
    return time.fromisoformat(kept[0]), time.fromisoformat(kept[1])
