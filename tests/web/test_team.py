"""The team on its screen: who is on it, what they may do, who joins and who leaves. And the brand itself."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from goodword.team.models import Brand, Invitation, Role, Teammate
from tests.world import Member, World


def role_of(member: Member) -> str:
    return Teammate.objects.get(pk=member.teammate.pk).role


def test_everybody_on_the_team_is_listed_and_nobody_else(world: World, olga: Member) -> None:
    page = olga.looks_at("/team/").content.decode()
    assert all(name in page for name in ("Dana", "Bo", "Cy", "Olga"))
    assert "Eve" not in page
    assert "Invite a teammate" not in page, "a viewer is shown no button that refuses them"


def test_the_link_of_an_invitation_is_shown_once_and_works(world: World, dana: Member) -> None:
    page = dana.does("/team/invitations/", role="viewer", note="for Nia").content.decode()
    [link] = re.findall(r'value="http://localhost:8000(/join/[^"]+)"', page)
    assert link not in dana.looks_at("/team/").content.decode()
    assert "for Nia" in dana.looks_at("/team/").content.decode()
    Client().post(link, {"name": "Nia", "email": "nia@kettle.example", "password": "my kettle sings"})
    assert Teammate.objects.get(user__email="nia@kettle.example").role == Role.VIEWER
    assert "for Nia" not in dana.looks_at("/team/").content.decode()


def test_an_invitation_that_was_taken_back_lets_nobody_in(world: World, dana: Member) -> None:
    page = dana.does("/team/invitations/", role="member").content.decode()
    [link] = re.findall(r'value="http://localhost:8000(/join/[^"]+)"', page)
    dana.does(f"/team/invitations/{Invitation.objects.get().pk}/removal/")
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize("role", ["", "admin", "OWNER"])
def test_a_role_that_does_not_exist_is_refused(world: World, dana: Member, bo: Member, role: str) -> None:
    assert dana.does("/team/invitations/", role=role).status_code == 400
    assert dana.does(f"/team/{bo.teammate.pk}/role/", role=role).status_code == 400
    assert not Invitation.objects.exists()


def test_a_new_role_holds_at_once(world: World, dana: Member, bo: Member) -> None:
    dana.does(f"/team/{bo.teammate.pk}/role/", role="owner")
    assert role_of(bo) == Role.OWNER
    assert bo.does("/team/invitations/", role="viewer").status_code == 201


def test_whoever_is_removed_is_out_at_their_next_click(world: World, dana: Member, bo: Member) -> None:
    assert bo.looks_at("/team/").status_code == 200
    dana.does(f"/team/{bo.teammate.pk}/removal/")
    assert bo.looks_at("/team/")["Location"].startswith("/login/")
    assert "bo@kettle.example" not in dana.looks_at("/team/").content.decode()


def test_the_last_owner_can_neither_leave_nor_step_down(world: World, dana: Member) -> None:
    for noun, given in (("removal", {}), ("role", {"role": "viewer"})):
        answer = dana.client.post(f"/team/{dana.teammate.pk}/{noun}/", given, follow=True)
        assert "A brand needs at least one owner." in answer.content.decode()
    assert role_of(dana) == Role.OWNER


def test_a_member_changes_nobody(world: World, bo: Member, cy: Member) -> None:
    assert bo.does(f"/team/{bo.teammate.pk}/role/", role="owner").status_code == 403
    assert bo.does(f"/team/{cy.teammate.pk}/removal/").status_code == 403
    assert bo.does("/team/invitations/", role="owner").status_code == 403
    assert role_of(bo) == Role.MEMBER


def test_the_team_next_door_does_not_exist_for_us(world: World, dana: Member, eve: Member) -> None:
    eve.does("/team/invitations/", role="member")
    theirs = Invitation.objects.get()
    assert dana.does(f"/team/{eve.teammate.pk}/role/", role="viewer").status_code == 404
    assert dana.does(f"/team/{eve.teammate.pk}/removal/").status_code == 404
    assert dana.does(f"/team/invitations/{theirs.pk}/removal/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    assert role_of(eve) == Role.OWNER


# --- the brand -------------------------------------------------------------------------------------

GIVEN = {"name": "Kettle & Sons", "time_zone": "Europe/Berlin", "admits": ["question", "churn"]}


def test_the_brand_is_changed_on_its_screen(world: World, dana: Member) -> None:
    assert dana.does("/brand/", **GIVEN).status_code == 302
    world.brand.refresh_from_db()
    assert (world.brand.name, world.brand.time_zone) == ("Kettle & Sons", "Europe/Berlin")
    assert world.brand.admits == ["question", "churn"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"admits": []},
        {"admits": ["nonsense"]},
    ],
)
def test_what_makes_no_sense_changes_nothing(world: World, dana: Member, wrong: dict[str, object]) -> None:
    assert dana.does("/brand/", **GIVEN | wrong).status_code == 422
    world.brand.refresh_from_db()
    assert (world.brand.name, world.brand.admits) == ("Kettle & Co", [])


def test_who_adds_a_brand_owns_it_and_goes_there(world: World, dana: Member) -> None:
    dana.does("/brands/new/", name="Leaf", time_zone="UTC")
    leaf = Brand.objects.get(name="Leaf")
    assert Teammate.objects.get(brand=leaf).user == dana.teammate.user
    assert "The people who answer for Leaf." in dana.looks_at("/team/").content.decode()
    dana.does(f"/brands/{world.brand.pk}/choice/")
    assert "The people who answer for Kettle &amp; Co." in dana.looks_at("/team/").content.decode()


def test_nobody_can_choose_a_brand_they_do_not_belong_to(world: World, dana: Member) -> None:
    assert dana.does(f"/brands/{world.other_brand.pk}/choice/").status_code == 404
    assert "Kettle &amp; Co" in dana.looks_at("/team/").content.decode()
