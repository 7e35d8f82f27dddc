"""A small demo, made once for all tests of a file that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword.demo.brand import Plan, make_demo
from goodword.demo.removal import remove_demo
from goodword.team.models import Brand

UNTIL = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)
SMALL = Plan(people=60, posts=420, seed=7)
TINY = Plan(people=30, posts=150, seed=8)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Brand]:
    with django_db_blocker.unblock():
        brand = make_demo(UNTIL, SMALL)
    yield brand
    with django_db_blocker.unblock():
        remove_demo(brand)
