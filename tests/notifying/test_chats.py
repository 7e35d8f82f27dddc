"""The team's own chat hears what the brand decided, and not a word more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django.fixtures import Settings

from goodword.notifying import chats, dispatching, occasions
from goodword.notifying.chats import Given
from goodword.notifying.flavours import ChatWords, envelope, signature
from goodword.notifying.kinds import FOR_CHATS, Kind
from goodword.notifying.models import ChatHook, Dispatch, Notice, Occasion
from goodword.team.models import AuditEntry
from tests.fakechannel import direct
from tests.net.places import Place, opened_place, said
from tests.world import SAM, UMA, World

TAKEN, BROKEN = said(b"ok"), said(b"", status="500 Oh")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def chat_server(settings: Settings) -> Iterator[Place]:
    with opened_place() as place:
        settings.PRIVATE_HOSTS = frozenset({place.door})
        place.answers["/hook"] = TAKEN
        yield place


def given(server: Place, flavour: str = "slack", carries: str = "link", **more: object) -> Given:
    kinds = more.get("kinds", [str(kind) for kind in FOR_CHATS])
    address = str(more.get("address", server.url("/hook")))
    return Given("Team", flavour, address, kinds, carries)  # type: ignore[arg-type]


def hooked(world: World, server: Place, flavour: str = "slack", carries: str = "link") -> ChatHook:
    chat, _secret = chats.add(world.dana.teammate, given(server, flavour, carries), now=world.now)
    return chat


def looks_and_sends(world: World) -> int:
    occasions.look(world.now)
    return dispatching.send_due(world.now)


def test_who_waits_is_told_to_the_chat_with_a_link_alone(world: World, chat_server: Place) -> None:
    hooked(world, chat_server)
    heard = world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    text = json.loads(chat_server.bodies[0])["text"]
    assert "Somebody waits for an answer" in text
    assert f"/conversations/{world.conversation_of(heard).pk}/" in text
    assert "Sam" not in text
    assert "whistle" not in text


def test_where_the_brand_decided_so_it_hears_who_and_what(world: World, chat_server: Place) -> None:
    hooked(world, chat_server, carries="words")
    world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    text = json.loads(chat_server.bodies[0])["text"]
    assert "Sam Ortiz waits for an answer" in text
    assert "Does the kettle whistle?" in text


def test_of_a_private_message_it_never_hears_who_or_what(world: World, chat_server: Place) -> None:
    hooked(world, chat_server, carries="words")
    world.hears(SAM, "My address is 12 Elm Street", **direct())
    looks_and_sends(world)
    text = json.loads(chat_server.bodies[0])["text"]
    assert "Somebody sent a private message" in text
    assert "Elm" not in text


def test_it_hears_only_of_the_kinds_that_were_chosen(world: World, chat_server: Place) -> None:
    chats.add(world.dana.teammate, given(chat_server, kinds=["private"]), now=world.now)
    world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    assert chat_server.bodies == []


def test_another_brands_chat_hears_nothing(world: World, chat_server: Place) -> None:
    chats.add(world.eve.teammate, given(chat_server), now=world.now)
    world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    assert chat_server.bodies == []


def test_what_is_done_meanwhile_is_not_told(world: World, chat_server: Place) -> None:
    hooked(world, chat_server)
    heard = world.hears(SAM, "Does the kettle whistle?")
    occasions.look(world.now)
    conversation = world.conversation_of(heard)
    type(conversation).objects.update(state="resolved")
    dispatching.send_due(world.now)
    assert chat_server.bodies == []
    assert Dispatch.objects.get(by="chat").state == Dispatch.State.DROPPED


def test_trouble_is_tried_again_under_the_same_name_and_then_forgiven(
    world: World, chat_server: Place
) -> None:
    chat = hooked(world, chat_server, "signed")
    chat_server.answers["/hook"] = BROKEN
    world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    chat.refresh_from_db()
    assert str(chat.trouble) == "127.0.0.1 answered with 500."
    assert chat.failing_since
    chat_server.answers["/hook"] = TAKEN
    world.passes(timedelta(minutes=1))
    looks_and_sends(world)
    chat.refresh_from_db()
    assert (chat.trouble, chat.failing_since) == ("", None)
    names = {re.search(r"(?i)webhook-id: (\S+)", head)[1] for head in chat_server.requests}  # type: ignore[index]
    assert len(chat_server.bodies) == 2
    assert len(names) == 1


def test_after_three_days_it_gives_up_and_owners_are_told(world: World, chat_server: Place) -> None:
    chat = hooked(world, chat_server)
    chat_server.answers["/hook"] = BROKEN
    world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    world.passes(timedelta(days=3, minutes=1))
    dispatching.send_due(world.now)
    chat.refresh_from_db()
    assert chat.state == ChatHook.State.FAILED
    occasions.look_around(world.now)
    told = Notice.objects.filter(occasion__kind=Kind.STOPPED)
    assert [notice.to for notice in told] == [world.dana.teammate]
    world.hears(UMA, "My kettle is broken")
    looks_and_sends(world)
    assert len(chat_server.bodies) == 2  # it is left in peace


def test_once_it_is_repaired_it_hears_again(world: World, chat_server: Place) -> None:
    chat = hooked(world, chat_server)
    ChatHook.objects.update(state=ChatHook.State.FAILED, failing_since=world.now, trouble="500")
    chats.switch(chat, world.dana.teammate, ChatHook.State.ON, now=world.now)
    world.hears(SAM, "Does the kettle whistle?")
    looks_and_sends(world)
    assert len(chat_server.bodies) == 1


def test_a_test_says_hello_or_what_is_wrong(world: World, chat_server: Place) -> None:
    chat = hooked(world, chat_server)
    chats.test(chat, world.dana.teammate, now=world.now)
    assert "Dana connected this chat with Kettle &amp; Co" in json.loads(chat_server.bodies[0])["text"]
    chat_server.answers["/hook"] = said(b"", status="403 No")
    with pytest.raises(chats.NotReached, match="answered with 403"):
        chats.test(chat, world.dana.teammate, now=world.now)


def test_an_address_inside_our_own_network_is_not_called(
    world: World, chat_server: Place, settings: Settings
) -> None:
    settings.PRIVATE_HOSTS = frozenset()
    chat = hooked(world, chat_server)
    with pytest.raises(chats.NotReached, match="not a public web address"):
        chats.test(chat, world.dana.teammate, now=world.now)
    assert chat_server.requests == []


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "hooks.slack.com/x", "http://[", "ftp://a/b"])
def test_what_is_no_web_address_is_refused(world: World, chat_server: Place, address: str) -> None:
    with pytest.raises(chats.NotPossible):
        chats.add(world.dana.teammate, given(chat_server, address=address), now=world.now)
    assert not ChatHook.objects.exists()


def test_its_address_is_kept_like_a_password(world: World, chat_server: Place) -> None:
    chat = hooked(world, chat_server)
    kept = " ".join(str(getattr(chat, field.attname)) for field in chat._meta.concrete_fields)
    assert "/hook" not in kept
    assert chat.place == "127.0.0.1"
    written = " ".join(str(entry.detail) for entry in AuditEntry.objects.all())
    assert "/hook" not in written


def test_members_may_not_decide_what_leaves_the_house(world: World, chat_server: Place) -> None:
    with pytest.raises(PermissionDenied):
        chats.add(world.bo.teammate, given(chat_server), now=world.now)
    chat = hooked(world, chat_server)
    for act in (chats.test, chats.remove):
        with pytest.raises(PermissionDenied):
            act(chat, world.bo.teammate, now=world.now)
    assert chat_server.requests == []


def test_every_act_is_written_down(world: World, chat_server: Place) -> None:
    chat = hooked(world, chat_server)
    chats.change(chat, world.dana.teammate, given(chat_server, address=""), now=world.now)
    chats.switch(chat, world.dana.teammate, ChatHook.State.OFF, now=world.now)
    chats.test(chat, world.dana.teammate, now=world.now)
    chats.remove(chat, world.dana.teammate, now=world.now)
    verbs = AuditEntry.objects.filter(verb__endswith="a chat").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [f"{verb} a chat" for verb in ("added", "changed", "switched", "tested", "removed")]
    assert not ChatHook.objects.exists()
    assert not Occasion.objects.filter(chat__isnull=False).exists()


# --- each in its envelope --------------------------------------------------------------------------

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOSTILE = "<!channel> @everyone @here <users/all> **bold** [x](https://evil.example) `code` \x00 \u202e"


def words(title: str = "Kettle & Co: Sam waits", text: str = "") -> ChatWords:
    return ChatWords("waiting", "Kettle & Co", title, "https://g.example/conversations/7/", "Open it", text)


def body(flavour: str, given: ChatWords) -> str:
    return envelope(flavour, given, secret=SECRET, name="msg_1", now=NOW).body.decode()


@pytest.mark.parametrize("flavour", ChatHook.Flavour.values)
def test_every_flavour_carries_the_words_and_the_link(flavour: str) -> None:
    made = json.loads(body(flavour, words(text="Does it whistle?")))
    everything = json.dumps(made, ensure_ascii=False).replace("&amp;", "&").replace("\\", "")
    assert "Kettle & Co: Sam waits" in everything
    assert "Does it whistle?" in everything
    assert "https://g.example/conversations/7/" in everything


@pytest.mark.parametrize("flavour", ["slack", "discord", "mattermost", "google"])
def test_nobody_calls_a_whole_channel_to_arms_by_their_name(flavour: str) -> None:
    made = body(flavour, words(HOSTILE, HOSTILE))
    for call in ("<!channel>", "@everyone", "@here", "<users/all>", "**bold**", "https://evil"):
        assert call not in json.dumps(json.loads(made), ensure_ascii=False), call


def test_discord_is_told_to_call_nobody_whatever_is_written() -> None:
    assert json.loads(body("discord", words(HOSTILE)))["allowed_mentions"] == {"parse": []}


def test_the_signature_is_that_of_the_standard() -> None:
    # The example of the Standard Webhooks specification.
    signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_signed_json_says_what_happened(world: World) -> None:
    made = envelope("signed", words(), secret=SECRET, name="msg_1", now=NOW)
    event = json.loads(made.body)
    assert event["type"] == "goodword.waiting"
    assert event["data"]["link"].endswith("/conversations/7/")
    assert made.headers["webhook-id"] == "msg_1"
    assert made.headers["webhook-signature"] == signature(
        SECRET, "msg_1", made.headers["webhook-timestamp"], made.body
    )
