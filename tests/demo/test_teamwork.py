"""Do the acts of the demo's teammates leave the rows that the real verbs leave?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import models

from goodword.conversations import acts, outbox, replying
from goodword.conversations.models import Conversation, Delivery, Reply, Resolution, State, Thanks, Wait
from goodword.people.models import Approach
from goodword.pipeline import advance_all
from goodword.store.models import Entry
from goodword.team.models import AuditEntry, Brand, Teammate
from tests.demo.conftest import UNTIL

# Not in the quick suite: whole brands are made.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.both_databases]

NEVER_ALIKE = {"id", "text", "url"}


@pytest.fixture
def tariq(demo: Brand) -> Teammate:
    return demo.teammates.get(user__name="Tariq Aslan")


def shape(row: models.Model) -> dict[str, Any]:
    """Which columns are filled, and the values of those with choices."""
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        told[field.name] = (
            value if field.choices else sorted(value) if isinstance(value, dict) else bool(value)
        )
    return {name: value for name, value in told.items() if name not in NEVER_ALIKE}


def audit(brand: Brand, act: models.Model) -> dict[str, Any]:
    return shape(AuditEntry.objects.get(brand=brand, about=f"{type(act).__name__.lower()}:{act.pk}"))


def waiting(demo: Brand, name: str) -> Conversation:
    return Conversation.objects.get(brand=demo, state=State.OPEN, profile__name=name)


def test_a_reply_looks_like_one_that_was_typed_and_sent(demo: Brand, tariq: Teammate) -> None:
    made = Reply.objects.filter(conversation__brand=demo, conversation__channel="playground-bluesky").first()
    assert made is not None
    asked = waiting(demo, "Wiebke Thomsen").posts.get()
    typed = replying.reply(asked, tariq, "Mit 12 Volt leider nicht.", key="typed", now=UNTIL)
    outbox.send_due(UNTIL + timedelta(minutes=1))
    advance_all(UNTIL + timedelta(minutes=1))
    typed.refresh_from_db()
    assert shape(made) == shape(typed)
    assert shape(made.delivery) == shape(Delivery.objects.get(pk=typed.delivery.pk))
    assert made.sent_post is not None
    assert typed.sent_post is not None
    posts = [shape(made.sent_post), shape(typed.sent_post)]
    assert posts[0] == posts[1]
    waits = [shape(Wait.objects.filter(answer=reply.sent_post)[0]) for reply in (made, typed)]
    assert waits[0] == waits[1] | {"is_first": waits[0]["is_first"]}
    assert audit(demo, made) == audit(demo, typed)
    for reply in (made, typed):
        assert Entry.objects.filter(kind=Entry.Kind.REPLY, ref=reply.pk, brand_id=demo.pk).exists()
        assert Approach.objects.filter(profile=reply.post.author, at=reply.at).exists()


def test_a_like_looks_like_one_that_was_clicked(demo: Brand, tariq: Teammate) -> None:
    made = Thanks.objects.filter(conversation__brand=demo).first()
    assert made is not None
    clicked = replying.thank(waiting(demo, "Marnie Okell").posts.get(), tariq, key="clicked", now=UNTIL)
    outbox.send_due(UNTIL + timedelta(minutes=1))
    clicked.refresh_from_db()
    assert shape(made) == shape(clicked)
    assert shape(made.delivery) == shape(Delivery.objects.get(pk=clicked.delivery.pk))
    waits = [shape(Wait.objects.get(post=thanks.post)) for thanks in (made, clicked)]
    assert waits[0] == waits[1] | {"is_first": waits[0]["is_first"]}
    assert audit(demo, made) == audit(demo, clicked)


def test_a_closing_looks_like_one_that_was_clicked(demo: Brand, tariq: Teammate) -> None:
    unanswered = Resolution.objects.filter(conversation__brand=demo, how=Resolution.How.RESOLVED)
    made = unanswered.exclude(waits=None).first()
    assert made is not None
    clicked = acts.resolve(waiting(demo, "Elena P."), tariq, Resolution.How.RESOLVED, now=UNTIL)
    assert shape(made) == shape(clicked)
    assert {wait.ended_how for wait in made.waits.all()} == {Wait.End.NO_REPLY}
    assert clicked.waits.get().ended_how == Wait.End.NO_REPLY
    assert audit(demo, made) == audit(demo, clicked)
    assert shape(made.conversation) | {"assignee": False} == shape(clicked.conversation)
