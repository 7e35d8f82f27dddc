"""Which model answers at which stage? A better one is plugged in here, in one line."""

from __future__ import annotations

from functools import cache

from goodword.understanding import trained
from goodword.understanding.analysis import Stage, Understander
from goodword.understanding.rules_stage import RulesStage


@cache
def understander(stage: Stage) -> Understander:
    """The model of a stage, loaded once: the trained one, or the rules where its files are not there."""
    from goodword.understanding.trained_stages import FirstStage, FullStage

    if stage == "rules":
        return RulesStage()
    if stage == "full" and trained.has(trained.FULL_STAGE):
        return FullStage()
    if trained.has(trained.FIRST_STAGE):
        return FirstStage()
    return RulesStage()


def second_stage_is_there() -> bool:
    """Is there more to be understood than what the first stage says?"""
    return trained.has(trained.FULL_STAGE)
