"""How does somebody begin: look around with the demo, or start with their own brand?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goodword.channels.feeds import Feeds
from goodword.conversations import beginning, first_steps
from goodword.conversations.first_steps import FirstStep
from goodword.listening import candidates, finding
from goodword.listening.models import Candidate, Connection, Post, Query
from goodword.team.membership import make_owner, sign_in_link
from goodword.team.models import AuditEntry, Brand, Role, Teammate
from tests.fakechannel import Fake, Place
from tests.world import ADA, IVO, SAM, UMA, Member, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def square(world: World, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The one place that can be looked at without an account."""
    monkeypatch.setattr(finding, "places_to_look", lambda: [Fake])
    monkeypatch.setattr("goodword.listening.placeless.places_to_look", lambda: [Fake])
    monkeypatch.setattr("goodword.web.start.finding.places_to_look", lambda: [Fake])
    return world.place


@pytest.fixture
def newcomer(world: World) -> Member:
    """Owner of a new home: nothing was done with its brand."""
    owner = make_owner(Brand.objects.create(name="Our brand"), "newcomer@example.com", now=world.now)
    return Member(owner, world)


def begins(newcomer: Member, name: str = "Steamwren") -> Brand:
    newcomer.does("/start/brand/", name=name, my_name="Dana", time_zone="Europe/Berlin")
    return Brand.objects.get(name=name)


def looks(newcomer: Member) -> str:
    return str(newcomer.does("/start/searches/").content.decode())


# --- which door ------------------------------------------------------------------------------------


def follows(link: str) -> str:
    return str(Client().get(f"/link/{link}/").headers["Location"])


def test_the_first_link_leads_to_the_doors(newcomer: Member, world: World) -> None:
    assert follows(sign_in_link(newcomer.teammate.user, now=timezone.now())) == "/start/"


def test_whose_brand_has_begun_is_led_to_the_inbox(newcomer: Member, world: World) -> None:
    begins(newcomer)
    assert follows(sign_in_link(newcomer.teammate.user, now=timezone.now())) == "/inbox/"


def test_whoever_looked_around_is_not_asked_again(newcomer: Member, world: World) -> None:
    beginning.look_around(newcomer.teammate, now=world.now)
    assert not beginning.stands_before_the_doors(newcomer.teammate.user)


def test_who_joins_the_team_of_others_stands_before_no_doors(world: World) -> None:
    brand = Brand.objects.create(name="Their brand")
    bo = Teammate.objects.create(brand=brand, user=world.bo.teammate.user, role=Role.MEMBER)
    assert not beginning.stands_before_the_doors(bo.user)


def test_a_member_may_see_the_doors_and_not_go_through_the_second(world: World) -> None:
    assert world.bo.looks_at("/start/").status_code == 200
    assert world.bo.looks_at("/start/brand/").status_code == 403
    assert world.bo.does("/start/brand/", name="Mine").status_code == 403
    assert not Brand.objects.filter(name="Mine").exists()


# --- a name ----------------------------------------------------------------------------------------


def test_a_new_home_takes_the_name_and_listens_for_it(newcomer: Member) -> None:
    brand = begins(newcomer, "Steam Wren")
    assert brand.pk == newcomer.teammate.brand_id
    assert brand.time_zone == "Europe/Berlin"
    assert Query.objects.get(brand=brand).text == '"steam wren" OR steamwren'
    newcomer.teammate.user.refresh_from_db()
    assert newcomer.teammate.user.name == "Dana"


def test_another_name_a_moment_later_replaces_the_first(newcomer: Member) -> None:
    begins(newcomer, "Steamwern")
    brand = begins(newcomer, "Steamwren")
    assert brand.pk == newcomer.teammate.brand_id
    assert [query.text for query in Query.objects.filter(brand=brand)] == ["steamwren"]


def test_beside_a_brand_that_is_at_work_another_one_begins(world: World) -> None:
    world.hears(ADA, "I love my kettle")
    brand = begins(world.dana, "Boilbird")
    assert brand.pk != world.brand.pk
    assert Query.objects.filter(brand=world.brand).count() == 1


