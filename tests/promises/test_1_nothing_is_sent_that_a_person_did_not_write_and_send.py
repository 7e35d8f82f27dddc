"""Promise 1: nothing is sent that a person did not write and send. No bot, no auto-reply, no way around."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import get_commands, load_command_class
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from goodword import pipeline
from goodword.conversations import given_there, outbox, replying
from goodword.conversations.models import Delivery, Reply
from goodword.listening.models import Post
from tests.fakechannel import direct
from tests.web.test_routes import ROUTES, kinds_in
from tests.world import ADA, SAM, UMA, World

GOODWORD = Path(pipeline.__file__).parent

SENDS = {"send", "like", "take_back"}  # the verbs of a channel
THE_ONLY_SENDER = "conversations/outbox.py"

# A teammate's hand: what puts something into the outbox, or lets it out of it again.
ACTS = {"reply", "thank", "send_again", "ask_to_take_back"}
THE_ONLY_HANDS = {"web/answering.py"}


def test_one_module_alone_calls_a_channels_send() -> None:
    callers = {file for file, call in _calls() if call.attr in SENDS and not _is_own_method(call)}
    assert callers == {THE_ONLY_SENDER}


def test_only_the_screen_of_answers_puts_something_into_the_outbox() -> None:
    callers = {file for file, call in _calls() if call.attr in ACTS and _names_the_module(call)}
    assert callers == THE_ONLY_HANDS


def test_only_the_verbs_of_a_teammate_make_a_delivery() -> None:
    makers = {
        file
        for file, call in _calls()
        if call.attr in {"create", "bulk_create", "get_or_create", "update_or_create"}
        and ast.unparse(call.value) == "Delivery.objects"
    }
    # The demo writes down what its own people said long ago: see the next test.
    assert makers == {"conversations/replying.py", "demo/teamwork.py"}


def test_the_demos_deliveries_are_over_before_they_are_written_down() -> None:
    sources = [ast.parse(file.read_text()) for file in (GOODWORD / "demo").glob("*.py")]
    named = {ast.unparse(node) for source in sources for node in ast.walk(source) if _is_a_state(node)}
    assert named == {"Delivery.State.SENT"}, "anything else would be sent by the outbox"


def test_a_look_at_the_source_sees_a_second_sender() -> None:
    found = [call.attr for call in _calls_in(ast.parse("def remind(channel): channel.send(draft)"))]
    assert found == ["send"]


@pytest.mark.parametrize("role", ["nobody", "viewer", "somebody of another brand"])
def test_whoever_may_not_answer_sends_nothing_whatever_they_post(world: World, role: str) -> None:
    heard = world.hears(UMA, "My kettle arrived broken. Can you help?")
    delivery = _undecided(world, heard)
    browser = {
        "nobody": Client(),
        "viewer": world.olga.client,
        "somebody of another brand": world.eve.client,
    }[role]
    forms = {"text": "Buy our kettles!", "decision": "again", "post": heard.pk, "anyway": "1", "key": "k"}
    for address in _addresses(world, heard, delivery):
        with transaction.atomic():
            browser.post(address, forms)
            assert list(Delivery.objects.values_list("pk", "state")) == [(delivery.pk, "unknown")], address
            transaction.set_rollback(True)
    outbox.send_due(world.now)
    assert world.place.sent == []
    assert world.place.liked == []


@pytest.mark.parametrize("text", ["", "   ", "\r\n \t"])
def test_without_words_nothing_goes_out(world: World, text: str) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    answer = world.bo.replies(heard, text)
    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_the_words_go_out_as_typed(world: World) -> None:
    words = "  Yes!  It whistles — in B♭.\n\nTwo lines, <b>no</b> changes 🎶"
    heard = world.hears(SAM, "Does the kettle whistle?")
    world.bo.replies(heard, words)
    outbox.send_due(_later(world))
    assert [draft.text for draft in world.place.sent] == [words.strip()]


@pytest.mark.parametrize("missing", ["words", "a teammate"])
def test_the_database_itself_refuses_a_reply_without(world: World, missing: str) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    fields = {
        "brand": world.brand,
        "key": "key",
        "by": world.bo.teammate,
        "post": heard,
        "target": {},
        "text": "Yes.",
        "written_at": world.now,
        "not_before": world.now,
    }
    fields |= {"text": ""} if missing == "words" else {"by": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**fields)


def test_a_viewer_may_not_reply_in_the_domain_either(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    with pytest.raises(PermissionDenied):
        replying.reply(heard, world.olga.teammate, "Yes.", key="k", now=world.now)
    with pytest.raises(PermissionDenied):
        replying.thank(heard, world.olga.teammate, key="k", now=world.now)
    assert not Delivery.objects.exists()


def test_hearing_understanding_ranking_and_every_duty_send_nothing(world: World) -> None:
    for text in ("Does the kettle whistle?", "I love my kettle!", "STOP", "My kettle is broken, I want out"):
        world.hears(UMA, text)
        world.hears(ADA, text, **direct())
    for step in pipeline.NEXT:
        pipeline.advance(step, _later(world))
    outbox.settle_interrupted(_later(world))
    outbox.send_due(_later(world))
    assert not Delivery.objects.exists()
    assert world.place.sent == []


def test_no_command_can_be_given_words_to_send() -> None:
    ours = {name: str(app) for name, app in get_commands().items() if str(app).startswith("goodword")}
    assert {"run", "work", "listen"} <= set(ours)
    for name, app in ours.items():
        parser = load_command_class(app, name).create_parser("goodword", name)
        parser.format_help()  # it can be asked what it does
        taken = {action.dest for action in parser._actions}
        assert not taken & {"text", "reply", "message", "words", "send", "to", "draft"}, name


@pytest.mark.parametrize(
    "how", [{"text": "Yes."}, {"text": "", "given_there": "key"}], ids=["neither sent nor given", "no words"]
)
def test_a_reply_was_sent_or_given_there_by_somebody_and_has_words(world: World, how: dict[str, str]) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    conversation = world.conversation_of(heard)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(conversation=conversation, by=world.bo.teammate, at=world.now, post=heard, **how)


def test_writing_down_what_was_said_there_sends_nothing(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    given_there.answered_there(heard, world.bo.teammate, "It does.", key="k", now=world.now)
    outbox.send_due(_later(world))
    assert not Delivery.objects.exists()
    assert world.place.sent == []


# --- reading the source ----------------------------------------------------------------------------


def _calls() -> Iterator[tuple[str, ast.Attribute]]:
    """Every call of a method in our source: the file, and what is called."""
    for file in sorted(GOODWORD.rglob("*.py")):
        name = file.relative_to(GOODWORD).as_posix()
        for call in _calls_in(ast.parse(file.read_text())):
            yield name, call


def _calls_in(tree: ast.AST) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def _is_own_method(call: ast.Attribute) -> bool:
    return ast.unparse(call.value) in {"self", "super()"}


def _names_the_module(call: ast.Attribute) -> bool:
    return ast.unparse(call.value) in {"replying", "outbox"}


def _is_a_state(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Delivery.State"


# --- every door ------------------------------------------------------------------------------------


def _addresses(world: World, heard: Post, delivery: Delivery) -> Iterator[str]:
    """Every address there is, filled with what our brand has."""
    things = {
        "conversations/conversation": world.conversation_of(heard).pk,
        "deliveries/delivery": delivery.pk,
        "posts/post": heard.pk,
        "people/person": heard.author.person_id,
        "connections/pk": world.connection.pk,
        "queries/pk": world.query.pk,
        "new/channel": "fake",
    }
    for route in ROUTES:
        filled = route.pattern
        for hole, kind in kinds_in(route.pattern):
            filled = filled.replace(hole, str(things.get(kind, 1)), 1)
        yield f"/{filled}"


def _undecided(world: World, heard: Post) -> Delivery:
    """A reply of which nobody knows whether it arrived: one click of a teammate would send it again."""
    replying.reply(heard, world.bo.teammate, "We are sorry!", key="key", now=world.now)
    Delivery.objects.update(state=Delivery.State.UNKNOWN)
    return Delivery.objects.get()


def _later(world: World) -> datetime:
    """Screens read the real clock, the world has its own."""
    return max(world.now, timezone.now()) + timedelta(seconds=1)
