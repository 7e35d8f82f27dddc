"""Where does a word or a phrase stand in a text?"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .folding import Token, fold, tokens


class Piece(NamedTuple):
    """One token of a literal: a word looked for, or its part within one script."""

    lead: str  # "#" or "@": only a token led so meets it; "": any does
    word: str
    spaced: bool
    opens: bool  # nothing may stand before it in its run: it continues the piece before, or has a lead
    closes: bool  # nothing may stand after it in its run: the next piece continues it
    glued: bool  # follows the piece before without a character between


@lru_cache(maxsize=65_536)
def pieces_of(text: str) -> tuple[Piece, ...]:
    """What a literal looks for: none if it has no letter and no digit."""
    found = list(tokens(fold(text).text))
    glued = [bool(i and found[i - 1].end == token.start) for i, token in enumerate(found)] + [False]
    return tuple(
        Piece(token.lead, token.word, token.spaced, glued[i] or bool(token.lead), glued[i + 1], glued[i])
        for i, token in enumerate(found)
    )


class Reading:
    """A folded text, read once for all queries; all spans of this file are in it."""

    def __init__(self, folded: str) -> None:
        self.tokens: list[Token] = list(tokens(folded))
        self.positions: dict[str, list[int]] = {}
        self.runs: list[int] = []
        for position, token in enumerate(self.tokens):
            if token.spaced:
                self.positions.setdefault(token.word, []).append(position)
            else:
                self.runs.append(position)


def find(pieces: tuple[Piece, ...], reading: Reading) -> Iterator[tuple[int, int]]:
    """Each place in which the pieces stand side by side, from left to right."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        yield from _find_one(first, reading)
        return
    for position in _positions(first, reading):
        if _stand_at(position, pieces, reading.tokens):
            yield (
                _start(first, reading.tokens[position]),
                _end(last, reading.tokens[position + len(pieces) - 1]),
            )


def _find_one(piece: Piece, reading: Reading) -> Iterator[tuple[int, int]]:
    for position in _positions(piece, reading):
        token = reading.tokens[position]
        if not _meets(piece, token):
            continue
        if piece.spaced or piece.opens:
            yield _start(piece, token), _end(piece, token)
        else:
            yield from _everywhere_in(token, piece.word)


def _positions(piece: Piece, reading: Reading) -> list[int]:
    return reading.positions.get(piece.word, []) if piece.spaced else reading.runs


def _stand_at(position: int, pieces: tuple[Piece, ...], text: list[Token]) -> bool:
    if position + len(pieces) > len(text):
        return False
    for offset, piece in enumerate(pieces):
        token = text[position + offset]
        if not _meets(piece, token):
            return False
        if piece.glued and text[position + offset - 1].end != token.start:
            return False
    return True


def _meets(piece: Piece, token: Token) -> bool:
    if piece.spaced != token.spaced or (piece.lead and piece.lead != token.lead):
        return False
    return (
        piece.word == token.word
        if piece.spaced
        else _WITHIN[piece.opens, piece.closes](token.word, piece.word)
    )


# Keyed by: must it open the run? must it close it?
_WITHIN: dict[tuple[bool, bool], Callable[[str, str], bool]] = {
    (False, False): str.__contains__,
    (True, False): str.startswith,
    (False, True): str.endswith,
    (True, True): str.__eq__,
}


def _start(piece: Piece, token: Token) -> int:
    """Where the piece begins; in a phrase the last place in a run is nearest to what follows."""
    if piece.lead:
        return token.start - 1
    if piece.spaced or piece.opens:
        return token.start
    return token.start + token.word.rindex(piece.word)


def _end(piece: Piece, token: Token) -> int:
    if piece.spaced or piece.closes:
        return token.end
    return token.start + token.word.index(piece.word) + len(piece.word)


def _everywhere_in(token: Token, word: str) -> Iterator[tuple[int, int]]:
    place = token.word.find(word)
    while place >= 0:
        yield token.start + place, token.start + place + len(word)
        place = token.word.find(word, place + len(word))
