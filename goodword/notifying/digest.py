"""Who gets the letter of the morning now, and who waits for them?

It comes at an hour of the reader's own choosing, on days when they work, and only if there is something
in it: who waits, how long, the most urgent first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from goodword.conversations.models import Conversation, State
from goodword.conversations.seeing import conversations_seen_by
from goodword.notifying import letters
from goodword.notifying.choices import SATURDAY, Choices, habits_of
from goodword.notifying.kinds import Kind, Way, When
from goodword.notifying.models import Habits, Notice
from goodword.notifying.reading import STILL_NEWS
from goodword.team import letters as mail
from goodword.team.models import Teammate
from goodword.team.reader import zone_of

STILL_MORNING = timedelta(hours=3)  # after an interruption; in the afternoon it would be old news


def write_due(now: datetime) -> int:
    """Write the letters whose hour has come; how many."""
    if not mail.may_write():
        return 0
    return sum(_write(teammate, today, now) for teammate, today in _whose_hour_it_is(now))


def _whose_hour_it_is(now: datetime) -> Iterator[tuple[Teammate, date]]:
    team = Teammate.objects.active().filter(brand__is_demo=False)
    for teammate in team.select_related("user", "brand", "habits"):
        habits = getattr(teammate, "habits", None) or Habits(teammate=teammate)
        here = now.astimezone(zone_of(teammate.user, teammate.brand))
        if here.date() != habits.digested_on and _is_hour(habits, here):
            yield teammate, here.date()


def _is_hour(habits: Habits, here: datetime) -> bool:
    if here.weekday() >= SATURDAY and not habits.digest_weekends:
        return False
    hour = habits.digest_at
    begins = here.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return begins <= here < begins + STILL_MORNING


def _write(teammate: Teammate, today: date, now: datetime) -> int:
    """The day is noted in the transaction of the letter: killed in between, it is still written once."""
    with transaction.atomic():
        if not _is_first(teammate, today):
            return 0
        waiting = waiting_for(teammate)
        count = waiting.count()
        if not count:
            return 0
        shown = waiting.select_related("profile").order_by("rank_at", "pk")[: letters.MOST_ITEMS]
        letters.write_digest(teammate, list(shown), count, now=now)
        Notice.objects.filter(to=teammate, in_digest=True).update(in_digest=False)
        return 1


def _is_first(teammate: Teammate, today: date) -> bool:
    habits = habits_of(teammate)
    if habits._state.adding:
        habits.save()
    mine = Habits.objects.filter(teammate=teammate).exclude(digested_on=today)
    return bool(mine.update(digested_on=today))


def waiting_for(teammate: Teammate) -> QuerySet[Conversation]:
    """Who waits for them, for nobody in particular, or is spoken of in a notice that waits for the letter."""
    choices = Choices(teammate)
    wanted = Q(assignee=teammate) if choices.anything(Way.MAIL, When.DIGEST) else Q(pk__in=[])
    for kind in (Kind.PRIVATE, Kind.WAITING):
        if choices.when(kind, Way.MAIL) == When.DIGEST:
            wanted |= Q(assignee=None)
    told = Notice.objects.filter(STILL_NEWS, to=teammate, in_digest=True, read_at=None)
    wanted |= Q(pk__in=told.values("occasion__conversation"))
    return conversations_seen_by(teammate).filter(wanted, state=State.OPEN).exclude(waiting_since=None)
