"""Positive, neutral, negative: how likely is each? Claimed for English only, where it was measured."""

from __future__ import annotations

import math
import string
from functools import cache
from typing import Any

import regex

from goodword.understanding.analysis import UNKNOWN_SENTIMENT, Evidence, Sentiment

MEASURED_LANGUAGES = frozenset({"en"})

# VADER compares every emotional word with all words of the text: it needs four times as long for
# twice the text. It was made for posts; of a longer text the beginning is read.
READ_CHARS = 1_500

# Logits of (negative, neutral, positive) for what VADER's compound score says, fitted by
# `python -m tests.understanding.measure --fit` on half of the rated posts and of the rated reviews.
_ALWAYS = (-0.12, 0.18, -0.06)
_PER_POSITIVE = (-2.79, -0.48, 3.27)
_PER_NEGATIVE = (2.36, -0.85, -1.51)
_IF_ANY = (0.57, -0.24, -0.34)

_TOKEN = regex.compile(r"\S+")


def sentiment_of(words: str, language: str) -> Sentiment:
    """The sentiment of the author's own words; unknown where it was never measured, or there are none."""
    if language not in MEASURED_LANGUAGES or not words.strip():
        return UNKNOWN_SENTIMENT
    return _from_compound(float(_vader().polarity_scores(words[:READ_CHARS])["compound"]))


def emotional_words(words: str) -> list[Evidence]:
    """The words and emoji that VADER's lexicon rates, by their own sign: negation is not undone here."""
    lexicon, emojis = _vader().lexicon, _vader().emojis
    found = []
    for token in _TOKEN.finditer(words[:READ_CHARS]):
        start, end = token.span()
        word = token[0]
        bare = word.strip(string.punctuation)
        valence = lexicon.get(word.lower(), 0.0)
        if not valence and len(bare) > 2:
            start += word.find(bare)
            end = start + len(bare)
            valence = lexicon.get(bare.lower(), 0.0)
        if valence:
            found.append(Evidence(start, end, "positive" if valence > 0 else "negative"))
        elif not word.isascii():
            found += _emotional_emoji(word, token.start(), lexicon, emojis)
    return found


def _emotional_emoji(
    word: str, offset: int, lexicon: dict[str, float], emojis: dict[str, str]
) -> list[Evidence]:
    found = []
    for position, character in enumerate(word, start=offset):
        valence = sum(lexicon.get(name, 0.0) for name in emojis.get(character, "").split())
        if valence:
            found.append(Evidence(position, position + 1, "positive" if valence > 0 else "negative"))
    return found


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
