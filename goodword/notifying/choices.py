"""When does this teammate want to hear of this, by this way; and when do they want to be left in peace?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import cached_property

from goodword.notifying.kinds import DEFAULTS, Kind, Way, When, choices
from goodword.notifying.models import Habits, Preference
from goodword.team.authority import may
from goodword.team.models import Teammate
from goodword.team.reader import zone_of

SATURDAY = 5


class Choices:
    """What one teammate chose, and the table where they chose nothing."""

    def __init__(self, teammate: Teammate, chosen: Mapping[tuple[str, str], str] | None = None) -> None:
        self.teammate = teammate
        self._given = chosen

    @cached_property
    def _chosen(self) -> Mapping[tuple[str, str], str]:
        if self._given is not None:
            return self._given
        rows = Preference.objects.filter(teammate=self.teammate).values_list("kind", "way", "when")
        return {(kind, way): when for kind, way, when in rows}

    def when(self, kind: str, way: str) -> When:
        if not may(self.teammate, DEFAULTS[Kind(kind)].needs):
            return When.NEVER
        chosen = self._chosen.get((kind, way))
        if chosen in choices(kind, way):
            return When(chosen)
        return DEFAULTS[Kind(kind)].by(way)

    def anything(self, way: str, when: str) -> bool:
        return any(self.when(kind, way) == when for kind in kinds_for(self.teammate))


def kinds_for(teammate: Teammate) -> list[Kind]:
    """The kinds that can concern somebody of this role."""
    return [kind for kind, default in DEFAULTS.items() if may(teammate, default.needs)]


def choose(teammate: Teammate, chosen: Iterable[tuple[Kind, Way, When]]) -> None:
    """Keep what differs from the table: where it is improved, those who agreed with it follow."""
    for kind, way, when in chosen:
        if when not in choices(kind, way):
            continue
        if when == DEFAULTS[kind].by(way):
            Preference.objects.filter(teammate=teammate, kind=kind, way=way).delete()
        else:
            Preference.objects.update_or_create(
                teammate=teammate, kind=kind, way=way, defaults={"when": when}
            )


def no_more(teammate: Teammate, way: Way) -> None:
    """Nothing at all by this way any more: what the link at the end of a letter does."""
    choose(teammate, [(kind, way, When.NEVER) for kind in DEFAULTS])


def habits_of(teammate: Teammate) -> Habits:
    """Theirs, or what is usual; the row is made when they change something."""
    return Habits.objects.filter(teammate=teammate).first() or Habits(teammate=teammate)


def free_from(habits: Habits, now: datetime) -> datetime:
    """Now, or when the quiet hours end: in the reader's own time zone."""
    zone = zone_of(habits.teammate.user, habits.teammate.brand)
    here = now.astimezone(zone)
    end = here
    for _day in range(3):  # a night, and a weekend behind it
        later = _after_the_night(habits, _after_the_weekend(habits, end))
        if later == end:
            break
        end = later
    return now if end == here else end.astimezone(now.tzinfo)


def _after_the_weekend(habits: Habits, here: datetime) -> datetime:
    if not habits.quiet_weekends or here.weekday() < SATURDAY:
        return here
    monday = here + timedelta(days=7 - here.weekday())
    return _at(monday, habits.quiet_until or time(0))


def _after_the_night(habits: Habits, here: datetime) -> datetime:
    begins, ends = habits.quiet_from, habits.quiet_until
    if begins is None or ends is None or begins == ends:
        return here
    clock = here.time().replace(tzinfo=None)
    if begins < ends:
        return _at(here, ends) if begins <= clock < ends else here
    if clock >= begins:
        return _at(here + timedelta(days=1), ends)
    return _at(here, ends) if clock < ends else here


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
