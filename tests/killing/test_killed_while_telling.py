"""Killed again and again while notices go out: each device is reached, and each letter is written once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from goodword.conversations import acts
from goodword.notifying import devices, dispatching, occasions
from goodword.notifying.models import Dispatch, Habits, Notice, Occasion
from goodword.team.models import Letter
from tests.killing.mortals import Mortal
from tests.net.places import Place, opened_place, said
from tests.notifying.phone import Phone
from tests.world import SAM, World

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

KILLS = 30
LONGEST_LIFE = 0.08  # seconds
A_WHILE = timedelta(minutes=10)  # longer than a lease and the pause after a try


@pytest.fixture
def push_server(settings: Settings) -> Iterator[Place]:
    with opened_place() as place:
        settings.PRIVATE_HOSTS = frozenset({place.door})
        settings.EMAIL_HOST = "mail.example"
        place.answers["/phone"] = said(b"", status="201 Created")
        yield place


def test_killed_while_looking_and_sending_nothing_is_lost_and_nothing_told_twice(push_server: Place) -> None:
    luck = random.Random(8)
    with World.begins(timezone.now()) as world:
        cy = world.cy.teammate
        Habits.objects.create(teammate=cy, quiet_from=None, quiet_until=None, quiet_weekends=False)
        keys = Phone().as_browsers_tell(push_server.url("/phone"))
        devices.subscribe(cy.user, **keys, device="Phone", now=world.now)
        clock = world.now
        for _n in range(KILLS):
            heard = world.hears(SAM, "Does the kettle whistle?")
            acts.assign(world.conversation_of(heard), world.bo.teammate, cy, now=timezone.now())
            clock += A_WHILE
            Mortal(lambda now=clock: looks_and_sends(now)).dies_within(luck.uniform(0, LONGEST_LIFE))  # type: ignore[misc]
        for _n in range(8):
            clock += A_WHILE
            looks_and_sends(clock)

        told = Notice.objects.filter(to=cy, occasion__kind="assigned")
        assert told.count() == KILLS
        assert max(Counter(Occasion.objects.values_list("key", flat=True)).values()) == 1
        pushed = Dispatch.objects.filter(by="push", notice__in=told)
        assert pushed.count() == KILLS
        assert set(pushed.values_list("state", flat=True)) == {"sent"}
        assert len(push_server.bodies) >= KILLS  # twice is possible, never is not
        mailed = Dispatch.objects.filter(by="mail", notice__in=told)
        assert set(mailed.values_list("state", flat=True)) == {"sent"}
        assert 0 < Letter.objects.filter(to=cy.user, kind="notices").count() <= mailed.count()


def looks_and_sends(now: datetime) -> None:
    occasions.look(now)
    while dispatching.send_due(now):
        pass
