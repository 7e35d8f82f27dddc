"""Promise 6, its first half: what is deleted at its source is in no table and in no file of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from goodword.channels import base
from goodword.channels.base import Author, Media
from goodword.conversations import outbox, replying
from goodword.conversations.models import Delivery
from goodword.listening import ingest
from goodword.listening.models import Post
from goodword.store import search, wiping
from tests.world import SAM, World

pytestmark = pytest.mark.django_db(transaction=True)

# No word of these begins or ends like another: the index shortens what words have in common.
WORDS = {
    "text": "zibelquark",
    "title": "vontrumpel",
    "media alt": "quixolami",
    "media url": "jarpendoz",
    "link": "wuffelgrim",
    "url": "yomparkel",
    "reference": "xerblunto",
    "name": "Hulzebrock",
    "handle": "ktopfinger",
    "bio": "fnorgeldy",
    "avatar": "dwimmelax",
}
AUTHOR = Author(
    "author-1",
    handle=WORDS["handle"],
    name=WORDS["name"],
    bio=f"I am {WORDS['bio']}",
    avatar_url=f"https://pictures.example/{WORDS['avatar']}.png",
)
PROFILE = {WORDS["name"], WORDS["handle"], WORDS["bio"], WORDS["avatar"]}


@pytest.fixture
def world() -> Iterator[World]:
    with World.begins() as world:
        yield world


def _says(world: World, **more: Any) -> Post:
    said = world.place.says(
        AUTHOR,
        f"I hate the kettle, it is {WORDS['text']}",
        addressed=True,
        title=f"About {WORDS['title']}",
        media=(Media(f"https://pictures.example/{WORDS['media url']}.png", alt=WORDS["media alt"]),),
        links=(f"https://shop.example/{WORDS['link']}",),
        **more,
    )
    reference = {**said.reference, "subject": WORDS["reference"]}
    said = replace(said, url=f"https://fake.example/{WORDS['url']}", reference=reference)
    return world.takes_in(base.Seen(said))


def _goes_through_everything(world: World) -> Post:
    """Heard, understood, searched for, answered, thanked for, edited, noted in the trail."""
    post = _says(world)
    replying.reply(post, world.bo.teammate, "We are sorry.", key="r", now=world.now)
    replying.thank(post, world.bo.teammate, key="t", now=world.now)
    outbox.send_due(world.now)
    late = replying.reply(post, world.bo.teammate, "Are you there?", key="late", now=world.now)
    assert WORDS["reference"] in late.delivery.target["reference"].values()
    world.works()
    assert _in_tables() >= set(WORDS.values())
    return post


def test_after_a_delete_no_word_of_the_post_is_in_any_table_or_file(world: World) -> None:
    post = _goes_through_everything(world)
    world.deletes(post)
    outbox.send_due(world.passes(timedelta(minutes=1)))
    world.works()
    wiping.wipe()
    assert _in_tables() <= PROFILE
    assert _in_files() <= PROFILE
    assert search.search(world.brand.pk, WORDS["text"]) == []
    assert Delivery.objects.get(key="late").state == Delivery.State.BLOCKED


def test_after_an_account_is_deleted_no_word_of_its_owner_is_left_either(world: World) -> None:
    _goes_through_everything(world)
    gone = base.AuthorGone(AUTHOR.native_id, "deleted")
    ingest.take_in(world.brand, "fake", [gone], now=world.now, connection=world.connection)
    outbox.send_due(world.passes(timedelta(minutes=1)))
    world.works()
    wiping.wipe()
    assert _in_tables() == set()
    assert _in_files() == set()


def test_of_what_is_left_everything_is_found_as_before(world: World) -> None:
    other = world.hears(SAM, "Does the kettle whistle?")
    world.deletes(_says(world))
    wiping.wipe()
    assert [hit.ref for hit in search.search(world.brand.pk, "whistle", kinds=["post"])] == [other.pk]


def test_a_reply_under_way_when_the_post_is_deleted_leaves_nothing_once_it_is_settled(world: World) -> None:
    post = _says(world)
    delivery = replying.reply(post, world.bo.teammate, "We are sorry.", key="r", now=world.now).delivery
    Delivery.objects.update(state=Delivery.State.INFLIGHT, leased_until=world.now)
    world.place.receives(base.Draft("We are sorry.", {}, delivery.key))
    world.deletes(post)
    assert Delivery.objects.get().target["reference"], "the channel is still to be asked with it"
    outbox.settle_interrupted(world.passes(outbox.SETTLE))
    assert Delivery.objects.get().state == Delivery.State.SENT
    assert _in_tables() <= PROFILE


def test_who_hides_is_shown_nowhere_and_told_again_nothing_happens(world: World) -> None:
    post = _says(world)
    gone = base.AuthorGone(AUTHOR.native_id, "deactivated")
    for _time in range(2):
        ingest.take_in(world.brand, "fake", [gone], now=world.now, connection=world.connection)
    assert world.brand.audit.filter(verb="hid an author").count() == 1
    world.works()
    assert search.search(world.brand.pk, WORDS["text"]) == []
    page = world.bo.looks_at(f"/conversations/{world.conversation_of(post).pk}/").content.decode()
    assert WORDS["text"] not in page


def _in_tables() -> set[str]:
    """The planted words that any column of any row holds, of ours and of Django's own."""
    rows = (str(row) for model in apps.get_models() for row in model._base_manager.values_list())
    everything = "\n".join(rows).casefold()
    return {word for word in WORDS.values() if word.casefold() in everything}


def _in_files() -> set[str]:
    """The planted words in the raw bytes of every file of the home: tables, indexes, logs, caches."""
    connection.close()
    files = [file for file in Path(settings.HOME).rglob("*") if file.is_file()]
    assert connection.vendor != "sqlite" or any("sqlite3" in file.name for file in files)
    everything = b"\n".join(file.read_bytes() for file in files).lower()
    return {word for word in WORDS.values() if word.lower().encode() in everything}
