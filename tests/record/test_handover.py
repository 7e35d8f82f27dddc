"""A brand moves to another install: with all that is its own, and nothing of anybody else's."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from goodword.conversations import acts, outbox, replying
from goodword.conversations.models import Conversation, Delivery, Reply
from goodword.listening.models import Attachment, Connection, Mention, Post
from goodword.people import identity
from goodword.people.models import Consent, Profile
from goodword.record import archive
from goodword.record.archive import Writer
from goodword.record.belongings import NOBODYS, STAYS_BEHIND, belongings, path_to_brand
from goodword.record.handing import hand_over
from goodword.record.taking import CannotTakeOver, Taken, take_over
from goodword.store import search, vault
from goodword.team.models import AuditEntry, Brand, Role, Teammate, User
from tests.world import ADA, IVO, PIA, SAM, UMA, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.both_databases]

PLANTED = "zibelquark"


@pytest.fixture
def world() -> Iterator[World]:
    with World.begins() as world:
        yield world


@pytest.fixture
def nina(world: World) -> User:
    """Owns nothing yet; the brand goes to her."""
    return User.objects.create_user("nina@new.example", "a long password", "Nina")


def lives(world: World, seed: int) -> None:
    """Some weeks of a brand, by chance: everything that leaves rows."""
    chance, bo, dana = random.Random(seed), world.bo.teammate, world.dana.teammate
    heard: list[Post] = []
    for number in range(14):
        world.passes(timedelta(minutes=chance.randint(1, 900)))
        to = chance.choice(heard) if heard and chance.random() < 0.4 else None
        words = chance.choice(["Lovely kettle!", "Why is it broken?", "kettle 🫖 \u202e?", "I hate it"])
        post = world.hears(chance.choice([ADA, IVO, PIA, SAM, UMA]), f"{words} {number}", to=to)
        conversation = Conversation.objects.filter(brand=post.brand, root=post.root).first()
        if conversation is None:
            continue  # its author is muted
        heard.append(post)
        match chance.randrange(8):
            case 0:
                replying.reply(post, bo, f"We are sorry {number}", key=f"r{seed}{number}", now=world.now)
            case 1:
                replying.thank(post, bo, key=f"t{seed}{number}", now=world.now)
            case 2:
                acts.note(conversation, bo, "Was it the blue one?", now=world.now)
            case 3:
                acts.assign(conversation, bo, dana, now=world.now)
            case 4:
                acts.resolve(conversation, dana, "resolved", now=world.now)
            case 5:
                acts.snooze(conversation, bo, world.now + timedelta(days=1), now=world.now)
            case 6:
                world.deletes(heard.pop())
            case 7:
                acts.mute(conversation, bo, "author", now=world.now)
        if chance.random() < 0.5:
            outbox.send_due(world.now)
            world.works()
    profiles = list(Profile.objects.filter(brand=world.brand))
    identity.join(profiles[0], profiles[-1].person, evidence="they say so", by=dana, now=world.now)
    Consent.objects.create(profile=profiles[0], purpose="news", given=True, how="said so", at=world.now)
    Attachment.objects.create(post=heard[0], name="x.png", mime="image/png", size=5, digest=_kept(b"kettle"))
    world.other_brand_hears(SAM, f"Your kettle is {PLANTED}")
    Connection.objects.filter(pk=world.connection.pk).update(secrets=vault.lock({"password": "xyzzy"}))


def _kept(data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    place = settings.ATTACHMENTS / digest[:2] / digest[2:]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return digest


def moves(world: World, nina: User, file: Path, *, keep_team: bool = True) -> Taken:
    hand_over(world.brand, file, now=world.now)
    return take_over(file, owner=nina, keep_team=keep_team, now=world.now)


# --- the same there --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_every_screen_shows_the_same_there(world: World, nina: User, tmp_path: Path, seed: int) -> None:
    lives(world, seed)
    outbox.send_due(world.passes(timedelta(minutes=5)))
    world.works()
    there = moves(world, nina, tmp_path / "brand").brand
    Connection.objects.filter(brand=there).update(state="on")  # its owner has resumed it
    assert told(there) == told(world.brand)
    dana = world.dana.teammate.user
    for view in ("open", "mine", "pending", "snoozed", "resolved", "muted", "all"):
        assert words_of(dana, there, "/inbox/", view=view) == words_of(
            dana, world.brand, "/inbox/", view=view
        )
    for page in ("/people/", "/metrics/", "/queries/"):
        assert words_of(dana, there, page) == words_of(dana, world.brand, page), page
    for old, new in zip(threads(world.brand), threads(there), strict=True):
        pages = (there, f"/conversations/{new}/"), (world.brand, f"/conversations/{old}/")
        assert words_of(dana, *pages[0]) == words_of(dana, *pages[1])
    found = [search.search(brand.pk, "kettle") for brand in (world.brand, there)]
    assert len(found[0]) == len(found[1]) > 0


def told(brand: Brand) -> dict[str, list[str]]:
    """Every row, by the names of things instead of their numbers."""
    return {
        "posts": _rows(Post.objects.filter(brand=brand), "native_id", "text", "author__native_id", "step"),
        "people": _rows(Profile.objects.filter(brand=brand), "native_id", "person__name", "followers"),
        "mentions": _rows(Mention.objects.filter(post__brand=brand), "post__native_id", "spans"),
        "deliveries": _rows(Delivery.objects.filter(brand=brand, sent_at__isnull=False), "text", "state"),
        "replies": _rows(Reply.objects.filter(by__brand=brand), "text", "by__user__email", "post__native_id"),
        "consents": _rows(Consent.objects.filter(profile__brand=brand), "purpose", "given", "how"),
        "audit": _rows(
            AuditEntry.objects.filter(brand=brand).exclude(verb__in=["took a brand over", "joined as owner"]),
            "verb", "by__user__email", "at",
        ),
    }  # fmt: skip


def _rows(rows: Any, *columns: str) -> list[str]:
    return sorted(map(str, rows.values_list(*columns)))


def threads(brand: Brand) -> list[int]:
    return list(brand.conversations.order_by("root").values_list("pk", flat=True))


def words_of(user: User, brand: Brand, page: str, **query: str) -> list[str]:
    """What is to be read there, without what names the reader or counts what is theirs alone."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["brand"] = brand.pk
    session.save()
    answer = client.get(page, query)
    assert answer.status_code == 200, page
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    plain = re.sub(r"<(script|form|select).*?</\1>|<[^>]*>", " ", main[0], flags=re.S)
    return plain.split()


