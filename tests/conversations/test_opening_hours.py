"""Do the clocks of answers run only while the brand's people are there?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from goodword.channels.base import channel_named
from goodword.conversations import triage
from goodword.conversations.models import Wait
from goodword.team.hours import set_hours
from tests.world import SAM, World

OFFICE = [[(time(9), time(17))]] * 5 + [[], []]
SATURDAY = datetime(2026, 11, 28, 10, tzinfo=UTC)
MONDAY_AT_NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)


def at(world: World, moment: datetime) -> None:
    world.passes(moment - world.now)


def opens_in_office_hours(world: World) -> None:
    set_hours(world.dana.teammate, OFFICE, [], now=world.now - timedelta(days=1))


def test_who_asks_on_saturday_has_an_answer_promised_from_monday_on(world: World) -> None:
    opens_in_office_hours(world)
    at(world, SATURDAY)
    question = world.hears(SAM, "Does the kettle whistle?")
    within = channel_named(question.channel).reply_within
    assert question.wait.due_at == MONDAY_AT_NINE + within


def test_the_reason_says_that_the_clock_rests_while_nobody_is_there(world: World) -> None:
    opens_in_office_hours(world)
    at(world, SATURDAY)
    conversation = world.conversation_of(world.hears(SAM, "Does the kettle whistle?"))
    said = triage.why(conversation, SATURDAY + timedelta(hours=3))
    assert "the clock rests until you open" in said
    assert any(phrase.startswith("waiting 0 ") for phrase in said)


def test_the_reason_counts_from_the_opening_on(world: World) -> None:
    opens_in_office_hours(world)
    at(world, SATURDAY)
    conversation = world.conversation_of(world.hears(SAM, "Does the kettle whistle?"))
    said = triage.why(conversation, MONDAY_AT_NINE + timedelta(minutes=30))
    assert any(phrase.startswith("waiting 30 ") for phrase in said)
    assert "the clock rests until you open" not in said


def test_a_promise_made_before_the_hours_were_set_stays(world: World) -> None:
    at(world, SATURDAY)
    question = world.hears(SAM, "Does the kettle whistle?")
    before = question.wait.due_at
    set_hours(world.dana.teammate, OFFICE, [], now=world.now + timedelta(minutes=1))
    world.works()
    assert Wait.objects.get(post=question).due_at == before
