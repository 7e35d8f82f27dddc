"""Positive, neutral, negative: how likely is each? Claimed for English only, where it was measured."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from functools import cache
from typing import Any

import regex

from goodword.understanding.analysis import UNKNOWN_SENTIMENT, Evidence, Sentiment

MEASURED_LANGUAGES = frozenset({"en"})

# VADER compares every emotional word with all words of the text: it needs four times as long for
# twice the text. It was made for posts; of a longer text the beginning is read.
READ_CHARS = 1_500

# Logits of (negative, neutral, positive) for what VADER's compound score says: softmax regression on every
# second of the rated posts. Used where the trained files are not there.
_ALWAYS = (-0.85, 0.81, 0.04)
_PER_POSITIVE = (-5.21, 0.47, 4.73)
_PER_NEGATIVE = (3.66, -0.55, -3.11)
_IF_ANY = (1.03, -0.52, -0.51)

_EMOJI = regex.compile(r"\p{Extended_Pictographic}")
_TOKEN = regex.compile(r"\p{Extended_Pictographic}|[^\s\p{Extended_Pictographic}]+")


def feelings_in(words: str) -> list[Evidence]:
    """The words and emoji that VADER's lexicon rates, by their own sign: negation is not undone here."""
    lexicon = _vader().lexicon
    found = []
    for token in _TOKEN.finditer(words[:READ_CHARS]):
        word = token[0]
        valence, bare = lexicon.get(word.lower()), word
        if valence is None and not word.isalnum():
            bare = word.strip(string.punctuation)
            valence = lexicon.get(bare.lower()) or _valence_of_emoji(bare)
        if valence:
            start = token.start() + word.find(bare)
            found.append(Evidence(start, start + len(bare), "positive" if valence > 0 else "negative"))
    return found


def sentiment_of(words: str, language: str, feelings: Sequence[Evidence]) -> Sentiment:
    """The sentiment of the author's own words, in which `feelings_in` found these feelings.

    Unknown in a language where it was never measured, and where there are no words.
    """
    if language not in MEASURED_LANGUAGES or not words.strip():
        return UNKNOWN_SENTIMENT
    if not feelings:
        return _from_compound(0.0)  # VADER's answer too, for three times the work
    words = words[:READ_CHARS]
    if not words.isascii():
        words = _EMOJI.sub(r" \g<0> ", words)  # VADER glues an emoji to the word behind it
    return _from_compound(float(_vader().polarity_scores(words)["compound"]))


def _valence_of_emoji(character: str) -> float:
    """VADER reads an emoji as the words of its name."""
    name = _vader().emojis.get(character, "")
    return sum(float(_vader().lexicon.get(word, 0.0)) for word in name.split())


def _from_compound(compound: float) -> Sentiment:
    positive, negative = max(compound, 0.0), max(-compound, 0.0)
    logits = [
        always + up * positive + down * negative + (any_ if compound else 0.0)
        for always, up, down, any_ in zip(_ALWAYS, _PER_POSITIVE, _PER_NEGATIVE, _IF_ANY, strict=True)
    ]
    powers = [math.exp(logit) for logit in logits]
    return Sentiment(*(power / sum(powers) for power in powers))


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
