"""Whoever mutes is told what exactly is muted."""

from __future__ import annotations

import pytest
from django.urls import reverse

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
