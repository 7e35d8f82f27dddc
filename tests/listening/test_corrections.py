"""What a teammate says of a post is true from then on, and can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from goodword.conversations.models import Wait
from goodword.listening import corrections, narrowing, understanding
from goodword.listening.corrections import NotCorrectable
from goodword.listening.models import Analysis, Connection, Correction, Post
from goodword.team.models import AuditEntry, Role
from goodword.understanding import stages
from tests.world import SAM, UMA, World

QUESTION = "Where is my kettle? It was due on Monday."


def of(post: Post) -> Analysis:
    return Analysis.objects.get(post=post)


def test_what_is_not_so_is_not_said_any_more(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    assert "question" in of(post).decisions
    kept = corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    assert "question" not in of(post).decisions
    assert (kept.was, kept.value, kept.by) == ("yes", "no", world.bo.teammate)
    assert 0 <= kept.was_probability < 0.5
    assert of(post).intents["question"] > 0.5  # what the model thought stays readable


def test_what_was_missed_is_added_and_a_feeling_is_put_right(world: World) -> None:
    post = world.hears(SAM, "The kettle is here.")
    corrections.correct(world.bo.teammate, post, "churn", "yes", now=world.now)
    corrections.correct(world.bo.teammate, post, "sentiment", "negative", now=world.now)
    assert "churn" in of(post).decisions
    assert of(post).label == "negative"


def test_taken_back_everything_is_as_the_model_said(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    before = of(post)
    for label_of, value in (("question", "no"), ("spam", "yes"), ("sentiment", "positive")):
        corrections.correct(world.bo.teammate, post, label_of, value, now=world.now)
    for kept in Correction.objects.filter(post=post):
        corrections.withdraw(world.bo.teammate, kept, now=world.now)
    assert of(post).decisions == before.decisions
    assert of(post).label == before.label
    assert not Correction.objects.exists()


def test_the_second_of_two_wins_and_both_are_in_the_trail(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    corrections.correct(world.bo.teammate, post, "sentiment", "negative", now=world.now)
    first = Correction.objects.get()
    corrections.correct(world.cy.teammate, post, "sentiment", "positive", now=world.now)
    last = Correction.objects.get()
    assert of(post).label == "positive"
    assert last.by == world.cy.teammate
    assert last.was == first.was  # what the model said, not what Bo did
    assert AuditEntry.objects.filter(verb="corrected a label").count() == 2


def test_a_post_that_is_understood_again_stays_corrected(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    understanding.understand([post], world.now)
    assert "question" not in of(post).decisions


def test_what_was_said_of_the_old_words_says_nothing_of_the_new(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    world.passes(timedelta(minutes=5))
    edited = world.edits(post, "Where is my blue kettle? Does anybody know?")
    assert not Correction.objects.exists()
    assert "question" in of(edited).decisions
    forgotten = AuditEntry.objects.get(verb="forgot corrections of old words")
    assert forgotten.detail == {"labels": ["question"]}


def test_what_is_said_after_an_edit_stays(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    world.edits(post, "Where is my blue kettle? Does anybody know?")
    world.passes(timedelta(minutes=5))
    corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    understanding.understand([Post.objects.get(pk=post.pk)], world.now)
    assert "question" not in of(post).decisions


def test_a_correction_decides_who_waits(world: World) -> None:
    post = world.hears(UMA, "My kettle and I went for a walk", addressed=False)
    assert not Wait.objects.filter(post=post).exists()
    world.bo.does(f"/posts/{post.pk}/corrections/", label_of="question", value="yes")
    world.works()
    assert Wait.objects.get(post=post).ended_at is None


def test_of_a_post_that_is_gone_nothing_can_be_said(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    gone = world.deletes(post)
    assert not Correction.objects.exists()
    with pytest.raises(NotCorrectable):
        corrections.correct(world.bo.teammate, gone, "question", "no", now=world.now)


@pytest.mark.parametrize(("label_of", "value"), [("question", "maybe"), ("sentiment", "yes")])
def test_only_what_a_label_can_be_is_taken(world: World, label_of: str, value: str) -> None:
    post = world.hears(SAM, QUESTION)
    with pytest.raises(NotCorrectable):
        corrections.correct(world.bo.teammate, post, label_of, value, now=world.now)
    assert not Correction.objects.exists()


def test_who_may_only_look_corrects_nothing(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    with pytest.raises(PermissionDenied):
        corrections.correct(world.olga.teammate, post, "question", "no", now=world.now)


def test_of_a_post_that_is_not_seen_nothing_can_be_said(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    theirs = world.other_brand_hears(SAM, QUESTION)
    nia = world.joins(world.brand, "nia", Role.MEMBER).teammate
    second = Connection.objects.create(
        brand=world.brand, channel="fake", name="Second", settings={}, made_at=world.now
    )
    narrowing.narrow(nia, [second], world.dana.teammate, now=world.now)
    for by, hidden in [(world.bo.teammate, theirs), (nia, post)]:
        with pytest.raises(NotCorrectable):
            corrections.correct(by, hidden, "question", "no", now=world.now)
    assert not Correction.objects.exists()


def test_a_checked_post_has_a_row_for_each_label_and_one_line_in_the_trail(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    truth = {"question": "yes", "spam": "no", "sentiment": "neutral"}
    corrections.check(world.bo.teammate, post, truth, now=world.now)
    kept = Correction.objects.filter(by_chance=True).values_list("label_of", "value")
    assert dict(kept) == truth
    assert of(post).label == "neutral"
    assert AuditEntry.objects.get(verb="checked a post").detail == {"labels": truth}


def test_a_post_drawn_by_chance_stays_in_the_sample_whatever_is_said_of_it_later(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    corrections.check(world.bo.teammate, post, {"question": "yes"}, now=world.now)
    again = corrections.correct(world.cy.teammate, post, "question", "no", now=world.now)
    assert again.by_chance
    assert (again.value, again.was) == ("no", "yes")


def test_a_check_with_one_impossible_answer_keeps_none(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    with pytest.raises(NotCorrectable):
        corrections.check(world.bo.teammate, post, {"question": "no", "spam": "perhaps"}, now=world.now)
    assert not Correction.objects.exists()
    assert "question" in of(post).decisions


# --- the second look ---------------------------------------------------------------------------------

needs_encoder = pytest.mark.skipif(
    not stages.second_stage_is_there(), reason="the trained files are not here"
)


@needs_encoder
@pytest.mark.slow
def test_the_model_reads_what_the_rules_have_read_and_corrections_stay(world: World) -> None:
    post = world.hears(SAM, QUESTION)
    other = world.hears(UMA, "Never again this kettle, it is broken")
    corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    understanding.look_again(world.now)
    assert {one.refined_at for one in Analysis.objects.all()} == {world.now}
    assert len(of(other).vector) == 64
    assert "question" not in of(post).decisions
    assert Correction.objects.get().was == "yes"  # what the rules said, not what Bo did


@needs_encoder
@pytest.mark.slow
def test_a_post_edited_while_it_was_read_is_left_to_the_rules(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = world.hears(SAM, QUESTION)
    really = understanding.analyse_many

    def slowly(posts, stage):  # type: ignore[no-untyped-def]
        if stage == "full":
            world.edits(post, "Thank you, it is here!")
        return really(posts, stage)

    monkeypatch.setattr(understanding, "analyse_many", slowly)
    understanding.look_again(world.now)
    assert of(post).refined_at is None
    assert "thanks" in of(post).decisions
