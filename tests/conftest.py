"""What does every test find ready? The database, the cast of `tests/world.py`, and an end to what hangs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection

from tests.house import DATABASE, HOME
from tests.servers.bluesky_network import bluesky_network
from tests.servers.mail import mail_server, mail_server_of_all
from tests.servers.postgresql import postgresql_url

if TYPE_CHECKING:
    from tests.world import Member, World

__all__ = ["bluesky_network", "mail_server", "mail_server_of_all", "postgresql_url"]  # fixtures

# Sessions of these cost seconds: the tests that share one run in the same process.
COSTLY = {"bluesky_network", "browser", "mail_server"}
# The first test that asks for one waits until it stands; the very first time its packages are fetched.
UNTIL_IT_STANDS = 900


def pytest_configure() -> None:
    # Signing in happens in hundreds of tests: Argon2 costs 50 ms each, on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if DATABASE == "sqlite":
        # A file, as in a real install: WAL, IMMEDIATE and threads behave otherwise in memory.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(HOME / "test.sqlite3")


# What asks for whole pages, answers whole mailboxes or moves whole homes costs a tenth of a second each.
NOT_QUICK = ("tests/web/", "tests/notifying/", "tests/record/", "tests/channels/test_conformance.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(NOT_QUICK):
            item.add_marker(pytest.mark.whole)
        for costly in COSTLY & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group(costly))
            item.add_marker(pytest.mark.timeout(UNTIL_IT_STANDS))
    if DATABASE != "sqlite":
        _keep_what_depends_on_the_database(config, items)


def _keep_what_depends_on_the_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The rest has run on SQLite already, and would say the same again."""
    kept = [item for item in items if _depends_on_the_database(item)]
    if left_out := [item for item in items if item not in set(kept)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _depends_on_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("both_databases"):
        return True
    if item.get_closest_marker("slow"):
        return False
    uses = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(uses) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def nobody_else_is_connected(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before a transactional test empties the tables, end the connections its threads left behind.

    A thread that ended inside a transaction keeps its locks for as long as its connection is open:
    the emptying would wait for it until the end of the whole run.
    """
    yield
    if _empties_the_tables(request):
        end_other_connections()


@pytest.fixture(autouse=True)
def no_demo_is_made_behind_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks every door asks this one, too: its rows would be there for all tests that follow."""
    monkeypatch.setattr("goodword.demo.making._in_background", lambda owner, now: None)


def _empties_the_tables(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(mark and mark.kwargs.get("transaction"))


def end_other_connections() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# --- the cast, by name -----------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> Iterator[World]:
    from tests.world import World  # not above: a test of pure rules loads neither rows nor pipeline

    with World.begins() as world:
        yield world


@pytest.fixture
def dana(world: World) -> Member:
    return world.dana


@pytest.fixture
def bo(world: World) -> Member:
    return world.bo


@pytest.fixture
def cy(world: World) -> Member:
    return world.cy


@pytest.fixture
def olga(world: World) -> Member:
    return world.olga


@pytest.fixture
def eve(world: World) -> Member:
    return world.eve
