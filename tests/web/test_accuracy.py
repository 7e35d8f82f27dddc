"""The page that says how often we were right, and the ten posts by which that is found out."""

from __future__ import annotations

import re
from html import unescape

import pytest

from goodword.conversations.models import Wait
from goodword.listening import corrections
from goodword.listening.models import Correction, Post
from goodword.metrics.accuracy import TELLS_FROM, TOO_FEW
from goodword.team.models import AuditEntry
from goodword.understanding.analysis import INTENTS
from tests.world import ADA, IVO, PIA, SAM, UMA, Member, World

PEOPLE = (ADA, IVO, PIA, SAM, UMA)
SHARE = re.compile(r"rate-share\">([^<]+)<")


@pytest.fixture(autouse=True)
def today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)


def page(member: Member, address: str = "/accuracy/", **query: str) -> str:
    response = member.looks_at(address, **query)
    assert response.status_code == 200
    return unescape(response.content.decode())


def hears(world: World, posts: int) -> list[Post]:
    return [world.hears(PEOPLE[i % 5], f"Where is my kettle? Number {i} is missing.") for i in range(posts)]


def checks(world: World, post: Post, **truth: str) -> None:
    nothing = dict.fromkeys(INTENTS, "no")
    corrections.check(world.bo.teammate, post, nothing | {"sentiment": "neutral"} | truth, now=world.now)


def shown(member: Member) -> Post:
    """The post on the card."""
    found = re.search(r"/posts/(\d+)/checks/", page(member, "/accuracy/check/"))
    assert found
    return Post.objects.get(pk=found[1])


def answers(member: Member, post: Post, **fields: object) -> None:
    given = {"answer": "right", "feeling": "neutral", "labels": ["question"]} | fields
    assert member.does(f"/posts/{post.pk}/checks/", **given).status_code == 302


# --- the page --------------------------------------------------------------------------------------


def test_before_anybody_checked_the_page_offers_to_begin(world: World, bo: Member, olga: Member) -> None:
    hears(world, 1)
    assert "Nobody has checked a post yet" in page(bo)
    assert "/accuracy/draws/" in page(bo)
    assert "/accuracy/draws/" not in page(olga)  # who may only look


def test_where_nothing_was_heard_no_button_leads_nowhere(world: World, bo: Member) -> None:
    assert "/accuracy/draws/" not in page(bo)
    assert "There is nothing to check yet" in page(bo)


def test_below_twenty_no_share_is_shown_but_the_counts_are(world: World, olga: Member) -> None:
    for post in hears(world, TOO_FEW - 1):
        checks(world, post, question="yes")
    seen = page(olga)
    assert SHARE.findall(seen) == []
    assert "too few" in seen
    assert f"{TOO_FEW - 1} of {TOO_FEW - 1}" in seen


def test_from_twenty_on_a_share_has_its_interval_and_opens_to_its_posts(world: World, olga: Member) -> None:
    posts = hears(world, TOO_FEW)
    for post in posts[1:]:
        checks(world, post, question="yes")
    checks(world, posts[0], question="no")
    seen = page(olga)
    assert "95%" in SHARE.findall(seen)  # 19 of the 20 that we called questions
    assert "76% to 99%" in seen  # Wilson's interval of 19 in 20
    behind = page(olga, "/accuracy/posts/", of="said", label="question")
    assert behind.count('class="row"') == TOO_FEW
    assert "said wrongly: question" in behind
    wrong = page(olga, "/accuracy/posts/", of="said", label="question", only="no")
    assert wrong.count('class="row"') == 1
    assert f"/conversations/{world.conversation_of(posts[0]).pk}/" in wrong


def test_probabilities_are_shown_against_the_truth_once_fifty_are_checked(world: World, olga: Member) -> None:
    posts = hears(world, TELLS_FROM)
    for post in posts[:-1]:
        checks(world, post, question="yes")
    assert "it was true in" not in page(olga)
    checks(world, posts[-1], question="yes")
    assert "it was true in" in page(olga)


def test_corrections_in_passing_stand_apart_and_the_page_says_why(world: World, olga: Member) -> None:
    [post] = hears(world, 1)
    corrections.correct(world.bo.teammate, post, "question", "no", now=world.now)
    seen = page(olga)
    assert "Nobody has checked a post yet" in seen
    assert "1 post was put right in passing." in seen
    assert "say nothing of how often we are right" in seen
    assert page(olga, "/accuracy/posts/", of="passing").count('class="row"') == 1


@pytest.mark.parametrize(
    "query",
    [
        {"of": "nothing"},
        {"of": "said"},
        {"of": "whole", "label": "question"},
        {"of": "said", "label": "x"},
    ],
    ids=str,
)
def test_a_number_that_does_not_exist_is_not_found(world: World, olga: Member, query: dict[str, str]) -> None:
    assert olga.looks_at("/accuracy/posts/", **query).status_code == 404


@pytest.mark.parametrize(
    "query", [{"page": "999999999999"}, {"page": "x"}, {"only": "x"}, {"language": "<b>"}]
)
def test_odd_addresses_are_read_kindly(world: World, olga: Member, query: dict[str, str]) -> None:
    for post in hears(world, 2):
        checks(world, post)
    seen = page(olga, "/accuracy/posts/", **query)
    assert "<b>" not in olga.looks_at("/accuracy/posts/", **query).content.decode()
    assert "Checked posts" in seen


