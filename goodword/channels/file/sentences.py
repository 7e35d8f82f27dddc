"""How does a pure folder say something to a person, so that an edge can translate it?"""

from __future__ import annotations


class Told(Exception):
    """A sentence with named places, and what stands in them: `str()` gives the English whole."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class NoTable(Told):
    """This file holds no rows that could be read."""


class BadMapping(Told):
    """Somebody said what a column means, and it cannot mean that."""


class BadRow(Told):
    """This row is no post."""
