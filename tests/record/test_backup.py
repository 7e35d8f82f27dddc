"""A backup is whole or it is not there, whatever happens while it is made."""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from goodword.record import archive, nightly, shelf
from goodword.record.archive import Damaged, Writer
from goodword.record.backup import CannotBackUp, check, make_backup
from goodword.record.contents import HEAD, About
from goodword.record.restore import CannotRestore, head_of, restore
from goodword.record.shelf import Backup, Busy, Why
from goodword.store import schema
from goodword.store.columns import table_of
from goodword.store.ledger import FILE
from tests.killing.mortals import Mortal
from tests.world import SAM, World

NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.both_databases]


@pytest.fixture
def world() -> Iterator[World]:
    with World.begins() as world:
        world.hears(SAM, "Does the kettle whistle?")
        yield world


def make(folder: Path, now: datetime = NOW) -> Backup:
    return make_backup(folder, why=Why.BY_HAND, now=now)


def test_it_holds_every_table_of_ours(world: World, tmp_path: Path) -> None:
    listed = check(make(tmp_path).path)
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert ours - listed["tables"].keys() == schema.NOT_KEPT
    assert listed["tables"]["listening_post"]["count"] == 1
    assert About.read(listed["about"]).vault == shelf.fingerprint()


def test_no_table_stands_beside_the_models_but_those_that_are_made_again(world: World) -> None:
    there = {name for name in connection.introspection.table_names() if "_fts" not in name}
    kept = {table.name for table in schema.tables(schema.applied())}
    assert there - kept - schema.NOT_KEPT == {"django_migrations"}


def test_each_field_of_ours_can_be_written_for_either_database() -> None:
    for model in apps.get_models(include_auto_created=True):
        assert table_of(model).columns


def test_it_says_nothing_of_keys_and_sessions(world: World, tmp_path: Path) -> None:
    world.dana.looks_at("/inbox/")
    with archive.members(make(tmp_path).path) as all_of_them:
        everything = b"".join(member.name.encode() + member.read() for member in all_of_them)
    assert settings.VAULT_KEY.encode() not in everything
    assert settings.SECRET_KEY.encode() not in everything
    assert world.dana.client.cookies["session"].value.encode() not in everything


def test_what_is_written_meanwhile_is_in_it_wholly_or_not_at_all(world: World, tmp_path: Path) -> None:
    def one_more(done: int, total: int) -> None:
        if done:
            world.hears(SAM, "And does it boil?")

    listed = check(make_backup(tmp_path, why=Why.BY_HAND, now=NOW, progress=one_more).path)
    tables = listed["tables"]
    assert tables["listening_post"]["count"] == tables["listening_analysis"]["count"] == 1


def test_a_hundred_bits_flipped_anywhere_are_noticed_a_hundred_times(world: World, tmp_path: Path) -> None:
    path = make(tmp_path).path
    whole, chance = path.read_bytes(), random.Random(100)
    noticed = 0
    for _flip in range(100):
        bit = chance.randrange(len(whole) * 8)
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << bit % 8
        path.write_bytes(broken)
        with pytest.raises(Damaged):
            check(path)
        noticed += 1
    assert noticed == 100


def test_killed_at_any_moment_it_leaves_the_whole_file_or_none(world: World, tmp_path: Path) -> None:
    began = time.monotonic()
    make(tmp_path, NOW - timedelta(days=1))
    takes = time.monotonic() - began
    chance = random.Random(4)
    for life in range(12):
        mortal = Mortal(lambda: make(tmp_path, NOW + timedelta(seconds=life)))  # noqa: B023 (lives at once)
        mortal.dies_within(chance.uniform(0, takes))
    made = shelf.backups_in(tmp_path)
    for backup in made:
        check(backup.path)
    make(tmp_path, NOW + timedelta(hours=1))
    names = {path.name for path in tmp_path.iterdir() if not path.name.endswith(FILE)}
    assert names == {shelf.LOCK, *(backup.path.name for backup in shelf.backups_in(tmp_path))}
    assert len(shelf.backups_in(tmp_path)) == len(made) + 1


