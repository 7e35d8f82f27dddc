"""Can a teammate say on screen what they answered at the source, by hand or by mistake?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from goodword.channels import base
from goodword.conversations.models import Reply, State
from goodword.listening import ingest
from goodword.listening.models import Post
from tests.world import SAM, Member, World

WORDS = "It does, in B flat."


@pytest.fixture
def asked(world: World) -> Post:
    """Where nothing is connected: an old forum, from a file."""
    world.now = timezone.now() - timedelta(hours=2)
    said = base.Post("f1", SAM, "Does it whistle?", world.now, url="https://forum.example/5", addressed=True)
    ingest.take_in(world.brand, "forum", [base.Seen(said)], now=world.now, keep_all=True)
    world.works()
    return Post.objects.get(native_id="f1")


def says(member: Member, post: Post, text: str = WORDS, **more: Any) -> HttpResponse:
    address = reverse("answers_there", args=[member.world.conversation_of(post).pk])
    return member.does(address, **{"text": text, "post": post.pk, "key": "k1", **more})


def page_of(member: Member, post: Post) -> str:
    return member.looks_at(f"/conversations/{member.world.conversation_of(post).pk}/").content.decode()


def test_where_no_reply_can_be_sent_answering_there_is_the_way(world: World, asked: Post) -> None:
    page = page_of(world.bo, asked)
    assert "1. Open it on Forum and answer" in page
    assert 'href="https://forum.example/5"' in page
    assert "I answered there" in page
    assert 'id="reply-text"' not in page


def test_where_a_reply_can_be_sent_it_is_the_second_way(world: World) -> None:
    page = page_of(world.bo, world.hears(SAM, "Does the kettle whistle?"))
    assert 'id="reply-text"' in page
    assert "I answered there" in page


def test_the_words_are_kept_with_their_name_and_can_be_undone(world: World, asked: Post) -> None:
    answer = says(world.bo, asked)
    conversation = world.conversation_of(asked)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("#taken-k1"), "so that the draft is forgotten"
    page = page_of(world.bo, asked)
    assert WORDS in page
    assert "answered there" in page
    assert "Your answer to Sam Ortiz is kept." in page
    assert conversation.state == State.PENDING
    undoing = re.search(r"/conversations/\d+/answers-there/\d+/undoing/", page)
    assert undoing
    page = world.bo.does(undoing.group()).content.decode()
    assert f"{WORDS}</textarea>" in page, "the words come back into the box"
    assert world.conversation_of(asked).state == State.OPEN
    assert Reply.objects.get().undone_by == world.bo.teammate


def test_the_time_is_read_by_the_clock_of_who_typed_it(world: World, asked: Post) -> None:
    world.brand.time_zone = "Pacific/Auckland"
    world.brand.save()
    user = world.bo.teammate.user
    if hasattr(user, "time_zone"):
        user.time_zone = "Pacific/Auckland"
        user.save()
    at = timezone.localtime(asked.at + timedelta(minutes=30), ZoneInfo("Pacific/Auckland"))
    says(world.bo, asked, at=at.strftime("%Y-%m-%dT%H:%M"))
    assert Reply.objects.get().at == at.replace(second=0, microsecond=0)


REFUSED = {
    "no words": ({"text": " "}, "Write what you said there"),
    "not a time": ({"at": "yesterday"}, "no date and time"),
    "no such day": ({"at": "2026-13-45T10:00"}, "no date and time"),
    "the end of time": ({"at": "9999-12-31T23:59"}, "still to come"),
    "before they wrote": ({"at": "1999-01-01T10:00"}, "had not written yet"),
    "a link that runs": ({"url": "javascript:alert(1)"}, "must begin with https"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_is_said_and_the_words_are_not_lost(world: World, asked: Post, why: str) -> None:
    fields, sentence = REFUSED[why]
    answer = says(world.bo, asked, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f"{fields.get('text', WORDS).strip()}" in page
    assert not Reply.objects.exists()


def test_twice_the_same_form_is_one_answer(world: World, asked: Post) -> None:
    says(world.bo, asked)
    says(world.bo, asked)
    assert Reply.objects.count() == 1


def test_a_viewer_neither_says_so_nor_undoes_it(world: World, asked: Post) -> None:
    assert says(world.olga, asked).status_code == 403
    says(world.bo, asked)
    reply = Reply.objects.get()
    undoing = reverse("undo_answer_there", args=[reply.conversation_id, reply.pk])
    assert world.olga.does(undoing).status_code == 403
    assert world.eve.does(undoing).status_code == 404
    assert Reply.objects.get().undone_at is None


def test_a_reply_that_was_sent_cannot_be_undone_as_if_it_were_not(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    world.bo.replies(heard, "It does.")
    reply = Reply.objects.get()
    undoing = reverse("undo_answer_there", args=[reply.conversation_id, reply.pk])
    assert world.bo.does(undoing).status_code == 404


def test_hostile_words_are_shown_as_text(world: World, asked: Post) -> None:
    says(world.bo, asked, "<script>alert(1)</script>\x00\u202e", url='https://x.example/"><script>')
    page = page_of(world.bo, asked)
    assert "<script>alert" not in page
    assert '"><script>' not in page
