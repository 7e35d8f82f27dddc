"""Nobody takes over an account: no token works empty, twice, late, or for what it was not made for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from goodword.team import addresses, helping, membership, passwords, tokens
from goodword.team.models import (
    AddressChange,
    Forgotten,
    Invitation,
    PasswordReset,
    SignInLink,
    Teammate,
    User,
    hash_of,
)
from tests.team.conftest import Written
from tests.world import Member, World

pytestmark = pytest.mark.both_databases

KINDS = [AddressChange, Invitation, PasswordReset, SignInLink]
NEW = "my kettle sings"


def token_of(kind: type[Any], world: World, written: Written, now: datetime) -> str:
    """One that works, for Bo; an invitation is for nobody in particular."""
    if kind is Invitation:
        return membership.invite(world.dana.teammate, "member", "", now=now)[1]
    if kind is SignInLink:
        return membership.sign_in_link(world.bo.teammate.user, now=now)
    if kind is PasswordReset:
        passwords.forgot("bo@kettle.example", now=now)
        passwords.answer_forgotten(now)
    else:
        addresses.ask(world.bo.teammate.user, "bo@new.example", now=now)
    return written()[-1][1].text.split("http://localhost:8000/")[1].split("/\n")[0].split("/")[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_works_for_its_own_purpose_until_its_hour_and_once(
    world: World, written: Written, kind: type[Any]
) -> None:
    token = token_of(kind, world, written, world.now)
    row = tokens.good(kind, token, now=world.now)
    assert row is not None
    assert all(tokens.good(other, token, now=world.now) is None for other in KINDS if other is not kind)
    assert tokens.good(kind, token, now=row.expires_at - timedelta(seconds=1))
    assert tokens.good(kind, token, now=row.expires_at) is None
    assert tokens.use_up(row, now=world.now)
    assert not tokens.use_up(row, now=world.now)
    assert tokens.good(kind, token, now=world.now) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", ["", None, " ", "null", "None", "0", "\x00", "\ud800", "a" * 1_000_000])
def test_nothing_and_nonsense_are_no_tokens(
    world: World, written: Written, kind: type[Any], given: str | None
) -> None:
    token_of(kind, world, written, world.now)
    kind.objects.update(token_hash="")
    assert tokens.good(kind, given, now=world.now) is None
    kind.objects.update(token_hash=hash_of(""))
    assert tokens.good(kind, given, now=world.now) is None or given not in ("", None)


@pytest.mark.parametrize("kind", KINDS)
def test_who_reads_our_database_finds_no_token_in_it(world: World, written: Written, kind: type[Any]) -> None:
    token = token_of(kind, world, written, world.now)
    [row] = kind.objects.all()
    assert token not in " ".join(str(value) for value in vars(row).values())
    assert tokens.good(kind, row.token_hash, now=world.now) is None, "the hash itself opens nothing"


@pytest.mark.parametrize("noun", ["link", "reset", "join", "you/address"])
@pytest.mark.parametrize("kind", KINDS)
def test_on_the_web_a_token_opens_its_own_door_and_no_other(
    world: World, written: Written, noun: str, kind: type[Any]
) -> None:
    own = {"link": SignInLink, "reset": PasswordReset, "join": Invitation, "you/address": AddressChange}[noun]
    token = token_of(kind, world, written, timezone.now())
    browser = world.bo.client if noun == "you/address" else Client()
    answer = browser.post(
        f"/{noun}/{token}/", {"new": NEW, "name": "N", "email": "n@k.example", "password": NEW}
    )
    assert answer.status_code == (302 if own is kind else 410)


# --- what ends, and when ---------------------------------------------------------------------------

Ends = Callable[[World], None]


def is_removed(world: World) -> None:
    membership.remove(world.bo.teammate, world.dana.teammate, now=timezone.now())


def is_switched_off(world: World) -> None:
    User.objects.filter(pk=world.bo.teammate.user.pk).update(is_active=False)


def changes_the_password(world: World) -> None:
    passwords.change(User.objects.get(pk=world.bo.teammate.user.pk), NEW, now=timezone.now())


def has_the_second_factor_reset(world: World) -> None:
    helping.reset_second_factor(world.bo.teammate, world.dana.teammate, now=timezone.now())


ENDINGS = [is_removed, is_switched_off, changes_the_password, has_the_second_factor_reset]


@pytest.mark.parametrize("ends", ENDINGS)
def test_whose_account_changed_hands_is_out_at_once_by_every_way(
    world: World, written: Written, ends: Ends
) -> None:
    now = timezone.now()
    assert world.bo.looks_at("/inbox/").status_code == 200
    given = {kind: token_of(kind, world, written, now) for kind in (PasswordReset, SignInLink)}
    ends(world)
    assert world.bo.looks_at("/inbox/")["Location"].startswith("/login/")
    assert world.bo.looks_at("/live/").status_code == 204, "no open page hears anything any more"
    for noun, kind in (("link", SignInLink), ("reset", PasswordReset)):
        assert Client().post(f"/{noun}/{given[kind]}/", {"new": NEW + "!"}).status_code == 410
    assert not User.objects.get(pk=world.bo.teammate.user.pk).check_password(NEW + "!")


@pytest.mark.parametrize("out", [is_removed, is_switched_off])
def test_nobody_writes_a_password_letter_to_who_is_out(world: World, written: Written, out: Ends) -> None:
    out(world)
    before = len(written())
    passwords.forgot("bo@kettle.example", now=world.now)
    passwords.answer_forgotten(world.now)
    assert len(written()) == before
    assert not Forgotten.objects.exists(), "what was typed is not kept"


def test_a_new_address_makes_letters_to_the_old_one_worthless(world: World, written: Written) -> None:
    now = timezone.now()
    old = token_of(PasswordReset, world, written, now)
    token = token_of(AddressChange, world, written, now)
    assert addresses.confirm(token, world.bo.teammate.user, now=now)
    assert passwords.reset(old, NEW, now=now) is None


def test_a_stranger_who_got_the_letter_by_a_slip_of_the_finger_gets_no_account(
    world: World, written: Written, eve: Member
) -> None:
    token = token_of(AddressChange, world, written, timezone.now())
    assert eve.does(f"/you/address/{token}/").status_code == 410
    assert User.objects.filter(email="bo@kettle.example").exists()


# --- help, and who may give it ---------------------------------------------------------------------


def test_who_owns_one_brand_opens_no_other_by_helping(world: World, dana: Member, eve: Member) -> None:
    """Eve owns Other Brand. As a member here she must not be signed in by our owner."""
    here = Teammate.objects.create(brand=world.brand, user=eve.teammate.user, role="member")
    for help_her in (helping.link_for, helping.reset_second_factor):
        with pytest.raises(membership.NotPossible, match="do not own"):
            help_her(here, dana.teammate, now=world.now)  # type: ignore[operator]
    Teammate.objects.create(brand=world.other_brand, user=dana.teammate.user, role="owner")
    assert helping.link_for(here, dana.teammate, now=world.now)


def test_a_member_helps_nobody_in(world: World, bo: Member, cy: Member) -> None:
    with pytest.raises(PermissionDenied):
        helping.link_for(cy.teammate, bo.teammate, now=world.now)
    with pytest.raises(PermissionDenied):
        helping.reset_second_factor(cy.teammate, bo.teammate, now=world.now)


# --- two at once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_who_open_one_invitation_at_once_one_joins() -> None:
    with World.begins() as world:
        _row, token = membership.invite(world.dana.teammate, "member", "", now=world.now)
        everybody = [User.objects.create_user(f"guest{n}@kettle.example") for n in range(6)]
        together, joined, late = threading.Barrier(len(everybody)), [], []

        def joins(user: User) -> None:
            invitation = membership.live_invitation(token, now=world.now)
            assert invitation
            together.wait(timeout=10)
            try:
                joined.append(membership.accept(invitation, user, now=world.now).user_id)
            except membership.NotPossible:
                late.append(user.pk)
            finally:
                connection.close()

        threads = [threading.Thread(target=joins, args=[user]) for user in everybody]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(joined), len(late)) == (1, 5)
        assert Teammate.objects.filter(user__email__startswith="guest").count() == 1
        assert Invitation.objects.get().used_by_id == joined[0]
