"""The drill: a home is put aside, and comes back as it was, on either database, whatever happens."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.record.homes import POSTGRESQL, SQLITE, Home, empty_home, last_line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # on both databases by itself

FILL = """
from decimal import Decimal; from pathlib import Path
import django; django.setup()
from django.conf import settings; from django.utils import timezone
from goodword.channels import base; from goodword.demo import brand as demo
from goodword.listening import ingest; from goodword.listening.models import Connection, Quarantined, Post
from goodword.people.models import Order, Profile; from goodword.store import vault
now = timezone.now()
brand = demo.make_demo(now, demo.Plan(demo.FEWEST_PEOPLE, demo.FEWEST_POSTS, 1))
row = Connection.objects.filter(brand=brand).first()
Connection.objects.filter(pk=row.pk).update(secrets=vault.lock({"password": "xyzzy-secret"}))
Quarantined.objects.create(connection=row, native_id="q", why="?", raw=bytes(range(256)), size=256, at=now)
Order.objects.create(profile=Profile.objects.first(), native_id="o", at=now, amount=Decimal("12.50"))
words = "\\u2028 line \\u202e back 🫖 \\\\N \\\\. \\t \\r\\n quote \\" end"
said = base.Post("hard", base.Author("h"), words, now)
ingest.take_in(brand, "fake-place", [base.Seen(said)], now=now, keep_all=True)
Post.objects.order_by("-pk")[0].delete()  # its number is free now, and must not be given again
files = Path(settings.HOME) / "attachments" / "ab"; files.mkdir(parents=True)
(files / "cdef").write_bytes(bytes(range(256)) * 999); (files / "empty").write_bytes(b"")
"""

NEXT_NUMBER = """
import django; django.setup()
from django.utils import timezone; from goodword.team.models import Brand; from goodword.channels import base
from goodword.listening import ingest; from goodword.listening.models import Post
said = base.Post("new", base.Author("n"), "new", timezone.now())
ingest.take_in(Brand.objects.first(), "fake-place", [base.Seen(said)], now=timezone.now(), keep_all=True)
print(Post.objects.get(native_id="new").pk)
"""

PASSWORD = """
import django; django.setup()
from goodword.listening.models import Connection; from goodword.store import vault
try: print(vault.unlock(Connection.objects.exclude(secrets="").first().secrets))
except vault.WrongKey: print("wrong key")
"""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, postgresql_url: str) -> Iterator[dict[str, Home]]:
    with ExitStack() as opened:
        filled = {}
        for kind in (SQLITE, POSTGRESQL):
            home = opened.enter_context(empty_home(tmp_path_factory.mktemp(kind), kind, postgresql_url))
            assert home.says("migrate", "--verbosity", "0").returncode == 0
            home.does(FILL)
            filled[kind] = home
        yield filled


@pytest.mark.parametrize("into", [SQLITE, POSTGRESQL])
@pytest.mark.parametrize("kind", [SQLITE, POSTGRESQL])
def test_every_row_and_every_file_comes_back(
    kind: str, into: str, homes: dict[str, Home], tmp_path: Path, postgresql_url: str
) -> None:
    home = homes[kind]
    file = home.backs_up()
    assert file.parent == home.path / "backups"
    with empty_home(tmp_path, into, postgresql_url) as new:
        told = last_line(new.says("restore", str(file), "--json"))
        assert told["files"] == 2
        assert new.rows() == home.rows()
        for name in ("cdef", "empty"):
            kept = f"attachments/ab/{name}"
            assert (new.path / kept).read_bytes() == (home.path / kept).read_bytes()
        assert not (new.path / ".restoring").exists()
        # Numbers go on as they would have gone on there.
        assert new.does(NEXT_NUMBER) == home.does(NEXT_NUMBER)
        again = new.says("restore", str(file))
        assert again.returncode == 2
        assert "This home is not empty: the database" in again.stderr


def test_the_keys_are_not_in_it_and_what_that_means_is_said(homes: dict[str, Home], tmp_path: Path) -> None:
    home = homes[SQLITE]
    done = home.says("backup")
    assert f"keep a copy of the folder {home.path}/keys" in done.stderr
    file = done.stdout.strip()
    with empty_home(tmp_path, SQLITE) as new:
        done = new.says("restore", file)
        assert done.returncode == 0
        assert "Missing: the key that opens the passwords of connections" in done.stdout
        assert new.does(PASSWORD) == "wrong key\n"
        (new.path / "keys/vault").write_text((home.path / "keys/vault").read_text())
        assert "xyzzy-secret" in new.does(PASSWORD)


def test_with_a_passphrase_the_keys_come_back_too(homes: dict[str, Home], tmp_path: Path) -> None:
    home = homes[SQLITE]
    (right := tmp_path / "right").write_text("correct horse battery\n")
    (wrong := tmp_path / "wrong").write_text("incorrect horse battery\n")
    file = str(home.backs_up("--with-keys", "--passphrase-file", str(right)))
    with empty_home(tmp_path, SQLITE) as new:
        refused = new.says("restore", file, "--passphrase-file", str(wrong))
        assert refused.returncode == 2
        assert "The passphrase does not open the keys" in refused.stderr
        told = last_line(new.says("restore", file, "--passphrase-file", str(right), "--json"))
        assert {"sessions", "vault"} <= set(told["keys"])
        assert "xyzzy-secret" in new.does(PASSWORD)


@pytest.mark.parametrize("into", [SQLITE, POSTGRESQL])
def test_killed_while_restoring_it_is_simply_given_again(
    into: str, homes: dict[str, Home], tmp_path: Path, postgresql_url: str
) -> None:
    file = homes[SQLITE].backs_up()
    chance = random.Random(5)
    with empty_home(tmp_path, into, postgresql_url) as new:
        began = 0
        for _life in range(4):
            running = new.starts("restore", str(file))
            _wait_for(new.path / ".restoring")
            time.sleep(chance.uniform(0, 3))
            running.kill()
            running.wait()
            if not (new.path / ".restoring").exists():
                break  # it was quicker
            began += 1
            refused = new.says("check", "--offline")
            assert refused.returncode == 2
            assert "A restore into this home was interrupted" in refused.stderr
        assert began
        if (new.path / ".restoring").exists():
            assert new.says("restore", str(file)).returncode == 0
        assert new.rows() == homes[SQLITE].rows()
        assert not list(new.path.rglob(".*.draft"))


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# --- versions --------------------------------------------------------------------------------------

OLDER = """
import django; django.setup()
from django.core.management import call_command; from django.db import connection
from django.db.migrations.loader import MigrationLoader
call_command("migrate", "team", "0001", verbosity=0)
state = MigrationLoader(connection).project_state([("team", "0001_initial")])
state.apps.get_model("team", "Brand").objects.create(name="Old Brand")
"""


def test_an_older_backup_becomes_a_home_of_today(tmp_path: Path) -> None:
    with empty_home(tmp_path, SQLITE) as old, empty_home(tmp_path, SQLITE) as new:
        old.does(OLDER)
        file = old.backs_up()
        assert new.says("restore", str(file)).returncode == 0
        assert "Old Brand" in str(new.rows()["team_brand"])
        assert new.says("migrate", "--check").returncode == 0, "it has the shape of today"


def test_an_upgrade_makes_a_backup_first_and_stops_if_it_cannot(tmp_path: Path) -> None:
    with empty_home(tmp_path, SQLITE) as home:
        home.does(OLDER)
        home.environment["GOODWORD_BACKUPS"] = str(tmp_path / "a disk that is not there")
        refused = home.says("check", "--offline")
        assert refused.returncode == 2
        assert "a disk that is not there" in refused.stderr
        assert "the upgrade did not begin" in refused.stderr
        assert home.says("migrate", "--check").returncode != 0

        del home.environment["GOODWORD_BACKUPS"]
        upgraded = home.says("check", "--offline")
        assert "A backup is made first" in upgraded.stderr
        [file] = (home.path / "backups").glob("*-upgrade.tar.zst")
        assert f"The backup is {file}." in upgraded.stderr
        assert home.says("migrate", "--check").returncode == 0
        assert "A backup is made first" not in home.says("check", "--offline").stderr
        assert home.says("restore", "--check", str(file)).returncode == 0


def test_a_new_home_needs_no_backup_before_its_first_tables(tmp_path: Path) -> None:
    with empty_home(tmp_path, SQLITE) as home:
        assert "backup" not in home.says("metrics", "--json").stderr
        assert not (home.path / "backups").exists()


# --- deleted there, deleted here -------------------------------------------------------------------

PLANT = """
import sys
import django; django.setup()
from pathlib import Path
from django.conf import settings; from django.utils import timezone
from goodword.channels import base; from goodword.record import nightly, shelf
from goodword.store import wiping; from goodword.listening import ingest
from tests.world import SAM, World
with World.begins(now=timezone.now()) as world:
    post = world.hears(SAM, "The kettle is zibelquark")
    leaver = base.Author("leaver", handle="hulzebrock", name="Hulzebrock")
    world.hears(leaver, "My kettle is vontrumpel")
    kept = world.hears(SAM, "The kettle is lovely")
    before = nightly.make_and_rotate(Path(settings.BACKUPS), why=shelf.Why.BY_HAND, now=timezone.now())
    if sys.argv[1:] == ["deleted since"]:
        world.deletes(post)
        ingest.take_in(world.brand, "fake", [base.AuthorGone("leaver", "deleted")], now=world.now,
                       connection=world.connection)
        after = timezone.now() + nightly.timedelta(seconds=2)
        nightly.make_and_rotate(Path(settings.BACKUPS), why=shelf.Why.NIGHTLY, now=after)
    print(before.path)
