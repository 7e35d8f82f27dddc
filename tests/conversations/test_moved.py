"""When the missing link of a thread arrives, its conversation goes on where the thread began."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from goodword.conversations import moved
from goodword.conversations.models import Conversation, Note, State, Wait
from goodword.listening.importing import import_posts
from goodword.listening.models import Post, Step
from tests.world import UMA, World

pytestmark = pytest.mark.django_db


class File:
    """What a file tells of a thread on another place."""

    def __init__(self, world: World, path: Path) -> None:
        self.world, self.path = world, path

    def tells(self, native_id: str, text: str, parent: str = "", **more: Any) -> None:
        at = (self.world.now - timedelta(hours=1)).isoformat()
        row = {"id": native_id, "text": text, "parent": parent, "at": at, "author": "uma", "inbound": True}
        self.path.write_text(json.dumps(row | more))
        import_posts(self.world.brand, self.path, now=self.world.now)
        moved.follow(Post.objects.filter(brand=self.world.brand, step=Step.HEARD))
        self.world.works()


@pytest.fixture
def file(world: World, tmp_path: Path) -> File:
    return File(world, tmp_path / "thread.jsonl")


def conversation(world: World) -> Conversation:
    """The only one there is."""
    return Conversation.objects.get(brand=world.brand)


def test_a_conversation_moves_with_its_thread(world: World, file: File) -> None:
    file.tells("3", "Where is my parcel?", parent="2")
    Note.objects.create(
        conversation=conversation(world), by=world.bo.teammate, text="Ask the courier", at=world.now
    )
    file.tells("2", "Hello? Anybody?", parent="1")
    here = conversation(world)
    assert (here.root, here.state, here.posts.count()) == ("1", State.OPEN, 2)
    assert Note.objects.get().conversation == here


def test_two_conversations_that_were_one_thread_become_one(world: World, file: File) -> None:
    file.tells("3", "Where is my parcel?", parent="2", author="sam")
    file.tells("1", "My parcel is late, what now?")
    assert Conversation.objects.count() == 2
    stray = Conversation.objects.get(root="2")
    stray.assignee = world.bo.teammate
    stray.save()
    file.tells("2", "It happens to me as well", parent="1", author="pia")
    here = conversation(world)
    assert (here.root, here.posts.count(), here.assignee) == ("1", 3, world.bo.teammate)
    assert set(Wait.objects.values_list("conversation", flat=True)) == {here.pk}
    assert Wait.objects.filter(post__native_id="3", ended_at=None).exists()


def test_another_brands_thread_of_the_same_name_stays(world: World, file: File) -> None:
    world.other_brand_hears(UMA, "Where is my kettle?")
    Conversation.objects.filter(brand=world.other_brand).update(root="2", channel="file")
    file.tells("2", "Hello?", parent="1")
    assert Conversation.objects.get(brand=world.other_brand).root == "2"
