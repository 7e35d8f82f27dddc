"""Weeks begin on Monday at midnight where the brand is, also where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.metrics.period import Period
from goodword.team.models import Brand

BERLIN = Brand(name="Kettle & Co", time_zone="Europe/Berlin")
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def test_the_last_weeks_end_with_the_running_one() -> None:
    period = Period.last_weeks(BERLIN, 4, utc(2026, 2, 10, 12))  # a Tuesday
    assert period.start == utc(2026, 1, 18, 23)  # Monday the 19th, 0:00 in Berlin
    assert period.end == utc(2026, 2, 15, 23)
    assert [week.first_day for week in period.weeks()] == [
        date(2026, 1, 19), date(2026, 1, 26), date(2026, 2, 2), date(2026, 2, 9),
    ]  # fmt: skip


def test_it_may_be_monday_where_the_brand_is_and_sunday_at_greenwich() -> None:
    late_on_sunday = utc(2026, 2, 8, 23, 30)
    assert Period.last_weeks(BERLIN, 1, late_on_sunday).first_day == date(2026, 2, 9)
    london = Brand(name="Other Brand", time_zone="Europe/London")
    assert Period.last_weeks(london, 1, late_on_sunday).first_day == date(2026, 2, 2)


@pytest.mark.parametrize(
    ("day", "length"),
    [
        (date(2026, 3, 25), 7 * 24 * HOUR - HOUR),  # the clocks go forward on Sunday the 29th
        (date(2026, 10, 22), 7 * 24 * HOUR + HOUR),  # and back on Sunday, October 25th
        (date(2026, 6, 10), 7 * 24 * HOUR),
    ],
)
def test_a_week_in_which_the_clocks_change_is_an_hour_shorter_or_longer(day: date, length: timedelta) -> None:
    week = Period.week_of(BERLIN, day, utc(2027, 1, 1))
    assert week.end - week.start == length


def test_before_is_the_same_stretch_and_no_more_of_it_than_has_passed() -> None:
    now = utc(2026, 4, 1, 8)  # Wednesday 10:00 in Berlin, three days after the clocks went forward
    before = Period.last_weeks(BERLIN, 1, now).before()
    assert before.start == utc(2026, 3, 22, 23)
    assert before.end == utc(2026, 3, 25, 9)  # Wednesday 10:00 by the clock, in winter time


def test_before_a_week_that_is_over_is_the_whole_week_before_it() -> None:
    week = Period.week_of(BERLIN, date(2026, 2, 4), utc(2026, 3, 1))
    assert week.before().start == Period.week_of(BERLIN, date(2026, 1, 28), utc(2026, 3, 1)).start
    assert week.before().end == week.start


def test_the_last_day_is_one_that_has_begun() -> None:
    now = utc(2026, 2, 10, 12)
    assert Period.last_weeks(BERLIN, 4, now).last_day == date(2026, 2, 10)
    assert Period.week_of(BERLIN, date(2026, 2, 4), now).last_day == date(2026, 2, 8)


@settings(max_examples=60, deadline=None)
@given(
    now=st.integers(978_307_200, 2_840_140_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"]),
    weeks=st.integers(1, 30),
)
def test_weeks_lie_side_by_side_and_fill_the_period(now: datetime, zone: str, weeks: int) -> None:
    period = Period.last_weeks(Brand(name="Kettle & Co", time_zone=zone), weeks, now)
    pieces = period.weeks()
    assert len(pieces) == weeks
    assert pieces[0].start == period.start
    assert pieces[-1].end == period.end
    assert all(one.end == other.start for one, other in pairwise(pieces))
    assert all(week.first_day.weekday() == 0 for week in pieces)
    assert period.start <= now < period.end
    assert period.before().start < period.before().end <= period.start or now == period.start
