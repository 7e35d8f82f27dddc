"""A connection goes on listening, whatever one of the things it hears is made of."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from goodword import pipeline
from goodword.channels import base
from goodword.listening import listener
from goodword.listening.models import Connection, Gap, Post
from tests.fakechannel import Fake
from tests.world import ADA, SAM, UMA, World


def hears(monkeypatch: pytest.MonkeyPatch, *events: base.Event) -> None:
    def listen(self: Fake, watch: base.Watch, cursor: str | None) -> Iterator[base.Event]:
        yield from events

    monkeypatch.setattr(Fake, "listen", listen)


def said(world: World, native_id: str, author: base.Author) -> base.Seen:
    return base.Seen(base.Post(native_id, author, "Does the kettle whistle?", world.now, addressed=True))


def test_one_thing_that_cannot_be_kept_costs_only_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = base.Seen(base.Post("2", UMA, "kettle", None, addressed=True))  # type: ignore[arg-type]
    hears(monkeypatch, said(world, "1", ADA), broken, said(world, "3", SAM), base.Checkpoint("3"))
    listener.listen_once(world.connection, stopped=lambda: False)
    assert set(Post.objects.filter(brand=world.brand).values_list("native_id", flat=True)) == {"1", "3"}
    assert "could not be kept" in Gap.objects.get(connection=world.connection).why
    assert Connection.objects.get(pk=world.connection.pk).cursor == "3"


def test_a_busy_database_is_no_fault_of_what_was_heard(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object, **more: object) -> None:
        raise OperationalError("database is locked")

    hears(monkeypatch, said(world, "1", ADA), base.Checkpoint("1"))
    monkeypatch.setattr(listener, "take_in", busy)
    listener.listen_once(world.connection, stopped=lambda: False)
    connection = Connection.objects.get(pk=world.connection.pk)
    assert (connection.cursor, connection.state) == ("", Connection.State.ON)
    assert "locked" in connection.trouble
    assert not Gap.objects.exists()


def test_a_worker_survives_a_database_that_goes_away(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    stopped, rounds = threading.Event(), []

    def round_of(due: object) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError("server closed the connection")
        stopped.set()
        return 0

    monkeypatch.setattr(pipeline, "_round", round_of)
    monkeypatch.setattr(pipeline, "AFTER_TROUBLE", 0.0)
    monkeypatch.setattr(pipeline.connection, "close", lambda: None)
    pipeline.work(stopped)
    assert len(rounds) == 2
