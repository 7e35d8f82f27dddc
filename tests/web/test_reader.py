"""Does Goodword speak the language of its reader, with their numbers, dates and clock?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from goodword.channels.base import Refused
from goodword.listening.models import Gap
from goodword.sentence import Sentence
from goodword.team import reader
from goodword.team.models import User
from goodword.team.reader import speaking_to
from goodword.web import looks, metric_words
from tests.web.english import english_on
from tests.web.test_routes import all_routes
from tests.world import ADA, SAM, UMA, Member, World

BERLIN = "Europe/Berlin"
AT = datetime(2026, 12, 1, 23, 5, tzinfo=UTC)  # in Berlin the day after
GERMAN_BROWSER = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """A request leaves its language to the thread, where the next one sets its own."""
    yield
    translation.deactivate()
    timezone.deactivate()


# --- which language --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_page_before_signing_in_speaks_as_the_browser_asks(client: Client) -> None:
    german, english = client.get("/login/", **GERMAN_BROWSER), client.get("/login/")  # type: ignore[arg-type]
    assert "Anmelden" in _text(german)
    assert '<html lang="de"' in _text(german)
    assert german.headers["Content-Language"] == "de"
    assert "Accept-Language" in german.headers["Vary"]
    assert "Sign in" in _text(english)
    assert '<html lang="en"' in _text(english)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["fr", "xx", "*", "", "de;q=x", "\x00", "a" * 5000])
def test_a_language_that_we_do_not_speak_is_answered_in_english(client: Client, asked: str) -> None:
    response = client.get("/login/", HTTP_ACCEPT_LANGUAGE=asked)
    assert '<html lang="en"' in _text(response)


def test_what_somebody_chose_goes_before_what_their_browser_asks(world: World) -> None:
    chosen = world.bo.does("/you/reader/", language="de", time_zone="")
    assert chosen.status_code == 302
    page = world.bo.client.get("/inbox/", HTTP_ACCEPT_LANGUAGE="en")
    assert '<html lang="de"' in _text(page)
    assert "Posteingang" in _text(page)
    assert "So spricht Goodword jetzt mit dir." in _text(page)
    assert page.headers["Content-Language"] == "de"


def test_who_chooses_nothing_again_hears_their_browser(world: World) -> None:
    world.bo.does("/you/reader/", language="de", time_zone="")
    world.bo.does("/you/reader/", language="", time_zone="")
    assert '<html lang="en"' in _text(world.bo.looks_at("/inbox/"))
    page = world.bo.client.get("/inbox/", **GERMAN_BROWSER)  # type: ignore[arg-type]
    assert '<html lang="de"' in _text(page)


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc"}]
)
def test_what_does_not_exist_cannot_be_chosen(world: World, wrong: dict[str, str]) -> None:
    before = (world.bo.teammate.user.language, world.bo.teammate.user.time_zone)
    assert world.bo.does("/you/reader/", **{"language": "", "time_zone": ""} | wrong).status_code == 400
    fresh = User.objects.get(pk=world.bo.teammate.user.pk)
    assert (fresh.language, fresh.time_zone) == before


def test_one_reader_does_not_change_what_another_reads(world: World) -> None:
    _speaks_german(world.bo)
    assert '<html lang="de"' in _text(world.bo.looks_at("/inbox/"))
    assert '<html lang="en"' in _text(world.cy.looks_at("/inbox/"))


# --- letters ---------------------------------------------------------------------------------------


def test_a_letter_speaks_to_who_gets_it() -> None:
    with speaking_to(User(language="de", time_zone=BERLIN)):
        assert _("Inbox") == "Posteingang"
        assert reader.moment(AT) == "2. Dez. 2026, 00:05"
    assert _("Inbox") == "Inbox"


def test_who_chose_nothing_gets_letters_as_their_browser_last_asked(world: World) -> None:
    assert _signs_in(world.bo, browser="de-CH").language == ""
    assert reader.language_of(_signs_in(world.bo, browser="de-CH")) == "de"
    assert reader.language_of(_signs_in(world.bo, browser="en-GB")) == "en"


@pytest.mark.parametrize("language", ["", "xx"])
def test_who_never_signed_in_gets_english(language: str) -> None:
    assert reader.language_of(User(language=language)) == "en"


# --- numbers and times -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "english", "german"),
    [
        (lambda: reader.number(1284), "1,284", "1.284"),
        (lambda: reader.number(0.5), "0.5", "0,5"),
        (lambda: reader.share(0.71), "71%", "71\xa0%"),
        (lambda: reader.share(0.996, decimals=1), "99.6%", "99,6\xa0%"),
        (lambda: reader.money(Decimal("1284.50"), "EUR"), "€1,284.50", "1.284,50\xa0€"),
        (lambda: reader.day(AT), "1 Dec 2026", "1. Dez. 2026"),
        (lambda: reader.day(date(2026, 5, 3)), "3 May 2026", "3. Mai 2026"),
        (lambda: reader.short_day(AT), "1 Dec", "1. Dez."),
        (lambda: reader.month(AT), "December 2026", "Dezember 2026"),
        (lambda: reader.moment(AT), "1 Dec 2026, 23:05", "1. Dez. 2026, 23:05"),
        (lambda: reader.listed(["Ada", "Bo", "Cy"]), "Ada, Bo and Cy", "Ada, Bo und Cy"),
        (lambda: reader.listed(["Ada"]), "Ada", "Ada"),
        (lambda: looks.ago(AT, AT + timedelta(minutes=3)), "3 min", "3 Min."),
        (lambda: looks.ago(AT, AT + timedelta(hours=2)), "2 h", "2 Std."),
        (lambda: looks.ago(AT, AT + timedelta(days=40)), "1 Dec 2026", "1. Dez. 2026"),
        (lambda: metric_words.span(7500), "2 h 5 min", "2 Std. 5 Min."),
    ],
)
def test_numbers_and_times_are_written_as_their_reader_writes_them(
    said: Any, english: str, german: str
) -> None:
    with translation.override("en"):
        assert said() == english
    with translation.override("de"):
        assert said() == german


@pytest.mark.django_db
def test_times_are_shown_by_the_clock_of_the_reader(world: World) -> None:
    gap = Gap.objects.create(connection=world.connection, until=AT, why="x")
    address = f"/connections/{gap.connection_id}/"
    assert "1 Dec 2026, 23:05" in _text(world.dana.looks_at(address))
    _speaks_german(world.dana, zone=BERLIN)
    assert "2. Dez. 2026, 00:05" in _text(world.dana.looks_at(address))


def test_a_number_in_a_sentence_of_a_page_is_written_for_its_reader(world: World) -> None:
    from goodword.web.environment import environment

    template = environment().from_string('{{ ngettext("%(num)s post", "%(num)s posts", 1284) }}')
    with translation.override("de"):
        assert template.render() == "1.284 Beiträge"
    assert template.render() == "1,284 posts"


def test_days_are_counted_in_the_zone_of_the_reader_else_of_the_brand(world: World) -> None:
    world.brand.time_zone = "Asia/Tokyo"
    assert reader.zone_of(User(), world.brand) == ZoneInfo("Asia/Tokyo")
    assert reader.zone_of(User(time_zone=BERLIN), world.brand) == ZoneInfo(BERLIN)
    assert reader.zone_of(User(), None) == ZoneInfo("UTC")


def test_tomorrow_at_nine_is_nine_by_the_clock_of_the_reader(world: World) -> None:
    asked = world.hears(SAM, "Does the kettle whistle?")
    _speaks_german(world.bo, zone="Asia/Tokyo")
    snoozes = f"/conversations/{world.conversation_of(asked).pk}/snoozes/"
    world.bo.does(snoozes, until="tomorrow")
    until = world.conversation_of(asked).snoozed_until
    assert until
    assert until.astimezone(ZoneInfo("Asia/Tokyo")).hour == 9


def test_an_umlaut_stands_beside_its_vowel() -> None:
    names = ["Zoe", "Ärmel", "anna", "Öl", "Ola", "Arno"]
    assert sorted(names, key=reader.alphabetical) == ["anna", "Ärmel", "Arno", "Öl", "Ola", "Zoe"]


def test_a_table_for_other_programs_is_the_same_for_every_reader(world: World) -> None:
    world.hears(SAM, "Does the kettle whistle?")
    english = world.dana.looks_at("/metrics/reply-rate/", format="csv").content
    _speaks_german(world.dana, zone=BERLIN)
    assert world.dana.looks_at("/metrics/reply-rate/", format="csv").content == english


# --- all screens -----------------------------------------------------------------------------------

# Pages without a thing in their address; the others are walked below.
PLAIN = sorted(
    route.pattern
    for route in all_routes()
    if "<" not in route.pattern and not route.pattern.startswith(("live/", "accounts/"))
)


def test_no_screen_says_anything_in_english(lively: World) -> None:
    answers = {pattern: lively.dana.looks_at(f"/{pattern}") for pattern in PLAIN}
    pages = {
        pattern: english_on(_text(response))
        for pattern, response in answers.items()
        if "text/html" in response.headers.get("Content-Type", "")
    }
    assert len(pages) > 30
    assert {pattern: found for pattern, found in pages.items() if found} == {}


def test_no_conversation_person_or_connection_says_anything_in_english(lively: World) -> None:
    conversations = [
        f"/conversations/{pk}/" for pk in lively.brand.conversations.values_list("pk", flat=True)
    ]
    people = [f"/people/{pk}/" for pk in lively.brand.people.values_list("pk", flat=True)]
    assert len(conversations) > 2
    assert len(people) > 2
    others = [
        f"/connections/{lively.connection.pk}/",
        f"/queries/{lively.query.pk}/",
        "/connections/new/bluesky/",
        "/metrics/reply-rate/",
        "/metrics/people-heard/",
        "/link/unknown/",
        "/join/unknown/",
        "/nowhere/",
    ]
    for address in [*conversations, *people, *others]:
        assert english_on(_text(lively.dana.looks_at(address))) == [], address


def test_the_walk_sees_english_and_only_what_is_ours() -> None:
    assert english_on("<p>Posteingang</p><button title='Close this'>x</button>") == ["Close this"]
    assert english_on("<p dir='auto'>Where is the lid?</p><p>Wo ist <bdi>the lid</bdi>?</p>") == []
    assert english_on("<p>There<br>is</p><div>no lid</div>") == ["is", "no lid"]


@pytest.fixture
def lively(world: World) -> World:
    """Something of everything has happened, and Dana reads German."""
    lid = world.hears(SAM, "Does the kettle whistle? I asked before.")
    world.hears(UMA, "My kettle leaks, I want my money back")
    praise = world.hears(ADA, "I love my kettle, best one ever", addressed=False)
    world.passes(timedelta(minutes=20))
    world.bo.replies(lid, "It does, and it sings.")
    world.bo.notes(lid, "She asked twice.")
    world.bo.thanks(praise)
    broke = Sentence("Bluesky refused this: %(why)s", why="x")
    type(world.connection).objects.filter(pk=world.connection.pk).update(trouble=str(Refused(broke)))
    Gap.objects.create(connection=world.connection, until=world.now, why="This row is too long.")
    _speaks_german(world.dana)
    return world


def _speaks_german(member: Member, zone: str = "") -> None:
    User.objects.filter(pk=member.teammate.user_id).update(language="de", time_zone=zone)


def _signs_in(member: Member, browser: str) -> User:
    user = member.teammate.user
    typed = {"login": user.email, "password": "a long password"}
    assert Client().post("/login/", typed, HTTP_ACCEPT_LANGUAGE=browser).status_code == 302
    return User.objects.get(pk=user.pk)


def _text(response: HttpResponse) -> str:
    return response.content.decode()
