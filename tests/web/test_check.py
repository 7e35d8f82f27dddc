"""What works and what is missing: the same sentences on the screen and in the terminal."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from goodword.listening.health import Finding, findings
from goodword.listening.models import Connection, Post, Query, Step
from tests.world import ADA, Member, World


@pytest.fixture
def healthy(world: World) -> World:
    world.listens()
    return world


def missing(world: World) -> list[Finding]:
    return [finding for finding in findings(world.brand, now=world.now) if not finding.works]


def change(world: World, **values: object) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(**values)


def test_a_brand_that_is_set_up_misses_nothing(healthy: World) -> None:
    assert missing(healthy) == []


def test_every_thing_that_is_missing_says_what_to_do(world: World) -> None:
    Query.objects.all().delete()
    Connection.objects.all().delete()
    found = missing(world)
    assert [finding.about for finding in found] == ["Queries", "Connections"]
    assert all(finding.to_do and finding.page for finding in found)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"state": "paused"}, "Paused"),
        ({"state": "needs_login", "trouble": "The login was revoked."}, "The login was revoked."),
        ({"trouble": "The place is down."}, "The place is down."),
        ({"secrets": "locked with another key"}, "keys/vault"),
    ],
)
def test_the_trouble_of_a_connection_is_said(healthy: World, values: dict[str, str], says: str) -> None:
    change(healthy, **values)
    [finding] = missing(healthy)
    assert says in finding.sentence
    assert finding.to_do


def test_a_listener_that_is_off_is_noticed(healthy: World) -> None:
    healthy.passes(timedelta(minutes=6))
    [finding] = missing(healthy)
    assert "Nobody has listened to Kettle Square" in finding.sentence
    assert "goodword listen" in finding.to_do


def test_a_new_connection_is_given_time(world: World) -> None:
    assert missing(world) == []
    world.passes(timedelta(minutes=6))
    assert len(missing(world)) == 1


def test_a_worker_that_is_off_is_noticed(healthy: World) -> None:
    post = healthy.hears(ADA, "Lovely kettle!")
    Post.objects.filter(pk=post.pk).update(step=Step.HEARD)
    healthy.passes(timedelta(minutes=3))
    [finding] = missing(healthy)
    assert finding.sentence == "1 post was heard, but nothing has looked at it yet."
    assert "goodword work" in finding.to_do


def test_a_post_that_cannot_be_understood_is_noticed(healthy: World) -> None:
    post = healthy.hears(ADA, "Lovely kettle!")
    Post.objects.filter(pk=post.pk).update(step=Step.HEARD, tries=3)
    [finding] = missing(healthy)
    assert finding.sentence == "1 post could not be understood or placed."


def test_keys_that_others_can_read_are_noticed(healthy: World) -> None:
    key = settings.KEYS / "vault"
    key.chmod(0o644)
    try:
        [finding] = missing(healthy)
    finally:
        key.chmod(0o600)
    assert "Other accounts on this machine can read" in finding.sentence
    assert "chmod" in finding.to_do


def test_the_trouble_of_the_brand_next_door_is_not_ours(healthy: World) -> None:
    Connection.objects.filter(pk=healthy.other_connection.pk).update(trouble="Theirs.")
    Query.objects.filter(brand=healthy.other_brand).delete()
    assert missing(healthy) == []


# --- the screen and the command --------------------------------------------------------------------


def command(*args: str, brand: str = "Kettle & Co") -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("check", *args, brand=brand, stdout=out)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


def test_screen_and_command_say_the_same(world: World, olga: Member) -> None:
    change(world, trouble="The place is down.")
    page = unescape(olga.looks_at("/check/").content.decode())
    said, code = command("--offline")
    assert code == 1
    assert "The place is down." in page
    assert "MISSING  Kettle Square · Kettle Square: The place is down." in said


def test_the_command_signs_in_and_quotes_the_place(world: World) -> None:
    world.place.revokes_login()
    said, code = command()
    assert code == 1
    assert "Kettle Square does not accept the login any more. Sign in again." in said


def test_the_command_ends_with_one_line_of_json(world: World) -> None:
    said, _code = command("--json", "--offline")
    found = json.loads(said.strip().splitlines()[-1])
    assert set(found) == {"works", "missing"}
    assert {"about", "sentence", "to_do"} == set(found["works"][0])


def test_several_brands_need_a_name(world: World) -> None:
    assert command(brand="")[1] == 2
