"""When are the brand's people there? The clocks of answers run only then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from babel.dates import get_day_names
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goodword.channels.base import clean_text
from goodword.team.authority import Permission
from goodword.team.hours import Span, hours_of, set_hours
from goodword.team.membership import NotPossible
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of

SPANS = 2  # of a day on the form: with a break at noon
USUAL = [[("09:00", "17:00")]] * 5 + [[], []]  # what is proposed to whom it is new
LONGEST_HOLIDAY = timedelta(days=120)  # as one line; longer is a slip of the year


@dataclass(frozen=True)
class Day:
    """A line of the form: the name of the day and its spans as typed."""

    number: int
    name: str
    spans: list[tuple[str, str]]


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _as_kept(request)
    always = request.POST.get("when") == "always"
    typed = [_typed(request, number) for number in range(7)]
    closed = clean_text(request.POST.get("closed_on", ""))
    try:
        week = [] if always else [_spans(day) for day in typed]
        if not always and not any(week):
            raise NotPossible(_("Say at least one time at which somebody is there."))
        set_hours(teammate_of(request), week or [[]] * 7, _days(closed), now=timezone.now())
    except NotPossible as why:
        return _page(request, typed, closed, always=always, sentence=str(why))
    toast(request, _("Saved. Clocks that run already keep the time they promised."))
    return redirect("hours")


def _as_kept(request: HttpRequest) -> HttpResponse:
    hours = hours_of(teammate_of(request).brand, timezone.now())
    week = [
        [(begin.isoformat("minutes"), end.isoformat("minutes")) for begin, end in day] for day in hours.week
    ]
    closed = "\n".join(_lines(sorted(hours.closed_on)))
    return _page(request, USUAL if hours.is_always else week, closed, always=hours.is_always)


def _page(
    request: HttpRequest,
    week: Sequence[Sequence[tuple[str, str]]],
    closed: str,
    *,
    always: bool,
    sentence: str = "",
) -> HttpResponse:
    names = get_day_names("wide", "stand-alone", locale=to_locale(get_language() or "en"))
    days = [Day(number, names[number], _filled(week[number])) for number in range(7)]
    said = {"days": days, "closed": closed, "always": always, "sentence": sentence}
    return render(request, "hours.html", said, status=422 if sentence else 200)


def _filled(spans: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """As many pairs of fields as the form has; more where more are kept."""
    return [*spans, *[("", "")] * max(0, SPANS - len(spans))]


def _typed(request: HttpRequest, number: int) -> list[tuple[str, str]]:
    begins = request.POST.getlist(f"from-{number}")
    ends = request.POST.getlist(f"until-{number}")
    return list(zip(begins, ends, strict=False))


def _spans(typed: Sequence[tuple[str, str]]) -> list[Span]:
    return [_span(begin, end) for begin, end in typed if begin or end]


def _span(begin: str, end: str) -> Span:
    try:
        return time.fromisoformat(begin), time.fromisoformat(end)
    except ValueError:
        raise NotPossible(_("Give each span both its times, as 09:00 and 17:30.")) from None


def _days(typed: str) -> set[date]:
    """Each line is a day, or the first and the last of several with "to" between them."""
    days: set[date] = set()
    for line in filter(None, map(str.strip, typed.splitlines())):
        first, last = _first_and_last(line)
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return days


def _first_and_last(line: str) -> tuple[date, date]:
    parts = line.replace("–", " ").replace("…", " ").split()
    try:
        named = [date.fromisoformat(part) for part in (parts[0], parts[-1])]
    except ValueError:
        raise NotPossible(
            _("“%(line)s” is no day. Write 2026-12-24, or 2026-12-24 – 2027-01-01 for several.")
            % {"line": line[:60]}
        ) from None
    if not timedelta(0) <= named[1] - named[0] <= LONGEST_HOLIDAY:
        raise NotPossible(_("“%(line)s” ends before it begins, or lasts very long.") % {"line": line[:60]})
    return named[0], named[1]


def _lines(days: Sequence[date]) -> list[str]:
    """Days that follow each other as one line."""
    lines: list[list[date]] = []
    for day in days:
        if lines and day - lines[-1][-1] == timedelta(days=1):
            lines[-1].append(day)
        else:
            lines.append([day])
    return [str(run[0]) if len(run) == 1 else f"{run[0]} – {run[-1]}" for run in lines]
