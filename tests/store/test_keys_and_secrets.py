"""Are secrets locked with a key that is not in the database, and is the right database opened?"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from goodword.listening.models import Connection
from goodword.store import vault
from goodword.store.databases import NoSuchDatabase, database_from
from goodword.store.keys import key_in
from tests.killing.mortals import all_at_once
from tests.world import World


def test_what_was_locked_is_unlocked_and_cannot_be_read_without_the_key(settings: Any) -> None:
    locked = vault.lock({"password": "correct horse 🐴"})
    assert "horse" not in locked
    assert vault.unlock(locked) == {"password": "correct horse 🐴"}
    settings.VAULT_KEY = "another"
    with pytest.raises(vault.WrongKey, match="keys/vault"):
        vault.unlock(locked)


@pytest.mark.parametrize("locked", ["nonsense", "gAAAAA==", "ü" * 50])
def test_damaged_secrets_are_told_as_a_wrong_key(locked: str) -> None:
    with pytest.raises(vault.WrongKey):
        vault.unlock(locked)


def test_a_connection_without_secrets_opens() -> None:
    assert vault.unlock("") == {}


def test_with_a_wrong_key_the_connection_waits_for_a_sign_in(world: World, settings: Any) -> None:
    from goodword.listening.listener import listen_once

    Connection.objects.filter(pk=world.connection.pk).update(secrets=vault.lock({"password": "x"}))
    settings.VAULT_KEY = "another"
    listen_once(Connection.objects.get(pk=world.connection.pk), stopped=lambda: False)
    found = Connection.objects.get(pk=world.connection.pk)
    assert found.state == Connection.State.NEEDS_LOGIN
    assert "keys/vault" in found.trouble


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "vault"
    key = key_in(file)
    assert len(key) > 40
    assert key_in(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_many_who_start_at_once_all_have_the_same_key(tmp_path: Path) -> None:
    def starts() -> None:
        key = key_in(tmp_path / "keys" / "vault")
        handle = os.open(tmp_path / "seen", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{key}\n".encode())

    all_at_once([starts] * 8)
    seen = (tmp_path / "seen").read_text().split()
    assert len(seen) == 8
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (None, "/home/goodword.sqlite3"),
        ("sqlite:////srv/my%20data/g.sqlite3", "/srv/my data/g.sqlite3"),
        ("postgresql://us%40er:p%2Fw@db:5433/good?sslmode=require", "good"),
    ],
)
def test_the_address_names_the_database(url: str | None, name: str) -> None:
    assert database_from(url, Path("/home"))["NAME"] == name


def test_the_parts_of_an_address_are_unquoted() -> None:
    found = database_from("postgresql://us%40er:p%2Fw@db:5433/good?sslmode=require", Path("/home"))
    assert (found["USER"], found["PASSWORD"], found["PORT"]) == ("us@er", "p/w", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://localhost/good", "postgresql://", "postgresql://db/", "sqlite:///relative.db"],
)
def test_what_names_no_database_is_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(NoSuchDatabase, match="sqlite:////absolute/path"):
        database_from(url, Path("/home"))


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(NoSuchDatabase, match="port"):
        database_from("postgresql://db:port/good", Path("/home"))


@pytest.mark.django_db
def test_an_acknowledged_commit_survives_a_power_cut() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's own setting")
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
