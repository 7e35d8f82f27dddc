"""Promise 3: a post taken in survives a crash; taking it in again changes nothing.

Kill -9 in earnest is in tests/killing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword import pipeline
from goodword.channels import base
from goodword.conversations.models import Conversation, Wait
from goodword.listening import ingest, understanding
from goodword.listening.listener import listen_once
from goodword.listening.models import Analysis, Connection, Mention, Post, Step
from goodword.people.models import Profile
from goodword.store.models import Entry
from goodword.understanding.analysis import Said, Stage
from tests.fakechannel import NOON, US, Place
from tests.world import ADA, PIA, SAM, UMA, World

Break = Callable[..., Any]


def _thread() -> list[base.Post]:
    """Two people ask in one thread, and ask again; our people answer both in the native app."""
    place = Place(now=NOON)

    def says(author: base.Author, text: str, minute: int, to: base.Post | None = None) -> base.Post:
        return place.says(author, text, to=to, addressed=True, at=NOON + timedelta(minutes=minute))

    asked = says(UMA, "Does the kettle whistle?", 0)
    again = says(UMA, "Hello, the kettle?", 5, asked)
    too = says(SAM, "Is the kettle blue, too?", 6, asked)
    answer = says(US, "Yes, it whistles.", 10, again)
    more = says(UMA, "And where can I buy the kettle?", 15, answer)
    blue = says(US, "Blue, too.", 20, too)
    return [asked, again, too, answer, more, blue]


THREAD = _thread()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(THREAD))), pages=st.lists(st.integers(1, 3), min_size=6, max_size=6))
def test_any_order_and_any_pages_give_the_same_rows(world: World, order: list[int], pages: list[int]) -> None:
    now = NOON + timedelta(hours=1)
    with transaction.atomic():
        _take_in(world, [THREAD], now)
        expected = _rows(world)
        transaction.set_rollback(True)
    with transaction.atomic():
        _take_in(world, _paged([THREAD[i] for i in order], pages), now)
        assert _rows(world) == expected
        transaction.set_rollback(True)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(replays=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), max_size=4))
def test_a_replay_of_any_stretch_changes_nothing(world: World, replays: list[tuple[int, int]]) -> None:
    now = NOON + timedelta(hours=1)
    with transaction.atomic():
        _take_in(world, [THREAD], now)
        before = _rows(world)
        _take_in(world, [THREAD[start:end] for start, end in replays if start < end], now)
        assert _rows(world) == before
        assert not Post.objects.exclude(step=Step.DONE).exists(), "nothing was to be done again"
        transaction.set_rollback(True)


def _take_in(world: World, pages: list[list[base.Post]], now: Any) -> None:
    for page in pages:
        events = [base.Seen(post) for post in page]
        ingest.take_in(world.brand, "fake", events, now=now, connection=world.connection)
        pipeline.advance_all(now)


def _paged(posts: list[base.Post], sizes: list[int]) -> list[list[base.Post]]:
    pages = []
    for size in sizes:
        pages.append(posts[:size])
        posts = posts[size:]
    return [*pages, posts]


def _rows(world: World) -> list[Any]:
    mine = {"conversation__brand": world.brand}
    return [
        list(Post.objects.order_by("native_id").values_list("native_id", "text", "root", "is_ours")),
        list(Mention.objects.order_by("post__native_id").values_list("post__native_id", "spans")),
        list(Analysis.objects.order_by("post__native_id").values_list("post__native_id", "decisions")),
        list(
            Wait.objects.filter(**mine)
            .order_by("post__native_id")
            .values_list("post__native_id", "since", "due_at", "is_first", "ended_at", "answer__native_id")
        ),
        list(Conversation.objects.values_list("root", "state", "latest__native_id", "rank_at", "due_at")),
        list(
            Profile.objects.order_by("native_id").values_list("native_id", "first_heard_at", "last_heard_at")
        ),
        list(Entry.objects.order_by("kind", "text").values_list("kind", "text")),
    ]


def test_the_thread_above_means_what_it_should(world: World) -> None:
    _take_in(world, [THREAD], NOON + timedelta(hours=1))
    waits = Wait.objects.order_by("since").values_list("post__author__native_id", "ended_how", "is_first")
    assert list(waits) == [("uma", "reply", True), ("sam", "reply", False), ("uma", "", False)]
    assert Conversation.objects.get().state == "open", "she asked again, after our answer"


# --- the cursor ------------------------------------------------------------------------------------


def test_the_cursor_commits_with_its_posts_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place.says(SAM, "Does the kettle whistle?", addressed=True)

    def out_of_memory(*args: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ingest.search, "remember_all", out_of_memory)
    with transaction.atomic():
        listen_once(_connection(world), stopped=lambda: False)
    assert _connection(world).cursor == ""
    assert not Post.objects.exists()
    assert "MemoryError" in _connection(world).trouble

    monkeypatch.undo()
    listen_once(_connection(world), stopped=lambda: False)
    assert _connection(world).cursor == "1"
    assert Post.objects.count() == 1
    assert _connection(world).trouble == ""


def test_a_reconnect_that_tells_everything_again_changes_nothing(world: World) -> None:
    world.place.says(SAM, "Does the kettle whistle?", addressed=True)
    listen_once(_connection(world), stopped=lambda: False)
    world.works()
    before = _rows(world)
    world.place.says_all_again()
    listen_once(_connection(world), stopped=lambda: False)
    world.works()
    assert _rows(world) == before


def test_a_cursor_that_the_place_forgot_is_a_gap_that_is_shown(world: World) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(cursor="99")
    world.place.says(SAM, "Does the kettle whistle?", addressed=True)
    listen_once(_connection(world), stopped=lambda: False)
    assert Post.objects.count() == 1
    assert [gap.why for gap in _connection(world).gaps.all()] == [
        "Kettle Square has forgotten how far we had read."
    ]


def _connection(world: World) -> Connection:
    return Connection.objects.select_related("brand").get(pk=world.connection.pk)


# --- the pipeline ----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", list(pipeline.NEXT))
def test_a_crash_in_any_step_resumes_where_it_stood(
    world: World, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    with monkeypatch.context() as broken:
        broken.setitem(pipeline.NEXT, step, (_raise_power_cut, pipeline.NEXT[step][1]))
        with pytest.raises(PowerCut):
            world.hears(SAM, "Does the kettle whistle?")
    post = Post.objects.get()
    assert post.step == step
    assert post.leased_until is not None, "another worker waits until the lease has run out"
    world.works()
    assert Post.objects.get().step == step

    world.passes(timedelta(minutes=3))
    world.works()
    assert Post.objects.get().step == Step.DONE
    assert Wait.objects.count() == Analysis.objects.count() == 1


class PowerCut(BaseException):
    """No handler runs, as when the process is killed."""


def _raise_power_cut(*args: object) -> None:
    raise PowerCut


def test_one_bad_post_does_not_hold_up_the_others_and_its_trouble_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse_many = understanding.analyse_many

    def stumbles(posts: Sequence[Said], stage: Stage) -> Any:
        if any("poison" in post.text for post in posts):
            raise ValueError("cannot read\x00 this")
        return analyse_many(posts, stage)

    monkeypatch.setattr(understanding, "analyse_many", stumbles)
    said = [
        world.place.says(SAM, text, addressed=True) for text in ("a kettle", "a poison kettle", "kettles")
    ]
    ingest.take_in(
        world.brand, "fake", [base.Seen(p) for p in said], now=world.now, connection=world.connection
    )
    for _try in range(8):
        pipeline.advance_all(world.now)
        world.passes(timedelta(hours=1))
    steps = dict(Post.objects.values_list("text", "step"))
    assert steps == {"a kettle": Step.DONE, "kettles": Step.DONE, "a poison kettle": Step.HEARD}
    bad = Post.objects.get(text="a poison kettle")
    assert bad.tries == pipeline.MOST_TRIES
    assert bad.trouble.startswith("ValueError: cannot read")

    monkeypatch.undo()
    assert world.edits(bad, "a healed kettle").step == Step.DONE, "an edit gives it all its tries again"


def test_an_edit_while_a_worker_holds_the_post_leaves_no_old_word(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = world.place.says(UMA, "I hate this kettle, it is terrible", addressed=True)
    ingest.take_in(world.brand, "fake", [base.Seen(said)], now=world.now, connection=world.connection)
    claim = pipeline.claim

    def claim_and_then_it_is_edited(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(pipeline, "claim", claim)
        batch = claim(*args, **more)
        edited = base.Edited(replace(said, text="I love this kettle, it is wonderful"))
        ingest.take_in(world.brand, "fake", [edited], now=world.now, connection=world.connection)
        return batch

    monkeypatch.setattr(pipeline, "claim", claim_and_then_it_is_edited)
    world.works()
    assert Post.objects.get().step == Step.DONE
    assert Analysis.objects.get().label == "positive"


def test_a_delete_while_a_worker_holds_the_post_leaves_nothing_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = world.place.says(UMA, "I hate this kettle, it is terrible", addressed=True)
    ingest.take_in(world.brand, "fake", [base.Seen(said)], now=world.now, connection=world.connection)
    claim = pipeline.claim

    def claim_and_then_it_is_gone(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(pipeline, "claim", claim)
        batch = claim(*args, **more)
        gone = base.Gone(said.native_id)
        ingest.take_in(world.brand, "fake", [gone], now=world.now, connection=world.connection)
        return batch

    monkeypatch.setattr(pipeline, "claim", claim_and_then_it_is_gone)
    world.works()
    assert not Analysis.objects.exists()
    assert not Wait.objects.filter(ended_at=None).exists()


# --- what must not get lost on the way -------------------------------------------------------------


@pytest.mark.parametrize("addressed_first", [True, False])
def test_a_post_told_twice_in_one_batch_is_addressed_if_one_says_so(
    world: World, addressed_first: bool
) -> None:
    said = world.place.says(SAM, "Good morning!", addressed=addressed_first)
    twice = [said, replace(said, addressed=not addressed_first)]
    _take_in(world, [twice], world.now)
    assert Post.objects.get().addressed
    assert Conversation.objects.get().state == "open"


def test_who_asks_again_after_an_answer_that_was_heard_late_still_waits(world: World) -> None:
    asked = world.hears(UMA, "Does the kettle whistle?")
    world.passes(timedelta(minutes=20))
    again = world.hears(UMA, "And is the kettle blue?", to=asked)
    world.hears(US, "It whistles.", to=asked, at=world.now - timedelta(minutes=10), addressed=False)
    waiting = Wait.objects.get(ended_at=None)
    assert waiting.post == again
    assert world.conversation_of(asked).state == "open"


def test_who_wrote_before_we_listened_and_writes_again_now_is_heard(world: World) -> None:
    old = world.hears(UMA, "Does the kettle whistle?", history=True, at=world.now - timedelta(days=2))
    assert world.conversation_of(old).state == "resolved"
    world.hears(UMA, "Hello? The kettle?", to=old)
    assert world.conversation_of(old).state == "open"
    assert world.conversation_of(old).due_at == world.now + timedelta(hours=4)


def test_an_answer_to_one_does_not_end_the_waiting_of_another(world: World) -> None:
    uma = world.hears(UMA, "My kettle arrived broken, can you help?")
    sam = world.hears(SAM, "Does the kettle whistle?", to=uma)
    world.passes(timedelta(minutes=5))
    world.hears(US, "We are sorry, Uma!", to=uma, addressed=False)
    assert list(Wait.objects.filter(ended_at=None).values_list("post", flat=True)) == [sam.pk]


def test_when_a_question_is_deleted_the_one_after_it_still_waits(world: World) -> None:
    first = world.hears(PIA, "Does the kettle wistle?")
    second = world.hears(PIA, "I mean, does the kettle whistle?", to=first)
    world.deletes(first)
    world.works()
    assert Wait.objects.get(ended_at=None).post == second


def test_whoever_waits_is_open_though_another_post_of_the_thread_went_in_the_same_batch(world: World) -> None:
    asked = world.hears(SAM, "Where is my kettle?")
    said = world.place.says(
        UMA, "Mine is broken, too!", to=world.place.posts[asked.native_id], addressed=True
    )
    world.place.deletes(world.place.posts[asked.native_id])
    world._take_in(world.connection, base.Gone(asked.native_id), base.Seen(said))
    conversation = world.conversation_of(asked)
    assert conversation.waiting_since is not None
    assert conversation.state == "open"


def test_an_author_who_left_and_is_back_waits_again(world: World) -> None:
    post = world.hears(ADA, "Does the kettle whistle?")
    for event in (base.AuthorGone("ada", "deactivated"), base.AuthorBack("ada")):
        ingest.take_in(world.brand, "fake", [event], now=world.now, connection=world.connection)
        world.works()
    assert Wait.objects.get().ended_at is None
    assert world.conversation_of(post).state == "open"


@pytest.mark.parametrize("length", [299, 301, 501, 5000])
def test_ids_of_any_length_are_kept_once(world: World, length: int) -> None:
    author = replace(SAM, native_id="a" * length, followers=10**30)
    said = replace(
        world.place.says(author, "kettle", addressed=True), native_id="p" * length, root="p" * length
    )
    for _time in range(2):
        _take_in(world, [[said]], world.now)
    ingest.take_in(world.brand, "fake", [base.AuthorChanged(author)], now=world.now)
    assert Post.objects.count() == Profile.objects.count() == 1


def test_a_reference_that_no_database_takes_is_kept_all_the_same(world: World) -> None:
    odd = {"post": "1\x00", "score": float("nan"), "\ud800": [float("inf"), {"deep": "\x00"}]}
    _take_in(world, [[replace(world.place.says(SAM, "kettle", addressed=True), reference=odd)]], world.now)
    assert Post.objects.get().reference["score"] == "nan"


def test_one_who_is_met_with_several_posts_at_once_was_first_heard_with_the_first(world: World) -> None:
    _take_in(world, [THREAD], NOON + timedelta(hours=1))
    uma = Profile.objects.get(native_id="uma")
    assert (uma.first_heard_at, uma.last_heard_at) == (THREAD[0].at, THREAD[4].at)
    assert uma.person.first_heard_at == THREAD[0].at
