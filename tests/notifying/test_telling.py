"""Who hears of what: those whom it concerns, once, and nobody of what they did themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword.conversations import acts, outbox, replying
from goodword.conversations.models import Conversation, Delivery, Resolution
from goodword.listening.models import Connection, Post
from goodword.notifying import keeping, occasions, reading
from goodword.notifying.choices import choose
from goodword.notifying.kinds import DEFAULTS, Kind, Way, When, choices
from goodword.notifying.models import Bookmark, Notice, Occasion
from goodword.team import membership
from goodword.team.models import AuditEntry
from tests.fakechannel import direct
from tests.world import ADA, SAM, UMA, Member, World


def look(world: World) -> int:
    return occasions.look(world.now) + occasions.look_around(world.now)


def told(member: Member) -> list[str]:
    """The kinds of everything this teammate was told, oldest first."""
    return [n.occasion.kind for n in Notice.objects.filter(to=member.teammate).order_by("pk")]


def assign(world: World, post: Post, by: Member, to: Member | None) -> Conversation:
    conversation = world.conversation_of(post)
    acts.assign(conversation, by.teammate, to.teammate if to else None, now=world.now)
    return conversation


def test_whoever_is_given_a_conversation_hears_of_it_once(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    assign(world, heard, world.bo, world.cy)
    look(world)
    assert told(world.cy) == [Kind.ASSIGNED]
    look(world)
    world.passes(timedelta(minutes=2))
    look(world)
    assert told(world.cy) == [Kind.ASSIGNED]


def test_what_one_did_oneself_is_no_news(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    look(world)
    Notice.objects.all().delete()
    assign(world, heard, world.bo, world.bo)
    acts.note(world.conversation_of(heard), world.bo.teammate, "I, @Bo, look after it", now=world.now)
    look(world)
    assert told(world.bo) == []


def test_a_colleague_who_is_called_in_a_note_hears_of_it(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    acts.note(world.conversation_of(heard), world.bo.teammate, "@cy, do you know? cc @nobody", now=world.now)
    look(world)
    assert Kind.MENTIONED in told(world.cy)
    assert Kind.MENTIONED not in told(world.dana)


def test_a_note_that_was_taken_away_calls_nobody(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    note = acts.note(world.conversation_of(heard), world.bo.teammate, "@cy?", now=world.now)
    acts.undo(note, world.bo.teammate, now=world.now)
    look(world)
    assert Kind.MENTIONED not in told(world.cy)


def test_who_has_a_conversation_hears_when_somebody_writes_again(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    assign(world, heard, world.dana, world.bo)
    look(world)
    world.passes(timedelta(minutes=5))
    world.hears(SAM, "And does it come in blue?", to=heard)
    look(world)
    assert told(world.bo)[-1] == Kind.ANSWERED
    assert Kind.ANSWERED not in told(world.cy)


def test_who_answered_last_hears_when_nobody_has_it(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    replying.reply(heard, world.bo.teammate, "It does.", key="k", now=world.now)
    outbox.send_due(world.passes(timedelta(minutes=1)))
    world.works()
    world.passes(timedelta(minutes=5))
    world.hears(SAM, "How loud is it?", to=heard)
    look(world)
    assert Kind.ANSWERED in told(world.bo)
    assert Kind.ANSWERED not in told(world.cy)


def test_a_word_of_thanks_is_no_reason_to_disturb(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    replying.reply(heard, world.bo.teammate, "It does.", key="k", now=world.now)
    outbox.send_due(world.passes(timedelta(minutes=1)))
    world.works()
    look(world)
    before = told(world.bo)
    world.passes(timedelta(minutes=5))
    world.hears(SAM, "Thank you!", to=heard)
    look(world)
    assert told(world.bo) == before


def test_a_private_message_that_nobody_has_reaches_all_who_may_answer(world: World) -> None:
    world.hears(SAM, "Can you help me?", **direct())
    look(world)
    for member in (world.dana, world.bo, world.cy):
        assert told(member) == [Kind.PRIVATE]
    assert told(world.olga) == []  # she may not answer
    assert told(world.eve) == []


def test_one_thought_in_several_messages_is_one_piece_of_news(world: World) -> None:
    first = world.hears(SAM, "Can you help me?", **direct())
    look(world)
    world.passes(timedelta(seconds=20))
    world.hears(SAM, "It is about the lid?", to=first, **direct())
    look(world)
    assert told(world.bo) == [Kind.PRIVATE]


def test_history_is_no_news(world: World) -> None:
    world.hears(SAM, "Can you help me?", history=True, at=world.now - timedelta(hours=2), **direct())
    world.hears(UMA, "Is anybody there?", at=world.now - timedelta(days=3), **direct())
    look(world)
    assert list(Occasion.objects.values_list("kind", "key")) == []


def test_a_reply_that_did_not_go_out_is_told_to_its_writer(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    made = replying.reply(heard, world.bo.teammate, "It does.", key="k", now=world.now)
    Delivery.objects.filter(pk=made.delivery_id).update(state=Delivery.State.FAILED)
    look(world)
    look(world)
    assert told(world.bo).count(Kind.NOT_SENT) == 1
    assert Kind.NOT_SENT not in told(world.dana)


def test_a_connection_that_needs_a_sign_in_is_told_to_owners_alone(world: World) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(
        state=Connection.State.NEEDS_LOGIN, trouble="Refused.", trouble_since=world.now
    )
    look(world)
    look(world)
    assert told(world.dana) == [Kind.STOPPED]
    assert told(world.bo) == told(world.eve) == []


def test_an_answer_due_soon_and_then_overdue_is_told_once_each(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    conversation = assign(world, heard, world.dana, world.bo)
    look(world)
    conversation.refresh_from_db()
    assert conversation.due_at
    world.passes(conversation.due_at - world.now - timedelta(minutes=2))
    look(world)
    look(world)
    world.passes(timedelta(minutes=4))
    look(world)
    world.passes(timedelta(hours=1))
    look(world)
    assert told(world.bo)[-2:] == [Kind.DUE_SOON, Kind.OVERDUE]
    assert told(world.bo).count(Kind.OVERDUE) == 1
    assert Kind.OVERDUE not in told(world.cy)


def test_what_nobody_has_is_overdue_for_those_at_work_alone(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    due = world.conversation_of(heard).due_at
    assert due
    world.passes(due - world.now + timedelta(minutes=1))
    other = world.hears(ADA, "I love my kettle")
    acts.note(world.conversation_of(other), world.bo.teammate, "Nice!", now=world.now)
    occasions.look_around(world.now)
    assert Kind.OVERDUE in told(world.bo)
    assert Kind.OVERDUE not in told(world.cy)


def test_after_a_weekend_nobody_hears_of_all_that_became_overdue(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    world.passes(timedelta(hours=20))
    acts.note(world.conversation_of(heard), world.bo.teammate, "Good morning", now=world.now)
    occasions.look_around(world.now)
    assert Kind.OVERDUE not in told(world.bo)


def test_who_was_removed_hears_nothing(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    assign(world, heard, world.bo, world.cy)
    membership.remove(world.cy.teammate, world.dana.teammate, now=world.now)
    look(world)
    assert told(world.cy) == []


def test_what_another_brand_hears_is_told_to_its_own_people(world: World) -> None:
    world.other_brand_hears(SAM, "Does your kettle whistle?")
    look(world)
    assert {n.to.brand_id for n in Notice.objects.all()} == {world.other_brand.pk}


def test_a_choice_of_never_is_kept_and_what_agrees_with_the_table_is_not_stored(world: World) -> None:
    me = world.cy.teammate
    choose(me, [(Kind.ASSIGNED, way, When.NEVER) for way in Way])
    heard = world.hears(SAM, "Does the kettle whistle?")
    look(world)
    before = told(world.cy)
    assign(world, heard, world.bo, world.cy)
    look(world)
    assert told(world.cy) == before
    choose(me, [(Kind.ASSIGNED, way, DEFAULTS[Kind.ASSIGNED].by(way)) for way in Way])
    assert not me.preferences.exists()


def test_a_choice_that_is_not_offered_is_not_taken(world: World) -> None:
    choose(world.cy.teammate, [(Kind.ASSIGNED, Way.PUSH, When.DIGEST)])
    assert not world.cy.teammate.preferences.exists()


def test_every_kind_has_a_default_that_is_among_its_choices() -> None:
    assert set(DEFAULTS) == set(Kind)
    for kind in Kind:
        for way in Way:
            assert DEFAULTS[kind].by(way) in choices(kind, way)


# --- what is no news any more ----------------------------------------------------------------------


def test_several_notices_of_one_conversation_count_as_one_matter(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    conversation = assign(world, heard, world.bo, world.cy)
    acts.note(conversation, world.bo.teammate, "@cy please", now=world.now)
    look(world)
    assert len(told(world.cy)) >= 2
    assert reading.unread_count([world.cy.teammate]) == 1
    assert len(reading.lines([world.cy.teammate])) == 1


def test_reading_the_conversation_reads_its_notices(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    conversation = assign(world, heard, world.bo, world.cy)
    look(world)
    assert reading.unread_count([world.cy.teammate]) == 1
    reading.read_conversation(world.cy.teammate, conversation, now=world.now)
    assert reading.unread_count([world.cy.teammate]) == 0


@pytest.mark.parametrize("how", ["a colleague took it", "it was resolved"])
def test_what_somebody_else_has_settled_is_no_news_any_more(world: World, how: str) -> None:
    heard = world.hears(SAM, "Can you help me?", **direct())
    look(world)
    assert reading.unread_count([world.cy.teammate]) == 1
    if how == "it was resolved":
        acts.resolve(world.conversation_of(heard), world.bo.teammate, Resolution.How.RESOLVED, now=world.now)
    else:
        assign(world, heard, world.bo, world.bo)
    assert reading.unread_count([world.cy.teammate]) == 0


def test_what_was_settled_long_ago_counts_as_read_and_what_is_still_news_does_not(world: World) -> None:
    settled = world.hears(SAM, "Can you help me?", **direct())
    world.hears(UMA, "My kettle is broken", **direct())
    look(world)
    acts.resolve(world.conversation_of(settled), world.bo.teammate, Resolution.How.RESOLVED, now=world.now)
    assert keeping.read_settled(world.passes(timedelta(hours=1))) == 0
    assert keeping.read_settled(world.passes(timedelta(days=1))) == 3  # Dana, Bo and Cy were told
    assert reading.unread_count([world.cy.teammate]) == 1


# --- how rows are found ----------------------------------------------------------------------------


def test_a_look_that_is_cut_short_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    assign(world, heard, world.bo, world.cy)
    world.passes(timedelta(minutes=5))

    def killed(*_args: object, **_more: object) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(occasions, "tell", killed)
        with pytest.raises(SystemExit):
            look(world)
    assert not Occasion.objects.exists()
    look(world)
    assert Kind.ASSIGNED in told(world.cy)


def test_the_bookmark_moves_past_what_is_settled_and_stays_before_what_is_young(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    assign(world, heard, world.bo, world.cy)
    look(world)
    assert Bookmark.objects.get(table="audit").upto < _newest()
    world.passes(timedelta(minutes=2))
    look(world)
    assert Bookmark.objects.get(table="audit").upto == _newest()


def test_many_rows_are_passed_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occasions, "BATCH", 3)
    heard = world.hears(SAM, "Does the kettle whistle?")
    for _n in range(8):
        acts.note(world.conversation_of(heard), world.bo.teammate, "hm", now=world.now)
    assign(world, heard, world.bo, world.cy)
    look(world)
    assert Kind.ASSIGNED in told(world.cy)


def _newest() -> int:
    newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    assert newest
    return newest
