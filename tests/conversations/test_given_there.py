"""Does an answer given at its source count like one that was sent, and stay one when it is heard, too?"""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from goodword.channels import base
from goodword.conversations import doubles, given_there, outbox, replying
from goodword.conversations.models import Conversation, Delivery, Reply, State, Wait
from goodword.conversations.replying import NotAnswered
from goodword.listening.models import Post
from goodword.metrics.period import Period
from goodword.metrics.responses import first_reply_median, reply_rate
from goodword.people.models import Approach
from goodword.store.search import search
from goodword.team.models import AuditEntry, Teammate
from tests.fakechannel import US
from tests.world import SAM, UMA, World

MINUTE = timedelta(minutes=1)
WORDS = "It does, in B flat. I have just tried it with the blue one."


def asked(world: World, text: str = "Does the kettle whistle?") -> Post:
    return world.hears(SAM, text)


def answered(world: World, post: Post, text: str = WORDS, **more: Any) -> Reply:
    more = {"key": base.stable_key(text), "now": world.now} | more
    return given_there.answered_there(post, world.bo.teammate, text, **more)


def wait_of(post: Post) -> Wait:
    return Wait.objects.get(post=post)


def state_of(world: World, post: Post) -> str:
    return world.conversation_of(post).state


def ours_in(world: World, post: Post) -> list[Post]:
    """What stands in the thread as said by us."""
    return list(world.conversation_of(post).posts.filter(is_ours=True, gone_at=None))


def by(said: Post) -> Teammate | None:
    reply = Reply.objects.filter(sent_post=said).first()
    return reply.by if reply else None


def heard_there(world: World, post: Post, text: str = WORDS, **more: Any) -> base.Seen:
    """We ourselves, in the native app."""
    parent = world.place.posts[post.native_id]
    return base.Seen(world.place.says(US, text, to=parent, at=world.now, **more))


def test_the_words_stand_in_the_thread_end_the_wait_and_say_who_said_them(world: World) -> None:
    post = asked(world)
    world.passes(30 * MINUTE)
    reply = answered(world, post, at=world.now - 20 * MINUTE, url="https://fake.example/kettle/99")
    wait = wait_of(post)
    assert wait.ended_at == post.at + 10 * MINUTE
    assert (wait.ended_how, wait.answered_by) == (Wait.End.REPLY, world.bo.teammate)
    assert state_of(world, post) == State.PENDING
    (said,) = ours_in(world, post)
    assert (said.text, said.url) == (WORDS, "https://fake.example/kettle/99")
    assert said.reply == reply
    world.works()
    assert len(ours_in(world, post)) == 1
    assert wait_of(post).ended_at == post.at + 10 * MINUTE


def test_every_number_counts_it_like_a_reply_that_was_sent(world: World) -> None:
    post = asked(world)
    world.passes(30 * MINUTE)
    answered(world, post, at=post.at + 10 * MINUTE)
    period = Period.week_of(world.brand, world.now.date(), world.now + MINUTE)
    assert reply_rate.number(period) == 1.0
    assert first_reply_median.number(period) == 600
    assert Approach.objects.filter(profile=post.author, by=world.bo.teammate, kind="reply").count() == 1
    assert [hit.kind for hit in search(world.brand.pk, "blue flat") if hit.kind == "reply"] == ["reply"]
    assert AuditEntry.objects.filter(verb="answered there", by=world.bo.teammate).count() == 1


def test_a_double_click_is_one_answer(world: World) -> None:
    post = asked(world)
    assert answered(world, post) == answered(world, post)
    assert Reply.objects.count() == Post.objects.filter(is_ours=True).count() == 1


@pytest.mark.parametrize("text", ["", "  \r\n\t "])
def test_it_needs_words(world: World, text: str) -> None:
    post = asked(world)
    with pytest.raises(NotAnswered, match="Write what you said there"):
        answered(world, post, text)
    assert not Reply.objects.exists()


def test_a_time_to_come_or_before_they_wrote_is_refused(world: World) -> None:
    post = asked(world)
    world.passes(30 * MINUTE)
    with pytest.raises(NotAnswered, match="still to come"):
        answered(world, post, at=world.now + 5 * MINUTE)
    with pytest.raises(NotAnswered, match="had not written yet"):
        answered(world, post, at=post.at - 5 * MINUTE)
    assert not Reply.objects.exists()
    assert state_of(world, post) == State.OPEN


def test_a_form_tells_minutes_so_the_same_minute_is_no_mistake(world: World) -> None:
    world.passes(timedelta(seconds=40))
    post = asked(world)
    answered(world, post, at=post.at - timedelta(seconds=40), now=post.at + timedelta(seconds=5))
    assert wait_of(post).ended_at == post.at


@pytest.mark.parametrize("url", ["javascript:alert(1)", "kettle.example/9", "data:text/html,x"])
def test_the_link_to_it_is_a_web_address_or_none(world: World, url: str) -> None:
    with pytest.raises(NotAnswered, match="must begin with https"):
        answered(world, asked(world), url=url)