@pytest.mark.parametrize("name", ["", "   ", "&&&", "x" * 101])
def test_a_name_that_nobody_could_write_is_refused_with_what_was_typed(newcomer: Member, name: str) -> None:
    answer = newcomer.does("/start/brand/", name=name, my_name="Dana")
    assert answer.status_code == 422
    assert "Dana" in answer.content.decode()
    assert not Query.objects.filter(brand=newcomer.teammate.brand).exists()


# --- what people say -------------------------------------------------------------------------------


def test_real_posts_are_shown_before_any_account_exists(newcomer: Member, square: Place) -> None:
    square.says(ADA, "My Steamwren whistles so nicely.")
    square.says(SAM, "Nothing about it.")
    brand = begins(newcomer)
    page = looks(newcomer)
    assert "whistles so nicely" in page
    assert "Nothing about it" not in page
    assert not Post.objects.filter(brand=brand).exists()  # nothing is kept before somebody says so


def test_going_on_takes_in_what_is_surely_about_the_brand(newcomer: Member, square: Place) -> None:
    square.says(ADA, "My Steamwren whistles so nicely.")
    square.says(UMA, "My Steamwren leaks!")
    brand = begins(newcomer)
    looks(newcomer)
    uma = next(c for c in Candidate.objects.filter(brand=brand) if "leaks" in c.said["text"])
    newcomer.does(f"/start/candidates/{uma.pk}/verdicts/", verdict="no")
    newcomer.does("/start/heard/", listen="1")
    assert [post.text for post in Post.objects.filter(brand=brand)] == ["My Steamwren whistles so nicely."]
    assert Post.objects.get(brand=brand).is_mention
    assert Connection.objects.filter(brand=brand, channel="fake").exists()