def test_taking_it_over_again_changes_nothing(world: World, nina: User, tmp_path: Path) -> None:
    lives(world, 1)
    first = moves(world, nina, tmp_path / "brand")
    before = everything()
    again = moves(world, nina, tmp_path / "brand")
    assert (again.brand, again.is_new) == (first.brand, False)
    assert everything() == before


def everything() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in apps.get_models()}


def test_it_can_move_on_from_there(world: World, nina: User, tmp_path: Path) -> None:
    lives(world, 2)
    there = moves(world, nina, tmp_path / "brand").brand
    hand_over(there, tmp_path / "second", now=world.now)
    further = take_over(tmp_path / "second", owner=nina, keep_team=False, now=world.now)
    assert further.is_new
    assert told(further.brand) == told(world.brand)


# --- nothing of anybody else's ---------------------------------------------------------------------


def test_nothing_of_another_brand_and_no_secret_is_in_the_file(
    world: World, nina: User, tmp_path: Path
) -> None:
    lives(world, 3)
    locked = Connection.objects.get(pk=world.connection.pk).secrets
    passwords = list(User.objects.values_list("password", flat=True))
    hand_over(world.brand, tmp_path / "brand", now=world.now)
    with archive.members(tmp_path / "brand") as all_of_them:
        told = b"".join(member.name.encode() + member.read() for member in all_of_them).decode()
    assert "Lovely kettle!" in told
    for word in (PLANTED, "Other Brand", "eve@", locked, settings.VAULT_KEY, *passwords):
        assert word not in told


def test_every_table_goes_along_or_its_reason_to_stay_is_written_down() -> None:
    goes = {one.model._meta.label for one in belongings()}
    ours = {m._meta.label for m in apps.get_models(include_auto_created=True) if _is_ours(m)}
    assert ours - goes == STAYS_BEHIND.keys() | NOBODYS.keys()
    by_path = {m._meta.label for m in apps.get_models() if _is_ours(m) and path_to_brand(m) is None}
    assert by_path - {"store.Entry"} <= NOBODYS.keys(), "no way leads from it to its brand"


def _is_ours(model: Any) -> bool:
    return bool(model.__module__.startswith("goodword."))


def test_nobody_signs_in_by_a_file(world: World, nina: User, tmp_path: Path) -> None:
    lives(world, 0)
    hand_over(world.brand, tmp_path / "brand", now=world.now)
    User.objects.filter(pk=world.cy.teammate.user_id).update(is_active=False)
    taken = take_over(tmp_path / "brand", owner=nina, keep_team=False, now=world.now)
    active = Teammate.objects.active().filter(brand=taken.brand)
    assert [(teammate.user, teammate.role) for teammate in active] == [(nina, Role.OWNER)]
    assert "bo@kettle.example" in taken.teammates


