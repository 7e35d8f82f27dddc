"""How does an owner say which number is to be reached?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from goodword.metrics.goals import goals_of, set_goal
from goodword.metrics.metric import Better, Metric, Unit, metrics
from goodword.team.authority import Permission
from goodword.team.membership import NotPossible
from goodword.team.models import Brand
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

# How a goal is typed: the words behind the field, and what one of it is in the metric's unit.
TYPED_IN: dict[str, tuple[Promise, float]] = {
    "percent": (gettext_lazy("%"), 0.01),
    "minutes": (gettext_lazy("minutes"), 60.0),
    "hours": (gettext_lazy("hours"), 3600.0),
    "number": (gettext_lazy("in all"), 1.0),
}
MOST_DIGITS = 12


@dataclass(frozen=True)
class GoalForm:
    """The goal as it stands in the form."""

    is_at_least: bool
    typed: str
    typed_in: str
    choices: list[tuple[str, str]]


def form_of(metric: Metric, brand: Brand) -> GoalForm | None:
    """None for a number that is nobody's goal."""
    if metric.better is None:
        return None
    goal = goals_of(brand).get(metric.slug)
    names = _names(metric.unit)
    name = names[-1] if goal and metric.unit == Unit.SECONDS and goal % 3600 == 0 else names[0]
    typed = "" if goal is None else f"{round(goal / TYPED_IN[name][1], 2):g}"
    choices = [(each, str(TYPED_IN[each][0])) for each in names]
    return GoalForm(metric.better == Better.HIGHER, typed, name, choices)


@may(Permission.MANAGE)
@require_POST
def create(request: HttpRequest, slug: str) -> HttpResponse:
    metric = metrics().get(slug)
    if metric is None:
        raise Http404
    try:
        number = _number(request, metric)
        set_goal(teammate_of(request), metric, number, now=timezone.now())
    except NotPossible as why:
        trouble(request, str(why))
    else:
        toast(request, _("The goal is given up.") if number is None else _("The goal is set."))
    return redirect("metric", slug)


def _number(request: HttpRequest, metric: Metric) -> float | None:
    """As typed, in the metric's unit; an empty field gives the goal up. Raises NotPossible."""
    typed = request.POST.get("number", "").strip().replace(",", ".").rstrip("%").strip()
    if not typed:
        return None
    name = request.POST.get("typed_in", "")
    name = name if name in _names(metric.unit) else _names(metric.unit)[0]
    if len(typed) > MOST_DIGITS or not typed.replace(".", "", 1).isdecimal():
        raise NotPossible(_("Write a number, such as 90 or 2.5."))
    return float(typed) * TYPED_IN[name][1]


def _names(unit: Unit) -> list[str]:
    match unit:
        case Unit.SHARE:
            return ["percent"]
        case Unit.SECONDS:
            return ["minutes", "hours"]
        case _:
            return ["number"]
