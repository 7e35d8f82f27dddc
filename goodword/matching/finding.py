"""Where does a word or a phrase stand in a folded text?

The text is not cut into tokens for this: a word is found first, which is quick, and only then is looked
at what stands around it. So a megabyte costs little, and a short post next to nothing.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .folding import fold, is_spaced, next_word, run_end, tokens


class Piece(NamedTuple):
    """One token of a literal: a word looked for, or its part within one script."""

    lead: str  # "#" or "@": only a token led so meets it; "": any does
    word: str
    spaced: bool  # False: it may stand anywhere in its run
    glued: bool  # ... but begins it, following the piece before without a character between
    closes: bool  # ... but ends it, since the next piece is glued to it


class Place(NamedTuple):
    """Where a piece was found: the span of what was looked for, and the end of the token that has it."""

    start: int
    end: int
    token_end: int


@lru_cache(maxsize=65_536)
def pieces_of(text: str) -> tuple[Piece, ...]:
    """What a literal looks for: nothing if it has no letter and no digit."""
    found = list(tokens(fold(text).text))
    glued = [bool(i and found[i - 1].end == token.start) for i, token in enumerate(found)]
    closes = [*glued[1:], False]
    return tuple(
        Piece(token.lead, token.word, token.spaced, glued[i], closes[i]) for i, token in enumerate(found)
    )


def find(pieces: tuple[Piece, ...], text: str) -> Iterator[tuple[int, int]]:
    """Each place in which the pieces stand side by side, from left to right.

    The place of a word is without the lead of a #word, that of a #tag is with it.
    """
    first, *others = pieces
    if not others and not first.spaced and not first.lead:
        yield from _everywhere(first.word, text)
        return
    for place in _spaced_places(first, text) if first.spaced else _run_places(first, text):
        last = _last_place(place, others, text)
        if last:
            yield place.start, last.end


def _last_place(place: Place, others: Iterable[Piece], text: str) -> Place | None:
    """Where the last of the other pieces stands, if they follow the first one by one."""
    for piece in others:
        following = _place_after(place.token_end, piece, text)
        if following is None:
            return None
        place = following
    return place


def _everywhere(word: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + len(word))


def _spaced_places(piece: Piece, text: str) -> Iterator[Place]:
    for start, end in _everywhere(piece.word, text):
        if _stands_alone(text, start, end) and _is_led(piece.lead, text, start):
            yield Place(start - len(piece.lead), end, end)


def _run_places(piece: Piece, text: str) -> Iterator[Place]:
    """At most one place in a run: its first if it must be led, else its last, nearest to what follows."""
    start = text.find(piece.word)
    while start >= 0:
        token_end = run_end(text, start)
        if not piece.lead:
            start = text.rindex(piece.word, start, token_end)
        end = start + len(piece.word)
        if _is_led(piece.lead, text, start) and (not piece.closes or end == token_end):
            yield Place(start - len(piece.lead), end, token_end)
        start = text.find(piece.word, token_end)


def _place_after(after: int, piece: Piece, text: str) -> Place | None:
    """The place of the piece in the token that comes next after a token's end, if it is there."""
    start = after if piece.glued else next_word(text, after)
    if not _is_led(piece.lead, text, start):
        return None
    if piece.spaced:
        end = start + len(piece.word)
        whole = text.startswith(piece.word, start) and _stands_alone(text, start, end)
        return Place(start, end, end) if whole else None
    return _place_in_run(piece, text, start, run_end(text, start))


def _place_in_run(piece: Piece, text: str, start: int, token_end: int) -> Place | None:
    if piece.closes:
        place = token_end - len(piece.word)
        found = place >= start and text.startswith(piece.word, place)
    else:
        place = text.find(piece.word, start, token_end)
        found = place >= 0
    begins = not (piece.glued or piece.lead) or place == start
    return Place(place, place + len(piece.word), token_end) if found and begins else None


def _is_led(lead: str, text: str, start: int) -> bool:
    """The @ of foo@apple.com leads no handle: a lead stands where a word could begin."""
    if not lead:
        return True
    return start > 0 and text[start - 1] == lead and (start == 1 or not is_spaced(text[start - 2]))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Words are bounded only by letters of scripts with spaces: "iPhoneを買った" has the word iPhone."""
    return not (start and is_spaced(text[start - 1])) and not (end < len(text) and is_spaced(text[end]))
