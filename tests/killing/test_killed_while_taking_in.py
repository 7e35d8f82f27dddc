"""Promise 3, the hard way: killed a hundred times while taking in, nothing is lost and nothing is doubled."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from goodword import pipeline
from goodword.channels import base
from goodword.conversations.models import Conversation, Wait
from goodword.listening import ingest
from goodword.listening.listener import listen_once
from goodword.listening.models import Connection, Mention, Post, Step
from goodword.people.models import Profile
from goodword.store.claim import LEASE
from goodword.store.models import Entry
from goodword.team.models import Brand
from tests.killing.mortals import Mortal
from tests.killing.river import river
from tests.world import World

KILLS = 100
PAGES = 1.6  # in the longest life: some die before their first commit, others after it
PAGE = 4  # events between two checkpoints
AGAIN = 9  # events that a reconnect tells once more


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_killed_a_hundred_times_while_taking_in_everything_is_there_exactly_once() -> None:
    events = river(6_000)
    chance = random.Random(3)
    with World.begins(now=timezone.now()) as world:
        Connection.objects.filter(pk=world.connection.pk).update(cursor="0")
        longest_life = PAGES * _seconds_of_a_page(world, events)
        for life in range(KILLS):
            # The leases of the dead have run out by the time that the next one is born.
            clock = timezone.now() + 2 * LEASE * (life + 1)
            mortal = Mortal(lambda: _hear_for_ever(world, events, clock))  # noqa: B023 (lives at once)
            mortal.dies_within(chance.uniform(0, longest_life))
        heard = int(Connection.objects.get(pk=world.connection.pk).cursor)
        assert PAGE * KILLS / 4 < heard < len(events), "the kills must fall into the work"
        pipeline.advance_all(timezone.now() + 2 * LEASE * (KILLS + 1))

        _hear_undisturbed(world.other_brand, world.other_connection, events[:heard])

        # Not a post more than the cursor says: what was not acknowledged will be told again.
        assert _posts(world.brand) == _posts(world.other_brand)
        assert _mentions(world.brand) == _mentions(world.other_brand)
        assert _waits(world.brand) == _waits(world.other_brand)
        assert _conversations(world.brand) == _conversations(world.other_brand)
        assert _searchable(world.brand) == _searchable(world.other_brand)
        assert _people(world.brand) == _people(world.other_brand)
        assert not Post.objects.exclude(step=Step.DONE).exists()


def _hear_for_ever(world: World, events: list[base.Event], clock: datetime) -> None:
    again = AGAIN  # it was born because another died: the connection is made anew
    while True:
        _hear_a_page(world, events, clock, again)
        again = 0


def _hear_a_page(world: World, events: list[base.Event], clock: datetime, again: int = 0) -> None:
    """What a listener and a worker do."""
    connection = Connection.objects.select_related("brand").get(pk=world.connection.pk)
    told = int(connection.cursor)
    world.place.events = events[: told + PAGE]
    connection.cursor = str(max(0, told - again))
    listen_once(connection, stopped=lambda: False)
    pipeline.advance_all(clock)


def _seconds_of_a_page(world: World, events: list[base.Event]) -> float:
    """On this machine, now; and the parent is warm afterwards: matcher and models are built."""
    _hear_a_page(world, events, timezone.now())
    began = time.monotonic()
    _hear_a_page(world, events, timezone.now())
    return time.monotonic() - began


def _hear_undisturbed(brand: Brand, connection: Connection, events: list[base.Event]) -> None:
    ingest.take_in(brand, "fake", events, now=timezone.now(), connection=connection)
    pipeline.advance_all(timezone.now() + timedelta(hours=1))


# --- what is there, told without the ids and times of its keeping ----------------------------------

Rows = list[tuple[Any, ...]]


def _posts(brand: Brand) -> Rows:
    rows = Post.objects.filter(brand=brand).order_by("native_id")
    kept = rows.values_list("native_id", "text", "author__native_id", "root", "addressed", "is_mention")
    return [(*row, gone) for row, gone in zip(kept, _gone(rows), strict=True)]


def _gone(posts: Any) -> list[bool]:
    return [at is not None for at in posts.values_list("gone_at", flat=True)]


def _mentions(brand: Brand) -> Rows:
    rows = Mention.objects.filter(post__brand=brand).order_by("post__native_id")
    return list(rows.values_list("post__native_id", "query__text", "spans"))


def _waits(brand: Brand) -> Rows:
    """Of whoever is still there: a post that was gone before anybody placed it never waited."""
    waits = Wait.objects.filter(conversation__brand=brand, post__gone_at=None).order_by("post__native_id")
    return list(waits.values_list("conversation__root", "post__native_id", "since", "due_at", "ended_how"))


def _conversations(brand: Brand) -> Rows:
    """Those in which somebody waits."""
    rows = Conversation.objects.filter(brand=brand).exclude(waiting_since=None).order_by("root")
    return list(
        rows.values_list("root", "state", "latest__native_id", "latest_at", "waiting_since", "due_at")
    )


def _searchable(brand: Brand) -> Rows:
    return list(
        Entry.objects.filter(brand_id=brand.pk).order_by("kind", "text", "at").values_list("kind", "text")
    )


def _people(brand: Brand) -> Rows:
    rows = Profile.objects.filter(brand=brand).order_by("native_id")
    return list(rows.values_list("native_id", "name", "person__name", "first_heard_at", "last_heard_at"))
