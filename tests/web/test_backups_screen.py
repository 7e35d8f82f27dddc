"""An owner sees which backups are there and makes one; the whole is never downloaded here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from goodword.record import machine, nightly, shelf
from goodword.record.machine import is_local, machine_findings
from goodword.record.nightly import State
from goodword.record.shelf import Why
from goodword.store import alive
from goodword.understanding import trained
from tests.world import Member, World

NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shelf_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "BACKUPS", tmp_path)
    return tmp_path


def lies_there(folder: Path, made_at: datetime, why: Why = Why.NIGHTLY) -> None:
    (folder / shelf.name_of(made_at, why)).write_bytes(b"x" * 2048)


def page(member: Member) -> str:
    return " ".join(unescape(member.looks_at("/backups/").content.decode()).split())


def test_it_says_what_is_there_and_where(dana: Member, tmp_path: Path) -> None:
    lies_there(tmp_path, NOW)
    lies_there(tmp_path, NOW - timedelta(hours=3), Why.UPGRADE)
    said = page(dana)
    assert f"They lie in {tmp_path} on the machine" in said
    assert "made before an upgrade · 2.0" in said.replace("\xa0", " ")
    assert str(settings.KEYS) in said
    assert "download" not in said.lower()


def test_one_is_made_at_the_press_of_a_button_and_written_down(
    dana: Member, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Why] = []
    monkeypatch.setattr(nightly, "begin", begun.append)
    assert dana.does("/backups/").status_code == 302
    assert begun == [Why.BY_HAND]
    assert world.brand.audit.filter(verb="began a backup", by=dana.teammate).exists()


def test_how_far_it_has_come_is_shown_and_it_is_not_begun_twice(
    dana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "state", lambda: State(running=True, done=1200, total=5000))
    monkeypatch.setattr(nightly, "begin", lambda why: pytest.fail("it runs already"))
    assert "1,200 of 5,000 rows are put aside." in page(dana)
    dana.does("/backups/")


def test_members_and_viewers_do_not_come_here(bo: Member, olga: Member) -> None:
    for member in (bo, olga):
        assert member.looks_at("/backups/").status_code == 403
        assert member.does("/backups/").status_code == 403


# --- what works ------------------------------------------------------------------------------------


def found(about: str, now: datetime) -> machine.Finding:
    return next(finding for finding in machine_findings(now=now) if finding.about == about)


def test_a_backup_that_is_too_old_is_missing_and_a_fresh_one_works(world: World, tmp_path: Path) -> None:
    lies_there(tmp_path, NOW)
    assert found("Backups", NOW + timedelta(hours=30)).works
    old = found("Backups", NOW + timedelta(days=3))
    assert not old.works
    assert old.page == "backups"


def test_the_trouble_of_the_last_try_is_quoted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "state", lambda: State(trouble="There is no room."))
    assert "There is no room." in found("Backups", NOW).sentence


def test_a_home_that_never_had_one_is_told_after_two_nights(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "began_at", lambda: NOW)
    assert found("Backups", NOW + timedelta(hours=20)).works
    assert found("Backups", NOW + timedelta(days=4)).sentence == "No backup was ever made."


def test_a_part_that_does_not_run_is_missing(world: World) -> None:
    alive.beat("worker")
    (settings.HOME / "alive/listener").unlink(missing_ok=True)
    now = datetime.now(UTC)
    assert found("Worker", now).works
    assert "does not run" in found("Listener", now).sentence
    assert not found("Worker", now + timedelta(minutes=10)).works


@pytest.mark.parametrize(
    ("address", "https", "works"),
    [
        ("http://localhost:8000", False, True),
        ("http://127.0.0.1:8000", False, True),
        ("http://goodword.example", False, False),
        ("https://goodword.example", True, True),
    ],
)
def test_passwords_in_the_open_are_missing_https(
    world: World, monkeypatch: pytest.MonkeyPatch, address: str, https: bool, works: bool
) -> None:
    monkeypatch.setattr(settings, "URL", address)
    monkeypatch.setattr(settings, "HTTPS", https)
    assert found("Address", NOW).works is works
    if https:
        assert not found("Proxy", NOW).works


def test_an_address_of_this_machine_is_told_from_others() -> None:
    assert [is_local(f"http://{host}") for host in ("localhost", "[::1]", "127.9.9.9", "a.localhost")] == [
        True
    ] * 4
    assert not any(is_local(f"http://{host}") for host in ("localhost.example", "10.0.0.1", "goodword"))


def test_a_star_among_the_hosts_is_missing_a_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    assert not found("Host names", NOW).works


def test_a_full_disk_and_a_home_that_takes_no_file_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LEAST_FREE", 10**18)
    assert not found("Room", NOW).works
    monkeypatch.setattr(settings, "HOME", Path("/proc"))
    assert "cannot write to its home" in found("Home", NOW).sentence


def test_trained_files_that_are_damaged_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("Understanding", world.now).works
    monkeypatch.setattr(trained, "damaged", lambda: ["encoder.onnx"])
    finding = found("Understanding", world.now)
    assert not finding.works
    assert "encoder.onnx" in finding.sentence


def test_a_clock_that_went_back_is_told(world: World, dana: Member) -> None:
    dana.does("/queries/new/", name="Spout", text="spout", kind="product")
    assert found("Clock", datetime.now(UTC)).works
    assert not found("Clock", datetime.now(UTC) - timedelta(days=1)).works


def test_what_was_saved_survives_a_power_cut_or_it_is_said(world: World) -> None:
    from goodword.store.databases import SQLITE_PRAGMAS
    from tests.house import DATABASE

    durable = found("Power cuts", NOW)
    assert durable.works is (DATABASE == "sqlite"), "the tests' own PostgreSQL runs without fsync"
    assert "synchronous = FULL" in SQLITE_PRAGMAS