def test_a_full_disk_is_told_in_a_sentence_and_the_old_ones_stay(world: World, tmp_path: Path) -> None:
    old = make(tmp_path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (old.size // 2, limit[1]))
    try:
        with pytest.raises(CannotBackUp, match="There is no room for a backup"):
            make(tmp_path, NOW + timedelta(days=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    beside = (shelf.LOCK, FILE)  # the lock, and what was deleted so far
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(beside)] == [old.path.name]
    check(old.path)


@pytest.mark.parametrize(
    ("folder", "says"),
    [("/nowhere/at/all", "There is no folder /nowhere/at/all"), ("/proc", "/proc: ")],
)
def test_a_place_that_takes_no_file_is_told_in_a_sentence(world: World, folder: str, says: str) -> None:
    with pytest.raises(CannotBackUp, match=says):
        make(Path(folder))


def test_two_at_once_do_not_get_in_each_others_way(world: World, tmp_path: Path) -> None:
    tmp_path.joinpath(shelf.LOCK).touch()
    with shelf.alone_in(tmp_path, wait=False), pytest.raises(Busy):
        make(tmp_path)


def test_a_backup_of_a_newer_version_names_the_version_to_install(world: World, tmp_path: Path) -> None:
    path = tmp_path / "newer.tar.zst"
    of_now = About.of_now(NOW, Why.BY_HAND, has_keys=False)
    newer = {**vars(of_now), "version": "9.8.7", "migrations": [("listening", "0999_the_future")]}
    with path.open("wb") as file:
        writer = Writer(file)
        writer.add(HEAD, json.dumps(newer).encode())
        writer.finish({"about": newer})
    with pytest.raises(CannotRestore, match=r"Install Goodword 9\.8\.7 or a newer one"):
        restore(path, now=NOW)


def test_what_is_no_backup_is_refused_before_anything_is_touched(world: World, tmp_path: Path) -> None:
    (path := tmp_path / "letter.txt").write_text("Dear all")
    for refused in (path, tmp_path / "missing"):
        with pytest.raises(CannotRestore):
            head_of(refused)
    with pytest.raises(CannotRestore, match="This home is not empty"):
        restore(make(tmp_path).path, now=NOW)


# --- by itself, every night ------------------------------------------------------------------------


@pytest.fixture
def nights(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(settings, "BACKUPS", tmp_path)
    monkeypatch.setattr(nightly, "began_at", lambda: NOW - timedelta(days=1))
    _forget_state()
    yield tmp_path
    _forget_state()


def _forget_state() -> None:
    (settings.HOME / "alive/backup.json").unlink(missing_ok=True)


def night(now: datetime) -> None:
    nightly.make_and_rotate(settings.BACKUPS, why=Why.NIGHTLY, now=now)


def test_it_is_due_once_a_night_and_catches_up_after_sleep(nights: Path) -> None:
    assert not nightly.is_due(NOW - timedelta(hours=1)), "before the quiet hour of the first night"
    assert nightly.is_due(NOW)
    night(NOW)
    assert not nightly.is_due(NOW + timedelta(hours=20))
    assert nightly.is_due(NOW + timedelta(days=1))
    assert nightly.is_due(NOW + timedelta(days=3, hours=9)), "the machine slept for three nights"


def test_after_trouble_it_is_tried_again_in_an_hour_and_the_trouble_is_known(
    nights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BACKUPS", nights / "missing")
    with pytest.raises(CannotBackUp):
        night(NOW)
    assert "There is no folder" in nightly.state().trouble
    assert not nightly.is_due(NOW + timedelta(minutes=59))
    assert nightly.is_due(NOW + timedelta(minutes=61))


def test_a_month_of_nights_is_rotated(nights: Path) -> None:
    for number in range(5):
        night(NOW + timedelta(days=9 * number))
    ages = [(NOW + timedelta(days=36) - backup.made_at).days for backup in shelf.backups_in(nights)]
    assert ages == [0, 9, 18, 27]


def test_whoever_makes_backups_otherwise_is_left_alone(nights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Why] = []
    monkeypatch.setattr(nightly, "begin", begun.append)
    monkeypatch.setattr(settings, "MAKES_BACKUPS", False)
    nightly.begin_if_due(NOW)
    monkeypatch.setattr(settings, "MAKES_BACKUPS", True)
    nightly.begin_if_due(NOW)
    assert begun == [Why.NIGHTLY]


def test_the_backups_of_another_install_are_not_rotated(nights: Path) -> None:
    other = nights / f"goodword-{'0' * 8}-20200101-000000-nightly.tar.zst"
    other.write_bytes(b"theirs")
    night(NOW)
    assert other.exists()
