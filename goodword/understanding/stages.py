"""Which model answers at which stage? A better one is plugged in here, in one line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from goodword.understanding.analysis import Stage, Understander
from goodword.understanding.first_stage import FirstStage

# There is no second model yet. `full` answers the same as `first` and says so in its name, so that
# posts it has seen are analysed again on the day there is one.
_STAGES: dict[Stage, Callable[[], Understander]] = {
    "first": lambda: FirstStage(),
    "full": lambda: FirstStage(stage="full-same-as-first"),
}


@cache
def understander(stage: Stage) -> Understander:
    """The model of a stage, loaded once. KeyError for a stage that does not exist."""
    return _STAGES[stage]()
