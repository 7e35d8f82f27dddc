"""Passkeys: made once, then enough by themselves; and nothing else passes for one."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from goodword.team.models import User
from tests.passkeys import PRESENT, SoftPasskey
from tests.world import Member

PASSWORD = "a long password"


def options_on(page: str) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    options: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return options


def makes(member: Member, passkey: SoftPasskey, name: str = "Blue key") -> int:
    """Add it on the page, opened by the name to which passkeys are bound; the status of the answer."""
    member.client.defaults["SERVER_NAME"] = "localhost"
    options = options_on(member.looks_at("/you/passkeys/new/").content.decode())
    answer = member.does("/you/passkeys/new/", name=name, credential=passkey.is_made(options))
    return answer.status_code


def comes(passkey: SoftPasskey) -> Client:
    """Somebody signs in with it alone."""
    browser = Client()
    options = browser.get("/login/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    browser.post("/login/passkey/", {"credential": passkey.is_shown(options)})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/you/").status_code == 200


@pytest.fixture
def key(bo: Member) -> SoftPasskey:
    passkey = SoftPasskey()
    assert makes(bo, passkey) == 302
    return passkey


def test_a_passkey_is_enough_by_itself(bo: Member, key: SoftPasskey) -> None:
    browser = comes(key)
    assert is_in(browser)
    assert browser.session["_auth_user_id"] == str(bo.teammate.user.pk)
    assert "Blue key" in bo.looks_at("/you/second-factor/").content.decode()


def test_after_the_password_it_is_asked_for(bo: Member, key: SoftPasskey) -> None:
    browser = Client()
    given = {"login": "bo@kettle.example", "password": PASSWORD}
    assert browser.post("/login/", given)["Location"] == "/login/second-step/"
    options = options_on(browser.get("/login/second-step/").content.decode())
    browser.post("/login/second-step/", {"credential": key.is_shown(options)})
    assert is_in(browser)


def test_it_proves_that_it_is_still_them(bo: Member, key: SoftPasskey) -> None:
    session = bo.client.session
    session["proved_at"] -= 3600
    session.save()
    options = options_on(bo.looks_at("/you/proof/").content.decode())
    answer = bo.does("/you/proof/", credential=key.is_shown(options), next="/you/address/")
    assert answer["Location"] == "/you/address/"
    assert bo.looks_at("/you/address/").status_code == 200


def test_its_first_one_comes_with_recovery_codes(bo: Member, key: SoftPasskey) -> None:
    assert bo.looks_at("/you/recovery-codes/").content.decode().count("<code>") == 10


@pytest.mark.parametrize(
    "dishonest",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost.evil.example:8000"},
        {"origin": "http://127.0.0.1:8000"},
        {"site": "evil.example"},
        {"flags": PRESENT},  # nobody showed a finger, a face or a PIN
        {"flags": 0},
    ],
)
def test_an_answer_for_another_site_or_without_a_finger_makes_no_passkey_and_opens_nothing(
    bo: Member, dishonest: dict[str, Any]
) -> None:
    assert makes(bo, SoftPasskey(**dishonest)) == 422
    honest = SoftPasskey()
    makes(bo, honest)
    for name, value in dishonest.items():
        setattr(honest, name, value)
    assert not is_in(comes(honest))


def test_another_key_that_calls_itself_this_one_opens_nothing(bo: Member, key: SoftPasskey) -> None:
    assert not is_in(comes(SoftPasskey(id=key.id, user=key.user)))


def test_an_answer_cannot_be_used_again(bo: Member, key: SoftPasskey) -> None:
    browser = Client()
    ask = {"path": "/login/passkey/", "headers": {"Accept": "application/json"}}
    answer = key.is_shown(browser.get(**ask).json()["request_options"])  # type: ignore[arg-type]
    browser.post("/login/passkey/", {"credential": answer})
    assert is_in(browser)
    thief = Client()
    thief.get(**ask)  # type: ignore[arg-type]
    thief.post("/login/passkey/", {"credential": answer})
    assert not is_in(thief)
    browser.post("/logout/")
    browser.post("/login/passkey/", {"credential": answer})
    assert not is_in(browser)


def test_somebody_elses_passkey_is_no_proof_for_me(bo: Member, eve: Member, key: SoftPasskey) -> None:
    theirs = SoftPasskey()
    makes(eve, theirs)
    browser = Client()
    browser.post("/login/", {"login": "bo@kettle.example", "password": PASSWORD})
    options = options_on(browser.get("/login/second-step/").content.decode())
    browser.post("/login/second-step/", {"credential": theirs.is_shown(options)})
    assert not is_in(browser)


def test_a_closed_account_is_not_opened_by_its_passkey(bo: Member, key: SoftPasskey) -> None:
    User.objects.filter(pk=bo.teammate.user.pk).update(is_active=False)
    assert not is_in(comes(key))


def test_a_passkey_that_was_removed_opens_nothing(bo: Member, key: SoftPasskey) -> None:
    [row] = Authenticator.objects.filter(type="webauthn")
    bo.does(f"/you/passkeys/{row.pk}/removal/")
    assert not Authenticator.objects.exists(), "the recovery codes go with the last one"
    assert not is_in(comes(key))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("  My  phone ", "My phone"), ("", "Blue key"), ("<b>x</b>", "<b>x</b>"), ("\x00\ud800", "��")],
)
def test_a_passkey_is_renamed(bo: Member, key: SoftPasskey, typed: str, name: str) -> None:
    [row] = Authenticator.objects.filter(type="webauthn")
    bo.does(f"/you/passkeys/{row.pk}/name/", name=typed.encode("utf-8", "replace").decode())
    row.refresh_from_db()
    assert row.data["name"] == name.replace("\ufffd\ufffd", "\ufffd?")
    page = bo.looks_at("/you/second-factor/").content.decode()
    assert "<b>x</b>" not in page


def test_a_second_passkey_is_added_and_both_open(bo: Member, key: SoftPasskey) -> None:
    other = SoftPasskey()
    makes(bo, other, "Red key")
    assert is_in(comes(key))
    assert is_in(comes(other))
    assert "2 passkeys" in bo.looks_at("/you/").content.decode()


def test_whoever_tries_many_is_stopped(key: SoftPasskey) -> None:
    browser = Client()
    codes = [browser.post("/login/passkey/", {"credential": "{}"}).status_code for _try in range(11)]
    assert codes[-1] == 429
