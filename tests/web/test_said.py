"""Is what somebody said kept in ten seconds, and by those alone who may?"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from goodword.conversations.models import Conversation
from goodword.listening.models import Post
from goodword.people.models import Consent, Profile
from tests.world import ADA, Member, World


def writes(member: Member, text: str = "The lid is loose.", **more: str) -> HttpResponse:
    return member.does("/said/", **{"text": text, "key": "k1", **more})


def test_words_alone_are_enough(world: World) -> None:
    answer = writes(world.bo)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/said/#taken-k1")
    post = Post.objects.get()
    assert (post.text, post.channel, post.needs_answer) == ("The lid is loose.", "counter", False)
    page = world.bo.looks_at("/said/").content.decode()
    assert "Written down: At the counter." in page
    assert "heard by Bo" in page
    assert not Conversation.objects.exists()


def test_the_place_of_the_last_one_is_there_for_the_next(world: World) -> None:
    writes(world.bo, place="event")
    assert re.search(r'value="event" checked', world.bo.looks_at("/said/").content.decode())
    assert re.search(r'value="counter" checked', world.cy.looks_at("/said/").content.decode())


def test_whoever_waits_leads_to_the_conversation_with_the_way_to_answer_by_hand(world: World) -> None:
    answer = writes(world.bo, needs_answer="1", place="telephone")
    conversation = Conversation.objects.get()
    assert answer.headers["Location"] == f"/conversations/{conversation.pk}/#taken-k1"
    page = world.bo.looks_at(f"/conversations/{conversation.pk}/").content.decode()
    assert "On the phone" in page
    assert "I answered there" in page
    assert "What did you say to Somebody on the phone?" in page
    assert "Speak to them, and keep here what you said." in page


def test_twice_the_same_form_is_one_note(world: World) -> None:
    writes(world.bo)
    writes(world.bo)
    assert Post.objects.count() == 1


def test_what_is_refused_is_said_and_shown_again(world: World) -> None:
    answer = writes(world.bo, "She was happy.", name="Ada Moreau", place="event")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Keep a name only if they agreed." in page
    assert "She was happy.</textarea>" in page
    assert 'value="Ada Moreau"' in page
    assert re.search(r'value="event" checked', page)
    assert not Post.objects.exists()


def test_a_name_with_leave_is_shown_with_it_on_the_person(world: World) -> None:
    writes(world.bo, name="Ada Moreau", contact="+33 1 23", agreed="1")
    person = Profile.objects.get(name="Ada Moreau").person
    page = world.bo.looks_at(f"/people/{person.pk}/").content.decode()
    assert "The lid is loose." in page
    assert "heard by Bo" in page
    assert "our keeping their name: yes" in page
    assert Consent.objects.count() == 2


def test_whom_nobody_knows_is_not_among_the_people(world: World) -> None:
    writes(world.bo)
    world.hears(ADA, "Lovely kettle!")
    page = world.bo.looks_at("/people/").content.decode()
    assert "Ada Moreau" in page
    assert "Somebody at the counter" not in page


def test_it_is_removed_by_who_wrote_it_or_an_owner(world: World) -> None:
    writes(world.bo)
    post = Post.objects.get()
    removal = f"/posts/{post.pk}/removal/"
    assert removal in world.bo.looks_at("/said/").content.decode()
    assert removal in world.dana.looks_at("/said/").content.decode()
    assert removal not in world.cy.looks_at("/said/").content.decode()
    world.cy.does(removal)
    assert (
        "Only who wrote it down, or an owner, can remove it." in world.cy.looks_at("/said/").content.decode()
    )
    assert world.olga.does(removal).status_code == 403
    assert world.eve.does(removal).status_code == 404
    assert world.dana.does(removal).headers["Location"] == "/said/"
    assert not Post.objects.exists()


def test_what_was_heard_by_a_channel_cannot_be_removed_like_that(world: World) -> None:
    post = world.hears(ADA, "Lovely kettle!")
    world.dana.does(f"/posts/{post.pk}/removal/")
    assert "Only who wrote it down" in world.dana.looks_at("/said/").content.decode()
    assert Post.objects.readable().exists()


def test_who_may_only_look_is_not_offered_it(world: World) -> None:
    assert world.olga.looks_at("/said/").status_code == 403
    assert writes(world.olga).status_code == 403
    assert "/said/" not in world.olga.looks_at("/inbox/").content.decode()
    assert "/said/" in world.bo.looks_at("/inbox/").content.decode()


@pytest.mark.parametrize("path", ["/inbox/", "/search/?q=nothingatall"])
def test_where_nothing_is_found_it_is_offered(world: World, path: str) -> None:
    world.hears(ADA, "Lovely kettle!", history=True)
    main = world.bo.looks_at(path).content.decode().split("<main")[1]
    assert "/said/" in main


def test_hostile_words_are_shown_as_text(world: World) -> None:
    writes(world.bo, '<script>alert(1)</script>\x00\ud83d"'.encode("utf-8", "replace").decode(), name="")
    page = world.bo.looks_at("/said/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
