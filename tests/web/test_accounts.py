"""How somebody gets in: by password, by a link that works once, by invitation; and how they are kept out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from goodword.team import membership
from goodword.team.models import Invitation, Teammate, User
from tests.world import Member, World

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> Iterator[None]:
    """The throttle counts in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def stranger(world: World) -> Client:
    """A browser in which nobody is signed in."""
    return Client()


def is_in(browser: Client) -> bool:
    return browser.get("/you/").status_code == 200


# --- by password -----------------------------------------------------------------------------------


def test_the_right_password_opens_the_inbox(stranger: Client) -> None:
    answer = stranger.post("/login/", {"login": "bo@kettle.example", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert is_in(stranger)


def test_signing_in_leads_back_to_where_one_was_going(stranger: Client) -> None:
    door = stranger.get("/team/")
    assert door["Location"] == "/login/?next=/team/"
    assert 'value="/team/"' in stranger.get(door["Location"]).content.decode()
    given = {"login": "bo@kettle.example", "password": PASSWORD, "next": "/team/"}
    assert stranger.post("/login/", given)["Location"] == "/team/"


def test_signing_in_never_leads_to_another_site(stranger: Client) -> None:
    given = {"login": "bo@kettle.example", "password": PASSWORD, "next": "https://evil.example/"}
    assert "evil.example" not in stranger.post("/login/", given)["Location"]


@pytest.mark.parametrize("email", ["bo@kettle.example", "nobody@kettle.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_plain_sentence(
    stranger: Client, email: str
) -> None:
    page = stranger.post("/login/", {"login": email, "password": "wrong"}).content.decode()
    assert "The e-mail address or the password is not right." in page
    assert not is_in(stranger)


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(stranger: Client) -> None:
    for _try in range(5):
        stranger.post("/login/", {"login": "bo@kettle.example", "password": "wrong"})
    page = stranger.post("/login/", {"login": "bo@kettle.example", "password": PASSWORD}).content.decode()
    assert "Wait five minutes, then try again." in page
    assert not is_in(stranger)


def test_nothing_that_was_typed_as_a_password_comes_back(stranger: Client) -> None:
    page = stranger.post("/login/", {"login": "bo@kettle.example", "password": "hunter2-hunter2"})
    assert "hunter2" not in page.content.decode()


@pytest.mark.parametrize("typed", ["", "\x00", "a" * 5000, "‮bo@kettle.example", "<script>"])
def test_hostile_addresses_are_only_wrong(stranger: Client, typed: str) -> None:
    assert stranger.post("/login/", {"login": typed, "password": "x\x00"}).status_code == 200
    assert not is_in(stranger)


def test_a_closed_account_is_told_so_after_the_right_password_only(stranger: Client, bo: Member) -> None:
    User.objects.filter(pk=bo.teammate.user.pk).update(is_active=False)
    for password, told in (("wrong", False), (PASSWORD, True)):
        given = {"login": "bo@kettle.example", "password": password}
        page = stranger.post("/login/", given, follow=True).content.decode()
        assert ("This account was closed. Ask an owner of your brand." in page) is told
    assert not is_in(stranger)


def test_signing_out_ends_the_session_and_needs_a_click(bo: Member) -> None:
    assert bo.looks_at("/logout/").status_code == 200
    assert is_in(bo.client)
    assert bo.does("/logout/")["Location"] == "/login/"
    assert not is_in(bo.client)


# --- by link ---------------------------------------------------------------------------------------


def link_for(member: Member) -> str:
    return f"/link/{membership.sign_in_link(member.teammate.user, now=timezone.now())}/"


def test_looking_whether_a_link_is_alive_does_not_use_it_up(stranger: Client, bo: Member) -> None:
    link = link_for(bo)
    for _look in range(2):
        assert Client().head(link).status_code == 200
    assert stranger.get(link)["Location"] == "/inbox/"
    assert stranger.get("/inbox/").status_code == 200


def test_a_link_signs_in_once(stranger: Client, bo: Member) -> None:
    link = link_for(bo)
    stranger.get(link)
    late = Client()
    answer = late.get(link)
    assert answer.status_code == 410
    assert "goodword link" in answer.content.decode()
    assert not is_in(late)


def test_an_old_link_says_how_to_get_a_new_one(stranger: Client, bo: Member) -> None:
    token = membership.sign_in_link(bo.teammate.user, now=timezone.now() - timedelta(hours=2))
    answer = stranger.get(f"/link/{token}/")
    assert answer.status_code == 410
    assert "goodword link" in answer.content.decode()


def test_who_came_by_a_link_chooses_a_password_without_having_one(world: World, stranger: Client) -> None:
    owner = membership.make_owner(world.brand, "new@kettle.example", now=timezone.now())
    stranger.get(f"/link/{membership.sign_in_link(owner.user, now=timezone.now())}/")
    assert stranger.post("/you/password/", {"new": "my kettle sings"}).status_code == 302
    assert is_in(stranger), "the session in which the password was chosen goes on"
    assert User.objects.get(pk=owner.user.pk).check_password("my kettle sings")


# --- the password ----------------------------------------------------------------------------------


def test_changing_the_password_needs_the_old_one(bo: Member) -> None:
    answer = bo.does("/you/password/", old="wrong", new="my kettle sings")
    assert answer.status_code == 422
    assert "This is not the password you have now." in answer.content.decode()
    assert User.objects.get(pk=bo.teammate.user.pk).check_password(PASSWORD)


@pytest.mark.parametrize("weak", ["", "short", "password1234"])
def test_a_weak_password_is_refused(bo: Member, weak: str) -> None:
    assert bo.does("/you/password/", old=PASSWORD, new=weak).status_code == 422


def test_a_new_password_ends_the_sessions_on_other_devices(bo: Member) -> None:
    phone = Client()
    phone.force_login(bo.teammate.user)
    assert bo.does("/you/password/", old=PASSWORD, new="my kettle sings").status_code == 302
    assert is_in(bo.client)
    assert not is_in(phone)


# --- by invitation ---------------------------------------------------------------------------------

NEW = {"name": "Nia Nowak", "email": "Nia@kettle.example", "password": "my kettle sings"}


@pytest.fixture
def invitation(dana: Member) -> tuple[Invitation, str]:
    made, token = membership.invite(dana.teammate, "member", "for Nia", now=timezone.now())
    return made, f"/join/{token}/"


def test_an_invitation_makes_a_teammate_and_lets_them_in(
    world: World, stranger: Client, invitation: tuple[Invitation, str]
) -> None:
    row, link = invitation
    page = stranger.get(link).content.decode()
    assert "Join Kettle &amp; Co" in page
    assert "Dana invites you as: Member." in page
    assert stranger.post(link, NEW)["Location"] == "/inbox/"
    assert is_in(stranger)
    joined = Teammate.objects.get(user__email="nia@kettle.example")
    assert (joined.brand, joined.role, joined.name) == (world.brand, "member", "Nia Nowak")
    row.refresh_from_db()
    assert row.used_by == joined.user


def test_an_invitation_works_once(stranger: Client, invitation: tuple[Invitation, str]) -> None:
    _row, link = invitation
    stranger.post(link, NEW)
    answer = Client().post(link, NEW | {"email": "second@kettle.example"})
    assert answer.status_code == 410
    assert not User.objects.filter(email="second@kettle.example").exists()


@pytest.mark.parametrize("how", ["old", "taken back", "never made"])
def test_a_dead_invitation_lets_nobody_in_and_says_what_to_do(
    dana: Member, stranger: Client, invitation: tuple[Invitation, str], how: str
) -> None:
    row, link = invitation
    if how == "old":
        Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    elif how == "taken back":
        membership.revoke(row, dana.teammate, now=timezone.now())
    else:
        link = "/join/nothing/"
    answer = stranger.post(link, NEW)
    assert answer.status_code == 410
    assert "Ask the owner who sent it for a new one" in answer.content.decode()
    assert not User.objects.filter(email="nia@kettle.example").exists()


def test_somebody_who_is_signed_in_joins_with_one_click(
    world: World, eve: Member, invitation: tuple[Invitation, str]
) -> None:
    _row, link = invitation
    assert "Join as Eve" in eve.looks_at(link).content.decode()
    assert eve.does(link)["Location"] == "/inbox/"
    assert "Kettle &amp; Co" in eve.looks_at("/team/").content.decode(), "they look at the new brand now"


def test_the_address_of_an_account_cannot_be_taken_over_by_an_invitation(
    bo: Member, stranger: Client, invitation: tuple[Invitation, str]
) -> None:
    row, link = invitation
    answer = stranger.post(link, NEW | {"email": "BO@kettle.example"})
    assert answer.status_code == 422
    assert "Sign in first" in answer.content.decode()
    assert User.objects.get(pk=bo.teammate.user.pk).check_password(PASSWORD)
    row.refresh_from_db()
    assert row.used_at is None, "it can still be used after signing in"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "nobody"}, {"password": "short"}, {"email": "a\x00@b.example"}]
)
def test_what_is_wrong_in_the_form_uses_nothing_up(
    stranger: Client, invitation: tuple[Invitation, str], wrong: dict[str, str]
) -> None:
    row, link = invitation
    assert stranger.post(link, NEW | wrong).status_code == 422
    row.refresh_from_db()
    assert row.used_at is None


# --- light and dark --------------------------------------------------------------------------------


def test_the_chosen_theme_is_kept_in_this_browser(bo: Member) -> None:
    assert 'data-theme="' not in bo.looks_at("/you/").content.decode()
    assert bo.does("/appearance/", theme="dark", next="/team/")["Location"] == "/team/"
    assert 'data-theme="goodword-dark"' in bo.looks_at("/you/").content.decode()
    bo.does("/appearance/", theme="system", next="/you/")
    assert 'data-theme="' not in bo.looks_at("/you/").content.decode()


def test_a_theme_that_does_not_exist_is_refused(bo: Member) -> None:
    assert bo.does("/appearance/", theme='"><script>', next="/you/").status_code == 400


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_theme_never_leads_to_another_site(bo: Member, elsewhere: str) -> None:
    assert bo.does("/appearance/", theme="dark", next=elsewhere)["Location"] == "/"
