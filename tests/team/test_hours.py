"""When are the brand's people there, and by when is an answer due?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.team.hours import ALWAYS, Hours, Timetable, set_hours
from goodword.team.membership import NotPossible
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = [(time(9), time(17))]
OFFICE = Hours([NINE_TO_FIVE] * 5 + [[], []], frozenset(), BERLIN)
FRIDAY_NOON = datetime(2026, 11, 27, 12, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)


def test_without_opening_hours_the_clock_always_runs() -> None:
    assert ALWAYS.after(FRIDAY_NOON, timedelta(days=3)) == FRIDAY_NOON + timedelta(days=3)
    assert ALWAYS.between(FRIDAY_NOON, FRIDAY_NOON + timedelta(days=3)) == timedelta(days=3)


def test_what_is_asked_on_friday_evening_is_due_on_monday() -> None:
    asked = datetime(2026, 11, 27, 16, tzinfo=BERLIN)
    assert OFFICE.after(asked, timedelta(hours=4)) == datetime(2026, 11, 30, 12, tzinfo=BERLIN)


def test_what_is_asked_at_night_is_due_from_the_morning_on() -> None:
    asked = datetime(2026, 11, 28, 3, tzinfo=BERLIN)
    assert OFFICE.after(asked, timedelta(minutes=15)) == datetime(2026, 11, 30, 9, 15, tzinfo=BERLIN)


def test_a_lunch_break_is_no_time_of_waiting() -> None:
    split = Hours([[(time(9), time(12, 30)), (time(14), time(18))]] * 7, frozenset(), BERLIN)
    assert split.after(FRIDAY_NOON, timedelta(hours=1)) == datetime(2026, 11, 27, 14, 30, tzinfo=BERLIN)


def test_a_holiday_is_skipped() -> None:
    hours = Hours([NINE_TO_FIVE] * 7, frozenset({date(2026, 12, 25), date(2026, 12, 26)}), BERLIN)
    asked = datetime(2026, 12, 24, 16, 30, tzinfo=BERLIN)
    assert hours.after(asked, timedelta(hours=1)) == datetime(2026, 12, 27, 9, 30, tzinfo=BERLIN)


def test_a_night_shift_may_last_until_midnight() -> None:
    late = Hours([[(time(18), time(0))]] * 7, frozenset(), BERLIN)
    assert late.is_open(datetime(2026, 11, 27, 23, 59, tzinfo=BERLIN))
    assert not late.is_open(datetime(2026, 11, 28, 0, 0, tzinfo=BERLIN))


def test_where_the_clocks_change_an_open_night_lasts_as_long_as_it_does() -> None:
    night = Hours([[(time(0), time(6))]] * 7, frozenset(), BERLIN)
    begins = datetime(2026, 10, 25, 0, tzinfo=BERLIN)  # this night has an hour twice
    assert night.between(begins, datetime(2026, 10, 25, 6, tzinfo=BERLIN)) == timedelta(hours=7)


def test_who_is_never_there_is_asked_around_the_clock() -> None:
    closed = Hours(
        [NINE_TO_FIVE] + [[]] * 6, frozenset(date(2026, 1, 5) + timedelta(days=7 * n) for n in range(120))
    )
    asked = datetime(2026, 6, 1, tzinfo=UTC)
    assert closed.after(asked, timedelta(hours=1)) == asked + timedelta(hours=1)


spans_of_a_day = st.lists(st.integers(0, 23), max_size=4, unique=True).map(
    lambda hours: [(time(a), time(b)) for a, b in zip(sorted(hours)[::2], sorted(hours)[1::2], strict=False)]
)


@given(
    week=st.lists(spans_of_a_day, min_size=7, max_size=7),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"]
    ),
    start=st.integers(0, 400_000),
    waited=st.integers(0, 600),
)
@settings(max_examples=60, deadline=None)
def test_the_time_until_an_answer_is_due_is_the_time_promised(
    week: list[list[tuple[time, time]]], zone: str, start: int, waited: int
) -> None:
    hours = Hours(week, frozenset(), ZoneInfo(zone))
    asked = datetime(2026, 3, 1, tzinfo=UTC) + start * MINUTE
    due = hours.after(asked, waited * MINUTE)
    assert hours.between(asked, due) == waited * MINUTE


@given(
    week=st.lists(spans_of_a_day, min_size=7, max_size=7),
    start=st.integers(0, 5_000),
    minutes=st.integers(0, 3_000),
)
@settings(max_examples=25, deadline=None)
def test_it_counts_what_a_clock_of_minutes_counts(
    week: list[list[tuple[time, time]]], start: int, minutes: int
) -> None:
    hours = Hours(week, frozenset(), BERLIN)
    asked = datetime(2026, 3, 27, tzinfo=UTC) + start * MINUTE
    ticked = sum(hours.is_open(asked + n * MINUTE) for n in range(minutes))
    assert hours.between(asked, asked + minutes * MINUTE) == ticked * MINUTE


# --- as they are kept ------------------------------------------------------------------------------


def test_what_was_promised_before_the_hours_changed_stays(world: World) -> None:
    set_hours(world.dana.teammate, [NINE_TO_FIVE] * 7, [], now=world.now)
    timetable = Timetable.of(world.brand)
    assert timetable.at(world.now - MINUTE).is_always
    assert not timetable.at(world.now).is_always


@pytest.mark.parametrize(
    "day",
    [
        [(time(17), time(9))],
        [(time(9), time(12)), (time(11), time(14))],
        [(time(9), time(0)), (time(22), time(23))],
        [(time(hour), time(hour, 30)) for hour in range(5)],
    ],
)
def test_hours_that_cannot_be_are_refused_in_a_sentence(world: World, day: list[tuple[time, time]]) -> None:
    with pytest.raises(NotPossible) as refused:
        set_hours(world.dana.teammate, [day] + [[]] * 6, [], now=world.now)
    assert str(refused.value).endswith(".")


def test_a_member_may_not_set_the_hours(world: World) -> None:
    with pytest.raises(PermissionDenied):
        set_hours(world.bo.teammate, [NINE_TO_FIVE] * 7, [], now=world.now)
