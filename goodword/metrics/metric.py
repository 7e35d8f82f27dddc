"""What is a metric? One function with a name, a unit and a formula; its docstring is its meaning.

    @metric(_("Reply rate"), unit=Unit.SHARE, formula=_("answered / answerable"))
    def reply_rate(period: Period) -> Evidence:
        \"\"\"Of those who waited for an answer, how many got one from a person?\"\"\"
        return Share(rows=answerable(period), at="since", counted=ANSWERED)

It gives its rows, and how the number comes out of them: no number is computed from anything else than
the rows a click opens. A metric registers itself by existing in a file of this folder.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, wraps
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from goodword.metrics.evidence import Evidence, Words
from goodword.metrics.period import Period


class Unit(StrEnum):
    """What the bare number counts."""

    SHARE = "share"  # from 0 to 1
    SECONDS = "seconds"
    PEOPLE = "people"
    POSTS = "posts"
    THREADS = "threads"


class Better(StrEnum):
    """Which way a team wants to move the number."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Metric:
    """A number of the brand that can be opened: see `rows`."""

    slug: str
    name: Words
    unit: Unit
    formula: Words
    said: str  # the docstring, in English
    evidence: Callable[[Period], Evidence]
    better: Better | None = None  # None: it is what it is, and nobody's goal

    @property
    def meaning(self) -> str:
        return gettext(self.said)

    def number(self, period: Period) -> float | None:
        """None where there is nothing to count: never 0 of 0."""
        return self.evidence(period).numbers([period])[0]

    def by_week(self, period: Period) -> list[float | None]:
        """The number of each of `period.weeks()`."""
        return self.evidence(period).numbers(period.weeks())

    def rows(self, period: Period) -> QuerySet[Any]:
        """Exactly the rows behind the number; `is_counted` says which of them it counts."""
        return self.evidence(period).marked()


def metric(
    name: Words, *, unit: Unit, formula: Words, better: Better | None = None
) -> Callable[[Callable[[Period], Evidence]], Metric]:
    """Make a function that gives the evidence for a period into a metric, and register it."""

    def decorate(evidence: Callable[[Period], Evidence]) -> Metric:
        slug = evidence.__name__.replace("_", "-")
        said = " ".join((inspect.getdoc(evidence) or "").split())
        if not said:
            raise TypeError(f"{evidence.__name__} does not say what it means: give it a docstring")
        if slug in _registry:
            raise TypeError(f"there are two metrics of the name {evidence.__name__}")

        @wraps(evidence)
        def seen(period: Period) -> Evidence:
            return evidence(period).as_seen_by(period.seen_by)

        return _registry.setdefault(slug, Metric(slug, name, unit, formula, said, seen, better))

    return decorate


_registry: dict[str, Metric] = {}


def metrics() -> dict[str, Metric]:
    """Every metric there is, by slug, in the order of the files and of the functions in them."""
    _load_all()
    return dict(_registry)


@cache
def _load_all() -> None:
    package = importlib.import_module("goodword.metrics")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
