"""Promise 4, the hard way: killed a hundred times while sending, no reply is lost and none is sent twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.utils import timezone

from goodword.conversations import outbox, replying
from goodword.conversations.models import Delivery, Reply
from goodword.listening.models import Post
from tests.fakechannel import PLACES, forgetful
from tests.killing.mortals import Mortal, all_at_once
from tests.killing.postoffice import PostOffice
from tests.world import SAM, World

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

KILLS = 50  # of each of two places
EACH_TIME = 6  # new replies before each life: it dies before they are out
LONGEST_LIFE = 0.06  # seconds
A_WHILE = 2 * outbox.SETTLE
S = Delivery.State


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    place = PostOffice("post office", file=tmp_path / "arrived", is_idempotent=False)
    PLACES["post office"] = place
    yield place
    del PLACES["post office"]


def test_where_we_can_look_every_reply_arrives_exactly_once(office: PostOffice) -> None:
    with at_work(office) as work:
        work.is_killed(KILLS)
        work.is_finished()
        written = set(Delivery.objects.values_list("key", flat=True))
        assert Counter(dict.fromkeys(written, 1)) == office.arrived()
        assert _states() == {S.SENT: len(written)}
        assert _our_posts() == len(written)


def test_where_we_cannot_look_nothing_is_sent_twice_and_a_person_is_shown_what_is_unknown(
    office: PostOffice,
) -> None:
    with forgetful(), at_work(office) as work:
        work.is_killed(KILLS)
        work.is_finished()
        arrived = office.arrived()
        assert max(arrived.values()) == 1, "sent twice"
        assert set(_states()) == {S.SENT, S.UNKNOWN}, "kills must fall between the request and its commit"
        for delivery in Delivery.objects.all():
            assert delivery.state == S.UNKNOWN or delivery.key in arrived, "lost"
            assert bool(delivery.trouble) == (delivery.state == S.UNKNOWN)


@pytest.mark.parametrize("can_look", [True, False], ids=["we can look", "we cannot look"])
def test_a_place_that_is_slow_silent_down_and_broken_gets_nothing_twice(
    office: PostOffice, can_look: bool
) -> None:
    office.has_troubles = True
    with at_work(office) as work:
        if can_look:
            work.is_finished(replies=40, rounds=25)
        else:
            with forgetful():
                work.is_finished(replies=40, rounds=25)
    arrived = office.arrived()
    assert max(arrived.values()) == 1
    allowed = {S.SENT} if can_look else {S.SENT, S.UNKNOWN}
    assert set(_states()) == allowed
    sent = Delivery.objects.filter(state=S.SENT).values_list("key", flat=True)
    assert set(sent) <= set(arrived)


def test_two_workers_at_once_send_each_reply_once(office: PostOffice) -> None:
    with at_work(office) as work:
        work.writes(40)
        clock = timezone.now() + A_WHILE
        all_at_once([lambda: outbox.send_due(clock)] * 2)
        assert Counter(dict.fromkeys(Delivery.objects.values_list("key", flat=True), 1)) == office.arrived()
        assert _states() == {S.SENT: 40}


def test_two_workers_that_both_find_a_lost_one_look_once(office: PostOffice) -> None:
    """The slower one must not put back into the queue what the quicker one is sending already."""
    with at_work(office) as work:
        work.writes(20)
        Delivery.objects.update(state=S.INFLIGHT, leased_until=timezone.now(), tries=1)
        clock = timezone.now() + A_WHILE

        def settles_and_sends() -> None:
            outbox.settle_interrupted(clock)
            outbox.send_due(clock)

        all_at_once([settles_and_sends] * 3)
        assert max(office.arrived().values()) == 1
        outbox.settle_interrupted(clock + A_WHILE)
        outbox.send_due(clock + A_WHILE)
        assert _states() == {S.SENT: 20}
        assert sum(office.arrived().values()) == 20


class Work:
    """A worker that is killed and born again; its clock stands later each time, so that leases run out."""

    def __init__(self, world: World, post: Post) -> None:
        self.world, self.post = world, post
        self.chance = random.Random(4)
        self.clock = timezone.now()
        self.keys = count(1)

    def writes(self, replies: int) -> None:
        for number in range(replies):
            key = f"reply-{next(self.keys)}"
            now = self.clock + timedelta(microseconds=number)
            replying.reply(self.post, self.world.bo.teammate, "Yes, it does.", key=key, now=now)

    def is_killed(self, times: int) -> None:
        for _life in range(times):
            self.clock += A_WHILE
            self.writes(EACH_TIME)
            clock = self.clock
            Mortal(lambda: _work(clock)).dies_within(self.chance.uniform(0, LONGEST_LIFE))  # noqa: B023
        assert Delivery.objects.exclude(state=S.QUEUED).exists(), "the kills must fall into the work"

    def is_finished(self, replies: int = 0, rounds: int = 3) -> None:
        self.writes(replies)
        for _round in range(rounds):
            self.clock += max(A_WHILE, outbox.LONGEST_PAUSE)
            _work(self.clock)
            while outbox.send_due(self.clock):
                pass


def _work(clock: datetime) -> None:
    outbox.settle_interrupted(clock)
    outbox.send_due(clock)


@contextmanager
def at_work(office: PostOffice) -> Iterator[Work]:
    with World.begins(now=timezone.now()) as world:
        world.connection.settings = {"place": office.name}
        world.connection.save()
        yield Work(world, world.hears(SAM, "Does the kettle whistle?"))


def _states() -> dict[str, int]:
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def _our_posts() -> int:
    assert not Reply.objects.filter(sent_post=None).exists()
    return Post.objects.filter(is_ours=True).count()
