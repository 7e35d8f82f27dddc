"""Metrics: every number with its formula, its weeks, and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from goodword.listening.seeing import sees_all
from goodword.metrics.evidence import Evidence, Share, Tally
from goodword.metrics.goals import goals_of, is_reached
from goodword.metrics.metric import Metric, Unit, metrics
from goodword.metrics.period import Period
from goodword.metrics.responses import first_reply_median, first_reply_p90, reply_rate
from goodword.metrics.word_of_mouth import posts_heard
from goodword.team import reader
from goodword.team.authority import Permission
from goodword.web import goals, metric_rows
from goodword.web.charts import Chart, Week, chart, step_of_counts, step_of_share, step_of_time
from goodword.web.metric_words import amount, change, dates_of, mark, unit_name, week_name, with_unit
from goodword.web.who import may, teammate_of

SPANS = (4, 12, 26)  # weeks
USUAL = 12
FIRST_YEAR = 2000  # nobody asks for the weeks before; calendars end at year 1

PARTS = {"responses": gettext_lazy("Answers"), "word_of_mouth": gettext_lazy("What is said")}


@dataclass(frozen=True)
class Tile:
    """A number as one sees it first."""

    metric: Metric
    number: str  # empty: no answer yet
    unit: str
    note: str  # the counts behind it
    change: str  # against the same stretch before
    href: str
    goal: str = ""  # what the brand wants it to be; empty without a goal
    is_reached: bool = False


@may(Permission.READ)
@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """The numbers of the last weeks on one page."""
    period = _period(request)
    wanted = goals_of(period.brand)
    tiles = {
        name: [_tile(m, period, wanted) for m in metrics().values() if _part(m) == name] for name in _parts()
    }
    has_answers = any(tile.number for some in tiles.values() for tile in some)
    context = _frame(period) | {"tiles": tiles, "parts": _parts(), "has_answers": has_answers}
    if has_answers:
        context["charts"] = {"responses": [_waits(period), _times(period)], "word_of_mouth": [_posts(period)]}
    return _rendered(request, "metrics.html", context, period)


@may(Permission.READ)
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One metric: what it means, how it is counted, its weeks, and its rows; as a file with ?format=csv."""
    metric = metrics().get(slug)
    if metric is None:
        raise Http404
    period, week = _period(request), _week(request)
    evidence = metric.evidence(week or period)
    only = request.GET.get("only", "") if evidence.counted is not None else ""
    only = only if only in ("yes", "no") else ""
    if request.GET.get("format") == "csv":
        return _file(metric, week or period, evidence, only)
    after = request.GET.get("after", "")
    context = _frame(period) | {
        "metric": metric,
        "tile": _tile(metric, week or period, goals_of(period.brand)),
        "goal_form": goals.form_of(metric, period.brand),
        "tally": evidence.tallies([week or period])[0],
        "evidence": evidence,
        "chart": _of_one(metric, period, week),
        "page": metric_rows.page(evidence, only, after, period.now),
        "only": only,
        "after": after,
        "week": week,
        "here": lambda **more: _address(metric, period, week, only=more.pop("only", only), **more),
        "all_weeks": _address(metric, period, only=only),
    }
    return _rendered(request, "metrics_one.html", context, period)


# --- which weeks -----------------------------------------------------------------------------------


def _period(request: HttpRequest) -> Period:
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked in map(str, SPANS) else USUAL
    me = teammate_of(request)
    return replace(Period.last_weeks(me.brand, weeks, timezone.now()), seen_by=me)


def _week(request: HttpRequest) -> Period | None:
    """The week that was asked for; None for all of the period, also where no week is meant."""
    now = timezone.now()
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None
    if not FIRST_YEAR <= day.year <= now.year:
        return None
    me = teammate_of(request)
    return replace(Period.week_of(me.brand, day, now), seen_by=me)


def _frame(period: Period) -> dict[str, Any]:
    return {
        "spans": SPANS,
        "weeks": len(period.weeks()),
        "dates": dates_of(period),
        "dates_of": dates_of,
        "is_part": period.seen_by is not None and not sees_all(period.seen_by),
        "with_unit": with_unit,
    }


def _rendered(request: HttpRequest, template: str, context: dict[str, Any], period: Period) -> HttpResponse:
    with timezone.override(period.zone):
        return render(request, template, context)


def _address(metric: Metric, period: Period, week: Period | None = None, **more: str) -> str:
    asked = {"weeks": str(len(period.weeks())), "week": week.first_day.isoformat() if week else ""} | more
    asked = {name: value for name, value in asked.items() if value}
    return f"{reverse('metric', args=[metric.slug])}?{urlencode(asked)}"


# --- tiles -----------------------------------------------------------------------------------------


def _parts() -> dict[str, str]:
    """The parts of the page; a metric of a new file stands in a part of its own at the end."""
    others = {_part(metric): "" for metric in metrics().values()}
    return {name: str(PARTS.get(name, _("More"))) for name in {**PARTS, **others}}


def _part(metric: Metric) -> str:
    return metric.evidence.__module__.rpartition(".")[2]


