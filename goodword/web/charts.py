"""How is a row of weeks drawn? As columns whose places are shares of the drawing, in per cent.

Per cent, because the policy of our pages allows no inline styles, and a drawing that is scaled as a
whole would shrink its letters on a phone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LEFT = 9.0  # room for the numbers of the lines
TOP, FLOOR = 5.0, 86.0  # above: room for a number; below: the names of the weeks
COLUMN = 0.64  # of its slot
WIDEST = 7.0
MOST_NAMES = 4  # more week names would run into each other on a phone

MINUTE, HOUR, DAY = 60, 3600, 86_400
STEPS_OF_TIME = [
    *(n * MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR for n in (1, 2, 4, 6, 12)),
    *(n * DAY for n in (1, 2, 5, 10, 20, 50, 100, 200)),
]


@dataclass(frozen=True)
class Week:
    """What is known of one week: its name, its whole sentence, and where its rows are."""

    name: str
    sentence: str
    href: str
    parts: Sequence[float | None]  # one for each tone, from the floor up
    cells: Sequence[str] = ()  # the same in the table beside the drawing
    is_here: bool = False


@dataclass(frozen=True)
class Bar:
    tone: int
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    week: Week
    slot_x: float
    slot_width: float
    middle: float
    x: float
    width: float
    bars: list[Bar]
    is_named: bool


@dataclass(frozen=True)
class Line:
    y: float
    name: str


@dataclass(frozen=True)
class Chart:
    """`tones` names the parts of a column, in the order in which they are drawn."""

    slug: str
    title: str
    says: str
    tones: Sequence[str]
    columns: list[Column]
    lines: list[Line]

    @property
    def is_empty(self) -> bool:
        return not any(column.bars for column in self.columns)


def chart(
    slug: str,
    title: str,
    says: str,
    tones: Sequence[str],
    weeks: Sequence[Week],
    *,
    step: Callable[[float], float],
    named: Callable[[float], str],
    stacked: bool = True,
    top: float | None = None,
) -> Chart:
    """Draw the weeks. Stacked parts stand on each other; others stand before each other.

    `step` gives the distance of the lines for the highest column, `named` the words of a line.
    """
    highest = top or max((_height(week.parts, stacked) for week in weeks), default=0.0)
    distance = step(highest) if highest else 1.0
    count = max(1, math.ceil(highest / distance - 1e-9))
    scale = (FLOOR - TOP) / (count * distance)
    lines = [Line(FLOOR - i * distance * scale, named(i * distance)) for i in range(count + 1)]
    names = _named(weeks)
    return Chart(
        slug=slug,
        title=title,
        says=says,
        tones=tones,
        columns=[
            _column(i, week, len(weeks), scale, stacked, is_named=i in names) for i, week in enumerate(weeks)
        ],
        lines=lines,
    )


def step_of_counts(highest: float) -> float:
    """1, 2 or 5, 10, 20, 50 ...: so that four lines or fewer are drawn."""
    rough = max(highest / 4, 1.0)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough - 1e-9)


def step_of_time(highest: float) -> float:
    return next((step for step in STEPS_OF_TIME if step * 4 >= highest), highest / 4)


def step_of_share(_highest: float) -> float:
    return 0.25


def _named(weeks: Sequence[Week]) -> set[int]:
    """Which weeks have room for their name: counted from the newest, and never beside the chosen one."""
    every = math.ceil(len(weeks) / MOST_NAMES)
    chosen = [i for i, week in enumerate(weeks) if week.is_here]
    named = range(len(weeks) - 1, -1, -every)
    return {i for i in named if all(abs(i - other) >= every for other in chosen)} | set(chosen)


def _height(parts: Sequence[float | None], stacked: bool) -> float:
    known = [part for part in parts if part is not None]
    return (sum(known) if stacked else max(known, default=0.0)) if known else 0.0


def _column(i: int, week: Week, count: int, scale: float, stacked: bool, *, is_named: bool) -> Column:
    slot = (100 - LEFT) / count
    width = min(slot * COLUMN, WIDEST)
    left = LEFT + i * slot
    return Column(
        week=week,
        slot_x=left,
        slot_width=slot,
        middle=left + slot / 2,
        x=left + (slot - width) / 2,
        width=width,
        bars=_bars(week.parts, scale, stacked),
        is_named=is_named,
    )


def _bars(parts: Sequence[float | None], scale: float, stacked: bool) -> list[Bar]:
    bars, floor = [], FLOOR
    for tone, part in enumerate(parts):
        if part:
            height = part * scale
            bars.append(Bar(tone, floor - height, height))
            floor -= height if stacked else 0
    return bars
