"""How is a number of a metric said: its unit, its change, its weeks?"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.metrics.metric import Unit
from goodword.metrics.period import Period
from goodword.team import reader

HOUR, DAY = 3600, 86_400  # seconds
NEARLY = 0.01  # closer than this to none or all, a share is said with a decimal: 99.6 % is not all


def amount(unit: Unit, value: float) -> str:
    """The number as one reads it: 71%, 2 h 5 min, 1,284."""
    if unit == Unit.SHARE:
        return _share(value)
    return span(value) if unit == Unit.SECONDS else reader.number(round(value))


def with_unit(unit: Unit, value: float) -> str:
    """The number and what it counts: 71%, 2 h 5 min, 6 people."""
    return f"{amount(unit, value)} {unit_name(unit, value)}".rstrip()


def unit_name(unit: Unit, value: float) -> str:
    """What stands behind the number; empty where the number says it itself."""
    count = round(value)
    match unit:
        case Unit.PEOPLE:
            return ngettext("person", "people", count)
        case Unit.POSTS:
            return ngettext("post", "posts", count)
        case Unit.THREADS:
            return ngettext("thread", "threads", count)
        case _:
            return ""


def span(seconds: float) -> str:
    """How long: "40 s", "14 min", "2 h 5 min", "3 d 4 h"."""
    if round(seconds) < 60:
        return _("%(n)s s") % {"n": round(seconds)}
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 24 * 60:
        return _two(_("%(n)s h"), minutes // 60, _("%(n)s min"), minutes % 60)
    hours = round(seconds / 3600)
    return _two(_("%(n)s d"), hours // 24, _("%(n)s h"), hours % 24)


def mark(unit: Unit, value: float) -> str:
    """The number beside a line of a chart, where there is little room: 36 h rather than 1 d 12 h."""
    if value and unit == Unit.SECONDS and value % DAY and value % HOUR == 0:
        return _("%(n)s h") % {"n": round(value / HOUR)}
    return amount(unit, value) if value else "0"


def change(unit: Unit, value: float | None, before: float | None) -> str:
    """Against the same stretch before; empty where one of them has no answer."""
    if value is None or before is None:
        return ""
    said = {"before": amount(unit, before)}
    if amount(unit, value) == said["before"]:
        return _("as before")
    if value > before:
        return _("up from %(before)s before") % said
    return _("down from %(before)s before") % said


def week_name(week: Period) -> str:
    """The day on which it begins."""
    return reader.short_day(week.first_day)


def dates_of(period: Period) -> str:
    """Its first and its last day that has begun: "15 Dec 2025 to 10 Mar 2026"."""
    first, last = reader.day(period.first_day), reader.day(period.last_day)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _share(value: float) -> str:
    is_nearly = 0 < value < NEARLY or 1 - NEARLY < value < 1
    return reader.share(value, decimals=1 if is_nearly else 0)


def _two(larger: str, many: int, smaller: str, rest: int) -> str:
    return f"{larger % {'n': many}} {smaller % {'n': rest}}" if rest else larger % {"n": many}
