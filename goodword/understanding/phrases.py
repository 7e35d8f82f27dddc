"""Where in a text do the cues stand? One walk over its words, whatever the number of cues.

How a cue is written stands in cues/__init__.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from goodword.understanding.cues import CUES, NOTHING, OPENERS, Cue
from goodword.understanding.words import NEGATION_REACH, Kind, Words, normal

ANY_WORD = "*"
AT_START = "^"


@dataclass(frozen=True)
class Found:
    """A cue and where it stands, in code points of the text."""

    start: int
    end: int
    intent: str
    weight: float


class _Word(NamedTuple):
    word: str  # lower case, without accents
    start: int
    end: int
    opens: bool  # first of its sentence or clause
    clause: int  # number of the clause it stands in
    denies: bool


@dataclass
class _Node:
    """Words seen so far; what may follow, and the cues complete here."""

    next: dict[str, _Node] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)


def find_cues(of: Words, languages: frozenset[str]) -> list[Found]:
    """Every cue of these languages in a text, in order.

    A cue inside a longer one that says NOTHING is not one ("no thanks"). A negated cue speaks for what
    its table row says it then means, or for nothing.
    """
    words = _read(of)
    matches = [match for at in range(len(words)) for match in _matches_at(words, at, languages)]
    hushed = [(start, end) for start, end, cue in matches if cue.intent == NOTHING]
    found = []
    for start, end, cue in matches:
        if cue.intent == NOTHING or any(
            a <= start and end <= b and (a, b) != (start, end) for a, b in hushed
        ):
            continue
        intent = cue.negated if cue.negated and _is_negated(words, start) else cue.intent
        if intent != NOTHING:
            found.append(Found(words[start].start, words[end - 1].end, intent, cue.weight))
    return _longest_each(found)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Lower case and without accents: people type "donde" and "dónde"."""
    word = word.lower()
    if word.isascii():
        return word
    word = word.replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _read(words: Words) -> list[_Word]:
    read: list[_Word] = []
    opens, clause = True, 0
    for word, span, kind in zip(words.plain, words.spans, words.kinds, strict=True):
        if kind is Kind.ENDS:
            opens, clause = True, clause + 1
        elif word[0].isalnum():
            folded = fold(word)
            read.append(_Word(folded, *span, opens, clause, kind is Kind.DENIES))
            opens = opens and folded in OPENERS
    return read


def _matches_at(words: list[_Word], at: int, languages: frozenset[str]) -> Iterator[tuple[int, int, Cue]]:
    roots = (_cues_anywhere(), _cues_at_start()) if words[at].opens else (_cues_anywhere(),)
    nodes, position = _step(roots, words[at].word), at + 1
    while nodes:
        for node in nodes:
            for cue in node.cues:
                if cue.language in languages:
                    yield at, position, cue
        if position == len(words) or words[position].clause != words[at].clause:
            return
        nodes, position = _step(nodes, words[position].word), position + 1


def _step(nodes: Iterable[_Node], word: str) -> list[_Node]:
    return [after for node in nodes for step in (word, ANY_WORD) if (after := node.next.get(step))]


def _is_negated(words: list[_Word], at: int) -> bool:
    before = words[max(0, at - NEGATION_REACH) : at]
    return any(word.clause == words[at].clause and word.denies for word in before)


def _longest_each(found: list[Found]) -> list[Found]:
    """Of cues of one intent that overlap, the first and longest: the same words do not count twice."""
    kept: list[Found] = []
    read_to: dict[str, int] = {}
    for candidate in sorted(found, key=lambda one: (one.start, -one.end, -one.weight)):
        if candidate.start >= read_to.get(candidate.intent, 0):
            kept.append(candidate)
            read_to[candidate.intent] = candidate.end
    return kept


@cache
def _cues_anywhere() -> _Node:
    return _tree_of(cue for cue in CUES if not cue.words.startswith(AT_START))


@cache
def _cues_at_start() -> _Node:
    return _tree_of(cue for cue in CUES if cue.words.startswith(AT_START))


def _tree_of(cues: Iterable[Cue]) -> _Node:
    root = _Node()
    for cue in cues:
        for sequence in product(*(part.split("/") for part in cue.words.removeprefix(AT_START).split())):
            node = root
            for word in sequence:
                node = node.next.setdefault(fold(normal(word)), _Node())
            node.cues.append(cue)
    return root
