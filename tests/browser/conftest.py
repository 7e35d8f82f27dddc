"""One browser and one Goodword with its demo brand, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.running import Running, Visitor, chromium, running

Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    with running("--demo") as goodword:
        yield goodword


@pytest.fixture(scope="session")
def signed_in(browser: Browser, demo: Running) -> Any:
    """The cookies of the owner, so that each test need not sign in again."""
    visitor = Visitor(browser, demo.address).signs_in(demo.link())
    state = visitor.context.storage_state()
    visitor.context.close()
    return state


@pytest.fixture
def visit(browser: Browser, demo: Running, signed_in: Any) -> Iterator[Visits]:
    """`visit()` is the owner at a browser; several may be open at once."""
    open_ones: list[Visitor] = []

    def visit(**context: Any) -> Visitor:
        visitor = Visitor(browser, demo.address, storage_state=signed_in, **context)
        open_ones.append(visitor)
        return visitor

    yield visit
    for visitor in open_ones:
        visitor.context.close()


@pytest.fixture
def dana(visit: Visits) -> Visitor:
    """The owner, before a wide screen."""
    return visit()
