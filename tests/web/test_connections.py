"""The accounts with which a brand listens: connected, looked after, paused and removed on one screen."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.http import HttpResponse

from goodword.channels.base import Account, ChannelError, Health, Unreachable
from goodword.listening import connecting
from goodword.listening.models import Connection
from goodword.store import vault
from goodword.team.models import AuditEntry
from tests.fakechannel import Fake
from tests.world import Member, World

SECRET = "app-password-1234"


@pytest.fixture
def unconnected(world: World) -> World:
    world.connection.delete()
    return world


def connect(member: Member, **given: str) -> HttpResponse:
    return member.does("/connections/new/fake/", **{"place": "kettle square", "password": SECRET} | given)


def the_connection(world: World) -> Connection:
    return Connection.objects.get(brand=world.brand, removed_at=None)


# --- connecting ------------------------------------------------------------------------------------


def test_without_a_connection_the_screen_offers_every_place(unconnected: World, dana: Member) -> None:
    page = dana.looks_at("/connections/").content.decode()
    assert "Nothing is connected yet" in page
    assert "/connections/new/fake/" in page
    assert "/connections/new/bluesky/" in page


def test_connecting_says_what_works(unconnected: World, dana: Member) -> None:
    answer = connect(dana)
    made = the_connection(unconnected)
    assert answer["Location"] == f"/connections/{made.pk}/"
    assert (made.handle, made.state, made.made_by) == ("kettleandco", "on", dana.teammate)
    assert "Reading and replying work." in dana.looks_at(answer["Location"]).content.decode()


def test_secrets_are_locked_and_never_shown_again(unconnected: World, dana: Member) -> None:
    connect(dana)
    made = the_connection(unconnected)
    assert vault.unlock(made.secrets) == {"password": SECRET}
    assert SECRET not in f"{made.secrets} {made.settings} {list(AuditEntry.objects.values())}"
    for page in ("/connections/", f"/connections/{made.pk}/", f"/connections/{made.pk}/sign-in/", "/check/"):
        assert SECRET not in dana.looks_at(page).content.decode()


def test_a_refused_form_does_not_send_the_secret_back(unconnected: World, dana: Member) -> None:
    unconnected.place.revokes_login()
    answer = connect(dana)
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("misbehaves", ["goes_down", "revokes_login", "asks_to_wait"])
def test_a_place_that_refuses_is_quoted_in_one_sentence_and_nothing_is_kept(
    unconnected: World, dana: Member, misbehaves: str
) -> None:
    getattr(unconnected.place, misbehaves)()
    answer = connect(dana)
    assert answer.status_code == 422
    assert str(unconnected.place.trouble) in answer.content.decode()
    assert not Connection.objects.filter(brand=unconnected.brand).exists()


def test_what_is_missing_in_the_form_is_said_beside_its_field(unconnected: World, dana: Member) -> None:
    answer = connect(dana, place=" ")
    assert answer.status_code == 422
    assert 'id="id_place_error"' in answer.content.decode()


@pytest.mark.parametrize(
    "hostile", ["\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "x" * 9000]
)
def test_hostile_values_are_refused_in_plain_words(unconnected: World, dana: Member, hostile: str) -> None:
    assert connect(dana, place=hostile).status_code == 422


def test_an_account_is_connected_once(world: World, dana: Member) -> None:
    answer = connect(dana)
    assert answer.status_code == 422
    assert "kettleandco is connected already" in answer.content.decode()


def test_a_removed_account_can_be_connected_again(world: World, dana: Member) -> None:
    dana.does(f"/connections/{world.connection.pk}/removal/")
    assert connect(dana).status_code == 302


def test_a_place_that_never_answers_is_given_up(world: World) -> None:
    class Silent(Fake):
        def check(self) -> Health:
            until_the_test_ends.wait(30)
            return Health("never", "never")

    until_the_test_ends = threading.Event()
    with pytest.raises(Unreachable, match="did not answer within"):
        connecting.look(Silent(Account({})), within=timedelta(milliseconds=20))
    until_the_test_ends.set()


def test_a_channel_that_breaks_is_no_error_page(world: World) -> None:
    class Broken(Fake):
        def check(self) -> Health:
            raise KeyError("did")

    with pytest.raises(ChannelError, match="in a way that we do not understand"):
        connecting.look(Broken(Account({})), within=timedelta(seconds=5))


def test_a_place_that_does_not_exist_is_not_found(dana: Member) -> None:
    assert dana.looks_at("/connections/new/nowhere/").status_code == 404


# --- living with it --------------------------------------------------------------------------------


def test_pausing_and_resuming(world: World, dana: Member) -> None:
    dana.does(f"/connections/{world.connection.pk}/pause/")
    assert the_connection(world).state == "paused"
    assert "Paused: nothing is heard." in dana.looks_at("/connections/").content.decode()
    dana.does(f"/connections/{world.connection.pk}/resumption/")
    assert the_connection(world).state == "on"
    verbs = AuditEntry.objects.filter(about=f"connection:{world.connection.pk}").order_by("pk")
    assert list(verbs.values_list("verb", "by")) == [
        ("paused a connection", dana.teammate.pk),
        ("resumed a connection", dana.teammate.pk),
    ]


def test_removing_forgets_the_secret_and_keeps_what_was_heard(unconnected: World, dana: Member) -> None:
    connect(dana)
    made = the_connection(unconnected)
    dana.does(f"/connections/{made.pk}/removal/")
    made.refresh_from_db()
    assert made.removed_at
    assert made.secrets == ""
    assert dana.looks_at(f"/connections/{made.pk}/").status_code == 404


def test_signing_in_again_ends_the_trouble(world: World, dana: Member) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(
        state="needs_login", trouble="Sign in again.", cursor="7"
    )
    assert "Sign in again." in dana.looks_at("/connections/").content.decode()
    dana.does(f"/connections/{world.connection.pk}/sign-in/", place="kettle square", password="new")
    row = the_connection(world)
    assert (row.state, row.trouble, row.cursor) == ("on", "", "7")
    assert vault.unlock(row.secrets) == {"password": "new"}


def test_signing_in_as_somebody_else_is_refused(world: World, dana: Member) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(native_id="somebody else")
    answer = dana.does(f"/connections/{world.connection.pk}/sign-in/", place="kettle square")
    assert answer.status_code == 422
    assert "This is another account" in answer.content.decode()


def test_checking_again_says_what_the_place_says(world: World, dana: Member) -> None:
    world.place.revokes_login()
    answer = dana.does(f"/connections/{world.connection.pk}/check/")
    assert "does not accept the login any more" in dana.looks_at(answer["Location"]).content.decode()


def test_checking_with_the_wrong_key_says_which_file_is_missing(world: World, dana: Member) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(secrets="locked with another key")
    answer = dana.does(f"/connections/{world.connection.pk}/check/")
    assert "keys/vault" in dana.looks_at(answer["Location"]).content.decode()


# --- who may ---------------------------------------------------------------------------------------


def test_a_member_sees_how_it_stands_but_changes_nothing(world: World, bo: Member) -> None:
    page = bo.looks_at(f"/connections/{world.connection.pk}/").content.decode()
    assert "Pause" not in page
    assert "Sign in again" not in page
    assert bo.does(f"/connections/{world.connection.pk}/removal/").status_code == 403
    assert connect(bo).status_code == 403


def test_the_brand_next_door_does_not_exist_for_us(world: World, dana: Member) -> None:
    theirs = world.other_connection.pk
    for noun in ("", "check/", "pause/", "resumption/", "removal/", "sign-in/"):
        answer = (
            dana.does(f"/connections/{theirs}/{noun}") if noun else dana.looks_at(f"/connections/{theirs}/")
        )
        assert answer.status_code == 404
    assert Connection.objects.get(pk=theirs).removed_at is None


def test_the_same_account_may_serve_two_brands(world: World, eve: Member) -> None:
    world.other_connection.delete()
    assert connect(eve).status_code == 302
