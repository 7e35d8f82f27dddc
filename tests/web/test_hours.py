"""How does an owner say when the brand's people are there?"""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.utils import timezone

from goodword.team.hours import hours_of
from goodword.team.models import Brand, OpeningHours
from tests.world import World


def week(**spans: Any) -> dict[str, Any]:
    """A form in which only Monday has hours, unless it says otherwise."""
    fields: dict[str, Any] = {
        "when": "hours",
        "closed_on": "",
        "from-0": ["09:00", ""],
        "until-0": ["17:00", ""],
    }
    return fields | spans


def kept(world: World) -> Any:
    return hours_of(Brand.objects.get(pk=world.brand.pk), timezone.now())


def test_what_is_typed_is_kept_and_shown_again(world: World) -> None:
    world.dana.does("/brand/hours/", **week(**{"from-0": ["14:00", "09:00"], "until-0": ["18:00", "12:30"]}))
    assert list(kept(world).week[0]) == [(time(9), time(12, 30)), (time(14), time(18))]
    page = world.dana.looks_at("/brand/hours/").content.decode()
    assert 'value="12:30"' in page


def test_holidays_are_days_or_several_in_a_row(world: World) -> None:
    world.dana.does("/brand/hours/", **week(closed_on="2026-12-24 – 2026-12-26\n\n2027-01-01"))
    assert kept(world).closed_on == {
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 1, 1),
    }
    assert "2026-12-24 – 2026-12-26\n2027-01-01" in world.dana.looks_at("/brand/hours/").content.decode()


def test_around_the_clock_can_be_chosen_again(world: World) -> None:
    world.dana.does("/brand/hours/", **week())
    world.dana.does("/brand/hours/", **week(when="always"))
    assert kept(world).is_always
    assert OpeningHours.objects.filter(brand=world.brand).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"from-0": ["17:00"], "until-0": ["09:00"]},
        {"from-0": ["09:00"], "until-0": [""]},
        {"from-0": ["9 o’clock"], "until-0": ["17:00"]},
        {"closed_on": "Christmas"},
        {"closed_on": "2026-12-26 – 2026-12-24"},
        {"closed_on": "2026-12-26 – 2036-12-24"},
        {"closed_on": "9999-12-31 – 9999-12-32"},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    world: World, wrong: dict[str, Any]
) -> None:
    answer = world.dana.does("/brand/hours/", **week(**{"from-1": ["10:15"], "until-1": ["11:45"]}, **wrong))
    assert answer.status_code == 422
    assert 'value="10:15"' in answer.content.decode()
    assert not OpeningHours.objects.exists()


def test_hours_at_which_nobody_is_ever_there_are_refused(world: World) -> None:
    assert world.dana.does("/brand/hours/", when="hours").status_code == 422
    assert not OpeningHours.objects.exists()


def test_only_owners_set_them(world: World) -> None:
    assert world.bo.does("/brand/hours/", **week()).status_code == 403
    assert not OpeningHours.objects.exists()