def test_who_is_known_here_keeps_their_place_if_the_owner_says_so(
    world: World, nina: User, tmp_path: Path
) -> None:
    taken = moves(world, nina, tmp_path / "brand", keep_team=True)
    roles = Teammate.objects.active().filter(brand=taken.brand).values_list("user__name", "role")
    assert ("Olga", Role.VIEWER) in roles
    assert taken.teammates == []


def test_what_was_on_its_way_is_sent_by_nobody_there(world: World, nina: User, tmp_path: Path) -> None:
    for state in ("queued", "inflight", "taking_back"):
        post = world.hears(SAM, f"Does the kettle whistle? {state}")
        replying.reply(post, world.bo.teammate, "Yes.", key=state, now=world.now)
        Delivery.objects.filter(key=state).update(state=state)
    there = moves(world, nina, tmp_path / "brand").brand
    states = sorted(Delivery.objects.filter(brand=there).values_list("state", flat=True))
    assert states == ["blocked", "unknown", "unknown"]
    Connection.objects.filter(brand=there).update(state="on")
    Delivery.objects.filter(brand=world.brand).delete()
    outbox.send_due(world.passes(timedelta(days=1)))
    assert world.place.sent == []


def test_its_connections_are_silent_until_somebody_resumes_them(
    world: World, nina: User, tmp_path: Path
) -> None:
    lives(world, 0)
    there = moves(world, nina, tmp_path / "brand").brand
    row = Connection.objects.get(brand=there)
    assert (row.state, row.secrets, row.hook) == ("paused", "", None)


# --- files that are not what they say --------------------------------------------------------------


def forged(file: Path, tmp_path: Path, change: Any) -> Path:
    """The same file, its members changed, sealed as if it were ours."""
    changed = tmp_path / "forged"
    with archive.members(file) as all_of_them, changed.open("wb") as opened:
        writer = Writer(opened)
        for member in all_of_them:
            data = change(member.name, member.read())
            if member.name == archive.LIST:
                listed = json.loads(data)
                listed.pop("members")
                writer.finish(listed)
            elif data is not None:
                writer.add(member.name, data)
    return changed


@pytest.mark.parametrize("find", ["rows/listening_post", "rows/team_brand", "teammates.json", "attachments/"])
@pytest.mark.parametrize("put", [b"", b"[1, 2]\n", b"nonsense\n"])
def test_a_forged_part_is_refused_and_nothing_of_it_stays(
    world: World, nina: User, tmp_path: Path, find: str, put: bytes
) -> None:
    lives(world, 0)
    hand_over(world.brand, tmp_path / "brand", now=world.now)
    evil = forged(tmp_path / "brand", tmp_path, lambda n, data: put if n.startswith(find) else data)
    before = everything()
    try:
        take_over(evil, owner=nina, keep_team=True, now=world.now)
    except CannotTakeOver:
        assert everything() == before
    else:
        assert put == b"", "an empty part takes nothing from anybody"


def test_a_layout_in_a_forged_file_is_made_safe(world: World, nina: User, tmp_path: Path) -> None:
    Post.objects.filter(pk=world.hears(SAM, "A letter with a layout").pk).update(html="<p>Blue</p>")
    hand_over(world.brand, tmp_path / "brand", now=world.now)
    script = b"<p>Blue</p><script>alert(1)</script><img src=https://elsewhere.example/x>"
    evil = forged(tmp_path / "brand", tmp_path, lambda n, data: data.replace(b"<p>Blue</p>", script))
    taken = take_over(evil, owner=nina, keep_team=False, now=world.now)
    [html] = Post.objects.filter(brand=taken.brand).exclude(html="").values_list("html", flat=True)
    assert "Blue" in html
    assert "script" not in html
    assert "elsewhere" not in html


def test_a_key_that_leads_to_another_brand_leads_nowhere(world: World, nina: User, tmp_path: Path) -> None:
    lives(world, 0)
    theirs = Post.objects.get(brand=world.other_brand)
    hand_over(world.brand, tmp_path / "brand", now=world.now)

    def points_elsewhere(name: str, data: bytes) -> bytes:
        if not name.startswith("rows/listening_analysis"):
            return data
        rows = [json.loads(line) for line in data.splitlines()]
        return b"".join(json.dumps([theirs.pk, *row[1:]]).encode() + b"\n" for row in rows)

    evil = forged(tmp_path / "brand", tmp_path, points_elsewhere)
    there = take_over(evil, owner=nina, keep_team=False, now=world.now).brand
    assert theirs.analysis.post.brand == world.other_brand
    assert not Post.objects.filter(brand=there, analysis__isnull=False).exists()


def test_what_was_never_handed_over_is_told_in_a_sentence(nina: User, world: World, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear all")
    for file in (tmp_path / "letter", tmp_path / "missing"):
        with pytest.raises(CannotTakeOver):
            take_over(file, owner=nina, keep_team=False, now=world.now)
