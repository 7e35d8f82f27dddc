"""Does an address lead to a post: read by its channel, guessed from its page, or typed by hand?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from goodword.channels import base
from goodword.conversations.models import Conversation, State
from goodword.listening import addresses
from goodword.listening.models import Post
from goodword.net.client import Fetched
from goodword.net.trouble import NotFetched, Why
from tests.world import ADA, UMA, Member, World

PAGE = "https://www.reddit.com/r/kettles/comments/ab/x/?utm_source=share"
FORUM = "https://forum.kettles.example/t/5"


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What lies at which address; whatever is not in it cannot be reached."""
    pages: dict[str, Any] = {}

    def fetch(url: str, **asked: Any) -> Fetched:
        pages.setdefault("asked", []).append(url)
        if url not in pages:
            raise NotFetched(Why.UNREACHABLE)
        return Fetched(200, {"content-type": "text/html"}, pages[url].encode(), url)

    monkeypatch.setattr(addresses, "fetch", fetch)
    return pages


def logs(member: Member, url: str = PAGE, **more: str) -> HttpResponse:
    typed = {"url": url, "text": "My kettle broke.", "answer": "yes", "key": "k1"}
    return member.does("/log/posts/", **{**typed, **more})


def main_of(answer: HttpResponse) -> str:
    return answer.content.decode().split("<main")[1]


def test_what_is_typed_becomes_a_post_under_the_name_of_its_place(world: World) -> None:
    answer = logs(world.bo, who="@jo", addressed="1")
    conversation = Conversation.objects.get()
    assert answer.headers["Location"] == f"/conversations/{conversation.pk}/#taken-k1"
    post = Post.objects.get()
    assert (post.channel, post.author.handle, post.heard_by) == ("reddit", "jo", world.bo.teammate)
    assert (post.native_id, post.url) == ("https://reddit.com/r/kettles/comments/ab/x", PAGE)
    page = main_of(world.bo.looks_at(f"/conversations/{conversation.pk}/"))
    assert "Reddit" in page
    assert "heard by Bo" in page
    assert "1. Open it on Reddit and answer" in page


def test_a_place_nobody_knows_is_called_by_its_site(world: World) -> None:
    logs(world.bo, FORUM, who="Anna")
    conversation = Conversation.objects.get()
    assert conversation.channel == "forum.kettles.example"
    page = main_of(world.bo.looks_at(f"/conversations/{conversation.pk}/"))
    assert "1. Open it on forum.kettles.example and answer" in page


def test_one_address_is_kept_once_however_it_is_written(world: World) -> None:
    logs(world.bo)
    again = logs(world.cy, "https://old.reddit.com/r/kettles/comments/ab/x#top", text="Other words")
    assert Post.objects.count() == 1
    assert again.headers["Location"].startswith(f"/conversations/{Conversation.objects.get().pk}/")
    read = world.cy.does("/log/readings/", url="https://m.reddit.com/r/kettles/comments/ab/x")
    assert read.headers["Location"] == f"/conversations/{Conversation.objects.get().pk}/"
    shown = main_of(world.cy.looks_at("/log/", url=PAGE))
    assert "You have this already." in shown
    assert f"/conversations/{Conversation.objects.get().pk}/" in shown


def test_what_is_only_counted_is_no_work_until_it_is_picked_up(world: World) -> None:
    logs(world.bo, answer="no")
    world.works()
    assert not Conversation.objects.exists()
    post = Post.objects.get()
    world.bo.does(f"/posts/{post.pk}/conversations/")
    assert Conversation.objects.get().state == State.OPEN


def test_a_page_that_introduces_itself_fills_the_form(world: World, web: dict[str, Any]) -> None:
    at = timezone.now() - timedelta(days=1)
    web[FORUM] = (
        '<meta property="og:title" content="Lid &amp; handle"><meta name="author" content="Jo Smith">'
        '<meta property="og:description" content="The lid broke.">'
        f'<meta property="article:published_time" content="{at.isoformat()}">'
    )
    page = main_of(world.bo.does("/log/readings/", url=FORUM))
    assert "The lid broke.</textarea>" in page
    assert 'value="Lid &amp; handle"' in page
    assert 'value="Jo Smith"' in page
    assert timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") in page
    assert not Post.objects.exists(), "nothing is kept before somebody says so"


