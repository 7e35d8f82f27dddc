"""What does somebody see who opens the demo for the first time? And is it the same every time?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import median

import pytest

from goodword.conversations import triage
from goodword.conversations.models import Conversation, Delivery, State, Wait
from goodword.demo.brand import DEFAULT, NotPossible, Plan, find_demo, made_from, make_demo
from goodword.demo.removal import remove_demo
from goodword.demo.story import ADVOCATES
from goodword.demo.talk import STRIKE_BEGAN, STRIKE_LASTED
from goodword.listening.models import Analysis, Post, Step
from goodword.people.models import Consent, Join, Order, Profile, Promise
from goodword.team.models import Brand
from tests.demo.conftest import SMALL, TINY, UNTIL
from tests.demo.rows import dump

# Not in the quick suite: whole brands are made.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.both_databases]


def inbox(brand: Brand) -> list[Conversation]:
    return list(Conversation.objects.filter(brand=brand, state=State.OPEN).order_by("rank_at", "pk"))


def test_seven_wait_for_an_answer_and_they_are_unlike_each_other(demo: Brand) -> None:
    waiting = {
        str(c.profile): (c.channel.removeprefix("playground-"), {factor["code"] for factor in c.factors})
        for c in inbox(demo)
    }
    wanted = {
        "Noor Haddad": ("sms", "complaint"),
        "Priya Nandakumar": ("bluesky", "followed_up"),
        "Marnie Okell": ("bluesky", "praise"),
        "Wiebke Thomsen": ("bluesky", "question"),
        "Gil Ferreira": ("mail", "direct"),
        "Kit Farrow": ("forum", "purchase"),
        "Elena P.": ("reviews", "suggestion"),
    }
    assert waiting.keys() == wanted.keys()
    for name, (channel, why) in wanted.items():
        assert waiting[name][0] == channel
        assert why in waiting[name][1]
    german = Analysis.objects.get(post__brand=demo, post__author__name="Wiebke Thomsen")
    assert german.language == "de"


def test_on_top_is_a_text_message_that_waits_against_its_promise(demo: Brand) -> None:
    top = inbox(demo)[0]
    assert "waiting 9 of 15 minutes" in triage.why(top, UNTIL)
    assert top.due_at is not None
    assert top.due_at > UNTIL


def test_nothing_is_overdue_when_one_begins(demo: Brand) -> None:
    assert all(c.due_at and c.due_at > UNTIL for c in inbox(demo))


def test_it_has_the_people_and_posts_that_were_asked_for(demo: Brand) -> None:
    theirs = Post.objects.filter(brand=demo, is_ours=False)
    assert theirs.count() == SMALL.posts
    assert theirs.values("author__person").distinct().count() == SMALL.people


def test_every_post_went_the_whole_way_and_none_lies_in_the_future(demo: Brand) -> None:
    posts = Post.objects.filter(brand=demo)
    assert set(posts.values_list("step", "trouble")) == {(Step.DONE, "")}
    assert not posts.filter(at__gt=UNTIL).exists()
    assert posts.earliest("at").at > UNTIL - timedelta(days=183)
    assert not Delivery.objects.filter(brand=demo).exclude(state=Delivery.State.SENT).exists()
    assert not Wait.objects.filter(conversation__brand=demo, ended_at__gt=UNTIL).exists()


def test_people_speak_five_languages_and_our_people_answer_in_them(demo: Brand) -> None:
    languages = Counter(Analysis.objects.filter(post__brand=demo).values_list("language", flat=True))
    assert all(languages[code] for code in ("en", "de", "es", "fr", "pt"))


def test_one_person_is_on_three_channels_and_the_evidence_is_written_down(demo: Brand) -> None:
    noor = Profile.objects.get(brand=demo, native_id="+447700900017").person
    channels = set(noor.profiles.values_list("channel", flat=True))
    assert channels == {"playground-sms", "playground-bluesky", "playground-mail"}
    assert all(join.evidence for join in Join.objects.filter(person=noor))


def test_the_influencer_is_heard_by_many_and_becomes_no_work(demo: Brand) -> None:
    loudest = Profile.objects.filter(brand=demo, followers__isnull=False).order_by("-followers")[0]
    assert loudest.name == "Jonas Vey"
    assert not Conversation.objects.filter(profile=loudest).exists()


def test_three_advocates_speak_well_of_us_unasked_to_few(demo: Brand) -> None:
    names = ("Marnie Okell", "Tobias Renz", "Sheila Brandreth")
    assert len(ADVOCATES) == len(names)
    for advocate in Profile.objects.filter(brand=demo, name__in=names):
        unasked = Analysis.objects.filter(post__author=advocate, post__addressed=False)
        praise = [a for a in unasked if {"praise", "recommendation"} & set(a.decisions)]
        assert len(praise) >= 8
        assert (advocate.followers or 0) < 200


def test_some_wait_for_them_some_for_us_and_one_for_thursday(demo: Brand) -> None:
    states = Counter(Conversation.objects.filter(brand=demo).values_list("state", flat=True))
    assert states[State.OPEN] == 7
    assert states[State.SNOOZED] == 1
    assert states[State.RESOLVED] > 50


def test_there_are_orders_promises_and_consents(demo: Brand) -> None:
    assert Order.objects.filter(profile__brand=demo).count() > 30
    assert Promise.objects.filter(profile__brand=demo).exists()
    assert Consent.objects.filter(profile__brand=demo).exists()


def test_the_same_numbers_give_the_same_rows() -> None:
    brand = make_demo(UNTIL, TINY)
    first = dump(brand)
    remove_demo(brand)
    second = dump(make_demo(UNTIL, TINY))
    for name, rows in first.items():
        assert second[name] == rows, name


def test_another_seed_gives_other_people_but_the_same_seven(demo: Brand) -> None:
    other = make_demo(UNTIL, TINY)
    assert {str(c.profile) for c in inbox(other)} == {str(c.profile) for c in inbox(demo)}
    assert str(inbox(other)[0].profile) == "Noor Haddad"
    names = [set(Profile.objects.filter(brand=b).values_list("handle", flat=True)) for b in (demo, other)]
    assert len(names[0] & names[1]) < SMALL.people / 2


def test_it_knows_from_what_it_was_made(demo: Brand) -> None:
    assert made_from(demo) == (SMALL, UNTIL)
    assert find_demo() == demo


@pytest.mark.parametrize(
    ("people", "posts", "part"),
    [
        (5, 500, "people"),
        (60, 20, "posts"),
        (400, 410, "say"),
        (2_000_000, 3_000_000, "people"),
        (-1, 9, "people"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_in_a_sentence(people: int, posts: int, part: str) -> None:
    with pytest.raises(NotPossible, match=part):
        Plan(people, posts)


@pytest.mark.slow
def test_at_full_size_the_half_year_tells_its_story() -> None:
    brand = make_demo(UNTIL, DEFAULT)
    assert len(inbox(brand)) == 7
    assert inbox(brand)[0].channel == "playground-sms"
    _answers_came_sooner_at_the_end(brand)
    _complaints_came_with_the_strike(brand)
    texts = Post.objects.filter(brand=brand, is_ours=False, parent="").values_list("text", flat=True)
    assert len(set(texts)) > 0.75 * len(texts)
    remove_demo(brand)


def _answers_came_sooner_at_the_end(brand: Brand) -> None:
    replied = Wait.objects.filter(conversation__brand=brand, ended_how=Wait.End.REPLY)

    def hours(since: int, until: int) -> float:
        between = replied.filter(
            since__gte=UNTIL - timedelta(days=since), since__lt=UNTIL - timedelta(days=until)
        )
        return median((w.ended_at - w.since).total_seconds() / 3600 for w in between if w.ended_at)

    assert hours(30, 0) < 0.7 * hours(182, 122)


def _complaints_came_with_the_strike(brand: Brand) -> None:
    began = UNTIL - STRIKE_BEGAN
    complaints = [
        a.post.at
        for a in Analysis.objects.filter(post__brand=brand).select_related("post")
        if "complaint" in a.decisions
    ]
    during = sum(began <= at < began + STRIKE_LASTED for at in complaints) / STRIKE_LASTED.days
    assert during > 2 * len(complaints) / 182
