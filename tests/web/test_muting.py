"""Whoever mutes is told what exactly is muted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from goodword.conversations.models import Mute
from tests.world import SAM, World


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"what": "author"}, "New posts by Sam Ortiz are only counted from now on."),
        ({"what": "thread"}, "New posts of this thread are only counted from now on."),
        ({"what": "word", "word": "lid"}, "New posts with “lid” are only counted from now on."),
    ],
)
def test_what_is_muted_is_said(world: World, fields: dict[str, str], told: str) -> None:
    asked = world.hears(SAM, "How does the lid go on?")
    pk = world.conversation_of(asked).pk
    world.bo.does(reverse("mutes", args=[pk]), **fields)
    assert told in world.bo.looks_at(reverse("conversation", args=[pk])).content.decode()


def test_what_is_muted_is_found_again_and_undone_there(world: World) -> None:
    asked = world.hears(SAM, "How does the lid go on?")
    pk = world.conversation_of(asked).pk
    world.bo.does(reverse("mutes", args=[pk]), what="word", word="lid")
    address = reverse("conversation", args=[pk])
    assert address in world.cy.looks_at(reverse("inbox_list"), view="muted").content.decode()
    world.cy.does(reverse("undo", args=["mute", Mute.objects.get().pk]))
    assert address not in world.cy.looks_at(reverse("inbox_list"), view="muted").content.decode()
