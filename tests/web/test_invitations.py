"""An invitation for one address is for its owner alone, and says no more of it than its owner knows."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from goodword.team import letters, membership
from goodword.team.models import Invitation, Letter, Role, Teammate, User
from tests.world import Member, World

NEW = {"name": "Nia Nowak", "email": "Nia@kettle.example", "password": "my kettle sings"}


@pytest.fixture
def for_nia(dana: Member) -> str:
    _row, token = membership.invite(
        dana.teammate, "member", "for Nia", now=timezone.now(), email="Nia@Kettle.example"
    )
    return f"/join/{token}/"


def test_the_one_it_is_for_joins(world: World, for_nia: str) -> None:
    browser = Client()
    page = browser.get(for_nia).content.decode()
    assert "n•••@k•••.example" in page
    assert "nia@kettle.example" not in page.lower(), "who finds the link does not learn the address"
    assert browser.post(for_nia, NEW)["Location"] == "/inbox/"
    assert Teammate.objects.get(user__email="nia@kettle.example").brand == world.brand


def test_a_new_account_with_another_address_is_refused_and_uses_nothing_up(for_nia: str) -> None:
    answer = Client().post(for_nia, NEW | {"email": "max@kettle.example"})
    assert answer.status_code == 422
    assert "This invitation is for another address." in answer.content.decode()
    assert "nia@kettle" not in answer.content.decode().lower()
    assert not User.objects.filter(email="max@kettle.example").exists()
    assert Invitation.objects.get().used_at is None


def test_somebody_else_who_is_signed_in_is_told_plainly(eve: Member, for_nia: str) -> None:
    for answer in (eve.looks_at(for_nia), eve.does(for_nia)):
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "This invitation is for another e-mail address: n•••@k•••.example." in page
        assert "nia@kettle" not in page.lower()
    assert Invitation.objects.get().used_at is None
    assert not Teammate.objects.filter(user=eve.teammate.user, brand=Invitation.objects.get().brand).exists()


def test_the_account_with_that_address_joins_whatever_its_letters_look_like(
    world: World, for_nia: str
) -> None:
    nia = world.joins(world.other_brand, "nia", Role.VIEWER)
    assert nia.does(for_nia)["Location"] == "/inbox/"
    assert Teammate.objects.filter(user=nia.teammate.user, brand=world.brand, role="member").exists()


def test_who_is_on_the_team_already_keeps_their_role(dana: Member) -> None:
    """The last owner would otherwise become a viewer by a click on their own invitation."""
    _row, token = membership.invite(dana.teammate, "viewer", "", now=timezone.now())
    answer = dana.does(f"/join/{token}/")
    assert answer.status_code == 409
    assert "You are on this team already." in answer.content.decode()
    dana.teammate.refresh_from_db()
    assert dana.teammate.role == Role.OWNER
    assert Invitation.objects.get().used_at is None


def test_with_mail_it_goes_there_by_letter_and_the_link_is_shown_all_the_same(
    dana: Member, settings: Settings
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.kettle.example", "g@kettle.example"
    page = dana.does("/team/invitations/", role="member", email="nia@kettle.example").content.decode()
    [link] = re.findall(r'value="http://localhost:8000(/join/[^"]+)"', page)
    [letter] = Letter.objects.all()
    words = letters.opened(letter)
    assert letter.address == "nia@kettle.example"
    assert words.subject == "Dana invites you to the team of Kettle & Co"
    assert f"http://localhost:8000{link}" in words.text
    assert "A letter with this link is on its way" in page


def test_without_mail_the_owner_hands_it_over(dana: Member) -> None:
    page = dana.does("/team/invitations/", role="member", email="nia@kettle.example").content.decode()
    assert "Send it to nia@kettle.example." in page
    assert not Letter.objects.exists()


@pytest.mark.parametrize("wrong", ["nobody", "a@b@c", "a@b.example\r\nBcc: c@d.example", "\x00@k.example"])
def test_what_is_no_address_makes_no_invitation(dana: Member, wrong: str) -> None:
    answer = dana.does("/team/invitations/", role="member", note="for Nia", email=wrong)
    assert answer.status_code == 422
    assert "This is no e-mail address." in answer.content.decode()
    assert 'value="for Nia"' in answer.content.decode(), "nobody types it twice"
    assert not Invitation.objects.exists()
