"""What is wrong with a file, or with a row of it?"""

from __future__ import annotations

from goodword.sentence import Told


class NoTable(Told):
    """This file holds no rows that could be read."""


class BadMapping(Told):
    """Somebody said what a column means, and it cannot mean that."""


class BadRow(Told):
    """This row is no post."""