def test_what_was_typed_or_marked_is_not_overwritten_by_the_page(world: World, web: dict[str, Any]) -> None:
    web[FORUM] = '<meta property="og:description" content="Welcome to our forum">'
    page = main_of(world.bo.does("/log/readings/", url=FORUM, text="The words I marked"))
    assert "The words I marked</textarea>" in page
    assert "Welcome to our forum" not in page


def test_a_page_that_cannot_be_read_is_typed_by_hand(world: World) -> None:
    answer = world.bo.does("/log/readings/", url=FORUM)
    assert answer.status_code == 200
    page = main_of(answer)
    assert "No connection to this address could be made." in page
    assert 'action="/log/posts/"' in page


def test_private_addresses_are_not_opened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from goodword.net import client

    monkeypatch.setattr(addresses, "fetch", client.fetch)
    page = main_of(world.bo.does("/log/readings/", url="http://127.0.0.1/admin"))
    assert "not a public web address" in page


@pytest.mark.parametrize("url", ["", "kettle.example", "javascript:alert(1)", "https://[::1]/", "\x00"])
def test_what_is_no_address_is_refused_plainly(world: World, url: str) -> None:
    assert "That is no web address." in main_of(world.bo.does("/log/readings/", url=url))
    answer = logs(world.bo, url)
    assert answer.status_code == 422
    assert "That is no web address." in main_of(answer)
    assert not Post.objects.exists()


# --- where a channel knows the address -------------------------------------------------------------


def test_a_channel_that_knows_the_address_shows_the_post_for_confirmation(world: World) -> None:
    said = world.place.says(ADA, "Is the kettle any good?", at=world.now)
    page = main_of(world.bo.does("/log/readings/", url=said.url))
    assert "Is the kettle any good?" in page
    assert "Ada Moreau" in page
    assert 'name="is_read"' in page
    assert not Post.objects.exists()
    logs(world.bo, said.url, text="", is_read="1")
    post = Post.objects.get()
    assert (post.channel, post.native_id, post.connection) == ("fake", said.native_id, world.connection)
    world.bo.replies(post, "It is.")
    assert world.conversation_of(post).state == State.PENDING


def test_what_a_browser_brings_back_is_not_taken_for_the_words_of_the_place(world: World) -> None:
    said = world.place.says(ADA, "Is the kettle any good?", at=world.now)
    logs(world.bo, said.url, text="I hate it", who="@ada", is_read="1")
    assert Post.objects.get().text == "Is the kettle any good?"


def test_what_the_channel_has_heard_already_opens_instead(world: World) -> None:
    post = world.hears(UMA, "My kettle came broken. Can you help?")
    read = world.bo.does("/log/readings/", url=post.url)
    assert read.headers["Location"] == f"/conversations/{world.conversation_of(post).pk}/"


def test_a_place_that_is_down_says_so_and_can_be_typed(world: World) -> None:
    said = world.place.says(ADA, "Is the kettle any good?", at=world.now)
    world.place.goes_down()
    page = main_of(world.bo.does("/log/readings/", url=said.url))
    assert "does not answer" in page
    assert 'action="/log/posts/"' in page
    answer = logs(world.bo, said.url, text="", is_read="1")
    assert answer.status_code == 422
    assert not Post.objects.exists()


# --- from the bookmark and from a phone ------------------------------------------------------------


def test_the_bookmark_brings_the_address_the_title_and_the_marked_words(world: World) -> None:
    page = main_of(world.bo.looks_at("/log/", url=PAGE, title="Broken <kettle>", text="It broke."))
    assert "It broke.</textarea>" in page
    assert 'value="Broken &lt;kettle&gt;"' in page
    assert "Reddit" in page


def test_a_phone_puts_the_address_into_the_text(world: World) -> None:
    page = main_of(world.bo.looks_at("/log/", title="Jo on Reddit", text=f"Look at this! {PAGE}"))
    assert f'name="url" value="{html.escape(PAGE)}"' in page
    assert "Look at this!</textarea>" in page


def test_looking_keeps_nothing_and_asks_nobody(
    world: World, web: dict[str, Any], rows: Callable[[], dict[str, int]]
) -> None:
    world.bo.looks_at("/inbox/")
    before = rows()
    for asked in ({}, {"url": PAGE}, {"text": PAGE}, {"url": "javascript:alert(1)"}, {"title": "x" * 5_000}):
        assert world.bo.looks_at("/log/", **asked).status_code == 200
    assert rows() == before
    assert "asked" not in web


