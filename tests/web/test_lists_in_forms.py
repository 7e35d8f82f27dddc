"""Places that ask for no password: lists and choices in their form, and words that fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from goodword.listening.connecting import LONGEST_LIST
from goodword.listening.models import Connection
from tests.servers.feeds import Blog, blog
from tests.world import Member, World


@pytest.fixture
def ada(settings: Settings) -> Iterator[Blog]:
    with blog() as there:
        settings.PRIVATE_HOSTS = frozenset({there.place.door})
        yield there


def connected(world: World) -> Connection:
    return Connection.objects.get(brand=world.brand, channel="feeds", removed_at=None)


def test_lists_are_typed_and_choices_are_ticked(dana: Member, world: World, ada: Blog) -> None:
    form = dana.looks_at("/connections/new/feeds/").content.decode()
    assert '<textarea class="textarea" id="id_feeds" name="feeds"' in form
    assert 'type="checkbox" name="places" value="reddit"' in form
    assert "assword" not in form.partition("</form>")[2]
    dana.does("/connections/new/feeds/", feeds=f"{ada.address}\r\n", places=["reddit", "medium"])
    connection = connected(world)
    assert connection.settings["feeds"].splitlines() == [ada.address]
    assert connection.settings["places"] == "reddit\nmedium"
    assert connection.hook


def test_what_is_followed_is_changed_where_others_sign_in_again(
    dana: Member, world: World, ada: Blog
) -> None:
    dana.does("/connections/new/feeds/", feeds=ada.address, places=["medium"])
    connection = connected(world)
    page = dana.looks_at(f"/connections/{connection.pk}/").content.decode()
    assert "Sign in again" not in page
    assert "Ada&#39;s blog is followed." in page
    assert "<dd>Medium #</dd>" in page
    form = dana.looks_at(f"/connections/{connection.pk}/sign-in/").content.decode()
    assert ada.address in form
    assert 'value="medium" checked' in form
    dana.does(f"/connections/{connection.pk}/sign-in/", feeds=ada.address, places=["reddit"])
    assert connected(world).settings["places"] == "reddit"


def test_a_form_that_says_nothing_is_answered_with_a_sentence(dana: Member, world: World) -> None:
    answer = dana.does("/connections/new/feeds/")
    assert answer.status_code == 422
    assert "Give the address of at least one feed or site" in answer.content.decode()
    assert not Connection.objects.filter(channel="feeds").exists()


def test_a_list_may_be_long_but_not_endless(dana: Member) -> None:
    answer = dana.does("/connections/new/feeds/", feeds="a.example\n" * (LONGEST_LIST // 5))
    assert answer.status_code == 422
    assert f"at most {LONGEST_LIST:,} characters" in answer.content.decode().replace("20000", "20,000")


def test_hacker_news_asks_for_nothing(dana: Member) -> None:
    form = dana.looks_at("/connections/new/hackernews/").content.decode()
    assert "no account is needed" in form
    assert (
        " required" not in form.partition('action="/connections/new/hackernews/"')[2].partition("</form>")[0]
    )