def test_another_brand_sees_none_of_it(world: World, eve: Member) -> None:
    [post] = hears(world, 1)
    checks(world, post)
    assert "Nobody has checked a post yet" in page(eve)
    assert 'class="row"' not in page(eve, "/accuracy/posts/")


# --- ten posts -------------------------------------------------------------------------------------


def test_ten_posts_are_drawn_and_each_answer_is_kept_for_every_label(world: World, bo: Member) -> None:
    hears(world, 12)
    assert bo.does("/accuracy/draws/").headers["Location"] == "/accuracy/check/"
    assert "Post 1 of 10" in page(bo, "/accuracy/check/")
    post = shown(bo)
    answers(bo, post, feeling="negative", labels=["question", "complaint"])
    kept = dict(Correction.objects.filter(post=post, by_chance=True).values_list("label_of", "value"))
    yes = {"question", "complaint"}
    assert kept == {i: "yes" if i in yes else "no" for i in INTENTS} | {"sentiment": "negative"}
    assert AuditEntry.objects.get(verb="checked a post").by == bo.teammate
    assert "Post 2 of 10" in page(bo, "/accuracy/check/")


def test_one_may_leave_and_go_on_later_and_at_the_end_the_page_waits(world: World, bo: Member) -> None:
    hears(world, 3)
    bo.does("/accuracy/draws/")
    answers(bo, shown(bo))
    assert "Go on: 2 posts are left" in page(bo)
    for _ in range(2):
        answers(bo, shown(bo))
    assert bo.looks_at("/accuracy/check/").headers["Location"] == "/accuracy/"
    assert "Those were all of them" in page(bo)
    assert "Go on" not in page(bo)


def test_a_skipped_post_leaves_no_answer_and_may_be_drawn_again(world: World, bo: Member) -> None:
    hears(world, 1)
    bo.does("/accuracy/draws/")
    post = shown(bo)
    answers(bo, post, answer="skip")
    assert not Correction.objects.exists()
    bo.does("/accuracy/draws/")
    assert shown(bo) == post


def test_one_can_go_back_and_answer_anew(world: World, bo: Member) -> None:
    hears(world, 2)
    bo.does("/accuracy/draws/")
    first = shown(bo)
    answers(bo, first, feeling="negative")
    again = page(bo, "/accuracy/check/", post=str(first.pk))
    assert f"/posts/{first.pk}/checks/" in again
    assert re.search(r'value="negative" checked', again)
    answers(bo, first, feeling="positive")
    assert Correction.objects.get(post=first, label_of="sentiment").value == "positive"
    assert "Post 2 of 2" in page(bo, "/accuracy/check/")


def test_a_post_that_was_not_drawn_is_not_checked(world: World, bo: Member) -> None:
    post, *_ = hears(world, 1)
    answers(bo, post)
    assert not Correction.objects.exists()
    assert "Only posts that were drawn by chance are checked" in page(bo)


def test_where_a_feeling_is_told_it_must_be_judged_too(world: World, bo: Member) -> None:
    hears(world, 1)
    bo.does("/accuracy/draws/")
    post = shown(bo)
    answers(bo, post, feeling="")
    assert not Correction.objects.exists()
    assert "Choose the feeling, too" in page(bo, "/accuracy/check/")


def test_where_no_feeling_is_told_none_is_asked(world: World, bo: Member) -> None:
    world.hears(SAM, "Gdzie jest moj czajnik? Czekam juz trzy tygodnie i nikt mi nie odpowiada.")
    bo.does("/accuracy/draws/")
    assert 'name="feeling"' not in page(bo, "/accuracy/check/")
    answers(bo, shown(bo))
    assert not Correction.objects.filter(label_of="sentiment").exists()
    assert Correction.objects.count() == len(INTENTS)


def test_what_is_deleted_meanwhile_is_passed_over(world: World, bo: Member) -> None:
    hears(world, 2)
    bo.does("/accuracy/draws/")
    gone = shown(bo)
    world.deletes(gone)
    assert shown(bo) != gone
    assert bo.does(f"/posts/{gone.pk}/checks/", answer="right").status_code == 404


def test_a_check_decides_who_waits(world: World, bo: Member) -> None:
    post = world.hears(UMA, "My kettle and I went for a walk", addressed=False)
    assert not Wait.objects.filter(post=post).exists()
    bo.does("/accuracy/draws/")
    answers(bo, post, labels=["question"])
    world.works()
    assert Wait.objects.get(post=post).ended_at is None


def test_a_round_of_one_brand_is_not_gone_on_with_in_another(world: World, bo: Member) -> None:
    hears(world, 1)
    bo.does("/accuracy/draws/")
    bo.teammate.user.memberships.create(brand=world.other_brand, role="member")
    bo.does(f"/brands/{world.other_brand.pk}/choice/")
    assert "Go on" not in page(bo)
    bo.does(f"/brands/{world.brand.pk}/choice/")
    assert "Go on: 1 post is left" in page(bo)


def test_who_may_only_look_checks_nothing(world: World, olga: Member) -> None:
    post, *_ = hears(world, 1)
    assert olga.does("/accuracy/draws/").status_code == 403
    assert olga.looks_at("/accuracy/check/").status_code == 403
    assert olga.does(f"/posts/{post.pk}/checks/", answer="right").status_code == 403
