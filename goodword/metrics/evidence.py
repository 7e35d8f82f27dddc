"""What does a number rest on? Rows; and the number is computed from the same rows that a click opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Self

import numpy as np
from django.db.models import BooleanField, Case, Count, Expression, F, Q, QuerySet, Value, When
from django.utils.functional import Promise

from goodword.conversations.seeing import within_sight
from goodword.listening.seeing import sees_all
from goodword.metrics.period import Period
from goodword.team.hours import ALWAYS, Timetable
from goodword.team.models import Teammate

Words = str | Promise


class Tally(NamedTuple):
    """How many rows there are, and how many of them the number counts."""

    all: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The rows of a metric in a period, and how its number comes out of them.

    `at` is the field that places a row in time. Rows that meet `counted` are those the number counts;
    `counted_are` and `others_are` say in words what the two sorts have done.
    """

    rows: QuerySet[Any]
    at: str
    counted: Q | None = None  # None: all of them
    counted_are: Words = ""
    others_are: Words = ""

    def as_seen_by(self, me: Teammate | None) -> Self:
        """Only of the rows that they may see: a number never counts what its rows would not show."""
        if me is None or sees_all(me):
            return self
        return replace(self, rows=within_sight(self.rows, me))

    def numbers(self, periods: Sequence[Period]) -> list[float | None]:
        """One number for each period; None where there is nothing to count."""
        raise NotImplementedError

    def tallies(self, periods: Sequence[Period]) -> list[Tally]:
        each = {}
        for i, period in enumerate(periods):
            each[f"all_{i}"] = Count("pk", filter=self._within(period))
            each[f"counted_{i}"] = Count("pk", filter=self._counted_within(period))
        found = self.rows.aggregate(**each)
        return [Tally(found[f"all_{i}"], found[f"counted_{i}"]) for i in range(len(periods))]

    def marked(self) -> QuerySet[Any]:
        """The rows, each with `is_counted`."""
        said: Expression | Value = Value(True)
        if self.counted is not None:
            said = Case(When(self.counted, then=True), default=False, output_field=BooleanField())
        marked: QuerySet[Any] = self.rows.annotate(is_counted=said)
        return marked

    def _within(self, period: Period) -> Q:
        return Q(**{f"{self.at}__gte": period.start, f"{self.at}__lt": period.end})

    def _counted_within(self, period: Period) -> Q:
        return self._within(period) & self.counted if self.counted is not None else self._within(period)


@dataclass(frozen=True, kw_only=True)
class Share(Evidence):
    """Counted rows / all rows: a number from 0 to 1."""

    def numbers(self, periods: Sequence[Period]) -> list[float | None]:
        return [tally.counted / tally.all if tally.all else None for tally in self.tallies(periods)]


@dataclass(frozen=True, kw_only=True)
class Different(Evidence):
    """How many different values of `what` the counted rows have; without any row, no answer."""

    what: str | Expression = "pk"

    def numbers(self, periods: Sequence[Period]) -> list[float | None]:
        each = {}
        for i, period in enumerate(periods):
            each[f"all_{i}"] = Count("pk", filter=self._within(period))
            each[f"different_{i}"] = Count(
                F(self.what) if isinstance(self.what, str) else self.what,
                filter=self._counted_within(period),
                distinct=self.what != "pk",
            )
        found = self.rows.aggregate(**each)
        return [found[f"different_{i}"] if found[f"all_{i}"] else None for i in range(len(periods))]


@dataclass(frozen=True, kw_only=True)
class Percentile(Evidence):
    """The time, in seconds, within which `percent` of 100 counted rows were over.

    Between two rows it lies on the straight line from one to the other, as in a spreadsheet's
    PERCENTILE.INC and PostgreSQL's percentile_cont: 50 is the median as one learns it at school.
    """

    percent: int
    until: str  # the field that says when it was over; it began at `at`
    timetable: Timetable | None = None  # then only the time counts in which our people were there

    def numbers(self, periods: Sequence[Period]) -> list[float | None]:
        counted = self.rows.filter(self.counted) if self.counted is not None else self.rows
        spans = list(counted.values_list(self.at, self.until))
        return [self._of([span for span in spans if p.start <= span[0] < p.end]) for p in periods]

    def _of(self, spans: Sequence[tuple[datetime, datetime]]) -> float | None:
        took = [self._seconds(since, until) for since, until in spans]
        return float(np.percentile(took, self.percent)) if took else None

    def _seconds(self, since: datetime, until: datetime) -> float:
        hours = self.timetable.at(since) if self.timetable else ALWAYS
        return hours.between(since, until).total_seconds()
