"""Does a brand's goal stand beside its number?"""

from __future__ import annotations

import pytest

from goodword.conversations.models import Wait
from goodword.metrics.goals import goals_of, is_reached
from goodword.metrics.metric import metrics
from goodword.team.models import Goal
from tests.world import SAM, World


def test_an_owner_sets_a_goal_as_people_say_it_and_all_see_it(world: World) -> None:
    world.dana.does("/metrics/within-promise/goals/", number="90", typed_in="percent")
    assert goals_of(world.brand) == {"within-promise": 0.9}
    assert "Goal: 90%" in world.olga.looks_at("/metrics/within-promise/").content.decode()


def test_a_time_may_be_said_in_hours(world: World) -> None:
    world.dana.does("/metrics/first-reply-median/goals/", number="2,5", typed_in="hours")
    assert goals_of(world.brand) == {"first-reply-median": 9000.0}
    page = world.dana.looks_at("/metrics/first-reply-median/").content.decode()
    assert 'value="150"' in page  # minutes: not a whole number of hours


def test_a_goal_that_is_reached_is_said(world: World) -> None:
    world.dana.does("/metrics/reply-rate/goals/", number="50")
    question = world.hears(SAM, "Does the kettle whistle?")
    Wait.objects.filter(post=question).update(ended_at=world.now, ended_how=Wait.End.REPLY)
    metric = metrics()["reply-rate"]
    assert is_reached(metric, 0.5, 0.5)
    assert not is_reached(metrics()["first-reply-median"], 3601, 3600)


def test_an_empty_field_gives_the_goal_up_and_what_was_set_is_kept(world: World) -> None:
    world.dana.does("/metrics/reply-rate/goals/", number="90")
    world.dana.does("/metrics/reply-rate/goals/", number="")
    assert goals_of(world.brand) == {}
    assert Goal.objects.filter(brand=world.brand).count() == 2


@pytest.mark.parametrize("typed", ["many", "-5", "120", "1e9", "9" * 13, "∞", "５０,,"])
def test_what_is_no_number_or_beyond_reach_is_refused(world: World, typed: str) -> None:
    world.dana.does("/metrics/reply-rate/goals/", number=typed)
    assert not Goal.objects.exists()


def test_what_is_nobodys_goal_has_no_form(world: World) -> None:
    world.dana.does("/metrics/posts-heard/goals/", number="1000")
    assert not Goal.objects.exists()
    assert "Set a goal" not in world.dana.looks_at("/metrics/posts-heard/").content.decode()


def test_a_member_sets_no_goal_and_another_brand_sees_none(world: World) -> None:
    assert world.bo.does("/metrics/reply-rate/goals/", number="90").status_code == 403
    world.dana.does("/metrics/reply-rate/goals/", number="90")
    assert "Goal: 90%" not in world.eve.looks_at("/metrics/reply-rate/").content.decode()
