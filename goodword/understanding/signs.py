"""Signs beside the fragments: marks, capitals, links, how words of feeling add up, and cues of intents.

Each is a number of about one, of four at most, so that heads can weigh it beside the fragments.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import regex

from goodword.understanding.analysis import INTENTS
from goodword.understanding.phrases import Found as Cue
from goodword.understanding.words import NEGATION_REACH, QUESTION_MARKS, Kind, Words

SIGNS = (
    "glad words",
    "sad words",
    "any feeling",
    "balance of feeling",
    "question mark",
    "ends in a question mark",
    "exclamation mark",
    "capitals",
    "link",
    "handle first",
    "several tags",
    "length",
    "emoji",
    "number",
    "quotation",
    *(f"cues of {intent}" for intent in INTENTS),
)

# VADER's own constants: a denied feeling is the opposite and weaker; a strong word before it adds to it.
DENIED_TIMES = -0.74
STRONGER_BY = 0.293
SUMS_ABOUT = 15.0  # VADER's alpha: brings sums of valences between -1 and 1
MOST_VALENCE = 4.0
CUES_WEIGH = 4.0  # they are few and mean much

_EMOJI = regex.compile(r"\p{Extended_Pictographic}")
_CAPITALS = regex.compile(r"\b\p{Lu}{3,}\b")


def signs_of(text: str, own: str, words: Words, cues: Iterable[Cue]) -> list[float]:
    """The value of each of SIGNS; `text` is the post as given, `own` and `words` its author's part of it."""
    glad, sad = _feelings(words)
    total = glad - sad
    return [
        min(glad, 2.0),
        min(sad, 2.0),
        1.0 if glad or sad else 0.0,
        total * MOST_VALENCE / math.sqrt((total * MOST_VALENCE) ** 2 + SUMS_ABOUT),
        1.0 if any(mark in own for mark in QUESTION_MARKS) else 0.0,
        1.0 if own.rstrip().endswith(tuple(QUESTION_MARKS)) else 0.0,
        min(own.count("!"), 3) / 3,
        min(len(_CAPITALS.findall(own)), 3) / 3,
        min(text.count("http"), 2) / 2,
        1.0 if text.startswith("@") else 0.0,
        min(text.count("#"), 4) / 4,
        min(len(words.plain), 60) / 60,
        0.0 if text.isascii() else min(len(_EMOJI.findall(text)), 3) / 3,
        1.0 if "0" in words.line else 0.0,
        1.0 if '"' in text or "“" in text or "„" in text or "«" in text else 0.0,
        *_doubt_taken(cues),
    ]


def _doubt_taken(cues: Iterable[Cue]) -> list[float]:
    """For each intent, how much of the doubt its cues take away, each its share."""
    doubts = dict.fromkeys(INTENTS, 1.0)
    for cue in cues:
        doubts[cue.intent] *= 1 - cue.weight
    return [CUES_WEIGH * (1 - doubt) for doubt in doubts.values()]


def _feelings(words: Words) -> tuple[float, float]:
    """The glad and the sad words, in units of the strongest possible word."""
    valences, stronger = _valences(), _stronger()
    glad = sad = 0.0
    denied_to, push, pushed_at = -1, 0.0, -2
    for at, (word, kind) in enumerate(zip(words.plain, words.kinds, strict=True)):
        if kind is Kind.DENIES:
            denied_to = at + NEGATION_REACH
            continue
        if kind is Kind.ENDS:
            denied_to = -1
            continue
        if word in stronger:
            push, pushed_at = stronger[word], at
        valence = valences.get(word)
        if not valence:
            continue
        if pushed_at == at - 1:
            valence += math.copysign(push, valence)
        if at <= denied_to:
            valence *= DENIED_TIMES
        if valence > 0:
            glad += valence
        else:
            sad -= valence
    return glad / MOST_VALENCE, sad / MOST_VALENCE


@cache
def _valences() -> dict[str, float]:
    lexicon: Any = _vader()
    words = {word.lower(): float(valence) for word, valence in lexicon.lexicon.items()}
    for emoji, name in lexicon.emojis.items():
        valence = sum(words.get(word, 0.0) for word in name.split())
        if valence:
            words[emoji] = valence
    return words


@cache
def _stronger() -> dict[str, float]:
    from vaderSentiment.vaderSentiment import BOOSTER_DICT

    return {word: math.copysign(STRONGER_BY, by) for word, by in BOOSTER_DICT.items() if " " not in word}


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
