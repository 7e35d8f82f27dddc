"""Which of all queries does one text meet, and which of its words are the reason?

First one pass over the text finds the anchors of all queries at once; only queries with an anchor in it
are then checked exactly. Most texts have none and cost one pass.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from ahocorasick_rs import AhoCorasick

from .anchors import anchors, rarest_piece
from .expression import And, Expression, Not, Or, Phrase, Word
from .finding import Piece, find, pieces_of
from .folding import Folded, fold
from .syntax import parse

Span: TypeAlias = tuple[int, int]  # half-open, in code points of the text as given
MAX_PLACES = 1_000  # of one word: more are never looked at, and a megabyte of one word must stay cheap
Id = TypeVar("Id", bound=Hashable)
# The spans that are the reason (none for what is left out), or None where the text does not meet it.
_Check: TypeAlias = Callable[[str], list[Span] | None]


class Matcher(Generic[Id]):
    """All saved queries, ready to be asked about texts. Immutable, and safe to share between threads."""

    def __init__(self, queries: Mapping[Id, str | Expression]) -> None:
        """Raises QuerySyntaxError (a ValueError) for the first query that cannot be read, ValueError for a
        tree made by hand that means nothing."""
        expressions = [parse(query) if isinstance(query, str) else query for query in queries.values()]
        self._ids = list(queries)
        self._checks = [_check(expression) for expression in expressions]
        self._presearch = _Presearch(expressions)

    def match(self, text: str) -> dict[Id, list[Span]]:
        """The queries the text meets, in the order given, each with the places of its words."""
        folded = fold(text)
        met: dict[Id, list[Span]] = {}
        for number, spans in self._met(folded):
            met[self._ids[number]] = sorted({folded.as_given(start, end) for start, end in spans})
        return met

    def interested(self, text: str) -> bool:
        """Does the text meet any query? Stops at the first."""
        return any(True for _ in self._met(fold(text)))

    def _met(self, folded: Folded) -> Iterator[tuple[int, list[Span]]]:
        for number in sorted(self._presearch.candidates(folded.text)):
            spans = self._checks[number](folded.text)
            if spans is not None:
                yield number, spans


def _check(expression: Expression) -> _Check:
    """What an expression means. A new kind of expression gets its meaning here."""
    match expression:
        case Word(text) | Phrase(text):
            return partial(_literal, _pieces(text))
        case Not(part):
            return partial(_none, _check(part))
        case And(parts):
            return partial(_all, [_check(part) for part in parts])
        case Or(parts):
            return partial(_any, [_check(part) for part in parts])


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces = pieces_of(text)
    if not pieces:  # parse refuses it in better words; this is for trees made by hand
        raise ValueError(f"No letter or digit to look for in: {text}")
    return pieces


def _literal(pieces: tuple[Piece, ...], text: str) -> list[Span] | None:
    for piece in pieces:
        if piece.word not in text:  # the quickest no, and by far the most frequent
            return None
    return list(islice(find(pieces, text), MAX_PLACES)) or None


def _none(check: _Check, text: str) -> list[Span] | None:
    return [] if check(text) is None else None


def _all(checks: Iterable[_Check], text: str) -> list[Span] | None:
    together: list[Span] = []
    for check in checks:
        spans = check(text)
        if spans is None:
            return None
        together.extend(spans)
    return together


def _any(checks: Iterable[_Check], text: str) -> list[Span] | None:
    met = [spans for check in checks if (spans := check(text)) is not None]
    return [span for spans in met for span in spans] if met else None


# A text is searched window by window, so that a megabyte full of hits never lies in memory at once.
_WINDOW = 65_536
_ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


class _Presearch:
    """Finds the queries a folded text might meet: never one too few, a few too many."""

    def __init__(self, expressions: Iterable[Expression]) -> None:
        queries_of: dict[Piece, set[int]] = {}
        for number, expression in enumerate(expressions):
            found = anchors(expression)
            if not found:
                raise ValueError(f"No text needs any word of this query, so it cannot be kept: {expression}")
            for literal in found:
                piece = rarest_piece(literal)
                queries_of.setdefault(piece._replace(glued=False, closes=False), set()).add(number)
        self._pieces = list(queries_of)
        self._queries = list(queries_of.values())
        patterns = [piece.lead + piece.word for piece in self._pieces]
        self._automaton = AhoCorasick(patterns)
        self._overlap = max(map(len, patterns), default=1) - 1

    def candidates(self, text: str) -> set[int]:
        numbers: set[int] = set()
        for pattern in self._found(text):
            numbers |= self._queries[pattern]
        return numbers

    def _found(self, text: str) -> set[int]:
        found: set[int] = set()
        for base in range(0, len(text), _WINDOW):
            window = text[base : base + _WINDOW + self._overlap]
            for pattern, start, end in self._automaton.find_matches_as_indexes(window, overlapping=True):
                if pattern not in found and self._may_be_whole(pattern, text, base + start, base + end):
                    found.add(pattern)
        return found

    def _may_be_whole(self, pattern: int, text: str, start: int, end: int) -> bool:
        """The cheap half of the rule where words begin and end: most hits inside longer words end here."""
        piece = self._pieces[pattern]
        if (piece.spaced or piece.lead) and start and text[start - 1] in _ASCII_WORD:
            return False
        return not (piece.spaced and end < len(text) and text[end] in _ASCII_WORD)
