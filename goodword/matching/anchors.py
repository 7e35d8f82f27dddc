"""Which few words must a text have, whatever else it says, to meet a query?

Of words joined by AND the rarest is enough; of words joined by OR all are needed. A matcher looks for
these first, and a network's search is asked for them.
"""

from collections.abc import Iterable

from .expression import And, Expression, Literal, Not, Or, Phrase, Word
from .finding import Piece, pieces_of


def anchors(expression: Expression) -> tuple[Literal, ...]:
    """Literals of which every text that meets the expression has at least one, as rare as possible.

    None at all means that the expression is met by texts that have none of its words.
    """
    return _anchors(expression, wanted=True) or ()


def search_words(expression: Expression) -> list[str]:
    """What to ask a network's own search for: each answer apart, and all together miss nothing.

    Phrases come in quotation marks, tags and handles with their lead, all as they were written.
    """
    return list(dict.fromkeys(str(literal) for literal in anchors(expression)))


def rarest_piece(literal: Literal) -> Piece:
    return min(pieces_of(literal.text), key=_frequency)


def _anchors(expression: Expression, wanted: bool) -> tuple[Literal, ...] | None:
    match expression:
        case Word() | Phrase():
            return (expression,) if wanted else None
        case Not(part):
            return _anchors(part, not wanted)
        case And(parts):
            return (_rarest if wanted else _together)(_anchors(part, wanted) for part in parts)
        case Or(parts):  # a negated OR is an AND of negations
            return (_together if wanted else _rarest)(_anchors(part, wanted) for part in parts)


Choice = Iterable[tuple[Literal, ...] | None]


def _rarest(choices: Choice) -> tuple[Literal, ...] | None:
    required = [literals for literals in choices if literals is not None]
    return min(required, key=lambda literals: sum(map(_literal_frequency, literals)), default=None)


def _together(choices: Choice) -> tuple[Literal, ...] | None:
    together: list[Literal] = []
    for literals in choices:
        if literals is None:
            return None
        together.extend(literals)
    return tuple(together)


def _literal_frequency(literal: Literal) -> float:
    """A phrase is rarer than each of its words."""
    frequency = 1.0
    for piece in pieces_of(literal.text):
        frequency *= _frequency(piece)
    return frequency


# Without counts of the brand's own stream, length is the best guess at how rare a word is. A sign of a
# script without spaces tells about as much as three letters; a lead makes any word rare.
_PER_LETTER = 0.5
_PER_SIGN = 0.125
_PER_LEAD = 0.02


def _frequency(piece: Piece) -> float:
    per_character = _PER_LETTER if piece.spaced else _PER_SIGN
    return float(per_character ** len(piece.word)) * (_PER_LEAD if piece.lead else 1.0)