"""
WORDS = ("zibelquark", "vontrumpel", "hulzebrock")


@pytest.mark.parametrize("into", [SQLITE, POSTGRESQL])
def test_what_was_deleted_since_the_backup_is_not_brought_back(
    into: str, tmp_path: Path, postgresql_url: str
) -> None:
    with (
        empty_home(tmp_path, SQLITE) as home,
        empty_home(tmp_path, into, postgresql_url) as new,
    ):
        home.says("migrate", "--verbosity", "0")
        file = home.does(PLANT, "deleted since").strip()
        told = last_line(new.says("restore", file, "--json"))
        assert told["forgotten"] == 2
        rows = str(new.rows())
        assert "The kettle is lovely" in rows
        assert [word for word in WORDS if word in rows.lower() or new.finds(word)] == []
        ledger = (home.path / "ledger/forgotten.jsonl").read_text()
        assert "fake" not in ledger
        assert "leaver" not in ledger


def test_without_a_deletion_the_words_are_there_so_that_this_test_can_fail(tmp_path: Path) -> None:
    with empty_home(tmp_path, SQLITE) as home, empty_home(tmp_path, SQLITE) as new:
        home.says("migrate", "--verbosity", "0")
        new.says("restore", home.does(PLANT).strip())
        rows = str(new.rows()).lower()
        assert [word for word in WORDS if word not in rows or not new.finds(word)] == []


# --- by itself -------------------------------------------------------------------------------------

TWO_DAYS_AGO = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(days=2))
"""


def test_a_worker_makes_the_backup_of_the_night_by_itself_and_only_once(tmp_path: Path) -> None:
    with empty_home(tmp_path, SQLITE) as home:
        assert home.says("migrate", "--verbosity", "0").returncode == 0
        home.does(TWO_DAYS_AGO)
        workers = [home.starts("work"), home.starts("work")]
        try:
            deadline = time.monotonic() + 120
            while not (made := list(home.path.glob("backups/*-nightly.tar.zst"))):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            again = home.says("backup", "--nightly")
            assert (again.returncode, again.stdout) == (0, ""), "it is not due any more"
        finally:
            for worker in workers:
                worker.terminate()
                worker.wait()
        assert list(home.path.glob("backups/*-nightly.tar.zst")) == made
        assert home.says("restore", "--check", str(made[0])).returncode == 0
