"""A page that stays open falls silent within a second of the end of its session, however that came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from goodword.team import helping, membership, passwords, sign_ins
from goodword.team.models import SignIn, User
from goodword.web import live
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

SECOND = 1.0


def is_removed(world: World) -> None:
    membership.remove(world.bo.teammate, world.dana.teammate, now=timezone.now())


def has_another_password(world: World) -> None:
    passwords.change(User.objects.get(pk=world.bo.teammate.user.pk), "my kettle sings", now=timezone.now())


def is_signed_out_from_elsewhere(world: World) -> None:
    sign_ins.end(SignIn.objects.get(user=world.bo.teammate.user), now=timezone.now())


def lost_the_phone(world: World) -> None:
    helping.reset_second_factor(world.bo.teammate, world.dana.teammate, now=timezone.now())


@pytest.mark.parametrize(
    "ends", [is_removed, has_another_password, is_signed_out_from_elsewhere, lost_the_phone]
)
def test_an_open_page_hears_nothing_more(ends: Callable[[World], None]) -> None:
    with World.begins() as world:
        request = RequestFactory().get("/live/")
        request.session = world.bo.client.session
        took = asyncio.run(_until_it_falls_silent(request, lambda: ends(world)))
        assert took < SECOND


async def _until_it_falls_silent(request: HttpRequest, ends: Callable[[], None]) -> float:
    stream = live._events(request)
    await anext(stream)
    await anext(stream)  # it listens now
    await sync_to_async(ends)()
    began = time.monotonic()
    async for event in stream:
        if event.startswith("event: bye"):
            break
    took = time.monotonic() - began
    await sync_to_async(lambda: connection.close())()
    return took
