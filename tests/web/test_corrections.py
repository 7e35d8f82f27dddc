"""What we understood stands under each post, opens to its reasons, and is put right with one click."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from goodword.listening.models import Analysis, Correction, Post
from goodword.web.labels import understood_of
from goodword.web.words import said
from tests.world import SAM, Member, World

QUESTION = "Where is my kettle? It was due on Monday."
UNMEASURED = {
    "language": "pl",
    "label": "unsure",
    "sentiment": {"negative": 1 / 3, "neutral": 1 / 3, "positive": 1 / 3},
}


def thread(member: Member, post: Post) -> str:
    """The conversation's page, as a browser shows it."""
    response = member.looks_at(f"/conversations/{member.world.conversation_of(post).pk}/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def understood(post: Post, **fields: object) -> None:
    Analysis.objects.filter(post=post).update(**fields)


def labels(post: Post) -> list[str]:
    fresh = Post.objects.select_related("analysis").get(pk=post.pk)
    return [one.code for one in understood_of(fresh, fresh.analysis).labels]


# --- labels ----------------------------------------------------------------------------------------


def test_a_label_says_how_sure_we_are_and_because_of_which_words(world: World, bo: Member) -> None:
    post = world.hears(SAM, QUESTION)
    evidence = [{"start": 0, "end": 5, "of": "question"}]
    understood(post, intents={"question": 0.93}, decisions=["question"], evidence=evidence)
    seen = thread(bo, post)
    assert 'title="93%">We are very sure.' in seen
    assert '<q dir="auto">Where</q>' in seen
    assert '<mark class="because because-1">Where</mark> is my ' in seen
    assert "Not a question" in seen


def test_no_feeling_is_claimed_in_a_language_for_which_it_was_not_measured(world: World, bo: Member) -> None:
    post = world.hears(SAM, QUESTION)
    understood(post, **UNMEASURED, decisions=["question"])
    assert labels(post) == ["question"]
    assert "unsure" not in thread(bo, post)


def test_a_teammate_may_say_the_feeling_in_any_language(world: World, bo: Member) -> None:
    post = world.hears(SAM, QUESTION)
    understood(post, **UNMEASURED, decisions=[])
    bo.does(f"/posts/{post.pk}/corrections/", label_of="sentiment", value="negative")
    assert labels(post) == ["negative"]
    assert "Said by your team." in thread(bo, post)


def test_a_rough_tone_is_a_hint_and_hides_nothing(world: World, bo: Member) -> None:
    post = world.hears(SAM, QUESTION)
    understood(post, hostility=0.5)
    seen = thread(bo, post)
    assert "rough tone" in seen
    assert "It was due on Monday." in seen


def test_who_may_only_look_sees_reasons_and_no_buttons(world: World, olga: Member) -> None:
    post = world.hears(SAM, QUESTION)
    seen = thread(olga, post)
    assert "because-1" in seen
    assert "/corrections/" not in seen


def test_a_title_alone_carries_the_marks(world: World, bo: Member) -> None:
    post = world.hears(SAM, "", title=QUESTION)
    understood(post, decisions=["question"], evidence=[{"start": 0, "end": 5, "of": "question"}])
    assert '<mark class="because because-1">Where</mark>' in thread(bo, post)


# --- one click -------------------------------------------------------------------------------------


def test_one_click_puts_it_right_and_the_toast_takes_it_back(world: World, bo: Member) -> None:
    post = world.hears(SAM, QUESTION)
    assert "question" in labels(post)
    response = bo.does(f"/posts/{post.pk}/corrections/", label_of="question", value="no")
    assert response.headers["Location"].endswith(f"#post-{post.pk}")
    assert "question" not in labels(post)
    undo = re.search(r"/corrections/\d+/undoing/", thread(bo, post))
    assert undo
    bo.does(undo[0])
    assert "question" in labels(post)
    assert not Correction.objects.exists()


def test_the_place_in_the_inbox_follows_at_once_and_back(world: World, bo: Member) -> None:
    post = world.hears(SAM, "The kettle is here.")
    bo.does(f"/posts/{post.pk}/corrections/", label_of="churn", value="yes")
    world.works()
    assert "churn" in [factor["code"] for factor in world.conversation_of(post).factors]
    bo.does(f"/corrections/{Correction.objects.get().pk}/undoing/")
    world.works()
    assert "churn" not in [factor["code"] for factor in world.conversation_of(post).factors]


@pytest.mark.parametrize(("label_of", "status"), [("sarcasm", 404), ("", 404), ("question", 302)])
def test_what_cannot_be_said_is_refused(world: World, bo: Member, label_of: str, status: int) -> None:
    post = world.hears(SAM, QUESTION)
    response = bo.does(f"/posts/{post.pk}/corrections/", label_of=label_of, value="perhaps")
    assert response.status_code == status
    assert not Correction.objects.exists()


def test_nobody_corrects_a_post_of_another_brand(world: World, eve: Member) -> None:
    post = world.hears(SAM, QUESTION)
    response = eve.does(f"/posts/{post.pk}/corrections/", label_of="question", value="no")
    assert response.status_code == 404
    assert not Correction.objects.exists()


# --- words that light up ---------------------------------------------------------------------------


def bare(marked: Markup) -> str:
    return unescape(re.sub(r"</?mark[^>]*>", "", marked))


@given(
    st.text(alphabet="ab <&é👩‍🚀❤\u200d\ufe0f\u0301שלום", max_size=40),
    st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45)), max_size=6),
    st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45), st.just("because-1")), max_size=6),
)
def test_marks_change_no_word_wherever_they_stand(
    text: str, spans: list[tuple[int, int]], because: list[tuple[int, int, str]]
) -> None:
    assert bare(said(text, spans, because)) == text


def test_overlapping_reasons_are_each_marked() -> None:
    marked = said("never again this", (), [(0, 11, "because-1"), (6, 16, "because-2")])
    assert str(marked) == (
        '<mark class="because because-1">never </mark><mark class="because because-1 because-2">again</mark>'
        '<mark class="because because-2"> this</mark>'
    )


def test_what_a_query_met_stays_marked_where_a_reason_lies_over_it() -> None:
    marked = said("my kettle broke", [(3, 9)], [(3, 15, "because-1")])
    assert '<mark class="because-1">kettle</mark><mark class="because because-1"> broke</mark>' in marked


@pytest.mark.parametrize("character", ["❤️", "👩‍🚀", "é", "🇩🇪"])
def test_a_mark_parts_no_character(character: str) -> None:
    text = f"so {character} good"
    assert f">{character}</mark>" in said(text, (), [(3, 4, "because-1")])


def test_hostile_words_are_escaped_within_marks() -> None:
    marked = said("<script>alert(1)</script>", (), [(0, 8, "because-1")])
    assert "<script" not in marked