def test_where_no_account_is_needed_the_brand_goes_on_listening(
    newcomer: Member, square: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real channel, as it is proposed: nothing is asked of its places before somebody listens."""
    monkeypatch.setattr("goodword.listening.placeless.places_to_look", lambda: [Feeds])
    brand = begins(newcomer)
    newcomer.does("/start/heard/", listen="1")
    assert "reddit" in Connection.objects.get(brand=brand, channel="feeds").settings["places"]


def test_a_place_that_could_not_be_connected_is_named(newcomer: Member, square: Place) -> None:
    brand = begins(newcomer)
    square.goes_down()
    newcomer.does("/start/heard/", listen="1")
    assert "Kettle Square" in newcomer.looks_at("/start/account/").content.decode()
    assert not Connection.objects.filter(brand=brand).exists()


NOTIONS = ["no notion of it", "the notion of time", "a strange notion", "a notion I like"]


def test_what_may_be_the_ordinary_word_waits_for_a_yes(newcomer: Member, square: Place) -> None:
    for text in NOTIONS:
        square.says(IVO, text)
    square.says(ADA, "I keep my recipes in Notion.")
    brand = begins(newcomer, "Notion")
    assert "needs your eye" in looks(newcomer) or "need your eye" in looks(newcomer)
    newcomer.does("/start/heard/")
    assert [post.text for post in Post.objects.filter(brand=brand)] == ["I keep my recipes in Notion."]
    doubtful = Candidate.objects.filter(brand=brand, verdict="").first()
    assert doubtful
    newcomer.does(f"/start/candidates/{doubtful.pk}/verdicts/", verdict="yes")
    assert Post.objects.filter(brand=brand, text=doubtful.said["text"]).exists()


def test_two_owners_who_say_yes_at_once_take_it_in_once(
    newcomer: Member, square: Place, world: World
) -> None:
    square.says(ADA, "My Steamwren whistles.")
    brand = begins(newcomer)
    looks(newcomer)
    mine, theirs = Candidate.objects.get(brand=brand), Candidate.objects.get(brand=brand)
    for candidate in (mine, theirs):
        candidates.decide(candidate, "yes", newcomer.teammate, now=world.now)
    assert Post.objects.filter(brand=brand).count() == 1
    assert AuditEntry.objects.filter(brand=brand, verb="decided what is about us").count() == 1


def test_what_is_in_the_inbox_already_is_not_taken_out_by_a_card(
    newcomer: Member, square: Place, world: World
) -> None:
    square.says(ADA, "My Steamwren whistles.")
    brand = begins(newcomer)
    looks(newcomer)
    candidate = Candidate.objects.get(brand=brand)
    candidates.decide(candidate, "yes", newcomer.teammate, now=world.now)
    candidates.decide(candidate, "no", newcomer.teammate, now=world.now)
    assert candidate.verdict == "yes"
    assert Post.objects.get(brand=brand).gone_at is None


def test_looking_twice_asks_about_each_post_once(newcomer: Member, square: Place) -> None:
    square.says(ADA, "My Steamwren whistles.")
    brand = begins(newcomer)
    looks(newcomer)
    looks(newcomer)
    assert Candidate.objects.filter(brand=brand).count() == 1


def test_words_that_the_others_share_can_be_left_out(newcomer: Member, square: Place, world: World) -> None:
    for text in ["no notion of philosophy", "notion, philosophy, time", "a notion", "the notion"]:
        square.says(IVO, text)
    square.says(ADA, "I keep my recipes in Notion.")
    brand = begins(newcomer, "Notion")
    looks(newcomer)
    for candidate in Candidate.objects.filter(brand=brand).exclude(doubt=""):
        candidates.decide(candidate, "no", newcomer.teammate, now=world.now)
    assert "philosophy" in newcomer.looks_at("/start/heard/").content.decode()
    newcomer.does("/start/omissions/", word=["philosophy", "injected OR x"])
    assert Query.objects.get(brand=brand).text == "(notion) -philosophy"


def test_a_place_that_cannot_be_reached_is_said_and_the_start_goes_on(
    newcomer: Member, square: Place
) -> None:
    square.goes_down()
    begins(newcomer)
    page = looks(newcomer)
    assert "No place could be reached" in page
    assert newcomer.does("/start/heard/").headers["Location"] == "/start/account/"


def test_a_place_that_breaks_does_not_break_the_page(
    newcomer: Member, square: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any, **_more: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(Fake, "find", breaks)
    begins(newcomer)
    assert "No place could be reached" in looks(newcomer)


def test_hostile_words_of_a_found_post_stay_words(newcomer: Member, square: Place) -> None:
    square.says(ADA, "Steamwren <script>alert(1)</script> \x00 \u202e", title="<img src=x onerror=alert(1)>")
    begins(newcomer)
    page = looks(newcomer)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_another_brands_owner_decides_nothing_here(newcomer: Member, square: Place, world: World) -> None:
    square.says(ADA, "My Steamwren whistles.")
    brand = begins(newcomer)
    looks(newcomer)
    candidate = Candidate.objects.get(brand=brand)
    assert world.eve.does(f"/start/candidates/{candidate.pk}/verdicts/", verdict="yes").status_code == 404
    candidate.refresh_from_db()
    assert candidate.verdict == ""


def test_what_nobody_took_for_ours_is_forgotten_after_a_month(
    newcomer: Member, square: Place, world: World
) -> None:
    square.says(IVO, "My Steamwren whistles.")
    begins(newcomer)
    looks(newcomer)
    found_at = Candidate.objects.get().found_at
    candidates.forget_old(found_at + candidates.KEPT - timedelta(minutes=1))
    assert Candidate.objects.exists()
    candidates.forget_old(found_at + candidates.KEPT + timedelta(minutes=1))
    assert not Candidate.objects.exists()


# --- what remains ----------------------------------------------------------------------------------


def test_what_remains_is_counted_from_what_was_done(newcomer: Member) -> None:
    begins(newcomer)
    me = Teammate.objects.get(pk=newcomer.teammate.pk)
    remaining = [one.step for one in first_steps.first_steps(me) if one.remains]
    assert remaining == [step for step in FirstStep if step != FirstStep.NAME]


def test_a_step_set_aside_is_not_spoken_of_any_more(newcomer: Member) -> None:
    begins(newcomer)
    newcomer.does("/start/steps/invite/setting-aside/")
    assert "Invite your team" not in newcomer.looks_at("/inbox/").content.decode()


def test_an_unknown_step_is_no_page(newcomer: Member) -> None:
    assert newcomer.does("/start/steps/nonsense/setting-aside/").status_code == 404


def test_the_inbox_of_a_new_brand_says_what_to_do_next(newcomer: Member) -> None:
    begins(newcomer)
    page = newcomer.looks_at("/inbox/").content.decode()
    assert "Connect an account to answer from" in page


def test_a_member_is_not_told_to_set_up(world: World) -> None:
    assert "Your first week" not in world.bo.looks_at("/inbox/").content.decode()
