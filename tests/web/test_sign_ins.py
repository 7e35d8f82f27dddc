"""Where somebody is signed in: shown, told of, ended at once. Their address changes only by their hand."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from goodword.team import letters, membership, sign_ins
from goodword.team.models import AddressChange, AuditEntry, Letter, SignIn, User
from goodword.web import devices
from tests.world import Member, World

PASSWORD = "a long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.kettle.example", "g@kettle.example"


def comes(agent: str = FIREFOX, browser: Client | None = None) -> Client:
    browser = browser or Client(headers={"User-Agent": agent})
    browser.post("/login/", {"login": "bo@kettle.example", "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/you/").status_code == 200


def told(kind: str) -> list[str]:
    return [letters.opened(letter).text for letter in Letter.objects.filter(kind=kind).order_by("pk")]


# --- the list --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("", ""),
        ("\x00<script>" + "x" * 100_000 + "Firefox", ""),
    ],
)
def test_a_device_is_named_so_that_one_knows_it_again(agent: str, words: str) -> None:
    request = type("Request", (), {"headers": {"User-Agent": agent}})
    assert devices.device_of(request) == words  # type: ignore[arg-type]


def test_every_place_is_listed_with_its_device_and_this_one_is_marked(world: World) -> None:
    comes(IPHONE)
    page = comes(FIREFOX).get("/you/sign-ins/").content.decode()
    assert "Safari, iPhone" in page
    assert "Firefox, Linux" in page
    assert page.count("this one") == 1


def test_one_place_is_ended_and_the_others_go_on(bo: Member) -> None:
    phone, here = comes(IPHONE), comes()
    there = SignIn.objects.get(device="Safari, iPhone")
    assert here.post(f"/you/sign-ins/{there.pk}/removal/")["Location"] == "/you/sign-ins/"
    assert not is_in(phone)
    assert phone.get("/live/").status_code == 204
    assert is_in(here)
    assert "Safari, iPhone" not in here.get("/you/sign-ins/").content.decode()
    assert AuditEntry.objects.filter(by=bo.teammate, verb="ended a sign-in").exists()


def test_all_others_are_ended_also_those_from_before_there_was_a_list(bo: Member) -> None:
    old, here = comes(IPHONE), comes()
    SignIn.objects.filter(device="Safari, iPhone").delete()
    here.post("/you/sign-ins/removal/")
    assert not is_in(old)
    assert is_in(here)
    assert len(sign_ins.live(bo.teammate.user, now=timezone.now())) == 1


def test_ending_this_place_is_signing_out(world: World) -> None:
    here = comes()
    assert here.post(f"/you/sign-ins/{SignIn.objects.get().pk}/removal/")["Location"] == "/login/"
    assert not is_in(here)


def test_nobody_ends_the_session_of_somebody_else(bo: Member, eve: Member) -> None:
    comes()
    theirs = SignIn.objects.get(user=bo.teammate.user)
    assert eve.does(f"/you/sign-ins/{theirs.pk}/removal/").status_code == 404
    assert SignIn.objects.get(pk=theirs.pk).ended_at is None


def test_who_signs_out_is_not_listed_any_more(bo: Member) -> None:
    comes().post("/logout/")
    assert sign_ins.live(bo.teammate.user, now=timezone.now()) == []


def test_a_new_password_leaves_this_place_alone_in_the_list(bo: Member) -> None:
    comes(IPHONE)
    here = comes()
    here.post("/you/password/", {"old": PASSWORD, "new": "my kettle sings"})
    assert is_in(here)
    [place] = sign_ins.live(bo.teammate.user, now=timezone.now())
    assert place.device == "Firefox, Linux"


def test_signing_in_twice_in_one_browser_is_one_place(bo: Member) -> None:
    here = comes()
    here.get(f"/link/{membership.sign_in_link(bo.teammate.user, now=timezone.now())}/")
    assert is_in(here)
    assert len(sign_ins.live(bo.teammate.user, now=timezone.now())) == 1


def test_last_seen_is_written_at_most_every_few_minutes(bo: Member) -> None:
    here = comes()
    SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=4))
    before = SignIn.objects.get().seen_at
    here.get("/you/")
    assert SignIn.objects.get().seen_at == before
    SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    here.get("/you/")
    assert timezone.now() - SignIn.objects.get().seen_at < timedelta(minutes=1)


def test_what_is_over_is_forgotten(bo: Member) -> None:
    comes()
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    sign_ins.forget_old(timezone.now())
    assert not Session.objects.exists()
    sign_ins.forget_old(timezone.now() + sign_ins.KNOWN_FOR + timedelta(days=1))
    assert not SignIn.objects.exists()


# --- a new device ------------------------------------------------------------------------------------


def test_a_new_device_is_told_of_and_a_known_one_is_not(bo: Member, mail: None) -> None:
    here = comes()
    assert told("new sign-in") == [], "the very first time there is nothing to compare with"
    comes(IPHONE)
    [letter] = told("new sign-in")
    assert "Safari, iPhone" in letter
    here.post("/logout/")
    comes(browser=here)
    assert len(told("new sign-in")) == 1, "this browser was here before"


def test_who_wants_no_such_letters_gets_none(bo: Member, mail: None) -> None:
    here = comes()
    assert "Write me when a new device signs in" in here.get("/you/sign-ins/").content.decode()
    here.post("/you/sign-ins/letters/", {})
    comes(IPHONE)
    assert told("new sign-in") == []
    here.post("/you/sign-ins/letters/", {"letters": "on"})
    comes(EDGE)
    assert len(told("new sign-in")) == 1


def test_without_a_mail_server_no_control_is_drawn_that_does_nothing(world: World) -> None:
    assert "Write me when a new device" not in comes().get("/you/sign-ins/").content.decode()


def test_the_mark_of_a_device_is_no_way_in(bo: Member) -> None:
    mark = comes().cookies["device"].value
    stolen = Client()
    stolen.cookies["device"] = mark
    assert not is_in(stolen)
    assert mark not in SignIn.objects.get().device_mark


# --- another address ---------------------------------------------------------------------------------


def test_with_mail_the_new_address_counts_once_its_letter_was_answered(bo: Member, mail: None) -> None:
    assert bo.does("/you/address/", email=" New@kettle.example ").status_code == 302
    assert User.objects.get(pk=bo.teammate.user.pk).email == "bo@kettle.example"
    [letter] = Letter.objects.filter(kind="address confirmation")
    assert letter.address == "new@kettle.example"
    link = letters.opened(letter).text.split("http://localhost:8000")[1].split()[0]
    assert bo.looks_at(link).status_code == 200
    assert bo.does(link).status_code == 302
    assert User.objects.get(pk=bo.teammate.user.pk).email == "new@kettle.example"
    assert Letter.objects.get(kind="address changed").address == "bo@kettle.example", "the old one is told"
    assert bo.does(link).status_code == 410
    browser = Client()
    browser.post("/login/", {"login": "bo@kettle.example", "password": PASSWORD})
    assert not is_in(browser)
    browser.post("/login/", {"login": "new@kettle.example", "password": PASSWORD})
    assert is_in(browser)


def test_without_mail_it_counts_at_once(bo: Member) -> None:
    bo.does("/you/address/", email="new@kettle.example")
    assert User.objects.get(pk=bo.teammate.user.pk).email == "new@kettle.example"
    assert AuditEntry.objects.filter(by=bo.teammate, verb="changed their e-mail address").exists()


def test_a_second_wish_makes_the_first_letter_worthless(bo: Member, mail: None) -> None:
    for email in ("one@kettle.example", "two@kettle.example"):
        bo.does("/you/address/", email=email)
    first = letters.opened(Letter.objects.get(address="one@kettle.example")).text
    link = first.split("http://localhost:8000")[1].split()[0]
    assert bo.does(link).status_code == 410


def test_with_mail_nobody_learns_whose_address_it_is(bo: Member, mail: None) -> None:
    taken, free = (
        re.sub(
            r"\S+@kettle",
            "X@kettle",
            bo.client.post("/you/address/", {"email": e}, follow=True).content.decode(),
        )
        for e in ("eve@kettle.example", "free@kettle.example")
    )
    assert _bare(taken) == _bare(free)
    assert [letter.address for letter in Letter.objects.all()] == ["free@kettle.example"]


def _bare(page: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "TOKEN", page)


def test_an_address_that_was_taken_meanwhile_stays_with_its_owner(bo: Member, mail: None) -> None:
    bo.does("/you/address/", email="new@kettle.example")
    text = letters.opened(Letter.objects.get(kind="address confirmation")).text
    User.objects.create_user("new@kettle.example", PASSWORD)
    answer = bo.does(text.split("http://localhost:8000")[1].split()[0])
    assert answer.status_code == 409
    assert User.objects.get(pk=bo.teammate.user.pk).email == "bo@kettle.example"


@pytest.mark.parametrize(
    "wrong",
    ["", "nobody", "bo@kettle.example", "BO@kettle.example", "a@b\r\nBcc: c@d.example", "\x00@k.example"],
)
def test_what_is_no_new_address_is_said_and_changes_nothing(bo: Member, wrong: str) -> None:
    assert bo.does("/you/address/", email=wrong).status_code == 422
    assert User.objects.filter(email="bo@kettle.example").exists()
    assert not AddressChange.objects.exists()
