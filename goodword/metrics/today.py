"""How far have we come today? The card at the foot of the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from goodword.conversations.models import State, Wait
from goodword.conversations.seeing import within_sight
from goodword.listening.seeing import sees_all
from goodword.metrics.period import Period
from goodword.metrics.responses import ANSWERED
from goodword.team.models import Teammate


@dataclass(frozen=True)
class Today:
    """Waits answered since midnight, and these together with all that still wait in the open inbox."""

    answered: int
    all: int


def today(me: Teammate, now: datetime) -> Today:
    """As the brand's clock shows midnight. Snoozed work is another day's, history nobody's."""
    brand = me.brand
    waits = Wait.objects.filter(conversation__brand=brand)
    if not sees_all(me):
        waits = within_sight(waits, me)
    answered = waits.filter(ANSWERED, ended_at__gte=Period.today(brand, now).start).count()
    waiting = waits.filter(conversation__state=State.OPEN, ended_at=None).exclude(due_at=None).count()
    return Today(answered, answered + waiting)
