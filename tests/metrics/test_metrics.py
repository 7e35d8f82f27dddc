"""Each metric once by hand; and what must hold for all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.sentences import all_sentences
from goodword.conversations import acts, replying
from goodword.conversations.models import Resolution, Wait
from goodword.listening.models import Post
from goodword.metrics.metric import Metric, Unit, metric, metrics
from goodword.metrics.period import Period
from goodword.metrics.responses import (
    first_reply_median,
    first_reply_p90,
    praise_acknowledged,
    reply_median,
    reply_rate,
    unanswered_questions,
    within_promise,
)
from goodword.metrics.today import today
from goodword.metrics.word_of_mouth import people_heard, posts_heard, talk_without_us
from tests.fakechannel import US
from tests.world import ADA, IVO, PIA, SAM, UMA, World

MINUTE = timedelta(minutes=1)
EVERY = sorted(metrics().values(), key=lambda metric: metric.slug)
each_metric = pytest.mark.parametrize("metric", EVERY, ids=[metric.slug for metric in EVERY])


def this_week(world: World) -> Period:
    return Period.last_weeks(world.brand, 1, world.now)


def answer(world: World, post: Post, after: timedelta) -> Post:
    """Our people answer in the native app, so long after the post."""
    world.now = world.place.now = max(world.now, post.at + after)
    return world.hears(US, "Here is how.", to=post, addressed=False, at=post.at + after)


def asks(world: World, *authors: Any) -> list[Post]:
    return [world.hears(author, "Does the kettle whistle?") for author in authors]


def likes(world: World, post: Post) -> None:
    replying.thank(post, world.bo.teammate, key=f"like {post.pk}", now=world.now)


def resolve(world: World, post: Post, how: str) -> None:
    acts.resolve(world.conversation_of(post), world.bo.teammate, how, now=world.now)


# --- by hand ---------------------------------------------------------------------------------------


def test_reply_rate_is_answered_of_answerable(world: World) -> None:
    first, _second, _third, spam = asks(world, UMA, SAM, IVO, PIA)
    answer(world, first, 5 * MINUTE)
    resolve(world, spam, Resolution.How.SPAM)
    assert reply_rate.number(this_week(world)) == 1 / 3


def test_a_like_that_was_answer_enough_counts_as_an_answer_and_has_no_time(world: World) -> None:
    praise = world.hears(ADA, "I love my kettle, it is wonderful.")
    likes(world, praise)
    assert Wait.objects.get(post=praise).ended_how == Wait.End.THANKS
    assert reply_rate.number(this_week(world)) == 1.0
    assert first_reply_median.number(this_week(world)) is None


def test_what_a_teammate_closed_without_an_answer_counts_as_not_answered(world: World) -> None:
    (asked,) = asks(world, UMA)
    resolve(world, asked, Resolution.How.RESOLVED)
    assert reply_rate.number(this_week(world)) == 0.0


def test_the_median_time_to_first_reply_lies_in_the_middle(world: World) -> None:
    for asked, minutes in zip(asks(world, UMA, SAM, IVO), (10, 20, 90), strict=True):
        answer(world, asked, minutes * MINUTE)
    assert first_reply_median.number(this_week(world)) == 20 * 60


def test_nine_of_ten_had_their_first_reply_within(world: World) -> None:
    for asked, minutes in zip(asks(world, UMA, SAM, IVO), (10, 20, 90), strict=True):
        answer(world, asked, minutes * MINUTE)
    # At 0.9 of the way from the first to the third: 20 minutes and 8/10 of the 70 to the next.
    assert first_reply_p90.number(this_week(world)) == pytest.approx((20 + 0.8 * 70) * 60)


def test_time_to_reply_counts_later_answers_too_and_time_to_first_reply_does_not(world: World) -> None:
    (asked,) = asks(world, UMA)
    answer(world, asked, 10 * MINUTE)
    world.passes(MINUTE)
    again = world.hears(UMA, "And does it come in blue?", to=asked)
    answer(world, again, 30 * MINUTE)
    assert reply_median.number(this_week(world)) == 20 * 60
    assert first_reply_median.number(this_week(world)) == 10 * 60


def test_an_answer_whose_time_nobody_knows_is_an_answer_without_a_time(world: World) -> None:
    asks(world, UMA)
    world.passes(60 * MINUTE)
    # As rows say in which teammates only noted that they had answered elsewhere.
    Wait.objects.update(ended_at=world.now, ended_how=Wait.End.REPLY, answered_by=world.bo.teammate)
    assert reply_rate.number(this_week(world)) == 1.0
    assert reply_median.number(this_week(world)) is None


def test_within_the_promise_knows_in_time_too_late_and_not_yet(world: World) -> None:
    in_time, late, nobody, closed = asks(world, UMA, SAM, IVO, PIA)
    promised = Wait.objects.get(post=in_time).due_at - in_time.at
    resolve(world, closed, Resolution.How.RESOLVED)  # before its time had passed: the clock stops
    answer(world, in_time, promised)
    answer(world, late, promised + MINUTE)
    asks(world, ADA)  # her time still runs
    assert {wait.post for wait in within_promise.rows(this_week(world))} == {in_time, late, nobody}
    assert within_promise.number(this_week(world)) == 1 / 3


def test_unanswered_questions_counts_people_and_not_posts(world: World) -> None:
    asks(world, UMA, UMA, SAM)
    answer(world, asks(world, IVO)[0], MINUTE)
    world.hears(PIA, "My kettle came broken, this is awful.")  # complains; asks nothing
    assert unanswered_questions.number(this_week(world)) == 2


def test_all_questions_answered_is_none_unanswered_and_no_question_is_no_answer(world: World) -> None:
    assert unanswered_questions.number(this_week(world)) is None
    answer(world, asks(world, IVO)[0], MINUTE)
    assert unanswered_questions.number(this_week(world)) == 0


def test_praise_is_acknowledged_by_words_or_by_a_like(world: World) -> None:
    posts = [world.hears(author, "I love my kettle, it is wonderful.") for author in (ADA, PIA, IVO, SAM)]
    likes(world, posts[0])
    answer(world, posts[1], MINUTE)
    asks(world, UMA)  # no praise: not in it
    assert praise_acknowledged.number(this_week(world)) == 2 / 4


def test_posts_and_people_heard(world: World) -> None:
    for author in (ADA, ADA, SAM):
        world.hears(author, "The kettle stands on the table.", addressed=False)
    gone = world.hears(UMA, "A kettle!", addressed=False)
    world.deletes(gone)
    world.hears(US, "We have a new kettle.", addressed=False)
    assert posts_heard.number(this_week(world)) == 3
    assert people_heard.number(this_week(world)) == 2


def test_talk_without_us_is_talk_that_nobody_turned_to_us_with(world: World) -> None:
    among_themselves = world.hears(ADA, "The kettle is on.", addressed=False)
    world.hears(SAM, "Which kettle?", to=among_themselves, addressed=False)
    joined = world.hears(IVO, "A kettle, again.", addressed=False)
    answer(world, joined, MINUTE)
    to_us = world.hears(UMA, "My kettle came broken.")
    world.hears(PIA, "Mine too, the kettle leaks.", to=to_us, addressed=False)
    assert talk_without_us.number(this_week(world)) == 1


def test_history_whose_answers_we_may_not_know_is_in_no_rate(world: World) -> None:
    said = world.connection.made_at - timedelta(hours=20)  # on Monday, before we listened
    world.hears(SAM, "Does the kettle whistle?", at=said, history=True)
    assert reply_rate.number(this_week(world)) is None
    assert talk_without_us.number(this_week(world)) is None
    assert posts_heard.number(this_week(world)) == 1  # it was said, and was heard


# --- what holds for all ----------------------------------------------------------------------------


def test_where_there_is_nothing_to_count_there_is_no_answer(world: World) -> None:
    period = Period.last_weeks(world.brand, 4, world.now)
    for each in EVERY:
        assert each.number(period) is None, each.slug
        assert each.by_week(period) == [None] * 4
        assert not each.rows(period).exists()


@each_metric
def test_a_metric_says_what_it_means_and_how_it_is_counted(metric: Metric) -> None:
    with override("en"):
        assert metric.meaning.endswith((".", "?"))
        assert len(str(metric.formula)) > 40
        assert metric.unit in list(Unit)


def tells_a_lot(world: World) -> None:
    """Something for every metric, over two weeks."""
    for author, minutes in ((UMA, 5), (SAM, 2000)):
        answer(world, asks(world, author)[0], minutes * MINUTE)
    asks(world, IVO, PIA)
    world.hears(ADA, "I love my kettle, it is wonderful.")
    world.hears(ADA, "The kettle is on.", addressed=False)
    world.passes(timedelta(days=7))
    answer(world, asks(world, UMA)[0], 45 * MINUTE)
    world.hears(PIA, "I love my kettle, it is wonderful.")
    world.hears(SAM, "The kettle is off.", addressed=False)
    world.passes(timedelta(hours=1))


def from_rows(metric: Metric, rows: Sequence[Any]) -> float | None:
    """The number, computed once more from nothing but the rows a click opens."""
    counted = [row for row in rows if row.is_counted]
    if not rows:
        return None
    match metric.unit:
        case Unit.SHARE:
            return len(counted) / len(rows)
        case Unit.PEOPLE:
            return len({(row.post if isinstance(row, Wait) else row).author.person_id for row in counted})
        case Unit.POSTS:
            return len(counted)
        case Unit.THREADS:
            return len({(row.channel, row.root) for row in counted})
    times = sorted((row.ended_at - row.since).total_seconds() for row in counted)
    place = (len(times) - 1) * (0.9 if metric is first_reply_p90 else 0.5)
    below = int(place)
    above = min(below + 1, len(times) - 1)
    return times[below] + (times[above] - times[below]) * (place - below)


def test_each_number_is_what_its_rows_say_for_the_period_and_for_each_week(world: World) -> None:
    tells_a_lot(world)
    period = Period.last_weeks(world.brand, 4, world.now)
    stretches = [period, *period.weeks()]
    for each in EVERY:
        numbers = [each.number(period), *each.by_week(period)]
        again = [from_rows(each, list(each.rows(stretch))) for stretch in stretches]
        assert numbers == [None if one is None else pytest.approx(one) for one in again], each.slug
        assert None not in numbers[-2:], f"nothing was told for {each.slug}"


def test_what_is_heard_for_another_brand_is_in_no_number(world: World) -> None:
    def numbers() -> dict[str, object]:
        return {m.slug: (m.number(this_week(world)), m.rows(this_week(world)).count()) for m in EVERY}

    tells_a_lot(world)
    before = numbers()
    world.other_brand_hears(SAM, "Does your kettle whistle?")
    world.other_brand_hears(ADA, "I love my kettle, it is wonderful.", addressed=False)
    assert numbers() == before


def test_a_wait_belongs_to_the_week_of_the_brands_own_clock(world: World) -> None:
    world.brand.time_zone = "Pacific/Auckland"
    world.brand.save()
    # Sunday, March 8th 2026, 11:30 at Greenwich: in Auckland it is half an hour after Monday began.
    on_monday = world.now.replace(day=8, hour=11, minute=30)
    world.hears(UMA, "Does the kettle whistle?", at=on_monday)
    world.hears(SAM, "Does the kettle whistle?", at=on_monday - 60 * MINUTE)
    period = Period.last_weeks(world.brand, 2, world.now)
    assert [tally.all for tally in reply_rate.evidence(period).tallies(period.weeks())] == [1, 1]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ends=st.lists(st.tuples(st.sampled_from(["", *Wait.End.values]), st.integers(0, 9000), st.booleans())),
)
def test_a_rate_lies_between_none_and_all_and_its_two_sorts_make_the_whole(
    world: World, ends: list[tuple[str, int, bool]]
) -> None:
    model = Post.objects.first() or asks(world, UMA)[0]
    conversation = world.conversation_of(model)
    Wait.objects.all().delete()
    Post.objects.exclude(pk=model.pk).delete()
    for number, (how, minutes, counts) in enumerate(ends):
        post = copy(model)
        post.pk, post.native_id = None, f"copy {number}"
        post.save(force_insert=True)
        Wait.objects.create(
            conversation=conversation,
            post=post,
            since=post.at,
            due_at=post.at + 60 * MINUTE,
            is_first=False,
            counts=counts,
            ended_at=post.at + minutes * MINUTE if how else None,
            ended_how=how,
        )
    for rate in (reply_rate, within_promise):
        evidence = rate.evidence(this_week(world))
        (tally,) = evidence.tallies([this_week(world)])
        marks = [row.is_counted for row in evidence.marked()]
        assert (tally.counted, tally.all) == (sum(marks), len(marks))
        assert marks.count(True) + marks.count(False) == tally.all
        share = rate.number(this_week(world))
        assert share is None if not tally.all else share is not None and 0 <= share <= 1


# --- the card, the command, the decorator ----------------------------------------------------------


def test_today_counts_what_was_answered_since_midnight_and_what_still_waits(world: World) -> None:
    yesterday, early, _late = asks(world, UMA, SAM, IVO)
    answer(world, yesterday, MINUTE)
    world.passes(timedelta(days=1))
    answer(world, early, world.now - early.at)
    asks(world, PIA)
    assert (today(world.dana.teammate, world.now).answered, today(world.dana.teammate, world.now).all) == (
        1,
        3,
    )


def test_the_command_lists_every_metric(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("metrics", "--json")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["name"] for row in told] == [str(metric.name) for metric in metrics().values()]
    assert all(set(row) == {"name", "unit", "formula", "meaning"} and all(row.values()) for row in told)


def test_a_metric_without_a_meaning_or_of_a_name_that_is_taken_is_refused() -> None:
    def silent(period: Period) -> Any: ...

    def reply_rate(period: Period) -> Any:
        """Another one of this name."""

    with pytest.raises(TypeError, match="docstring"):
        metric("Silent", unit=Unit.SHARE, formula="none")(silent)
    with pytest.raises(TypeError, match="two metrics"):
        metric("Reply rate", unit=Unit.SHARE, formula="none")(reply_rate)


def test_the_meaning_of_each_metric_is_among_the_sentences_for_translators() -> None:
    told = {words for words, *_where in all_sentences()}
    assert {metric.said for metric in EVERY} <= told
