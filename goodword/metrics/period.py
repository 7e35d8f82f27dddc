"""Which stretch of time does a number speak of? Weeks begin on Monday, in the time zone of the brand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from goodword.team.models import Brand, Teammate

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Period:
    """From `start` until just before `end`, both aware, as seen at `now`.

    A week is seven days of the calendar: where the clocks change it lasts an hour more or less.
    """

    brand: Brand
    start: datetime
    end: datetime
    now: datetime
    seen_by: Teammate | None = None  # then only what they may see is counted; None: the whole brand

    @classmethod
    def last_weeks(cls, brand: Brand, weeks: int, now: datetime) -> Period:
        """The running week and as many before it as make `weeks`."""
        monday = _monday(now.astimezone(_zone(brand)).date())
        return cls._of_days(brand, monday - (weeks - 1) * WEEK, monday + WEEK, now)

    @classmethod
    def week_of(cls, brand: Brand, day: date, now: datetime) -> Period:
        """The week in which this day lies."""
        return cls._of_days(brand, _monday(day), _monday(day) + WEEK, now)

    @classmethod
    def today(cls, brand: Brand, now: datetime) -> Period:
        day = now.astimezone(_zone(brand)).date()
        return cls._of_days(brand, day, day + timedelta(days=1), now)

    @classmethod
    def _of_days(cls, brand: Brand, first: date, after: date, now: datetime) -> Period:
        return cls(brand, _midnight(first, _zone(brand)), _midnight(after, _zone(brand)), now)

    @property
    def zone(self) -> ZoneInfo:
        return _zone(self.brand)

    @property
    def first_day(self) -> date:
        return self.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last day that has begun."""
        return (self._seen_until - timedelta(microseconds=1)).astimezone(self.zone).date()

    def weeks(self) -> list[Period]:
        """The weeks it is made of, oldest first."""
        days = range(0, (self.end.astimezone(self.zone).date() - self.first_day).days, WEEK.days)
        weeks = (self.week_of(self.brand, self.first_day + timedelta(days=day), self.now) for day in days)
        return [replace(week, seen_by=self.seen_by) for week in weeks]

    def before(self) -> Period:
        """The same stretch before it: as many weeks, and of the last one as much as has passed of ours.

        A Tuesday's numbers are not held against those of a whole week.
        """
        back = len(self.weeks()) * WEEK
        end = _by_the_clock(self._seen_until, self.zone) - back
        return replace(self, start=_midnight(self.first_day - back, self.zone), end=_at(end, self.zone))

    @property
    def _seen_until(self) -> datetime:
        return max(self.start, min(self.end, self.now))


def _zone(brand: Brand) -> ZoneInfo:
    return ZoneInfo(brand.time_zone)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return _at(datetime.combine(day, time()), zone)


def _by_the_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows: days are subtracted from it, not from the moment."""
    return at.astimezone(zone).replace(tzinfo=None)


def _at(by_the_clock: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC: two times of one zone are subtracted as clocks show them, not as time passes."""
    return by_the_clock.replace(tzinfo=zone).astimezone(UTC)
