"""Promise 2: every place in the inbox is explained in words, and the words add up to it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.channels.base import Author
from goodword.conversations import acts, reading, threads, triage
from goodword.conversations.admission import DEFAULT_RULES, RULES
from goodword.conversations.models import Conversation
from goodword.listening.models import Analysis, Post
from goodword.team.hours import Timetable
from goodword.team.models import Brand
from tests.fakechannel import direct
from tests.world import ADA, IVO, PIA, SAM, UMA, World

PEOPLE = [ADA, IVO, PIA, SAM, UMA]
DECISIONS = [*triage.HEAD_STARTS, "thanks", "spam", "joke"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            st.lists(st.sampled_from(DECISIONS), unique=True, max_size=4),
            st.booleans(),  # addressed
            st.booleans(),  # direct
            st.integers(0, 3000),  # minutes ago
            st.booleans(),  # goes on in the thread before
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_head_starts_add_up_exactly_to_the_place(world: World, said: list[tuple[object, ...]]) -> None:
    heard = [_heard(world, *what) for what in said]  # type: ignore[arg-type]
    for post in heard:
        threads.place([post], world.now)
    triage.rank(heard, world.now)
    ranked = list(Conversation.objects.exclude(due_at=None))
    for conversation in ranked:
        minutes = sum(reason["minutes"] for reason in triage.explained(conversation))
        assert conversation.due_at is not None
        assert conversation.rank_at == conversation.due_at - timedelta(minutes=minutes)
        longest = threads.waiting(conversation).first()
        assert longest is not None
        assert (conversation.waiting_since, conversation.due_at) == (longest.since, longest.due_at)
    _check_order_and_words(world)
    Post.objects.all().delete()
    Conversation.objects.all().delete()


def _heard(
    world: World,
    author: Author,
    decisions: list[str],
    addressed: bool,
    is_direct: bool,
    minutes: int,
    goes_on: bool,
) -> Post:
    """A post of which just this was understood."""
    before = Post.objects.filter(brand=world.brand).last() if goes_on else None
    marks = direct() if is_direct else {"addressed": addressed}
    post = world.hears(author, "kettle", to=before, at=world.now - timedelta(minutes=minutes), **marks)
    Analysis.objects.filter(post=post).update(decisions=decisions)
    return Post.objects.get(pk=post.pk)


def _check_order_and_words(world: World) -> None:
    page = reading.inbox([world.bo.teammate], "open", now=world.now)
    places = [row.conversation.rank_at for row in page.rows]
    assert places == sorted(places)  # type: ignore[type-var]
    for row in page.rows:
        assert row.why, "a place without a reason"
        assert all(isinstance(phrase, str) and phrase.strip() for phrase in row.why)


def test_whoever_waits_is_told_how_long_against_what(world: World) -> None:
    post = world.hears(UMA, "My kettle arrived broken. Can you help?")
    now = world.passes(timedelta(minutes=61))
    why = triage.why(world.conversation_of(post), now)
    assert "waiting 61 minutes of 4 hours" in why
    assert {"complains", "asks a question", "addressed you"} <= set(why)


def test_a_conversation_in_which_nobody_waits_says_so(world: World) -> None:
    post = world.hears(SAM, "Does the kettle whistle?")
    acts.resolve(world.conversation_of(post), world.bo.teammate, "resolved", now=world.now)
    world.deletes(world.hears(SAM, "And is the kettle blue?", to=post))
    conversation = world.conversation_of(post)
    acts.reopen(conversation, world.bo.teammate, now=world.now)
    conversation.waits.update(ended_at=world.now, ended_how="no_reply")
    triage.renew(conversation)
    assert triage.why(conversation, world.now) == ["nobody waits here: it stands behind all who do"]


def test_who_came_back_within_the_month_is_ahead_and_told_why(world: World) -> None:
    for _time in range(3):
        post = world.hears(UMA, "Does the kettle whistle?")
        world.passes(timedelta(days=2))
    assert "third time this month" in triage.why(world.conversation_of(post), world.now)
    assert "got no answer last time" in triage.why(world.conversation_of(post), world.now)


def test_asking_again_in_the_thread_is_a_reason(world: World) -> None:
    post = world.hears(SAM, "Does the kettle whistle?")
    world.passes(timedelta(minutes=5))
    world.hears(SAM, "Hello, the kettle?", to=post)
    assert "wrote 2 times" in triage.why(world.conversation_of(post), world.now)


@pytest.mark.parametrize("code", [*triage.HEAD_STARTS, "addressed", "direct", "left_waiting"])
def test_every_reason_has_words(code: str) -> None:
    assert triage.words_for(triage.Factor(code, 5)) != code


def test_every_rule_of_admission_has_words_and_the_default_is_among_them() -> None:
    assert set(DEFAULT_RULES) <= set(RULES)
    assert all(str(words) for words in RULES.values())


def test_the_order_is_by_place_and_the_screen_shows_the_same(world: World) -> None:
    praise = world.hears(ADA, "I love this kettle, thank you so much!")
    complaint = world.hears(UMA, "My kettle arrived broken, I want my money back!")
    page = reading.inbox([world.bo.teammate], "open", now=world.now)
    assert [row.conversation for row in page.rows] == [
        world.conversation_of(complaint),
        world.conversation_of(praise),
    ]
    assert [reading.place_in_line(row.conversation, world.bo.teammate) for row in page.rows] == [1, 2]
    shown = world.bo.looks_at("/inbox/").content.decode()
    assert shown.index("complains") < shown.index("praises you")


AROUND_THE_CLOCK = Brand()
AROUND_THE_CLOCK.timetable = Timetable([])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400_000), st.integers(1, 6_000))
def test_every_length_of_waiting_can_be_said(waited: int, promised: int) -> None:
    since = datetime.fromisoformat("2026-03-10T12:00:00+00:00")
    conversation = Conversation(
        brand=AROUND_THE_CLOCK, waiting_since=since, due_at=since + timedelta(minutes=promised)
    )
    [words] = triage.why(conversation, since + timedelta(minutes=waited))
    assert words.startswith("waiting ")
