"""What does the author want? Cues found in the words, added up to a probability for each intent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import regex

from goodword.understanding.analysis import INTENTS, Evidence, Sentiment
from goodword.understanding.cues import LANGUAGES, WEIGHTS
from goodword.understanding.language import Language
from goodword.understanding.phrases import find_cues
from goodword.understanding.words import QUESTION_MARKS, words_of

# A missed question or complaint costs more than one looked at in vain, so these pass on one hint and a half.
THRESHOLDS: Mapping[str, float] = {
    "praise": 0.55,
    "recommendation": 0.55,
    "question": 0.50,
    "complaint": 0.50,
    "suggestion": 0.55,
    "purchase": 0.55,
    "churn": 0.55,
    "thanks": 0.55,
    "spam": 0.65,
}

# What is left to say of an intent nobody saw a sign of.
BY_CHANCE = 0.02

# Above this, only the cues of that language are read; below it, those of all, since "No funciona" is
# as good Portuguese as Spanish and "danke" alone is not enough to tell.
CLEAR_LANGUAGE = 0.80

# Feeling alone is half a sign: people also praise and curse what is not ours.
PRAISE_IN_POSITIVE = 0.62
COMPLAINT_IN_NEGATIVE = 0.45

# One link is a source. Posts that are mostly links or tags are written for machines.
LINKS_OF_SPAM = 3
TAGS_OF_SPAM = 8

_QUESTION_MARK = regex.compile(f"[{QUESTION_MARKS}]+")


def intents_of(
    text: str, words: str, language: Language, sentiment: Sentiment
) -> tuple[dict[str, float], list[Evidence]]:
    """A probability for every intent, and the words that speak for it.

    `text` is the post, `words` the author's own in it at the same offsets.
    """
    signs: defaultdict[str, list[float]] = defaultdict(list)
    evidence = []
    for found in find_cues(words_of(words), languages_to_read(language)):
        signs[found.intent].append(found.weight)
        evidence.append(Evidence(found.start, found.end, found.intent))
    for mark in _QUESTION_MARK.finditer(words):
        signs["question"].append(WEIGHTS["certain"])
        evidence.append(Evidence(*mark.span(), "question"))
    _add_feeling(signs, sentiment)
    _add_spam_by_shape(signs, text)
    return {intent: _together(signs[intent]) for intent in INTENTS}, evidence


def decide(intents: Mapping[str, float]) -> tuple[str, ...]:
    """The intents that pass their threshold, likeliest first. Spam is nothing else besides."""
    if intents["spam"] >= THRESHOLDS["spam"]:
        return ("spam",)
    passed = [intent for intent in INTENTS if intents[intent] >= THRESHOLDS[intent]]
    return tuple(sorted(passed, key=lambda intent: -intents[intent]))


def languages_to_read(language: Language) -> frozenset[str]:
    if language.probability < CLEAR_LANGUAGE:
        return LANGUAGES
    return frozenset({language.code}) & LANGUAGES


def _add_feeling(signs: defaultdict[str, list[float]], sentiment: Sentiment) -> None:
    """A feeling we would not name does not count either."""
    if sentiment.label == "positive":
        signs["praise"].append(PRAISE_IN_POSITIVE * sentiment.positive)
    elif sentiment.label == "negative":
        signs["complaint"].append(COMPLAINT_IN_NEGATIVE * sentiment.negative)


def _add_spam_by_shape(signs: defaultdict[str, list[float]], text: str) -> None:
    if text.count("://") >= LINKS_OF_SPAM:
        signs["spam"].append(WEIGHTS["likely"])
    if text.count("#") >= TAGS_OF_SPAM:
        signs["spam"].append(WEIGHTS["hint"])


def _together(weights: list[float]) -> float:
    """Signs taken as independent: each leaves its share of the doubt."""
    doubt = 1 - BY_CHANCE
    for weight in weights:
        doubt *= 1 - weight
    return 1 - doubt
