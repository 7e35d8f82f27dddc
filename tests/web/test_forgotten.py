"""A forgotten password: the same answer for everybody, a letter for those who have an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from goodword.team import letters, passwords
from goodword.team.models import Letter, PasswordReset, User
from tests.world import Member, World

NEW = "my kettle sings"


@pytest.fixture
def stranger(world: World) -> Client:
    return Client()


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.kettle.example", "goodword@kettle.example"


def asks(browser: Client, email: str) -> str:
    return browser.post("/login/forgotten/", {"email": email}).content.decode()


def link_in_letter() -> str:
    passwords.answer_forgotten(timezone.now())
    [letter] = Letter.objects.filter(kind="password reset")
    return letters.opened(letter).text.split("http://localhost:8000")[1].split()[0]


def test_the_way_is_found_on_the_page_of_signing_in(stranger: Client) -> None:
    assert 'href="/login/forgotten/"' in stranger.get("/login/").content.decode()


def test_without_a_mail_server_the_page_says_who_helps(stranger: Client) -> None:
    page = stranger.get("/login/forgotten/").content.decode()
    assert "An owner of your brand makes a sign-in link for you on the page Team" in page
    assert "goodword link" in page
    assert "<form" not in page, "no control is drawn that does nothing"
    asks(stranger, "bo@kettle.example")
    assert passwords.answer_forgotten(timezone.now()) == 0


@pytest.mark.parametrize("typed", ["bo@kettle.example", " BO@kettle.example "])
def test_the_letter_leads_to_a_new_password(stranger: Client, mail: None, bo: Member, typed: str) -> None:
    assert "Look into your mail" in asks(stranger, typed)
    link = link_in_letter()
    assert stranger.get(link).status_code == 200
    assert stranger.post(link, {"new": NEW}, follow=True).redirect_chain == [("/login/", 302)]
    assert User.objects.get(pk=bo.teammate.user.pk).check_password(NEW)
    assert stranger.get("/inbox/").status_code == 302, "the letter alone lets nobody past a second factor"


def test_the_answer_and_its_work_are_the_same_for_known_and_unknown_addresses(
    world: World, mail: None
) -> None:
    pages, queries = [], []
    for place, email in (("10.0.0.1", "bo@kettle.example"), ("10.0.0.2", "no@kettle.example")):
        stranger = Client(REMOTE_ADDR=place)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            pages.append(re.sub("[A-Za-z0-9]{64}", "TOKEN", asks(stranger, email).replace(email, "ADDRESS")))
        queries.append([_what(query["sql"]) for query in seen])
    assert pages[0] == pages[1]
    assert queries[0] == queries[1]


def _what(sql: str) -> str:
    """The statement and its table: SELECT ... FROM "store_kept"."""
    tables = re.findall(r'(?:FROM|INTO|UPDATE|SAVEPOINT) "(?!s\d)\w+"', sql)
    return " ".join([sql.split()[0], *tables])


def test_somebody_unknown_gets_no_letter(stranger: Client, mail: None) -> None:
    asks(stranger, "no@kettle.example")
    passwords.answer_forgotten(timezone.now())
    assert not Letter.objects.exists()


def test_looking_at_the_link_uses_nothing_up_and_a_weak_password_neither(
    stranger: Client, mail: None, bo: Member
) -> None:
    asks(stranger, "bo@kettle.example")
    link = link_in_letter()
    for look in (stranger.head, stranger.get, stranger.get):
        assert look(link).status_code == 200
    assert stranger.post(link, {"new": "short"}).status_code == 422
    assert stranger.post(link, {"new": NEW}).status_code == 302
    answer = stranger.post(link, {"new": NEW + "!"})
    assert answer.status_code == 410
    assert "Ask for a new letter" in answer.content.decode()


def test_an_old_link_is_dead(stranger: Client, mail: None, bo: Member) -> None:
    asks(stranger, "bo@kettle.example")
    link = link_in_letter()
    PasswordReset.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert stranger.get(link).status_code == 410


def test_a_new_password_ends_every_session_and_tells_its_owner(
    stranger: Client, mail: None, bo: Member
) -> None:
    assert bo.looks_at("/inbox/").status_code == 200
    asks(stranger, "bo@kettle.example")
    stranger.post(link_in_letter(), {"new": NEW})
    assert bo.looks_at("/inbox/").status_code == 302
    assert Letter.objects.filter(kind="password changed", to=bo.teammate.user).count() == 1


def test_letters_to_one_address_are_few_whoever_asks(world: World, mail: None) -> None:
    for n in range(3):
        assert (
            Client(REMOTE_ADDR=f"10.0.0.{n}")
            .post("/login/forgotten/", {"email": "bo@kettle.example"})
            .status_code
            == 200
        )
    late = Client(REMOTE_ADDR="10.0.0.9").post("/login/forgotten/", {"email": "Bo@kettle.example"})
    assert late.status_code == 429


def test_one_who_asks_for_many_addresses_is_stopped(stranger: Client, mail: None) -> None:
    codes = [stranger.post("/login/forgotten/", {"email": f"{n}@k.example"}).status_code for n in range(21)]
    assert codes == [200] * 20 + [429]


@pytest.mark.parametrize(
    "typed", ["", "\x00", "x" * 100_000, "\u202ebo", "<script>alert(1)</script>", "a@b\r\nBcc: c@d"]
)
def test_whatever_is_typed_as_an_address_breaks_nothing(stranger: Client, mail: None, typed: str) -> None:
    page = asks(stranger, typed)
    assert "<script>alert" not in page
    passwords.answer_forgotten(timezone.now())
    assert not Letter.objects.exists()
