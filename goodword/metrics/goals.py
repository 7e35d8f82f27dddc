"""Which number does the brand want to reach, and is it there?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.metrics.metric import Better, Metric, Unit
from goodword.team.authority import Permission, require, write_down
from goodword.team.membership import NotPossible
from goodword.team.models import Brand, Goal, Teammate

LARGEST = {Unit.SHARE: 1.0, Unit.SECONDS: 90 * 86_400.0}  # a share is no more than all; a quarter is no goal
MOST = 1e9


def goals_of(brand: Brand) -> dict[str, float]:
    """The numbers to be reached, by metric: of each the newest, unless it was given up."""
    rows = Goal.objects.filter(brand=brand).order_by("since", "pk").values_list("metric", "number")
    return {metric: number for metric, number in dict(rows).items() if number is not None}


def is_reached(metric: Metric, number: float, goal: float) -> bool:
    return number >= goal if metric.better == Better.HIGHER else number <= goal


def set_goal(by: Teammate, metric: Metric, number: float | None, *, now: datetime) -> None:
    """`number` in the metric's unit; None gives the goal up. Raises NotPossible with a sentence."""
    require(by, Permission.MANAGE)
    if metric.better is None:
        raise NotPossible(_("More of this is neither better nor worse: it is no goal."))
    if number is not None and not 0 <= number <= LARGEST.get(metric.unit, MOST):
        raise NotPossible(_("This number cannot be reached: choose another."))
    with transaction.atomic():
        goal = Goal.objects.create(brand=by.brand, metric=metric.slug, number=number, since=now, by=by)
        write_down(by.brand, by, "set a goal", goal, now=now, metric=metric.slug, number=number)
