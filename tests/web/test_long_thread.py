"""A thread that is longer than a page says so, and can be seen whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from goodword.conversations import reading
from tests.world import ADA, SAM, World


def test_older_posts_are_not_forgotten_silently(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = world.hears(SAM, "How does the lid go on?")
    for number in range(4):
        world.passes(timedelta(minutes=1))
        world.hears(ADA, f"I wonder, too ({number})", to=asked, addressed=False)
    address = reverse("conversation", args=[world.conversation_of(asked).pk])
    monkeypatch.setattr(reading, "THREAD", 3)
    short = world.bo.looks_at(address).content.decode()
    assert "Show 2 older posts" in short
    assert f'id="post-{asked.pk}"' not in short
    whole = world.bo.looks_at(address, whole="1").content.decode()
    assert "older post" not in whole
    assert f'id="post-{asked.pk}"' in whole
