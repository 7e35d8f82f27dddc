"""Which colleagues does a note call by @name, and where?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from goodword.team.models import Teammate


@dataclass(frozen=True)
class Called:
    """Somebody is called by these characters of the note, the @ included."""

    teammate: Teammate
    start: int
    end: int


def called_in(text: str, team: Iterable[Teammate]) -> list[Called]:
    """Everybody who is called: @Bo, @Bo Lind or @bo.lind, as their name or address begins.

    A name that two colleagues have calls both: better one hears too much than the other nothing.
    """
    names = _names(team)
    if not names or "@" not in text:
        return []
    return [
        Called(teammate, found.start(), found.end())
        for found in _pattern(list(names)).finditer(text)
        for teammate in names.get(found.group(1).casefold(), [])
    ]


def spans_in(text: str, team: Iterable[Teammate]) -> Sequence[Sequence[int]]:
    """Where names stand, to be marked."""
    return sorted({(called.start, called.end) for called in called_in(text, team)})


def _names(team: Iterable[Teammate]) -> dict[str, list[Teammate]]:
    names: dict[str, list[Teammate]] = {}
    for teammate in team:
        whole = teammate.name.strip()
        for name in {whole, whole.split(" ")[0], teammate.user.email.split("@")[0]} - {""}:
            names.setdefault(name.casefold(), []).append(teammate)
    return names


def _pattern(names: list[str]) -> regex.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return regex.compile(
        r"(?<![\w@.])@(" + "|".join(map(regex.escape, longest_first)) + r")(?![\w@])", regex.IGNORECASE
    )
