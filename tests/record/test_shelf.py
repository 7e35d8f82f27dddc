"""Which backups are kept, and when is the next one due?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.record import shelf
from goodword.record.nightly import last_quiet_hour
from goodword.record.shelf import ALL_OF, LONGEST, kept

NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)


def nights(count: int) -> list[datetime]:
    return [NOW - timedelta(days=days) for days in range(count)]


def test_of_a_year_of_nights_a_week_and_three_weeks_stay() -> None:
    stays = sorted((NOW - at).days for at in kept(nights(365), now=NOW))
    assert stays[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 8 <= len(stays) <= 11
    assert max(stays) >= 21


def test_what_was_deleted_at_its_source_is_in_no_backup_after_a_month() -> None:
    assert all(NOW - at <= LONGEST for at in kept(nights(365), now=NOW))


def test_the_newest_stays_however_old_it_is() -> None:
    old = NOW - timedelta(days=90)
    assert kept([old, old - timedelta(days=1)], now=NOW) == {old}


def test_the_one_before_an_upgrade_outlives_the_night_after_it() -> None:
    upgrade, night = NOW - timedelta(hours=13), NOW
    assert kept([upgrade, night], now=NOW) == {upgrade, night}


@settings(max_examples=60)
@given(st.lists(st.integers(0, 70 * 24 * 60), max_size=60).map(sorted))
def test_keeping_twice_keeps_the_same_and_never_more_than_is_there(minutes: list[int]) -> None:
    made = {NOW - timedelta(minutes=one) for one in minutes}
    stays = kept(made, now=NOW)
    assert stays <= made
    assert kept(stays, now=NOW) == stays
    assert {at for at in made if NOW - at <= ALL_OF} <= stays


@settings(max_examples=10)
@given(st.integers(0, 23))
def test_run_night_after_night_the_shelf_always_reaches_three_weeks_back(hour: int) -> None:
    there: set[datetime] = set()
    for night in range(120):
        now = datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=night)
        there = kept({*there, now}, now=now)
    oldest = min(there)
    assert timedelta(days=21) <= now - oldest <= LONGEST
    assert len(there) <= 12


@pytest.mark.parametrize(
    ("zone", "now", "quiet"),
    [
        ("Europe/Berlin", "2026-06-30T01:29:00+00:00", "2026-06-29T01:30:00+00:00"),
        ("Europe/Berlin", "2026-06-30T01:31:00+00:00", "2026-06-30T01:30:00+00:00"),
        ("America/Los_Angeles", "2026-06-30T12:00:00+00:00", "2026-06-30T10:30:00+00:00"),
        ("Europe/Berlin", "2026-03-29T12:00:00+00:00", "2026-03-29T01:30:00+00:00"),  # the clock jumped
    ],
)
def test_the_quiet_hour_is_that_of_the_install(zone: str, now: str, quiet: str) -> None:
    found = last_quiet_hour(datetime.fromisoformat(now), ZoneInfo(zone))
    assert found == datetime.fromisoformat(quiet)


def test_a_name_says_whose_it_is_and_when_it_was_made() -> None:
    name = shelf.name_of(NOW, shelf.Why.NIGHTLY)
    match = shelf.NAME.fullmatch(name)
    assert match
    assert match[1] == shelf.fingerprint()[:8]
    assert match[2] == "20260630-040000"
