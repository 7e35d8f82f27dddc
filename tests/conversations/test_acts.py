"""What a teammate does is written down, and undoing it restores what was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from goodword.conversations import acts, outbox, reading, replying, snoozing
from goodword.conversations.models import Conversation, Delivery, Wait
from goodword.listening.models import Post
from tests.world import ADA, SAM, UMA, World


@pytest.fixture
def asked(world: World) -> Post:
    return world.hears(SAM, "Does the kettle whistle?")


def _conversation(world: World, post: Post) -> Conversation:
    return world.conversation_of(post)


def test_who_writes_again_is_not_snoozed_any_longer(world: World, asked: Post) -> None:
    acts.snooze(_conversation(world, asked), world.bo.teammate, world.now + timedelta(days=3), now=world.now)
    world.works()
    assert _conversation(world, asked).state == "snoozed"
    world.passes(timedelta(minutes=5))
    world.hears(SAM, "Hello, the kettle?", to=asked)
    assert _conversation(world, asked).state == "open"
    assert _conversation(world, asked).snoozed_until is None


def test_a_snooze_is_over_when_its_time_has_come_and_not_before(world: World, asked: Post) -> None:
    until = world.now + timedelta(hours=1)
    acts.snooze(_conversation(world, asked), world.bo.teammate, until, now=world.now)
    assert snoozing.wake_due(until - timedelta(seconds=1)) == 0
    assert snoozing.wake_due(until) == 1
    assert _conversation(world, asked).state == "open"


def test_undoing_an_old_assignment_does_not_undo_the_newer_one(world: World, asked: Post) -> None:
    first = acts.assign(_conversation(world, asked), world.bo.teammate, world.bo.teammate, now=world.now)
    acts.assign(_conversation(world, asked), world.cy.teammate, world.cy.teammate, now=world.now)
    acts.undo(_anew(first), world.bo.teammate, now=world.now)
    assert _conversation(world, asked).assignee == world.cy.teammate


def test_undoing_a_snooze_of_what_was_answered_does_not_bring_it_back_as_work(
    world: World, asked: Post
) -> None:
    replying.reply(asked, world.bo.teammate, "It does!", key="k", now=world.now)
    outbox.send_due(world.now)
    world.works()
    snooze = acts.snooze(
        _conversation(world, asked), world.bo.teammate, world.now + timedelta(days=1), now=world.now
    )
    acts.undo(_anew(snooze), world.bo.teammate, now=world.now)
    assert _conversation(world, asked).state == "pending"


@pytest.mark.parametrize("how", ["resolved", "let_them_talk", "not_for_us", "spam"])
def test_undoing_a_resolution_restores_state_waits_and_place(world: World, asked: Post, how: str) -> None:
    before = _seen(world, asked)
    act = acts.resolve(_conversation(world, asked), world.bo.teammate, how, now=world.now)
    assert _conversation(world, asked).state == "resolved"
    assert not Wait.objects.filter(ended_at=None).exists()
    for _twice in range(2):
        acts.undo(_anew(act), world.bo.teammate, now=world.now)
    assert _seen(world, asked) == before


def _seen(world: World, post: Post) -> tuple[object, ...]:
    conversation = _conversation(world, post)
    waits = list(Wait.objects.values_list("since", "due_at", "ended_at", "ended_how"))
    return conversation.state, conversation.rank_at, conversation.factors, waits


def test_a_like_that_failed_and_was_dropped_leaves_the_one_who_praised_waiting_as_before(
    world: World,
) -> None:
    praise = world.hears(ADA, "I love this kettle, it is wonderful!")
    replying.thank(praise, world.bo.teammate, key="k", now=world.now)
    assert not Wait.objects.filter(ended_at=None).exists()
    world.place.refuses()
    outbox.send_due(world.now)
    outbox.drop(Delivery.objects.get(), world.bo.teammate, now=world.now)
    assert Wait.objects.get().ended_at is None
    assert _conversation(world, praise).state == "open"


@pytest.mark.parametrize(
    "act",
    [
        lambda c, by, now: acts.note(c, by, "A note", now=now),
        lambda c, by, now: acts.assign(c, by, by, now=now),
        lambda c, by, now: acts.snooze(c, by, now + timedelta(days=1), now=now),
        lambda c, by, now: acts.resolve(c, by, "resolved", now=now),
        lambda c, by, now: acts.mute(c, by, "thread", now=now),
        lambda c, by, now: acts.reopen(c, by, now=now),
    ],
    ids=["note", "assign", "snooze", "resolve", "mute", "reopen"],
)
def test_a_viewer_may_do_none_of_it_and_a_member_leaves_a_line_in_the_trail(
    world: World, asked: Post, act: Callable[..., object]
) -> None:
    before = _seen(world, asked)
    with pytest.raises(PermissionDenied):
        act(_conversation(world, asked), world.olga.teammate, world.now)
    assert _seen(world, asked) == before
    assert not world.brand.audit.filter(by=world.olga.teammate).exists()
    act(_conversation(world, asked), world.bo.teammate, world.now)
    assert world.brand.audit.filter(by=world.bo.teammate).exists()


NOWHERE = [
    "",
    "x",
    "~",
    "2026-03-10~1",
    "2026-03-10T12:00:00+00:00~" + "9" * 40,
    "2026-03-10T12:00:00+00:00~-1",
    "0001-01-01T00:00:00+23:59~1",
    "9999-12-31T23:59:59-23:59~1",
]


@pytest.mark.parametrize("after", NOWHERE)
@pytest.mark.parametrize("view", list(reading.VIEWS))
def test_a_place_in_the_list_that_nobody_was_given_is_no_error(
    world: World, asked: Post, view: str, after: str
) -> None:
    reading.inbox([world.bo.teammate], view, now=world.now, after=after)


@pytest.mark.parametrize("view", ["open", "all"])
def test_page_by_page_each_conversation_is_shown_once(world: World, view: str) -> None:
    expected = {world.conversation_of(world.hears(UMA, "My kettle is broken!")).pk for _n in range(7)}
    shown: list[int] = []
    after = ""
    while True:
        page = reading.inbox([world.bo.teammate], view, now=world.now, after=after, limit=3)
        shown += [row.conversation.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert sorted(shown) == sorted(expected)


def test_what_is_muted_is_kept_and_counted_and_becomes_no_work(world: World, asked: Post) -> None:
    mute = acts.mute(_conversation(world, asked), world.bo.teammate, "author", now=world.now)
    muted = world.hears(SAM, "Does the kettle sing?")
    assert muted.is_mention
    assert not Conversation.objects.filter(root=muted.root).exists()
    acts.undo(_anew(mute), world.bo.teammate, now=world.now)
    assert _conversation(world, world.hears(SAM, "Does the kettle dance?")).state == "open"


def test_a_post_that_was_only_counted_is_taken_into_the_inbox_and_has_its_place(
    world: World, asked: Post
) -> None:
    counted = world.hears(ADA, "I saw a kettle in a museum.", addressed=False)
    assert not Conversation.objects.filter(root=counted.root).exists()
    world.passes(timedelta(minutes=1))
    conversation = acts.pick_up(counted, world.bo.teammate, now=world.now)
    rows = reading.inbox([world.bo.teammate], "open", now=world.now).rows
    row = next(row for row in rows if row.conversation == conversation)
    assert row.why
    assert reading.place_in_line(conversation, world.bo.teammate) == len(rows)
    acts.resolve(conversation, world.bo.teammate, "resolved", now=world.now)
    assert len(reading.inbox([world.bo.teammate], "open", now=world.now).rows) == len(rows) - 1


def test_the_clock_of_what_is_taken_in_by_hand_begins_then(world: World, asked: Post) -> None:
    old = world.hears(ADA, "I saw a kettle.", at=world.now - timedelta(days=165), history=True)
    conversation = acts.pick_up(old, world.bo.teammate, now=world.now)
    rows = reading.inbox([world.bo.teammate], "open", now=world.now).rows
    assert reading.place_in_line(conversation, world.bo.teammate) == len(rows) > 1
    assert next(row for row in rows if row.conversation == conversation).why[-1].startswith("waiting 0 ")


def test_a_viewer_takes_nothing_into_the_inbox(world: World) -> None:
    counted = world.hears(ADA, "I saw a kettle in a museum.", addressed=False)
    with pytest.raises(PermissionDenied):
        acts.pick_up(counted, world.olga.teammate, now=world.now)
    assert not Conversation.objects.filter(root=counted.root).exists()


def _anew(act: acts.Act) -> acts.Act:
    return type(act)._default_manager.get(pk=act.pk)
