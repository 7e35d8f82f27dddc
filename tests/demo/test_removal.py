"""Is everything of the demo gone when it is removed, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps

from goodword.demo import brand as demo_brand
from goodword.demo import making
from goodword.demo.brand import make_demo, spool_of
from goodword.demo.removal import NotADemo, remove_demo
from goodword.listening.models import Connection, Post
from goodword.team.models import Brand, Role, User
from tests.demo.conftest import TINY, UNTIL
from tests.demo.rows import dump
from tests.world import SAM, World

# Not in the quick suite: whole brands are made.
pytestmark = [pytest.mark.slow, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def nobody_has_asked_for_one() -> Iterator[None]:
    making._file().unlink(missing_ok=True)
    yield
    making._file().unlink(missing_ok=True)


def counts() -> dict[str, int]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: model._default_manager.count() for model in models}


def test_every_row_and_file_of_it_goes_and_nothing_else(world: World) -> None:
    world.hears(SAM, "Does it whistle?")
    before, ours = counts(), dump(world.brand)
    demo = make_demo(UNTIL, TINY)
    connection = Connection.objects.filter(brand=demo).first()
    assert connection is not None
    connection.open().check()  # makes the spool
    assert spool_of(demo).exists()
    remove_demo(demo)
    assert counts() == before
    assert dump(world.brand) == ours
    assert not spool_of(demo).exists()


def test_a_brand_that_is_no_demo_is_not_removed(world: World) -> None:
    world.hears(SAM, "Does it whistle?")
    with pytest.raises(NotADemo):
        remove_demo(world.brand)
    assert Post.objects.filter(brand=world.brand).exists()


@pytest.mark.django_db
def test_its_owner_stays_and_so_do_the_teammates_of_another_demo() -> None:
    owner = User.objects.create_user("dana@example.org", name="Dana")
    first, second = make_demo(UNTIL, TINY, owner=owner), make_demo(UNTIL - timedelta(days=1), TINY)
    remove_demo(first)
    assert User.objects.filter(pk=owner.pk).exists()
    assert second.teammates.count() == 3
    remove_demo(second)
    assert list(User.objects.all()) == [owner]


def test_the_demo_is_made_shown_and_removed_with_one_click(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_brand, "DEFAULT", TINY)
    monkeypatch.setattr("goodword.web.demo.timezone.now", lambda: UNTIL)
    monkeypatch.setattr(making, "_in_background", making.make)
    assert world.dana.does("/demo/")["Location"] == "/demo/"
    assert world.dana.looks_at("/demo/")["Location"] == "/inbox/"
    shown = world.dana.looks_at("/inbox/").content.decode()
    assert "Noor Haddad" in shown
    assert "Remove the demo" in shown
    assert world.dana.does("/demo/removal/")["Location"] == "/inbox/"
    assert not Brand.objects.filter(is_demo=True).exists()
    assert "Noor Haddad" not in world.dana.looks_at("/inbox/").content.decode()


def test_while_it_is_made_the_page_says_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_in_background", lambda owner, now: None)
    world.dana.does("/demo/")
    assert "The demo is being made" in world.dana.looks_at("/demo/").content.decode()
    world.dana.does("/demo/")  # pressed twice, it is made once
    assert not Brand.objects.filter(is_demo=True).exists()


def test_a_making_that_fails_is_said_and_can_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(making, "_in_background", making.make)
    monkeypatch.setattr(demo_brand, "make_demo", breaks)
    world.dana.does("/demo/")
    page = world.dana.looks_at("/demo/").content.decode()
    assert "Making it was interrupted" in page
    assert "Make the demo" in page


def test_whoever_has_no_other_brand_gets_one_of_their_own(world: World) -> None:
    Brand.objects.filter(pk=world.brand.pk).update(is_demo=True)
    world.brand.refresh_from_db()
    assert world.dana.does("/demo/removal/")["Location"] == "/start/brand/"
    own = world.dana.teammate.user.memberships.get().brand
    assert not own.is_demo
    assert own.teammates.get().role == Role.OWNER


def test_only_an_owner_removes_it(world: World) -> None:
    Brand.objects.filter(pk=world.brand.pk).update(is_demo=True)
    for member in (world.bo, world.olga):
        assert member.does("/demo/removal/").status_code == 403
    assert Brand.objects.filter(pk=world.brand.pk).exists()


def test_a_real_brand_survives_the_click(world: World) -> None:
    world.dana.does("/demo/removal/")
    assert Brand.objects.filter(pk=world.brand.pk).exists()
