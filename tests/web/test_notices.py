"""The bell and its page, the choices, the devices, the chats, the app: what each screen takes and refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from goodword.conversations import acts
from goodword.listening.models import Post
from goodword.notifying import letters, occasions, reading
from goodword.notifying.choices import Choices
from goodword.notifying.kinds import Kind, Way, When
from goodword.notifying.models import Habits, Notice, PushSubscription
from goodword.team.models import Role, Teammate
from tests.net.places import Place, opened_place, said
from tests.notifying.phone import Phone
from tests.world import SAM, UMA, Member, World


@pytest.fixture
def push_server(settings: Settings) -> Iterator[Place]:
    with opened_place() as place:
        settings.PRIVATE_HOSTS = frozenset({place.door})
        place.answers["/phone"] = said(b"", status="201 Created")
        yield place


def assigned(world: World, to: Member, by: Member) -> Post:
    heard = world.hears(SAM, "Does the kettle whistle?")
    acts.assign(world.conversation_of(heard), by.teammate, to.teammate, now=world.now)
    occasions.look(world.now)
    return heard


def page_of(member: Member, address: str) -> str:
    return member.looks_at(address).content.decode()


def news_of(member: Member) -> int:
    found = re.search(r'data-news="(\d+)"', page_of(member, "/people/"))
    assert found
    return int(found[1])


# --- the bell --------------------------------------------------------------------------------------


def test_the_bell_counts_and_the_page_says_what_happened(world: World) -> None:
    assigned(world, world.cy, world.bo)
    assert news_of(world.cy) == 1
    page = page_of(world.cy, "/notices/")
    assert "Bo gave you the conversation with Sam Ortiz" in page
    assert "Mark all as read" in page


def test_opening_the_conversation_reads_its_notices(world: World) -> None:
    heard = assigned(world, world.cy, world.bo)
    page_of(world.cy, f"/conversations/{world.conversation_of(heard).pk}/")
    assert news_of(world.cy) == 0


def test_what_a_wide_screen_opens_by_itself_was_not_read(world: World) -> None:
    assigned(world, world.cy, world.bo)
    page_of(world.cy, "/inbox/")
    assert news_of(world.cy) == 1


def test_a_thread_that_renews_itself_in_a_hidden_tab_reads_nothing(world: World) -> None:
    heard = assigned(world, world.cy, world.bo)
    thread = f"/conversations/{world.conversation_of(heard).pk}/thread/"
    world.cy.looks_at(thread)
    assert news_of(world.cy) == 1
    world.cy.client.get(thread, headers={"X-Seen": "1"})
    assert news_of(world.cy) == 0


def test_all_are_read_at_once_and_only_mine(world: World) -> None:
    assigned(world, world.cy, world.bo)
    before = reading.unread_count([world.dana.teammate])
    world.cy.does("/notices/readings/")
    assert news_of(world.cy) == 0
    assert reading.unread_count([world.dana.teammate]) == before


def test_a_notice_leads_to_where_one_does_something_about_it(world: World) -> None:
    heard = assigned(world, world.cy, world.bo)
    notice = Notice.objects.get(to=world.cy.teammate, occasion__kind=Kind.ASSIGNED)
    answer = world.cy.looks_at(f"/notices/{notice.pk}/")
    assert answer["Location"] == f"/conversations/{world.conversation_of(heard).pk}/"
    assert world.bo.looks_at(f"/notices/{notice.pk}/").status_code == 404  # it is not his


def test_somebody_of_two_brands_has_one_bell_and_is_led_to_the_right_one(world: World) -> None:
    Teammate.objects.create(brand=world.other_brand, user=world.cy.teammate.user, role=Role.MEMBER)
    assigned(world, world.cy, world.bo)
    world.cy.does(f"/brands/{world.other_brand.pk}/choice/")
    assert news_of(world.cy) == 1
    notice = Notice.objects.get(to=world.cy.teammate, occasion__kind=Kind.ASSIGNED)
    answer = world.cy.client.get(f"/notices/{notice.pk}/", follow=True)
    assert "Sam Ortiz" in answer.content.decode()


def test_a_viewer_hears_nothing_of_a_private_note_that_calls_her(world: World) -> None:
    heard = world.hears(UMA, "My kettle is broken")
    acts.note(world.conversation_of(heard), world.bo.teammate, "@Olga have a look", now=world.now)
    occasions.look(world.now)
    assert "Bo called you" not in page_of(world.olga, "/notices/")
    Teammate.objects.filter(pk=world.olga.teammate.pk).update(may_read_notes=True)
    acts.note(world.conversation_of(heard), world.bo.teammate, "@Olga now?", now=world.now)
    occasions.look(world.now)
    assert "Bo called you" in page_of(world.olga, "/notices/")


def test_hostile_names_and_notes_stay_text(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    note = '@cy <script>alert(1)</script> \u202e "><img src=x>'
    acts.note(world.conversation_of(heard), world.bo.teammate, note, now=world.now)
    occasions.look(world.now)
    page = page_of(world.cy, "/notices/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_empty_page_says_what_will_be_here(world: World) -> None:
    assert "Nothing yet" in page_of(world.eve, "/notices/")


# --- the choices -----------------------------------------------------------------------------------

HABITS = {"quiet_from": "21:00", "quiet_until": "06:30", "digest_at": "09:15"}


def test_the_table_is_kept_as_it_was_ticked(world: World) -> None:
    answer = world.cy.does(
        "/you/notifications/", **HABITS, **{"assigned-app": "on", "answered-mail": "at_once"}
    )
    assert answer.status_code == 302
    mine = Choices(world.cy.teammate)
    assert mine.when(Kind.ASSIGNED, Way.APP) == When.AT_ONCE
    assert mine.when(Kind.ASSIGNED, Way.PUSH) == When.NEVER
    assert mine.when(Kind.ANSWERED, Way.MAIL) == When.AT_ONCE
    habits = Habits.objects.get(teammate=world.cy.teammate)
    assert (habits.quiet_from.hour, habits.quiet_until.minute, habits.digest_at.hour) == (21, 30, 9)  # type: ignore[union-attr]
    assert habits.quiet_weekends is False


@pytest.mark.parametrize(
    "typed",
    [{"quiet_from": "late"}, {"quiet_from": "25:00"}, {"quiet_from": ""}, {"digest_at": "\x00"}],
    ids=str,
)
def test_times_that_are_none_are_refused_with_a_sentence(world: World, typed: dict[str, str]) -> None:
    answer = world.cy.does("/you/notifications/", **HABITS | typed)
    assert answer.status_code == 422
    assert not Habits.objects.filter(teammate=world.cy.teammate).exists()


def test_a_role_is_asked_only_what_can_concern_it(world: World) -> None:
    assert "stopped-app" in page_of(world.dana, "/you/notifications/")
    assert "stopped-app" not in page_of(world.bo, "/you/notifications/")
    assert "assigned-app" not in page_of(world.olga, "/you/notifications/")


def test_without_a_mail_server_the_page_says_so(world: World, settings: Settings) -> None:
    assert "no mail server" in page_of(world.bo, "/you/notifications/")
    settings.EMAIL_HOST = "mail.example"
    assert "no mail server" not in page_of(world.bo, "/you/notifications/")


# --- the link at the end of a letter ---------------------------------------------------------------


def off_path(world: World) -> str:
    return letters.off_link(world.cy.teammate).removeprefix("http://localhost:8000")


def test_one_click_without_a_sign_in_ends_the_letters(world: World) -> None:
    stranger = Client(enforce_csrf_checks=True)  # a mail program has no token of ours
    answer = stranger.post(off_path(world), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    mine = Choices(world.cy.teammate)
    assert {mine.when(kind, Way.MAIL) for kind in Kind} == {When.NEVER}
    assert mine.when(Kind.ASSIGNED, Way.APP) == When.AT_ONCE


def test_looking_at_the_link_changes_nothing(world: World) -> None:
    assert Client().get(off_path(world)).status_code == 200
    assert not world.cy.teammate.preferences.exists()


@pytest.mark.parametrize("token", ["x", "1:abc:def", "%00", "a" * 3000])
def test_a_link_that_is_none_of_ours_ends_nothing(world: World, token: str) -> None:
    assert Client().post(f"/letters/off/{token}/").status_code == 404


# --- devices ---------------------------------------------------------------------------------------


def test_a_browser_is_added_tested_and_removed(world: World, push_server: Place) -> None:
    phone = Phone()
    answer = world.cy.does("/you/devices/", **phone.as_browsers_tell(push_server.url("/phone")))
    device = answer.json()["device"]
    assert PushSubscription.objects.get(pk=device).user == world.cy.teammate.user
    world.cy.does(f"/you/devices/{device}/tests/")
    assert json.loads(phone.opens(push_server.bodies[0]))["title"] == "It works"
    assert world.bo.does(f"/you/devices/{device}/removal/").status_code == 404
    world.cy.does(f"/you/devices/{device}/removal/")
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("endpoint", ["", "javascript:1", "https://a/" + "x" * 2000, "\x00"])
def test_what_is_no_subscription_is_refused(world: World, endpoint: str) -> None:
    keys = Phone().as_browsers_tell("https://push.example/1")
    answer = world.cy.does("/you/devices/", **keys | {"endpoint": endpoint})
    assert answer.status_code == 422
    assert not PushSubscription.objects.exists()


def test_a_device_inside_our_network_cannot_be_used_to_look_around(
    world: World, push_server: Place, settings: Settings
) -> None:
    settings.PRIVATE_HOSTS = frozenset()
    given = Phone().as_browsers_tell(push_server.url("/phone"))
    device = world.cy.does("/you/devices/", **given).json()["device"]
    world.cy.does(f"/you/devices/{device}/tests/")
    assert push_server.requests == []
    assert "not a public web address" in page_of(world.cy, "/you/notifications/")


def test_signing_out_ends_the_waking_of_this_browser_and_clears_it(world: World, push_server: Place) -> None:
    world.cy.does("/you/devices/", **Phone().as_browsers_tell(push_server.url("/phone")))
    answer = world.cy.does("/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert not PushSubscription.objects.exists()


def test_a_browser_that_lost_its_sign_in_is_told_to_ask_anew(world: World, push_server: Place) -> None:
    world.cy.does("/you/devices/", **Phone().as_browsers_tell(push_server.url("/phone")))
    assert 'data-device="known"' in page_of(world.cy, "/people/")
    PushSubscription.objects.update(session_hash="of the old password")
    page = page_of(world.cy, "/people/")
    assert 'data-device="lost"' in page
    assert "data-push-key" in page


# --- team chats ------------------------------------------------------------------------------------

CHAT = {"name": "#support", "flavour": "signed", "kinds": ["private"], "carries": "link"}


def test_a_chat_is_added_its_secret_shown_once_and_its_address_never(
    world: World, push_server: Place
) -> None:
    push_server.answers["/hook"] = said(b"")
    answer = world.dana.client.post("/brand/hooks/new/", CHAT | {"address": push_server.url("/hook")})
    place = answer["Location"]
    first, second = page_of(world.dana, place), page_of(world.dana, place)
    assert "whsec_" in first
    assert "whsec_" not in second
    assert push_server.door not in first + second
    world.dana.does(f"{place}tests/")
    assert len(push_server.bodies) == 1
    assert "took it" in page_of(world.dana, place)


def test_a_chat_that_does_not_answer_says_why(world: World, push_server: Place) -> None:
    push_server.answers["/hook"] = said(b"", status="404 Gone")
    address = push_server.url("/hook")
    place = world.dana.client.post("/brand/hooks/new/", CHAT | {"address": address})["Location"]
    world.dana.does(f"{place}tests/")
    assert "answered with 404" in page_of(world.dana, place)


@pytest.mark.parametrize(
    "typed",
    [{"name": " "}, {"address": "ftp://x"}, {"kinds": []}, {"flavour": "fax"}, {"carries": "all"}],
    ids=str,
)
def test_a_form_that_lacks_something_is_shown_again(world: World, typed: dict[str, object]) -> None:
    given = CHAT | {"address": "https://chat.example/hook"} | typed
    answer = world.dana.client.post("/brand/hooks/new/", given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


# --- an app ----------------------------------------------------------------------------------------


def test_the_service_worker_may_see_to_all_pages_and_is_asked_for_anew(db: None) -> None:
    answer = Client().get("/sw.js")
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Service-Worker-Allowed"] == "/"
    assert re.search(r'const VERSION = "[0-9a-f]{12}"', script)


def test_the_browser_may_run_it_and_nothing_else_from_elsewhere(db: None) -> None:
    policy = Client().get("/login/")["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_all_that_it_keeps_is_there(db: None, settings: Settings) -> None:
    script = Client().get("/sw.js").content.decode()
    kept = json.loads(re.search(r"const KEPT = (\[.*\])", script)[1])  # type: ignore[index]
    for path in kept:
        assert (settings.STATICFILES_DIRS[0] / path.removeprefix("/static/").split("?")[0]).exists()


def test_the_page_without_a_network_sets_no_cookie(db: None) -> None:
    answer = Client().get("/offline/")
    assert answer.status_code == 200
    assert not answer.cookies


def test_notices_older_than_two_months_are_forgotten(world: World) -> None:
    from goodword.notifying import keeping

    assigned(world, world.cy, world.bo)
    assert keeping.forget_old(world.now + timedelta(days=59)) == 0
    assert keeping.forget_old(world.now + timedelta(days=61)) > 0
    assert not Notice.objects.exists()
