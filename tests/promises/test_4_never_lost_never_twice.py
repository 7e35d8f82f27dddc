"""Promise 4: a reply is never lost and never sent twice by us; what nobody can know, a person is shown.

Kill -9 in earnest, and two workers at once, are in tests/killing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from goodword.channels import base
from goodword.channels.base import Cap
from goodword.conversations import claims, outbox, replying
from goodword.conversations.models import Conversation, Delivery, Reply, Thanks, Wait
from goodword.listening import ingest
from goodword.listening.models import Connection, Post
from goodword.people.models import Approach, Consent
from goodword.team import membership
from tests.fakechannel import US, Fake, Place, forgetful
from tests.world import ADA, SAM, World

S = Delivery.State
Trouble = Callable[[Place], object]


@pytest.fixture
def asked(world: World) -> Post:
    return world.hears(SAM, "Does the kettle whistle?")


def _written(world: World, asked: Post, text: str = "It does!", key: str = "key") -> Delivery:
    return replying.reply(asked, world.bo.teammate, text, key=key, now=world.now).delivery


def _fate(delivery: Delivery) -> tuple[str, str]:
    delivery = Delivery.objects.get(pk=delivery.pk)
    return delivery.state, delivery.trouble


# --- the network misbehaves ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misbehaves", "sentence"),
    [
        (Place.goes_down, "does not answer"),
        (Place.asks_to_wait, "asks us to wait"),
        (Place.revokes_login, "Sign in again"),
    ],
)
def test_what_certainly_did_not_arrive_waits_with_a_sentence_and_goes_out_later(
    world: World, asked: Post, misbehaves: Trouble, sentence: str
) -> None:
    delivery = _written(world, asked)
    misbehaves(world.place)
    outbox.send_due(world.now)
    state, trouble = _fate(delivery)
    assert state == S.QUEUED
    assert sentence in trouble

    world.place.comes_back()
    outbox.send_due(world.passes(timedelta(hours=1)))
    assert _fate(delivery) == (S.SENT, "")
    assert [draft.text for draft in world.place.sent] == ["It does!"]


def test_a_refusal_is_shown_and_never_tried_again_by_itself(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    world.place.refuses()
    outbox.send_due(world.now)
    assert _fate(delivery) == (S.FAILED, "Kettle Square does not take this reply: the thread is closed.")
    assert world.conversation_of(asked).state == "open"
    world.place.comes_back()
    outbox.send_due(world.passes(timedelta(days=2)))
    assert world.place.sent == []


@pytest.mark.parametrize("error", [base.Unclear("It fell silent."), TimeoutError(), RuntimeError("500")])
@pytest.mark.parametrize("arrived", [True, False])
def test_an_unclear_answer_is_looked_up_before_anything_is_sent_again(
    world: World, asked: Post, monkeypatch: pytest.MonkeyPatch, error: Exception, arrived: bool
) -> None:
    delivery = _written(world, asked)
    world.place.is_idempotent = False
    with monkeypatch.context() as broken:
        broken.setattr(Fake, "send", _breaks(world.place, error, arrived))
        outbox.send_due(world.now)
    assert _fate(delivery)[0] == S.INFLIGHT
    outbox.settle_interrupted(world.passes(outbox.SETTLE - timedelta(seconds=1)))
    assert _fate(delivery)[0] == S.INFLIGHT, "the request may still be alive"
    now = world.passes(outbox.SETTLE)
    outbox.settle_interrupted(now)
    outbox.send_due(now)
    assert _fate(delivery)[0] == S.SENT
    assert len(world.place.sent) == 1


@pytest.mark.parametrize("error", [base.Unclear("It fell silent."), TimeoutError(), RuntimeError("500")])
def test_where_nobody_can_look_a_person_decides(
    world: World, asked: Post, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    delivery = _written(world, asked)
    world.place.is_idempotent = False
    with forgetful():
        with monkeypatch.context() as broken:
            broken.setattr(Fake, "send", _breaks(world.place, error, arrived=True))
            outbox.send_due(world.now)
        for _day in range(3):
            now = world.passes(timedelta(days=1))
            outbox.settle_interrupted(now)
            outbox.send_due(now)
    assert _fate(delivery) == (
        S.UNKNOWN,
        "It may have been sent. Look at the thread before you send it again.",
    )
    assert world.conversation_of(asked).state == "open"
    assert len(world.place.sent) == 1
    shown = world.bo.looks_at(f"/conversations/{world.conversation_of(asked).pk}/").content.decode()
    assert "may have been sent" in shown
    assert "It is there" in shown


def _breaks(place: Place, error: Exception, arrived: bool) -> Callable[[Fake, base.Draft], base.Sent]:
    def send(self: Fake, draft: base.Draft) -> base.Sent:
        if arrived:
            place.receives(draft)
        raise error

    return send


@pytest.mark.parametrize(
    ("decide", "state", "arrivals"),
    [(outbox.it_arrived, S.SENT, 0), (outbox.send_again, S.SENT, 1), (outbox.drop, S.WITHDRAWN, 0)],
)
def test_each_decision_of_a_person_is_done_once(
    world: World, asked: Post, decide: Callable[..., None], state: str, arrivals: int
) -> None:
    delivery = _written(world, asked)
    Delivery.objects.update(state=S.UNKNOWN, tries=1)
    decide(delivery, world.bo.teammate, now=world.now)
    with pytest.raises(replying.NotAnswered):
        outbox.send_again(delivery, world.cy.teammate, now=world.now)
    outbox.send_due(world.now)
    assert _fate(delivery)[0] == state
    assert len(world.place.sent) == arrivals


def test_one_that_cannot_be_looked_up_for_a_day_is_shown_to_a_person(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    Delivery.objects.update(state=S.INFLIGHT, leased_until=world.now)
    world.place.goes_down()
    for _hour in range(26):
        outbox.settle_interrupted(world.passes(timedelta(hours=1)))
    assert _fate(delivery)[0] == S.UNKNOWN


def test_the_lease_of_the_last_in_a_slow_row_counts_from_its_own_request(
    world: World, asked: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        _written(world, asked, key=f"key-{number}")
    clock = iter(range(0, 10_000, 60))
    monkeypatch.setattr(outbox.time, "monotonic", lambda: float(next(clock)))
    leases: list[datetime] = []

    def send(self: Fake, draft: base.Draft) -> base.Sent:
        lease = Delivery.objects.get(key=draft.key).leased_until
        assert lease
        leases.append(lease)
        return world.place.receives(draft)

    monkeypatch.setattr(Fake, "send", send)
    outbox.send_due(world.now)
    assert [lease - world.now - outbox.SETTLE for lease in leases] == [
        timedelta(minutes=minutes) for minutes in (1, 2, 3)
    ]


# --- two hands -------------------------------------------------------------------------------------


def test_a_double_click_is_one_reply(world: World, asked: Post) -> None:
    for _click in range(2):
        assert world.bo.replies(asked, "It does!", key="of this form").status_code == 302
    assert Reply.objects.count() == Delivery.objects.count() == 1


def test_a_double_click_on_thank_is_one_like(world: World) -> None:
    praise = world.hears(ADA, "I love my kettle!")
    for _click in range(2):
        world.bo.thanks(praise)
    assert Thanks.objects.count() == Delivery.objects.count() == 1


def test_of_two_teammates_who_answer_at_once_the_second_is_told_and_keeps_the_text(
    world: World, asked: Post
) -> None:
    seen = {"seen": world.conversation_of(asked).opened_at.isoformat()}
    assert world.bo.replies(asked, "It does!", **seen).status_code == 302
    answer = world.cy.replies(asked, "Yes, it whistles <loudly>.", **seen)
    assert answer.status_code == 409
    assert "Bo has just answered here." in answer.content.decode()
    assert "Yes, it whistles &lt;loudly&gt;." in answer.content.decode()
    assert Reply.objects.count() == 1

    assert world.cy.replies(asked, "Yes, it whistles.", anyway="1", **seen).status_code == 302
    assert Reply.objects.count() == 2


def test_who_is_writing_is_not_answered_over(world: World, asked: Post) -> None:
    claims.claim(world.conversation_of(asked), world.bo.teammate, now=timezone.now())
    answer = world.cy.replies(asked, "It does!")
    assert answer.status_code == 409
    assert "Bo is writing an answer right now." in answer.content.decode()
    assert not Reply.objects.exists()


# --- to whom it was written ------------------------------------------------------------------------


@pytest.mark.parametrize("changes", ["edited", "deleted", "author left"])
def test_what_changed_between_writing_and_sending_holds_it_back(
    world: World, asked: Post, changes: str
) -> None:
    delivery = _written(world, asked, "Yes, gladly!")
    match changes:
        case "edited":
            world.edits(asked, "Do you hate your customers?")
        case "deleted":
            world.deletes(asked)
        case _:
            left = base.AuthorGone("sam", "deactivated")
            ingest.take_in(world.brand, "fake", [left], now=world.now, connection=world.connection)
    outbox.send_due(world.now)
    state, trouble = _fate(delivery)
    assert state == S.BLOCKED
    assert trouble.endswith(".")
    assert world.place.sent == []


def test_once_read_again_it_may_go_out(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    world.edits(asked, "Does the kettle whistle loudly?")
    outbox.send_due(world.now)
    outbox.send_again(Delivery.objects.get(pk=delivery.pk), world.bo.teammate, now=world.now)
    outbox.send_due(world.now)
    assert _fate(delivery) == (S.SENT, "")


def test_an_answer_that_waited_for_more_than_a_day_wants_a_second_look(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    world.place.revokes_login()
    outbox.send_due(world.now)
    world.place.comes_back()
    outbox.send_due(world.passes(timedelta(hours=25)))
    assert _fate(delivery) == (S.BLOCKED, "It waited for more than a day. Read it again before you send it.")
    outbox.send_again(Delivery.objects.get(pk=delivery.pk), world.cy.teammate, now=world.now)
    outbox.send_due(world.now)
    assert _fate(delivery)[0] == S.SENT


def test_what_a_removed_teammate_had_written_is_held_back(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    membership.remove(world.bo.teammate, world.dana.teammate, now=world.now)
    outbox.send_due(world.now)
    assert _fate(delivery) == (S.BLOCKED, "The one who wrote it may not answer any more.")


@pytest.mark.parametrize(("addressed", "state"), [(False, S.BLOCKED), (True, S.SENT)])
def test_who_asked_to_be_left_alone_is_answered_only_when_they_turn_to_us(
    world: World, addressed: bool, state: str
) -> None:
    post = world.hears(SAM, "Does the kettle whistle?", addressed=addressed)
    Consent.objects.create(profile=post.author, purpose="contact", given=False, how="STOP", at=world.now)
    delivery = _written(world, post)
    outbox.send_due(world.now)
    assert _fate(delivery)[0] == state


def test_a_removed_connection_holds_it_back(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    Connection.objects.filter(pk=world.connection.pk).update(removed_at=world.now)
    outbox.send_due(world.now)
    assert _fate(delivery) == (S.BLOCKED, "The account it was written for is no longer connected.")


# --- taking back -----------------------------------------------------------------------------------


def _taking_back(world: World, asked: Post) -> Delivery:
    delivery = _written(world, asked)
    outbox.send_due(world.now)
    world.works()
    replying.ask_to_take_back(delivery, world.bo.teammate, now=world.now)
    return delivery


def test_what_was_taken_back_is_gone_there_and_who_waited_waits_again(world: World, asked: Post) -> None:
    delivery = _taking_back(world, asked)
    outbox.send_due(world.now)
    assert _fate(delivery)[0] == S.TAKEN_BACK
    assert len(world.place.taken_back) == 1
    assert Wait.objects.get().ended_at is None
    assert world.conversation_of(asked).state == "open"


@pytest.mark.parametrize("why", ["refused", "down for days", "disconnected"])
def test_a_reply_that_cannot_be_taken_back_stays_sent_and_is_not_sent_again(
    world: World, asked: Post, why: str
) -> None:
    delivery = _taking_back(world, asked)
    match why:
        case "refused":
            world.place.refuses()
        case "down for days":
            world.place.goes_down()
        case _:
            Connection.objects.filter(pk=world.connection.pk).update(removed_at=world.now)
    for _day in range(3):
        outbox.send_due(world.passes(timedelta(days=1)))
    state, trouble = _fate(delivery)
    assert state == (S.TAKING_BACK if why == "down for days" else S.SENT)
    assert trouble
    with pytest.raises(replying.NotAnswered):
        outbox.send_again(Delivery.objects.get(pk=delivery.pk), world.bo.teammate, now=world.now)
    assert len(world.place.sent) == 1


def test_a_reply_that_waits_for_the_network_can_still_be_undone(world: World, asked: Post) -> None:
    delivery = _written(world, asked)
    world.place.goes_down()
    outbox.send_due(world.now)
    assert replying.withdraw(delivery, world.bo.teammate, now=world.now)
    world.place.comes_back()
    outbox.send_due(world.passes(timedelta(hours=1)))
    assert _fate(delivery)[0] == S.WITHDRAWN
    assert world.place.sent == []
    assert not Approach.objects.exists(), "we did not turn to them after all"


# --- what is heard of it ---------------------------------------------------------------------------


@pytest.mark.parametrize("heard_first", [True, False])
def test_our_reply_is_one_post_whether_we_or_the_listener_hear_of_it_first(
    world: World, asked: Post, monkeypatch: pytest.MonkeyPatch, heard_first: bool
) -> None:
    _written(world, asked)
    send = Fake.send

    def heard_meanwhile(self: Fake, draft: base.Draft) -> base.Sent:
        sent = send(self, draft)
        if heard_first:
            world.listens()
        return sent

    monkeypatch.setattr(Fake, "send", heard_meanwhile)
    outbox.send_due(world.passes(timedelta(minutes=1)))
    world.listens()
    assert Post.objects.filter(is_ours=True, author__native_id=US.native_id).count() == 1
    assert Reply.objects.get().sent_post is not None
    assert Wait.objects.get().answered_by == world.bo.teammate


def test_what_they_say_while_our_answer_waits_to_go_out_is_not_answered_by_it(
    world: World, asked: Post
) -> None:
    _written(world, asked)
    world.passes(timedelta(minutes=10))
    again = world.hears(SAM, "And where can I buy the kettle?", to=asked)
    outbox.send_due(world.passes(timedelta(minutes=10)))
    world.works()
    assert Wait.objects.get(ended_at=None).post == again
    assert Conversation.objects.get().state == "open"


def test_a_channel_that_cannot_reply_is_said_before_anything_is_written(
    world: World, asked: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "caps", Fake.caps - {Cap.REPLY})
    answer = world.bo.replies(asked, "It does!")
    assert answer.status_code == 422
    assert not Delivery.objects.exists()