def test_an_answer_before_their_last_word_answers_what_they_had_said_by_then(world: World) -> None:
    first = asked(world)
    world.passes(20 * MINUTE)
    second = world.hears(SAM, "And does it come in blue?", to=first)
    world.passes(20 * MINUTE)
    reply = answered(world, second, at=first.at + 10 * MINUTE)
    world.works()
    assert reply.post == first
    assert wait_of(first).ended_at == first.at + 10 * MINUTE
    assert wait_of(second).ended_at is None
    assert state_of(world, first) == State.OPEN


def test_a_viewer_may_not_say_so(world: World) -> None:
    post = asked(world)
    with pytest.raises(PermissionDenied):
        given_there.answered_there(post, world.olga.teammate, WORDS, key="k", now=world.now)


def test_undone_it_is_forgotten_and_they_wait_again(world: World) -> None:
    post = asked(world)
    world.passes(30 * MINUTE)
    reply = answered(world, post)
    world.works()
    given_there.undo(reply, world.cy.teammate, now=world.now)
    given_there.undo(reply, world.cy.teammate, now=world.now)
    world.works()
    assert wait_of(post).ended_at is None
    assert state_of(world, post) == State.OPEN
    assert world.conversation_of(post).waiting_since == post.at
    assert ours_in(world, post) == []
    assert not Post.objects.filter(is_ours=True).exclude(text="").exists()
    assert not Approach.objects.exists()
    assert search(world.brand.pk, "flat") == []
    reply.refresh_from_db()
    assert reply.undone_by == world.cy.teammate


def test_undone_another_answer_of_ours_still_counts(world: World) -> None:
    post = asked(world)
    first = answered(world, world_post := post, "First words, said there.", at=world.passes(5 * MINUTE))
    second = answered(world, world_post, "Second words, said there.", at=world.passes(5 * MINUTE))
    given_there.undo(first, world.bo.teammate, now=world.now)
    world.works()
    assert wait_of(post).ended_at == second.at
    assert state_of(world, post) == State.PENDING


def test_undone_what_they_asked_since_makes_the_first_wait_longer(world: World) -> None:
    post = asked(world)
    reply = answered(world, post, at=world.passes(5 * MINUTE))
    world.passes(5 * MINUTE)
    world.hears(SAM, "And does it come in blue?", to=post)
    assert Wait.objects.count() == 2
    given_there.undo(reply, world.bo.teammate, now=world.now)
    world.works()
    (wait,) = Wait.objects.all()
    assert (wait.since, wait.ended_at, wait.is_first) == (post.at, None, True)


# --- heard as well ---------------------------------------------------------------------------------


def story(world: World, order: tuple[str, ...], text: str = WORDS, **told: Any) -> Post:
    """One answer, written down and heard, in either order; the post that was asked."""
    post = asked(world)
    world.passes(10 * MINUTE)
    seen = heard_there(world, post, text)
    world.passes(20 * MINUTE)
    for step in order:
        if step == "heard":
            world.takes_in(seen)
        else:
            answered(world, post, **told)
    world.works()
    return post


BOTH_ORDERS = pytest.mark.parametrize("order", list(permutations(["heard", "written down"])))


@BOTH_ORDERS
def test_heard_and_written_down_it_is_one_in_either_order(world: World, order: tuple[str, ...]) -> None:
    post = story(world, order)
    (said,) = ours_in(world, post)
    assert by(said) == world.bo.teammate
    assert not doubles.is_written_down(said)
    assert Post.objects.filter(is_ours=True).count() == 1
    wait = wait_of(post)
    assert wait.ended_at == post.at + 10 * MINUTE, "the place knows when"
    assert (wait.answer, wait.answered_by) == (said, world.bo.teammate)
    assert state_of(world, post) == State.PENDING


@BOTH_ORDERS
@pytest.mark.parametrize("there", [WORDS.upper(), f"  {WORDS}\n\n", WORDS.replace(".", ""), WORDS[:-1] + "!"])
def test_what_copying_changes_makes_no_other_answer(world: World, order: tuple[str, ...], there: str) -> None:
    assert len(ours_in(world, story(world, order, there))) == 1


@BOTH_ORDERS
def test_its_address_tells_even_where_the_words_were_edited(world: World, order: tuple[str, ...]) -> None:
    post = asked(world)
    world.passes(10 * MINUTE)
    seen = heard_there(world, post, "Something else altogether by now.")
    for step in order:
        if step == "heard":
            world.takes_in(seen)
        else:
            answered(world, post, url=f"{seen.post.url}?utm_source=app#top")
    world.works()
    assert len(ours_in(world, post)) == 1


