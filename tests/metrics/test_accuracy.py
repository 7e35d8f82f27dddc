"""How often were we right here? Only what was drawn by chance may say so."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.listening import corrections, narrowing
from goodword.listening.models import Analysis, Connection, Post
from goodword.metrics import accuracy
from goodword.metrics.accuracy import Asked, Judged, Rate, calibration, wilson
from goodword.team.models import Role
from tests.fakechannel import US
from tests.world import ADA, IVO, PIA, SAM, UMA, Member, World

PEOPLE = (ADA, IVO, PIA, SAM, UMA)
NOTHING = dict.fromkeys(("praise", "recommendation", "question", "complaint", "suggestion", "purchase"), "no")


def hears(world: World, posts: int) -> list[Post]:
    return [world.hears(PEOPLE[i % 5], f"Where is my kettle? Number {i} is missing.") for i in range(posts)]


def checks(world: World, post: Post, by: Member | None = None, **truth: str) -> None:
    corrections.check((by or world.bo).teammate, post, NOTHING | truth, now=world.now)


def judged(post: int, said: str, true: str, *, label_of: str = "question", **more: object) -> Judged:
    given = {"language": "en", "likely": 0.8, "by_chance": True} | more
    return Judged(post=post, label_of=label_of, said=said, true=true, **given)  # type: ignore[arg-type]


# --- the interval ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    # Of the table in Newcombe 1998 (81 of 263, 15 of 148, 0 of 20), and both ends.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)],
)
def test_the_interval_is_wilsons(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=0.0001)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_within_its_interval_and_the_interval_within_none_and_all(
    counts: tuple[int, int],
) -> None:
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] + 1e-12
    assert counts[0] / counts[1] - 1e-12 <= high <= 1


def test_below_twenty_there_is_no_number() -> None:
    assert not Rate(19, 19).is_enough
    assert Rate(19, 20).is_enough


# --- drawing ---------------------------------------------------------------------------------------


def test_each_post_is_drawn_as_often_as_any_other(world: World) -> None:
    posts = hears(world, 12)
    chance = Random(7)
    drawn = Counter(
        pk for _ in range(600) for pk in accuracy.draw(world.bo.teammate, chance, now=world.now, most=4)
    )
    assert drawn.keys() == {post.pk for post in posts}
    expected = 600 * 4 / 12
    assert all(abs(times - expected) < 60 for times in drawn.values())  # five standard deviations


def test_a_draw_is_of_different_posts_and_never_of_more_than_there_are(world: World) -> None:
    hears(world, 3)
    drawn = accuracy.draw(world.bo.teammate, Random(1), now=world.now, most=10)
    assert len(drawn) == len(set(drawn)) == 3


def test_only_what_others_said_of_us_lately_and_nobody_checked_is_drawn(world: World) -> None:
    old = world.hears(SAM, "Where is my kettle?", at=world.now - timedelta(days=91))
    checked, deleted, waits = hears(world, 3)
    world.hears(US, "It is on its way.", to=waits, addressed=False)
    theirs = world.other_brand_hears(SAM, "Where is your kettle?")
    checks(world, checked)
    corrections.correct(world.bo.teammate, waits, "spam", "no", now=world.now)  # in passing: still to check
    world.deletes(deleted)
    found = {post.pk for post in accuracy.to_check(world.bo.teammate, world.now)}
    assert found == {waits.pk}
    assert old.pk not in found
    assert theirs.pk not in found


def test_who_sees_some_connections_checks_what_they_hear(world: World) -> None:
    [post] = hears(world, 1)
    second = Connection.objects.create(
        brand=world.brand, channel="fake", name="Second", settings={}, made_at=world.now
    )
    nia = world.joins(world.brand, "nia", Role.MEMBER).teammate
    narrowing.narrow(nia, [second], world.dana.teammate, now=world.now)
    assert accuracy.draw(nia, Random(1), now=world.now) == []
    checks(world, post)
    assert accuracy.judged(nia) == []
    assert accuracy.judged(world.bo.teammate) != []


# --- numbers ---------------------------------------------------------------------------------------


def test_a_number_is_its_posts(world: World) -> None:
    asked, leaving = hears(world, 1)[0], world.hears(ADA, "The kettle whistles.")
    checks(world, asked, question="yes")
    checks(world, leaving, churn="yes")
    found = accuracy.judged(world.olga.teammate)
    assert Asked("said", "question").answers(found) == {asked.pk: True}
    assert Asked("there", "question").answers(found) == {asked.pk: True}
    assert Asked("there", "churn").answers(found) == {leaving.pk: False}  # the model had not said it
    assert Asked("said", "churn").answers(found) == {}
    assert Asked("whole").answers(found)[leaving.pk] is False
    assert {"question", "churn"} <= set(accuracy.labels_of(found))


def test_what_is_put_right_in_passing_is_counted_and_no_part_of_any_rate(world: World) -> None:
    checked, passed = hears(world, 2)
    checks(world, checked, question="yes")
    corrections.correct(world.bo.teammate, passed, "question", "no", now=world.now)
    found = accuracy.judged(world.bo.teammate)
    assert Asked("passing").answers(found) == {passed.pk: False}
    for kind in ("whole", "feeling"):
        assert passed.pk not in Asked(kind).answers(found)
    assert passed.pk not in Asked("said", "question").answers(found)


def test_a_deleted_post_is_in_no_number(world: World) -> None:
    [post] = hears(world, 1)
    checks(world, post, question="yes")
    world.deletes(post)
    assert accuracy.judged(world.bo.teammate) == []


def test_who_claims_nothing_is_not_wrong_but_has_missed_what_was_there() -> None:
    unsure = [judged(1, "unsure", "negative", label_of="sentiment")]
    assert Asked("whole").answers(unsure) == {1: True}
    assert Asked("feeling").answers(unsure) == {}
    assert Asked("there", "negative").answers(unsure) == {1: False}
    assert (unsure[0].wrongly, unsure[0].missed) == ("", "negative")


def test_one_wrong_label_makes_a_post_not_wholly_right() -> None:
    found = [judged(1, "yes", "yes"), judged(1, "yes", "no", label_of="spam"), judged(2, "no", "no")]
    assert Asked("whole").answers(found) == {1: False, 2: True}
    assert Asked("said", "spam").rate(found) == Rate(0, 1)
    assert Asked("said", "question").rate(found) == Rate(1, 1)


def test_languages_are_told_apart() -> None:
    found = [judged(1, "yes", "yes"), judged(2, "yes", "no", language="de"), judged(3, "no", "no")]
    assert accuracy.languages_of(found) == ["en", "de"]
    assert Asked("whole", language="de").answers(found) == {2: False}
    assert Asked("whole", language="en").rate(found) == Rate(2, 2)


def test_probabilities_are_held_against_what_was_true(world: World) -> None:
    few = [judged(post, "yes", "yes") for post in range(49)]
    assert calibration(few) == []
    many = [judged(post, "yes", "yes" if post % 5 else "no", likely=0.8) for post in range(50)]
    [step] = calibration([*many, *[judged(post, "no", "no", likely=0.99) for post in range(50)]])
    assert step.sure == pytest.approx(0.8)
    assert step.rate == Rate(40, 50)


def test_the_probability_is_of_what_we_said_whether_it_was_true_or_not(world: World) -> None:
    first, second = hears(world, 2)
    likely = Analysis.objects.get(post=first).intents["question"]
    checks(world, first, question="yes", sentiment="positive")
    checks(world, second, question="no")
    sentiment = Analysis.objects.get(post=first).sentiment
    for one in accuracy.judged(world.bo.teammate):
        if one.label_of == "question":
            assert one.said == "yes"
            assert one.likely == pytest.approx(likely, abs=0.05)
        if one.label_of == "sentiment" and one.said != "unsure":
            assert one.likely == pytest.approx(sentiment[one.said])


@given(
    st.lists(
        st.builds(
            judged,
            st.integers(1, 6),
            st.sampled_from(["yes", "no"]),
            st.sampled_from(["yes", "no"]),
            label_of=st.sampled_from(["question", "spam"]),
            by_chance=st.booleans(),
        ),
        max_size=30,
    )
)
def test_no_post_is_counted_twice_and_none_in_passing_is_in_a_rate(found: list[Judged]) -> None:
    by_chance = {one.post for one in found if one.by_chance}
    for asked in [Asked("whole"), Asked("said", "question"), Asked("there", "spam")]:
        answers = asked.answers(found)
        assert answers.keys() <= by_chance
        assert asked.rate(found) == Rate(sum(answers.values()), len(answers))
    assert Asked("whole").answers(found).keys() == by_chance
