"""An open page hears of what changes in its brand, and of nothing else."""

from __future__ import annotations

from django.test import Client, RequestFactory

from goodword.conversations import acts, claims
from goodword.team import membership
from goodword.web import live
from tests.world import SAM, UMA, Member, World


def mark(world: World) -> str:
    return live.mark_of(live.pulse([world.dana.teammate]))


def test_a_stranger_gets_no_stream_and_is_told_not_to_come_back(db: None) -> None:
    assert Client().get("/live/").status_code == 204


def test_each_thing_that_a_page_shows_changes_the_mark(world: World, bo: Member) -> None:
    marks = [mark(world)]
    post = world.hears(SAM, "Does the kettle whistle?")
    marks.append(mark(world))
    conversation = world.conversation_of(post)
    claim = claims.claim(conversation, bo.teammate, now=world.now)
    claim.until = claim.until.replace(year=2999)  # the world's clock is not the wall's
    claim.save()
    marks.append(mark(world))
    acts.note(conversation, bo.teammate, "Mine.", now=world.now)
    marks.append(mark(world))
    world.edits(post, "Does the kettle sing?")
    marks.append(mark(world))
    bo.replies(post, "It does.")
    marks.append(mark(world))
    world.deletes(post)
    marks.append(mark(world))
    assert len(set(marks)) == len(marks)
    assert mark(world) == marks[-1]


def test_what_another_brand_hears_changes_nothing(world: World) -> None:
    before = mark(world)
    world.other_brand_hears(UMA, "My kettle is broken!")
    assert mark(world) == before


def test_a_stream_ends_for_whoever_is_removed(world: World, dana: Member, bo: Member) -> None:
    request = RequestFactory().get("/live/")
    request.session = bo.client.session
    assert live._readers(request) == [bo.teammate]
    membership.remove(bo.teammate, dana.teammate, now=world.now)
    assert live._readers(request) == []
