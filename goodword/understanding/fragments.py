"""The linear heads of the first stage: fragments of words, each with a weight for every label.

A fragment is a piece of the line that words.py makes: a word (" love "), two or three (" not worth "), a
piece of a word ("refun"), a denied word (" ¬good "). All that stand in a post are found in one walk; its
score for a label is the sum of their weights over the root of their number, plus what its signs add. So
every score can be taken apart into the words it came from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from goodword.understanding.intents import languages_to_read
from goodword.understanding.language import Language
from goodword.understanding.phrases import find_cues
from goodword.understanding.signs import signs_of
from goodword.understanding.words import Words, words_of

# Keeps sums of weights in the range in which the signs are weighed.
SPREAD = 3.0


class Found(NamedTuple):
    """What a post holds: its fragments by number, where each stands in the line, and its signs."""

    words: Words
    matches: list[tuple[int, int, int]]  # number, start, end in the line
    numbers: Any  # of the fragments, each once
    signs: Any  # of signs.SIGNS


@dataclass(frozen=True)
class Fragments:
    """Fragments, and the matrices that weigh them: rows are fragments or signs, columns labels."""

    fragments: Sequence[str]
    weights: Any  # (fragments, labels), 8-bit
    scales: Any  # (labels,): a weight times its label's scale is its real size
    of_signs: Any  # (signs, labels)
    always: Any  # (labels,)

    def __post_init__(self) -> None:
        walker = AhoCorasick(list(self.fragments), implementation=Implementation.ContiguousNFA)
        object.__setattr__(self, "_walker", walker)
        object.__setattr__(self, "_real", self.weights.astype(np.float32) * self.scales)

    def find(self, text: str, own: str, language: Language) -> Found:
        """`text` as given, `own` the same with addresses and others' words blanked."""
        words = words_of(own)
        matches = self._walker.find_matches_as_indexes(words.line, overlapping=True)  # type: ignore[attr-defined]
        once = {match[0] for match in matches}
        numbers = np.fromiter(once, np.intp, len(once))
        signs = signs_of(text, own, words, find_cues(words, languages_to_read(language)))
        return Found(words, matches, numbers, np.asarray(signs, np.float32))

    def scores(self, found: Found) -> Any:
        """One number for each label, not yet a probability."""
        score = self.always + found.signs @ self.of_signs
        if len(found.numbers):
            weights = self._real[found.numbers]  # type: ignore[attr-defined]
            score = score + weights.sum(0) * (SPREAD / math.sqrt(len(found.numbers)))
        return score

    def by_word(self, found: Found, labels: Sequence[int]) -> Any:
        """(labels, words): what each word of the post adds to the score of each of these labels.

        A fragment's weight is shared between the first and the last word that it touches; one that stands in
        the post twice counts in both places. Denied words count where they stand.
        """
        plain = len(found.words.plain)
        if not found.matches or not labels:
            return np.zeros((len(labels), plain))
        numbers, starts, ends = np.array(found.matches, np.intp).T
        begins = found.words.begins()
        first = np.searchsorted(begins, starts, "right") - 1
        last = np.searchsorted(begins, ends - 2, "right") - 1
        weights = self._real[numbers][:, labels] * (SPREAD / 2 / math.sqrt(len(found.numbers)))  # type: ignore[attr-defined]
        touched = np.concatenate([first, last])
        by_word = np.array([np.bincount(touched, np.concatenate([w, w]), len(begins)) for w in weights.T])
        for at, of in enumerate(found.words.denied):
            by_word[:, of] += by_word[:, plain + at]
        return by_word[:, :plain]