@BOTH_ORDERS
def test_other_words_are_another_answer(world: World, order: tuple[str, ...]) -> None:
    post = story(world, order, "We have two colours, green and red, and none is blue.")
    assert len(ours_in(world, post)) == 2
    assert wait_of(post).ended_at == post.at + 10 * MINUTE, "the first of both"


@BOTH_ORDERS
def test_the_same_words_to_somebody_else_are_another_answer(world: World, order: tuple[str, ...]) -> None:
    post = asked(world)
    other = world.hears(UMA, "I want to know that, too!", to=post)
    world.passes(10 * MINUTE)
    seen = heard_there(world, other)
    for step in order:
        if step == "heard":
            world.takes_in(seen)
        else:
            answered(world, post)
    world.works()
    assert len(ours_in(world, post)) == 2


def test_the_same_words_days_later_are_another_answer(world: World) -> None:
    post = asked(world)
    answered(world, post)
    world.passes(timedelta(days=3))
    world.takes_in(heard_there(world, post))
    assert len(ours_in(world, post)) == 2


def test_of_two_that_were_written_down_each_is_heard_once(world: World) -> None:
    post = asked(world)
    for number in range(2):
        answered(world, post, "Thank you!", key=f"key-{number}", at=world.passes(5 * MINUTE))
    for _ in range(2):
        world.takes_in(heard_there(world, post, "Thank you!"))
    assert len(ours_in(world, post)) == 2
    assert {by(said) for said in ours_in(world, post)} == {world.bo.teammate}


def test_signs_without_words_are_compared_as_they_are(world: World) -> None:
    assert doubles.alike("❤️", " ❤️ ")
    assert not doubles.alike("❤️", "👎")


def test_what_they_asked_before_it_was_really_said_was_part_of_the_same_wait(world: World) -> None:
    """Written down with too early a time; the place knows better."""
    post = asked(world)
    answered(world, post, at=world.passes(5 * MINUTE))
    world.passes(5 * MINUTE)
    world.hears(SAM, "And does it come in blue?", to=post)
    world.passes(5 * MINUTE)
    world.takes_in(heard_there(world, post))
    (wait,) = Wait.objects.all()
    assert wait.ended_at == post.at + 15 * MINUTE
    assert state_of(world, post) == State.PENDING


def test_who_says_what_a_colleague_has_sent_is_told_so(world: World) -> None:
    post = asked(world)
    replying.reply(post, world.cy.teammate, WORDS, key="k", now=world.now)
    outbox.send_due(world.passes(MINUTE))
    with pytest.raises(NotAnswered, match="given by Cy"):
        answered(world, post)
    assert Reply.objects.count() == 1


def test_undone_after_it_was_heard_it_stays_heard_by_nobody_in_particular(world: World) -> None:
    post = story(world, ("written down", "heard"))
    given_there.undo(Reply.objects.get(), world.bo.teammate, now=world.now)
    world.works()
    (said,) = ours_in(world, post)
    assert by(said) is None
    assert wait_of(post).answered_by is None
    assert state_of(world, post) == State.PENDING


def test_what_may_have_been_sent_and_is_there_stands_in_the_thread_once(world: World) -> None:
    post = asked(world)
    reply = replying.reply(post, world.bo.teammate, WORDS, key="k", now=world.now)
    Delivery.objects.update(state=Delivery.State.UNKNOWN, tries=1)
    world.passes(60 * MINUTE)
    assert reply.delivery
    outbox.it_arrived(Delivery.objects.get(), world.cy.teammate, now=world.now)
    world.works()
    (said,) = ours_in(world, post)
    assert by(said) == world.bo.teammate
    assert wait_of(post).ended_at == Delivery.objects.get().sent_at == post.at
    world.takes_in(heard_there(world, post))
    (said,) = ours_in(world, post)
    assert Delivery.objects.get().native_id == said.native_id, "it can be taken back now"


def test_posts_of_a_file_are_answered_where_they_were_said(world: World) -> None:
    """Nothing is connected there; the wait of history ends all the same."""
    said = base.Post("f1", base.Author("jo", name="Jo"), "How do I descale it?", world.now, addressed=True)
    from goodword.listening import ingest

    ingest.take_in(world.brand, "forum", [base.Seen(said, history=True)], now=world.now, keep_all=True)
    world.works()
    post = Post.objects.get(native_id="f1")
    answered(world, post, at=world.passes(MINUTE))
    world.works()
    assert wait_of(post).ended_how == Wait.End.REPLY
    assert Conversation.objects.get(channel="forum").state == State.RESOLVED


HOSTILE = ["\x00\ud800", "‮evil", "<script>alert(1)</script>", "a" * 1_000_000, "😀" * 50_000]


@pytest.mark.parametrize("text", HOSTILE, ids=["nul", "rtl", "html", "long", "emoji"])
def test_hostile_words_are_kept_as_text(world: World, text: str) -> None:
    post = asked(world)
    answered(world, post, text)
    world.takes_in(heard_there(world, post, text))
    world.works()
    assert len(ours_in(world, post)) == 1
