from collections.abc import Iterator

import pytest

from tests.net.places import Place, opened_place


@pytest.fixture
def place() -> Iterator[Place]:
    """A server that the owner opened."""
    with opened_place() as place:
        yield place


@pytest.fixture
def canary() -> Iterator[Place]:
    """A server on this machine that nobody opened: it must never be visited."""
    with opened_place() as canary:
        yield canary
        assert canary.requests == []
