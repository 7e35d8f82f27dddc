"""Killed at any moment, nothing is lost, nothing is doubled, and what nobody can know is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installs import Install, fresh_install
from tests.kills import faraway
from tests.kills.faraway import PORT_VARIABLE, Faraway

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.timeout(420)]

KILLS = 200
HURT = 20  # of the kills at least so many must fall just before or just after the place accepted
SEED = 20260310


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    with fresh_install(tmp_path) as install:
        yield install


def lives(install: Install, place: Faraway, what: str, channel: str) -> Any:
    install.environment[PORT_VARIABLE] = str(place.port)
    arguments = (what, channel, str(KILLS), str(len(place.said)), str(SEED))
    told = install.python("-m", "tests.kills.driver", *arguments, seconds=400)
    return json.loads(told.splitlines()[-1])


def test_what_was_said_is_kept_once_however_often_we_die_while_listening(install: Install) -> None:
    with faraway.opened(posts=1_500) as place:
        after = lives(install, place, "hear", "faraway")
        assert sorted(after["posts"]) == sorted(place.said)
        assert after["cursor"] == str(len(place.said))
        assert after["steps"] == ["done"]
        assert after["conversations"] == len(place.said)


def test_a_reply_arrives_exactly_once_where_the_place_can_be_asked(install: Install) -> None:
    with faraway.opened(posts=400) as place:
        after = lives(install, place, "send", "faraway")
        assert after["interrupted"] >= HURT
        assert set(after["deliveries"].values()) == {"sent"}
        assert place.accepted == dict.fromkeys(after["deliveries"], 1)
        assert after["our posts"] == len(place.said)


def test_a_reply_of_unknown_fate_is_shown_and_never_sent_again_by_itself(install: Install) -> None:
    with faraway.opened(posts=400) as place:
        after = lives(install, place, "send", "faraway-blindly")
        assert after["interrupted"] >= HURT
        states = after["deliveries"]
        assert set(states.values()) == {"sent", "unknown"}
        assert max(place.accepted.values()) == 1
        sent = {key for key, state in states.items() if state == "sent"}
        assert sent <= place.accepted.keys(), "said to be sent, and never arrived"
        assert states.keys() - place.accepted.keys() <= states.keys() - sent, "lost without a word"
        assert not after["silent"]
