"""What does a query say? Its tree, and the one form in which it is printed.

`str(expression)` writes every AND and every parenthesis out, so that one sees how it was read; parsing
that form gives an equal tree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, which #word and @word meet too; or a #tag or @handle, which only itself meets."""

    text: str
    at: tuple[int, int] = field(default=NOWHERE, compare=False, repr=False)  # its place in the query

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side, in this order; punctuation between them does not count."""

    text: str  # without the quotation marks
    at: tuple[int, int] = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Not:
    """The text must not meet this."""

    part: "Expression"
    at: tuple[int, int] = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"NOT {_enclosed(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """The text must meet every part."""

    parts: tuple["Expression", ...]
    at: tuple[int, int] = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return " AND ".join(_enclosed(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """The text must meet one part or more."""

    parts: tuple["Expression", ...]
    at: tuple[int, int] = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        # AND binds closer anyway, but few people know by heart which one does.
        return " OR ".join(_enclosed(part, And) for part in self.parts)


Literal: TypeAlias = Word | Phrase
Expression: TypeAlias = Word | Phrase | Not | And | Or


def all_of(parts: Iterable[Expression]) -> Expression:
    """The parts joined by AND; an AND directly inside adds its own parts."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat), at=_around(flat))


def any_of(parts: Iterable[Expression]) -> Expression:
    """The parts joined by OR; an OR directly inside adds its own parts."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat), at=_around(flat))


def none_of(part: Expression, start: int = 0) -> Expression:
    """The opposite of a part; the opposite of an opposite is the part itself."""
    return part.part if isinstance(part, Not) else Not(part, at=(start, part.at[1]))


def _around(parts: list[Expression]) -> tuple[int, int]:
    return parts[0].at[0], parts[-1].at[1]


def _enclosed(part: Expression, *looser: type[Expression]) -> str:
    return f"({part})" if isinstance(part, looser) else str(part)