def _tile(metric: Metric, period: Period, goals: Mapping[str, float]) -> Tile:
    evidence = metric.evidence(period)
    number, before = evidence.numbers([period])[0], metric.number(period.before())
    goal = goals.get(metric.slug)
    return Tile(
        metric=metric,
        number="" if number is None else amount(metric.unit, number),
        unit="" if number is None else unit_name(metric.unit, number),
        note="" if number is None else _note(metric, evidence, evidence.tallies([period])[0]),
        change=change(metric.unit, number, before),
        href=_address(metric, period),
        goal="" if goal is None else with_unit(metric.unit, goal),
        is_reached=goal is not None and number is not None and is_reached(metric, number, goal),
    )


def _note(metric: Metric, evidence: Evidence, tally: Tally) -> str:
    counted = reader.number(tally.counted)
    if isinstance(evidence, Share):
        return _("%(counted)s of %(all)s") % {"counted": counted, "all": reader.number(tally.all)}
    if metric.unit == Unit.SECONDS:
        return ngettext("of %(n)s answer", "of %(n)s answers", tally.counted) % {"n": counted}
    return ""


# --- charts ----------------------------------------------------------------------------------------


def _of_one(metric: Metric, period: Period, here: Period | None) -> Chart:
    numbers = metric.by_week(period)
    weeks = [
        _as_week(metric, period, week, [number], {"": _said(metric.unit, number)}, here)
        for week, number in zip(period.weeks(), numbers, strict=True)
    ]
    return _drawn(metric.slug, str(metric.name), metric.unit, [str(metric.name)], weeks)


def _waits(period: Period) -> Chart:
    """Who waited, week by week: with an answer, and without."""
    tones = [_("Answered"), _("Not answered")]
    tallies = reply_rate.evidence(period).tallies(period.weeks())
    weeks = []
    for week, tally in zip(period.weeks(), tallies, strict=True):
        parts = [tally.counted, tally.all - tally.counted] if tally.all else [None, None]
        cells = {tone: _said(Unit.POSTS, part, bare=True) for tone, part in zip(tones, parts, strict=True)}
        weeks.append(_as_week(reply_rate, period, week, parts, cells))
    return _drawn("waits", _("Who waited for us, with an answer and without"), Unit.POSTS, tones, weeks)


def _times(period: Period) -> Chart:
    """How soon the first answer came: the longer time stands behind the shorter."""
    tones = [_("9 of 10 had it within"), _("Half had it within")]
    nine, half = first_reply_p90.by_week(period), first_reply_median.by_week(period)
    weeks = []
    for week, *both in zip(period.weeks(), nine, half, strict=True):
        cells = {tone: _said(Unit.SECONDS, one) for tone, one in zip(tones, both, strict=True)}
        weeks.append(_as_week(first_reply_median, period, week, both, cells))
    return _drawn("times", _("How soon the first answer came"), Unit.SECONDS, tones, weeks, stacked=False)


def _posts(period: Period) -> Chart:
    return _of_one(posts_heard, period, None)


def _as_week(
    metric: Metric,
    period: Period,
    week: Period,
    parts: Sequence[float | None],
    cells: Mapping[str, str],
    here: Period | None = None,
) -> Week:
    """A column of the chart; `cells` says each part in words, by the name of its tone."""
    is_empty = all(part is None for part in parts)
    return Week(
        name=week_name(week),
        sentence=_sentence(week, [f"{tone} {words}".strip() for tone, words in cells.items()]),
        href="" if is_empty else _address(metric, period, week) + "#rows",
        parts=parts,
        cells=list(cells.values()),
        is_here=here is not None and here.start == week.start,
    )


def _sentence(week: Period, numbers: Sequence[str]) -> str:
    words = {"day": week_name(week), "numbers": ", ".join(numbers)}
    if week.end > week.now:
        return _("Week of %(day)s, so far: %(numbers)s") % words
    return _("Week of %(day)s: %(numbers)s") % words


def _said(unit: Unit, number: float | None, *, bare: bool = False) -> str:
    if number is None:
        return _("nothing to count")
    return amount(unit, number) if bare else with_unit(unit, number)


def _drawn(
    slug: str, title: str, unit: Unit, tones: Sequence[str], weeks: Sequence[Week], *, stacked: bool = True
) -> Chart:
    steps: dict[Unit, Callable[[float], float]] = {Unit.SHARE: step_of_share, Unit.SECONDS: step_of_time}
    says = _("One column for each week, named by its Monday. A column opens the rows behind it.")
    return chart(
        slug,
        title,
        says,
        tones,
        weeks,
        step=steps.get(unit, step_of_counts),
        named=lambda value: mark(unit, value),
        stacked=stacked,
        top=1.0 if unit == Unit.SHARE else None,
    )


# --- as a file -------------------------------------------------------------------------------------


def _file(metric: Metric, period: Period, evidence: Evidence, only: str) -> HttpResponse:
    # The same for every reader, so that whatever reads the file finds its columns.
    with timezone.override(period.zone), translation.override("en"):
        rows = metric_rows.as_csv(evidence, only, period.now)
    response = HttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"{metric.slug}-{period.first_day}-{period.last_day}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
