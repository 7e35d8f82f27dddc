"""A wait is told as people tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from goodword.conversations import triage
from goodword.conversations.models import Conversation
from goodword.team.hours import Timetable
from goodword.team.models import Brand

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


AROUND_THE_CLOCK = Brand()
AROUND_THE_CLOCK.timetable = Timetable([])


@pytest.mark.parametrize(
    ("waited", "promised", "words"),
    [
        (22 * MINUTE, 30 * MINUTE, "waiting 22 of 30 minutes"),
        (1 * MINUTE, 4 * HOUR, "waiting 1 minute of 4 hours"),
        (61 * MINUTE, 4 * HOUR, "waiting 61 minutes of 4 hours"),
        (3 * HOUR, 4 * HOUR, "waiting 3 of 4 hours"),
        (33 * HOUR, 4 * HOUR, "waiting 33 hours, promised within 4 hours"),
        (5 * HOUR, 30 * MINUTE, "waiting 5 hours, promised within 30 minutes"),
        (3 * DAY, 4 * HOUR, "waiting 3 days, promised within 4 hours"),
    ],
)
def test_how_long_somebody_waits_is_said_in_words(waited: timedelta, promised: timedelta, words: str) -> None:
    conversation = Conversation(
        brand=AROUND_THE_CLOCK, waiting_since=NOON, due_at=NOON + promised, factors=[]
    )
    assert triage.why(conversation, NOON + waited) == [words]
