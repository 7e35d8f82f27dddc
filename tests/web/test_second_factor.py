"""A second factor: set up, asked for, lost, wanted by the team. No code counts twice."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from goodword.team import letters, membership
from goodword.team.models import AuditEntry, Letter, User
from goodword.web import proof
from tests.world import Member, World

PASSWORD = "a long password"


def code_for(secret: str, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def sets_up(member: Member) -> str:
    """An authenticator app; its secret."""
    page = member.looks_at("/you/authenticator/").content.decode()
    secret = re.search(r'id="id_secret"[^>]*value="([A-Z2-7 ]+)"', page)
    assert secret
    bare = secret.group(1).replace(" ", "")
    answer = member.does("/you/authenticator/", code=code_for(bare))
    assert answer["Location"] == "/you/recovery-codes/"
    return bare


def codes_of(member: Member) -> list[str]:
    page = member.looks_at("/you/recovery-codes/").content.decode()
    return [code.replace(" ", "") for code in re.findall(r"<code>(\d{4} \d{4})</code>", page)]


def comes(place: str = "127.0.0.1") -> Client:
    """Bo at a new browser, after the right password."""
    browser = Client(REMOTE_ADDR=place)
    browser.post("/login/", {"login": "bo@kettle.example", "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/you/").status_code == 200


def sends(browser: Client, code: str) -> str:
    return browser.post("/login/second-step/", {"code": code}).content.decode()


# --- an app ----------------------------------------------------------------------------------------


def test_with_an_app_the_password_alone_lets_nobody_in(bo: Member) -> None:
    secret = sets_up(bo)
    browser = comes()
    assert not is_in(browser)
    page = browser.get("/login/second-step/").content.decode()
    assert "One more step" in page
    assert "This code is not right" in sends(browser, "000000")
    assert not is_in(browser)
    sends(browser, code_for(secret, 1))
    assert is_in(browser)


def test_the_second_step_without_the_first_is_the_first(world: World) -> None:
    assert Client().get("/login/second-step/")["Location"] == "/login/"
    assert Client().post("/login/second-step/", {"code": "123456"})["Location"] == "/login/"


def test_a_code_counts_once_in_whichever_browser(bo: Member) -> None:
    code = code_for(sets_up(bo), 1)
    first, second = comes(), comes()
    sends(first, code)
    assert is_in(first)
    assert "used already" in sends(second, code)
    assert not is_in(second)


def test_guessing_codes_ends_after_five_tries_even_from_many_places(bo: Member) -> None:
    secret = sets_up(bo)
    for n in range(5):
        sends(comes(f"10.0.1.{n}"), "000000")
    late = comes("10.0.1.99")
    assert "Wait five minutes" in sends(late, code_for(secret, 1))
    assert not is_in(late)


@pytest.mark.parametrize("typed", ["", "\x00", "1" * 100_000, "１２３４５６", "\u202e123456", "<script>"])
def test_hostile_codes_are_only_wrong(bo: Member, typed: str) -> None:
    sets_up(bo)
    browser = comes()
    assert browser.post("/login/second-step/", {"code": typed}).status_code == 200
    assert not is_in(browser)


def test_a_wrong_first_code_sets_nothing_up(bo: Member) -> None:
    bo.looks_at("/you/authenticator/")
    assert bo.does("/you/authenticator/", code="000000").status_code == 422
    assert not Authenticator.objects.exists()


def test_the_secret_is_locked_in_the_database(bo: Member) -> None:
    secret = sets_up(bo)
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in rows
    assert codes_of(bo)[0] not in rows


def test_a_home_put_together_from_two_says_that_the_code_is_wrong(bo: Member, settings: Settings) -> None:
    secret = sets_up(bo)
    settings.VAULT_KEY = "another"
    assert "This code is not right" in sends(comes(), code_for(secret, 1))


def test_taking_the_app_away_takes_the_recovery_codes_along(bo: Member) -> None:
    sets_up(bo)
    bo.does("/you/authenticator/removal/")
    assert not Authenticator.objects.exists()
    assert is_in(comes())


def test_each_change_is_written_down_and_told(bo: Member, settings: Settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.kettle.example", "g@kettle.example"
    sets_up(bo)
    bo.does("/you/recovery-codes/renewal/")
    bo.does("/you/authenticator/removal/")
    verbs = list(AuditEntry.objects.filter(by=bo.teammate).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["set up an authenticator app", "made new recovery codes", "removed an authenticator app"]
    told = Letter.objects.filter(to=bo.teammate.user, kind=letters.SECOND_FACTOR_CHANGED.kind)
    assert told.count() == 3


# --- recovery codes --------------------------------------------------------------------------------


def test_recovery_codes_are_shown_until_they_were_kept_and_never_again(bo: Member) -> None:
    sets_up(bo)
    codes = codes_of(bo)
    assert len(set(codes)) == 10
    file = bo.looks_at("/you/recovery-codes/file/")
    assert "attachment" in file["Content-Disposition"]
    assert all(code in file.content.decode() for code in codes)
    bo.does("/you/recovery-codes/kept/")
    assert codes_of(bo) == []
    assert bo.looks_at("/you/recovery-codes/file/").status_code == 302


def test_a_recovery_code_stands_in_for_the_app_once(bo: Member) -> None:
    sets_up(bo)
    code = codes_of(bo)[3]
    first, second = comes(), comes()
    sends(first, code)
    assert is_in(first)
    sends(second, code)
    assert not is_in(second)
    assert "9 codes left" in first.get("/you/second-factor/").content.decode()


def test_new_recovery_codes_make_the_old_ones_worthless(bo: Member) -> None:
    sets_up(bo)
    old = codes_of(bo)
    bo.does("/you/recovery-codes/renewal/")
    new = codes_of(bo)
    assert not set(old) & set(new)
    assert "not right" in sends(comes(), old[0])


def test_without_a_second_factor_there_are_no_recovery_codes(bo: Member) -> None:
    bo.does("/you/recovery-codes/renewal/")
    assert not Authenticator.objects.exists()


# --- a proof before ----------------------------------------------------------------------------------

GUARDED = [
    ("get", "/you/authenticator/"),
    ("post", "/you/authenticator/removal/"),
    ("get", "/you/passkeys/new/"),
    ("get", "/you/recovery-codes/"),
    ("get", "/you/recovery-codes/file/"),
    ("post", "/you/recovery-codes/renewal/"),
    ("get", "/you/address/"),
    ("post", "/you/address/"),
]


def later(member: Member) -> Client:
    """The same browser, long after signing in."""
    session = member.client.session
    session["proved_at"] -= proof.LASTS.total_seconds()
    session.save()
    return member.client


@pytest.mark.parametrize(("method", "page"), GUARDED)
def test_a_borrowed_laptop_is_asked_again_before_anything_that_counts(
    bo: Member, method: str, page: str
) -> None:
    sets_up(bo)
    before = list(Authenticator.objects.values_list("pk", "data"))
    answer = getattr(later(bo), method)(page, {"email": "new@kettle.example"})
    assert answer["Location"].startswith("/you/proof/?next=/you/")
    assert list(Authenticator.objects.values_list("pk", "data")) == before
    assert User.objects.filter(email="bo@kettle.example").exists()


@pytest.mark.parametrize("how", ["password", "code", "recovery code"])
def test_a_proof_leads_back_to_where_one_was(bo: Member, how: str) -> None:
    secret = sets_up(bo)
    given = {
        "password": {"password": PASSWORD},
        "code": {"code": code_for(secret, 1)},
        "recovery code": {"code": codes_of(bo)[0]},
    }[how]
    browser = later(bo)
    assert browser.get("/you/proof/?next=/you/address/").status_code == 200
    answer = browser.post("/you/proof/", given | {"next": "/you/address/"})
    assert answer["Location"] == "/you/address/"
    assert browser.get("/you/address/").status_code == 200


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"code": "000000"}, {"credential": "{}"}, {}])
def test_a_wrong_proof_proves_nothing(bo: Member, wrong: dict[str, str]) -> None:
    sets_up(bo)
    browser = later(bo)
    assert browser.post("/you/proof/", wrong).status_code == 422
    assert browser.get("/you/address/").status_code == 302


def test_proofs_cannot_be_guessed(bo: Member) -> None:
    browser = later(bo)
    for _try in range(10):
        browser.post("/you/proof/", {"password": "wrong"})
    page = browser.post("/you/proof/", {"password": PASSWORD}).content.decode()
    assert "Too many wrong passwords" in page
    answer = bo.does("/you/password/", old=PASSWORD, new="my kettle sings")
    assert answer.status_code == 422, "nor on the page of the password"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_proof_never_leads_to_another_site(bo: Member, elsewhere: str) -> None:
    answer = later(bo).post("/you/proof/", {"password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/you/"


def test_who_has_nothing_to_prove_it_with_is_not_asked(bo: Member) -> None:
    user = bo.teammate.user
    user.set_unusable_password()
    user.save()
    bo.client.force_login(user)
    assert later(bo).get("/you/address/").status_code == 200


# --- wanted by the team ------------------------------------------------------------------------------


def test_an_owner_without_one_cannot_ask_others_for_it(dana: Member) -> None:
    dana.client.post("/team/second-factor/", {"wanted": "yes"})
    dana.teammate.brand.refresh_from_db()
    assert not dana.teammate.brand.wants_second_factor


@pytest.fixture
def wanted(dana: Member) -> None:
    sets_up(dana)
    dana.does("/team/second-factor/", wanted="yes")
    dana.teammate.brand.refresh_from_db()
    assert dana.teammate.brand.wants_second_factor


def test_who_has_none_can_do_nothing_else_from_the_next_sign_in_on(
    bo: Member, cy: Member, dana: Member, wanted: None
) -> None:
    assert "no second factor yet" in dana.looks_at("/team/").content.decode()
    again = Member(bo.teammate, bo.world)
    for place in ("/inbox/", "/people/", "/you/", "/team/", "/you/password/"):
        assert again.looks_at(place)["Location"] == "/you/second-factor/"
    assert again.looks_at("/live/").status_code == 204
    assert again.does("/you/", name="Somebody else")["Location"] == "/you/second-factor/"
    page = again.looks_at("/you/second-factor/").content.decode()
    assert "Your team asks for a second factor" in page
    sets_up(again)
    assert again.looks_at("/inbox/").status_code == 200


def test_nobody_is_stopped_in_the_middle_of_an_answer(bo: Member, dana: Member) -> None:
    assert bo.looks_at("/inbox/").status_code == 200
    sets_up(dana)
    dana.does("/team/second-factor/", wanted="yes")
    assert bo.looks_at("/inbox/").status_code == 200
    assert comes().get("/inbox/")["Location"] == "/you/second-factor/"


def test_it_is_over_when_nobody_asks_for_it_any_more(bo: Member, dana: Member, wanted: None) -> None:
    again = Member(bo.teammate, bo.world)
    assert again.looks_at("/inbox/").status_code == 302
    dana.does("/team/second-factor/", wanted="no")
    assert again.looks_at("/inbox/").status_code == 200


def test_the_last_one_stays_while_the_team_asks_for_it(dana: Member, wanted: None) -> None:
    dana.does("/you/authenticator/removal/")
    assert Authenticator.objects.filter(user=dana.teammate.user, type="totp").exists()
    assert (
        "Set up another one before you remove this" in dana.looks_at("/you/second-factor/").content.decode()
    )


def test_another_team_asks_nobody_of_ours(bo: Member, eve: Member) -> None:
    sets_up(eve)
    eve.does("/team/second-factor/", wanted="yes")
    assert Member(bo.teammate, bo.world).looks_at("/inbox/").status_code == 200


def test_who_joins_a_team_that_asks_for_it_sets_one_up_first(eve: Member, dana: Member, wanted: None) -> None:
    page = dana.does("/team/invitations/", role="member").content.decode()
    [link] = re.findall(r'value="http://localhost:8000(/join/[^"]+)"', page)
    assert eve.does(link)["Location"] == "/inbox/"
    assert eve.looks_at("/inbox/")["Location"] == "/you/second-factor/"


# --- reset by an owner -------------------------------------------------------------------------------


def test_an_owner_resets_it_for_a_teammate_who_lost_the_phone(
    bo: Member, dana: Member, settings: Settings
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.kettle.example", "g@kettle.example"
    sets_up(bo)
    dana.does(f"/team/{bo.teammate.pk}/second-factor/removal/")
    assert not Authenticator.objects.exists()
    assert bo.looks_at("/inbox/").status_code == 302, "whoever has the phone is out, too"
    assert is_in(comes())
    [entry] = AuditEntry.objects.filter(verb="reset a second factor")
    assert (entry.by, entry.about) == (dana.teammate, f"teammate:{bo.teammate.pk}")
    [letter] = Letter.objects.filter(kind="second factor reset")
    assert letter.to == bo.teammate.user
    assert "Dana" in letters.opened(letter).text


def test_who_helps_proves_first_that_it_is_them(bo: Member, dana: Member) -> None:
    sets_up(bo)
    for noun in ("second-factor/removal", "link"):
        answer = later(dana).post(f"/team/{bo.teammate.pk}/{noun}/")
        assert answer["Location"].startswith("/you/proof/")
    assert Authenticator.objects.filter(user=bo.teammate.user).exists()


def test_a_link_made_by_an_owner_shows_a_button_and_still_asks_for_the_second_factor(
    bo: Member, dana: Member
) -> None:
    secret = sets_up(bo)
    page = dana.does(f"/team/{bo.teammate.pk}/link/").content.decode()
    [link] = re.findall(r'value="http://localhost:8000(/link/[^"]+)"', page)
    browser = Client()
    for look in (browser.head, browser.get, browser.get):
        assert look(link).status_code == 200, "a chat that opens it first uses nothing up"
    assert browser.post(link)["Location"] == "/login/second-step/"
    assert not is_in(browser)
    sends(browser, code_for(secret, 1))
    assert is_in(browser)
    assert browser.post(link).status_code == 410
    assert AuditEntry.objects.filter(verb="made a sign-in link", by=dana.teammate).count() == 1


def test_a_browser_that_fetches_links_ahead_uses_no_link_up(bo: Member) -> None:
    link = f"/link/{membership.sign_in_link(bo.teammate.user, now=timezone.now())}/"
    assert Client().get(link, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 503
    assert Client().get(link)["Location"] == "/inbox/"


# --- passkeys, as far as no device is needed -----------------------------------------------------------

ANSWERS = [
    "",
    "null",
    "[]",
    "1",
    '"x"',
    "{}",
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AA", "signature": "AA", "attestationObject": "oA", "userHandle": "MQ"}}',
    '{"response": {"userHandle": {"a": 1}}}',
    "{" * 10_000,
    "\x00",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_is_sent_as_a_passkey_opens_nothing_and_breaks_nothing(bo: Member, answer: str) -> None:
    browser = Client()
    assert browser.get("/login/passkey/", headers={"Accept": "application/json"}).status_code == 200
    assert browser.post("/login/passkey/", {"credential": answer})["Location"] == "/login/"
    assert not is_in(browser)
    bo.looks_at("/you/passkeys/new/")
    assert bo.does("/you/passkeys/new/", name="x", credential=answer).status_code == 422
    assert bo.does("/you/proof/", credential=answer).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_passkey_of_somebody_else_does_not_exist_for_me(bo: Member, eve: Member) -> None:
    theirs = Authenticator.objects.create(user=eve.teammate.user, type="webauthn", data={"name": "Key"})
    for noun in ("name", "removal"):
        assert bo.does(f"/you/passkeys/{theirs.pk}/{noun}/", name="Mine").status_code == 404
    theirs.refresh_from_db()
    assert theirs.data == {"name": "Key"}


@pytest.mark.parametrize(
    ("url", "host", "sentence"),
    [
        ("http://localhost:8000", "127.0.0.1:8000", "Open Goodword there, then try again"),
        ("http://192.168.1.5:8000", "192.168.1.5:8000", "addresses made of numbers"),
        ("http://goodword.example", "goodword.example", "begins with https://"),
    ],
)
def test_where_browsers_refuse_passkeys_it_is_said_why(
    bo: Member, settings: Settings, url: str, host: str, sentence: str
) -> None:
    settings.URL, settings.ALLOWED_HOSTS = url, ["*"]
    page = bo.client.get("/you/second-factor/", headers={"Host": host}).content.decode()
    assert sentence in page
    assert "/you/passkeys/new/" not in page
    assert "data-passkey" not in Client().get("/login/", headers={"Host": host}).content.decode()
