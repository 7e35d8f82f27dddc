"""Does the house of the tests keep its word? A test that leaves a lock behind must not stop the others."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from goodword.team.models import Brand
from tests.conftest import end_other_connections
from tests.house import DATABASE


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(30)
@pytest.mark.skipif(DATABASE == "sqlite", reason="a file has one writer: nobody else can hold a lock there")
def test_a_thread_that_ends_inside_a_transaction_holds_nobody_up() -> None:
    brand = Brand.objects.create(name="Kettle & Co")

    def leaves_a_lock() -> None:
        transaction.set_autocommit(False)
        Brand.objects.filter(pk=brand.pk).update(name="Locked")
        kept_open.append(connection.connection)  # as a pool or a leaked thread would keep it

    kept_open: list[object] = []
    thread = threading.Thread(target=leaves_a_lock)
    thread.start()
    thread.join()
    end_other_connections()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE team_brand CASCADE")


@pytest.mark.django_db
def test_a_statement_that_waits_for_ever_is_ended_by_the_database() -> None:
    if DATABASE == "sqlite":
        pytest.skip("SQLite has no such limit: pytest's own holds there")
    with connection.cursor() as cursor:
        for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {limit}")
            assert cursor.fetchone() != ("0",), limit
