"""Does each row of waiting work go to one worker, however many ask at once?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from goodword.conversations import claims
from goodword.listening.models import Post, Step
from goodword.store.claim import LEASE, claim
from tests.fakechannel import NOON
from tests.killing.mortals import all_at_once
from tests.world import SAM, World

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 6


@pytest.fixture
def world() -> Iterator[World]:
    with World.begins() as world:
        yield world


@pytest.mark.slow
@pytest.mark.both_databases
def test_many_workers_take_disjoint_batches(world: World, tmp_path: Path) -> None:
    posts = [world.hears(SAM, "kettle").pk for _number in range(30)]
    Post.objects.update(step=Step.HEARD)

    def takes() -> None:
        for _time in range(5):
            batch = claim(Post.objects.filter(step=Step.HEARD).order_by("pk"), now=NOON, limit=2)
            _note(tmp_path / "taken", " ".join(str(post.pk) for post in batch))

    all_at_once([takes] * WORKERS)
    taken = (tmp_path / "taken").read_text().split()
    assert sorted(taken) == sorted(map(str, posts)), "each once, and none left behind"


@pytest.mark.slow
@pytest.mark.both_databases
def test_of_thirty_who_begin_to_write_one_has_the_conversation(world: World, tmp_path: Path) -> None:
    conversation = world.conversation_of(world.hears(SAM, "Does the kettle whistle?"))
    team = [world.joins(world.brand, f"mate{number}", "member").teammate for number in range(10)]

    def claims_it(number: int) -> None:
        mine = claims.claim(conversation, team[number % 10], now=NOON)
        _note(tmp_path / "won", f"{mine.by_id}")

    for _round in range(3):
        all_at_once([lambda n=n: claims_it(n) for n in range(10)])  # type: ignore[misc]
    winners = set((tmp_path / "won").read_text().split())
    assert len(winners) == 1, "all thirty were told the same name"


def test_a_claimed_row_is_free_again_when_its_lease_has_run_out(world: World) -> None:
    world.hears(SAM, "kettle")
    waiting = Post.objects.order_by("pk")
    assert len(claim(waiting, now=NOON, limit=5)) == 1
    assert claim(waiting, now=NOON + LEASE - timedelta(seconds=1), limit=5) == []
    assert len(claim(waiting, now=NOON + LEASE, limit=5)) == 1


def test_a_claim_keeps_the_order_the_limit_and_sets_what_it_is_told(world: World) -> None:
    pks = [world.hears(SAM, "kettle").pk for _number in range(4)]
    taken = claim(Post.objects.order_by("-pk"), now=NOON, limit=3, tries=2)
    assert [post.pk for post in taken] == pks[:0:-1]
    assert Post.objects.filter(tries=2).count() == 3


def _note(file: Path, line: str) -> None:
    with file.open("a") as opened:
        opened.write(line + "\n")
