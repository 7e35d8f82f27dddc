"""The labels that heads give, in the order of the columns of every matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodword.understanding.analysis import INTENTS
from models.making.data import ASPECTS, CLASSES, Row

# The last twelve are taught, and not right often enough to be said of a post (docs/models.md).
YES_OR_NO = (*INTENTS, "needs_answer", "hostility", "sensitive", *ASPECTS)
LABELS = (*CLASSES, *YES_OR_NO)

# How the rows of our own posts call what the analysis calls otherwise.
CALLED = {"hostile": "hostility"}


def feelings(rows: Sequence[Row]) -> np.ndarray:
    """The number of each row's class, -1 where it is not told."""
    return np.array([CLASSES.index(row.sentiment) if row.sentiment else -1 for row in rows])


def answers(rows: Sequence[Row]) -> np.ndarray:
    """A column for each of YES_OR_NO: 1 yes, 0 no, nan where the row does not tell."""
    told = np.full((len(rows), len(YES_OR_NO)), np.nan, np.float32)
    for at, row in enumerate(rows):
        for names, value in ((row.yes, 1.0), (row.no, 0.0)):
            for name in names:
                name = CALLED.get(name, name)
                if name in YES_OR_NO:
                    told[at, YES_OR_NO.index(name)] = value
    return told
