"""What teaches, what sets the scales, and what is tested on and never looked at before?

Our own posts are split once and for all by their id: five in ten teach, two calibrate, three test. Sources
of others teach whole, except for the parts their makers set apart. To see how well something does on a
source it has not met, leave the source out (`without`).
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from models.making import data
from models.making.data import Row, key_of

Part = Literal["teach", "calibrate", "test"]

# How much a row of each source counts beside one of ours.
WEIGHTS = {
    "own": 3.0,
    "tweets": 1.5,
    "reviews": 0.7,
    "sentences": 0.7,
    "comments": 0.5,
    "hostile": 0.5,
    "bank": 0.3,
}

# Comments are many, of another register, and the hostile tweets of one kind: a part is enough.
EVERY_NTH = {"comments": 6, "hostile": 4, "bank": 9}


def part_of(row_id: str) -> Part:
    tenth = hashlib.sha256(row_id.encode()).digest()[0] % 10
    return "teach" if tenth < 5 else "calibrate" if tenth < 7 else "test"


def own(part: Part) -> list[Row]:
    return [row for row in data.own_posts() if part_of(row.id) == part]


def lessons(without: Collection[str] = ()) -> tuple[list[Row], list[float]]:
    """Everything that teaches, each with its weight; `without` names sources to leave out.

    No row has the words of one that calibrates or tests, and none is there twice.
    """
    kept_apart = [
        *own("calibrate"),
        *own("test"),
        *_clean(data.comments("dev")),
        *_clean(data.comments("test")),
    ]
    rows = [row for source in WEIGHTS if source not in without for row in _teaching(source)]
    fresh = list(_fresh(rows, kept_apart))
    return fresh, [WEIGHTS[row.source] for row in fresh]


def scales(without: Collection[str] = ()) -> list[Row]:
    """What says how sure a score is: our own posts set apart for it, and as many comments."""
    ours = own("calibrate")
    if "comments" in without:
        return ours
    return ours + list(_clean(data.comments("dev")))[: len(ours)]


def _teaching(source: str) -> list[Row]:
    rows: Iterable[Row] = {
        "own": lambda: own("teach"),
        "tweets": data.rated_tweets,
        "reviews": data.rated_reviews,
        "sentences": data.review_sentences,
        "comments": lambda: data.comments("train"),
        "hostile": data.hostile_tweets,
        "bank": lambda: data.bank_requests("train"),
    }[source]()
    return list(_clean(rows))[:: EVERY_NTH.get(source, 1)]


def _clean(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield replace(row, text=html.unescape(row.text))


def _fresh(rows: Iterable[Row], kept_apart: Sequence[Row]) -> Iterator[Row]:
    seen = {key_of(row.text) for row in kept_apart}
    for row in rows:
        key = key_of(row.text)
        if key and key not in seen:
            seen.add(key)
            yield row