@pytest.fixture
def rows() -> Callable[[], dict[str, int]]:
    from django.apps import apps

    def count() -> dict[str, int]:
        ours = [model for model in apps.get_models() if model.__module__.startswith("goodword.")]
        return {model._meta.label: model._default_manager.count() for model in ours}

    return count


def test_the_bookmark_is_a_link_to_drag_whose_script_leads_here(world: World) -> None:
    page = main_of(world.bo.looks_at("/log/"))
    found = re.search(r'href="(javascript:[^"]+)"', page)
    assert found
    assert "http://testserver/log/" in html.unescape(found[1]).replace("%22", '"')
    assert not re.search(r"\son\w+=", page), "no handler stands in the page"


# --- refusals --------------------------------------------------------------------------------------


REFUSED = {
    "no words": ({"text": " "}, "a few words are enough"),
    "a time to come": ({"at": "2199-01-01T10:00"}, "still to come"),
    "no time": ({"at": "soon"}, "no date and time"),
    "a year nobody lived in": ({"at": "99999-01-01T10:00"}, "no date and time"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_is_said_and_what_was_typed_is_not_lost(world: World, why: str) -> None:
    fields, sentence = REFUSED[why]
    answer = logs(world.bo, **{"who": "@jo", **fields})
    assert answer.status_code == 422
    assert sentence in main_of(answer)
    assert 'value="@jo"' in main_of(answer)
    assert not Post.objects.exists()


def test_twice_the_same_form_is_one_post(world: World) -> None:
    logs(world.bo)
    logs(world.bo)
    assert Post.objects.count() == 1


def test_what_was_logged_is_removed_by_who_did(world: World) -> None:
    logs(world.bo)
    post = Post.objects.get()
    assert world.bo.does(f"/posts/{post.pk}/removal/").headers["Location"] == "/log/"
    assert not Post.objects.exists()
    assert not Conversation.objects.exists()


def test_who_may_only_look_logs_nothing(world: World) -> None:
    assert world.olga.looks_at("/log/").status_code == 403
    assert world.olga.does("/log/readings/", url=PAGE).status_code == 403
    assert logs(world.olga).status_code == 403
    assert not Post.objects.exists()


def test_what_another_brand_logged_is_not_known_here(world: World) -> None:
    logs(world.eve)
    assert "You have this already." not in main_of(world.bo.looks_at("/log/", url=PAGE))
    logs(world.bo)
    assert Post.objects.count() == 2


def test_a_post_of_the_channel_says_when_it_was_said_and_its_clock_begins_now(world: World) -> None:
    said = world.place.says(ADA, "Is it any good?", at=world.now - timedelta(days=400))
    logs(world.bo, said.url, text="", is_read="1")
    post = Post.objects.get()
    assert post.at == said.at
    conversation = Conversation.objects.get()
    assert conversation.due_at is not None
    assert conversation.due_at > timezone.now()


def test_hostile_words_are_shown_as_text(world: World) -> None:
    bad = '"><script>alert(1)</script>\x00'
    assert "<script>alert" not in main_of(world.bo.looks_at("/log/", url=PAGE, title=bad, text=bad))
    logs(world.bo, f"{FORUM}?q=%22><script>", text=bad, who=bad, title=bad)
    conversation = Conversation.objects.get()
    assert "<script>alert" not in main_of(world.bo.looks_at(f"/conversations/{conversation.pk}/"))
    assert "<script>alert" not in main_of(world.bo.looks_at("/log/"))


def test_authors_of_a_place_are_the_same_by_handle(world: World) -> None:
    logs(world.bo, f"{FORUM}1", who="@jo")
    logs(world.bo, f"{FORUM}2", who="@Jo", key="k2")
    logs(world.bo, f"{FORUM}3", who="Anna", key="k3")
    logs(world.bo, f"{FORUM}4", who="Anna", key="k4")
    assert Post.objects.values("author").distinct().count() == 3
    assert isinstance(base.channel_named("forum.kettles.example"), type)


def test_who_is_narrowed_sees_what_they_logged_themselves_and_nobody_elses(world: World) -> None:
    for member in (world.bo, world.cy):
        member.teammate.is_narrowed = True
        member.teammate.save()
    there = logs(world.bo).headers["Location"]
    assert world.bo.looks_at(there.partition("#")[0]).status_code == 200
    assert world.cy.looks_at(there.partition("#")[0]).status_code == 404
    assert "My kettle broke." not in main_of(world.cy.looks_at("/log/"))
