"""The words of a post as the heads read them: small letters, no digits, what is denied marked as denied.

A post becomes one line, its words and marks with a space between them, and after them, each with a mark
of its own, the words that a negation reaches:

    "I don't LOVE it, sooooo slow!!"  ->  " i don't love it , soo slow !! ¬love ¬it "

Fragments are found in that line. `Words` leads from a place in it back to the word in the post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

import regex

DENIED = "¬"

# "Not really that good": a negation reaches over two words to the third.
NEGATION_REACH = 3

# Of an article, or an attack, the beginning is understood.
READ_WORDS = 400

# As people type them, with and without their marks.
_NEGATORS = frozenset(
    {"not", "no", "never", "cannot", "cant", "dont", "didnt", "doesnt", "isnt", "wasnt", "wont", "aint"}
    | {"without", "hardly", "barely", "nobody", "none", "nothing", "neither", "nor"}
    | {"nicht", "nichts", "kein", "keine", "keinen", "keiner", "nie", "niemals", "ohne"}
    | {"nunca", "sin", "ni", "nada", "ningún", "ninguna", "tampoco"}
    | {"ne", "pas", "rien", "aucun", "aucune", "jamais", "sans"}
    | {"não", "nao", "nem", "sem", "nenhum", "nenhuma"}
)
QUESTION_MARKS = "?？؟⁇⁉"
_CLAUSE_ENDS = frozenset(f".,;:!¿¡！。\n…()–—-{QUESTION_MARKS}")
_TOKEN = regex.compile(
    r"""  \p{Extended_Pictographic}\p{EMod}?\uFE0F?
        | (?: [:;=][-o']?[()\[\]dDpP/\\|3*]+ | <3 | </3 | \^_*\^ | -_+- ) (?!\w)   # emoticons
        | \w+(?:['’]\w+)*
        | [!?¿¡？！؟⁇⁉]+ | \.{2,} | …
        | [.,;:\n()"%€$£&/+。–—] | (?<=\s)-(?=\s)
    """,
    regex.VERBOSE,
)
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_DIGIT = re.compile(r"\d")


class Kind(Enum):
    PLAIN = auto()
    DENIES = auto()  # "not", "without"
    ENDS = auto()  # a mark behind which another clause begins


@dataclass(frozen=True)
class Words:
    """The line of a post, and where in the post each of its words stands."""

    line: str
    plain: list[str]  # each word as it stands in the line, without the denied ones after them
    spans: list[tuple[int, int]]  # of each of these in the post
    kinds: list[Kind]  # what each of these does to those around it
    denied: list[int]  # which of them stand in the line again, as denied

    def begins(self) -> list[int]:
        """Where in the line each word begins, the space before it included."""
        begins, at = [], 0
        for word in self.line[1:-1].split(" "):
            begins.append(at)
            at += len(word) + 1
        return begins


def words_of(text: str) -> Words:
    """Read a text from which addresses and others' words are blanked."""
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    kinds: list[Kind] = []
    denied: list[int] = []
    reach = 0
    for token in _TOKEN.finditer(text):
        word, kind = _word_and_kind(token[0])
        plain.append(word)
        spans.append(token.span())
        kinds.append(kind)
        if kind is Kind.ENDS:
            reach = 0
        elif kind is Kind.DENIES:
            reach = NEGATION_REACH
        elif reach:
            denied.append(len(plain) - 1)
            reach -= 1
        if len(plain) == READ_WORDS:
            break
    again = [DENIED + plain[at] for at in denied]
    return Words(f" {' '.join(plain + again)} ", plain, spans, kinds, denied)


@lru_cache(maxsize=50_000)
def _word_and_kind(token: str) -> tuple[str, Kind]:
    word = normal(token)
    if word[0] in _CLAUSE_ENDS:
        return word, Kind.ENDS
    return word, Kind.DENIES if word in _NEGATORS or word.endswith("n't") else Kind.PLAIN


def normal(token: str) -> str:
    """Small letters; "sooooo" is "soo", which is not "so"; 4:45 is 0:00, but 5 stars are 5."""
    word = token.lower().replace("’", "'")
    if len(word) > 2:
        word = _REPEATED.sub(r"\1\1", word)
    return word if len(word) == 1 or word.isalpha() else _DIGIT.sub("0", word)
