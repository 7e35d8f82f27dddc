"""The two trained stages: words and fragments at once, and with them the encoder in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodword.understanding import trained
from goodword.understanding.analysis import (
    INTENTS,
    UNKNOWN_SENTIMENT,
    Analysis,
    Evidence,
    Said,
    Sentiment,
    Stage,
)
from goodword.understanding.brand import brand_mentions, towards_brand
from goodword.understanding.encoder import Encoder
from goodword.understanding.fragments import Found
from goodword.understanding.heads import CLASSES, NEUTRAL, fragments, full_weights, scales
from goodword.understanding.language import UNDETERMINED, Language, language_of
from goodword.understanding.own_words import own_words, without_addresses
from goodword.understanding.sentiment import MEASURED_LANGUAGES
from goodword.understanding.signs import CUES_WEIGH
from goodword.understanding.words import QUESTION_MARKS, Kind

# Of an article, or an attack, the beginning is understood.
READ_CHARS = 5_000

# Heads of intents saw few posts, those of feeling many: where the feeling is less likely than this, only what
# is sure is called a complaint, or praise.
AGREES_FROM, SURE = 0.5, 0.6

# How often a cue is right, by our own posts. Those of praise are not better than the heads: feelings are
# many, and most are about something else.
BELIEF = 0.7
BELIEVED = frozenset(INTENTS) - {"praise"}

# Words shown for a label, and how much of the strongest one's weight a word must have to be among them.
MOST_WORDS, LEAST_SHARE = 4, 0.25


@dataclass(frozen=True)
class _Read:
    """A post after the first look at it."""

    text: str
    own: str
    language: Language
    found: Found
    scores: Any


class FirstStage:
    """Language, fragments and signs: for every post, as it comes."""

    stage: Stage = "first"

    def __init__(self) -> None:
        self.model = f"{self.stage}-{trained.version()}"
        self._fragments = fragments()
        self._scales = scales(self.stage)

    def analyse(self, posts: Sequence[Said]) -> list[Analysis]:
        return [self._analysis(post, read, read.scores, b"") for post, read in self._read(posts)]

    def _read(self, posts: Sequence[Said]) -> list[tuple[Said, _Read]]:
        return [(post, self._look_at(post)) for post in posts]

    def _look_at(self, post: Said) -> _Read:
        text = post.text[:READ_CHARS]
        said = without_addresses(text)
        own = own_words(said, post.brand_names)
        language = language_of(said, post.declared_language)
        found = self._fragments.find(text, own, language)
        return _Read(text, own, language, found, self._fragments.scores(found))

    def _analysis(self, post: Said, read: _Read, scores: Any, vector: bytes) -> Analysis:
        felt = self._scales.sentiment(scores)
        sentiment = felt if _has_claim(read) else UNKNOWN_SENTIMENT
        likely = _spoken_for(self._scales.answers(scores), read.found)
        decided = self._decided(likely, felt)
        mentions = brand_mentions(read.text, post.brand_names)
        evidence = [
            *self._evidence(read.found, sentiment, decided),
            *mentions,
        ]
        return Analysis(
            language=read.language.code,
            language_probability=read.language.probability,
            sentiment=sentiment,
            brand_sentiment=self._towards_brand(read, mentions, sentiment),
            intents={intent: likely[intent] for intent in INTENTS},
            decisions=tuple(decided),
            evidence=tuple(sorted(set(evidence))),
            model=self.model,
            stage=self.stage,
            needs_answer=likely["needs_answer"],
            hostility=likely["hostility"],
            vector=vector,
        )

    def _decided(self, likely: dict[str, float], felt: Sentiment) -> list[str]:
        """The intents that are given, likeliest first. Who complains is not glad, and who praises is."""
        agrees = {"complaint": felt.negative, "praise": felt.positive}
        passed = [
            name
            for name in INTENTS
            if likely[name] >= self._scales.decided_from[name]
            and (agrees.get(name, 1.0) >= AGREES_FROM or likely[name] >= SURE)
        ]
        return sorted(passed, key=lambda name: -likely[name])

    def _towards_brand(self, read: _Read, mentions: Sequence[Evidence], whole: Sentiment) -> Sentiment | None:
        if not mentions:
            return None
        if whole is UNKNOWN_SENTIMENT:
            return UNKNOWN_SENTIMENT

        def of_clause(clause: str) -> Sentiment:
            found = self._fragments.find(clause, clause, read.language)
            return self._scales.sentiment(self._fragments.scores(found))

        return towards_brand(read.own, mentions, whole, of_clause)

    def _evidence(self, found: Found, sentiment: Sentiment, decided: Sequence[str]) -> list[Evidence]:
        """The words that speak most for each label that is given."""
        columns = [CLASSES + self._scales.labels.index(name) for name in decided]
        has_feeling = not sentiment.abstain and sentiment.label != "neutral"
        if has_feeling:
            columns += [0 if sentiment.label == "negative" else CLASSES - 1, NEUTRAL]
        speaks = self._fragments.by_word(found, columns)
        evidence = [
            one
            for name, words in zip(decided, speaks, strict=False)
            for one in _strongest(found, words, name)
        ]
        if has_feeling:
            evidence += _strongest(found, speaks[-2] - speaks[-1], sentiment.label)
        return evidence


class FullStage(FirstStage):
    """The first stage and the encoder, each with its share: twenty times the work, and nearer the truth."""

    stage: Stage = "full"

    def __init__(self) -> None:
        super().__init__()
        self._encoder = Encoder(trained.folder())
        self._full = full_weights()

    def analyse(self, posts: Sequence[Said]) -> list[Analysis]:
        read = self._read(posts)
        vectors = self._encoder.vectors([one.text for _, one in read])
        of_first = np.array([one.scores for _, one in read]).reshape(len(read), -1)
        share = self._scales.share_of_first
        scores = share * of_first + (1 - share) * self._full.scores(vectors)
        alike = self._full.alike_bytes(vectors)
        return [self._analysis(post, one, scores[at], alike[at]) for at, (post, one) in enumerate(read)]


def _spoken_for(likely: dict[str, float], found: Found) -> dict[str, float]:
    """Heads that saw few examples miss what is said in so many words: a plain cue is believed as well."""
    for intent, strength in zip(INTENTS, found.signs[-len(INTENTS) :].tolist(), strict=True):
        if intent in BELIEVED:
            likely[intent] = max(likely[intent], BELIEF * strength / CUES_WEIGH)
    return likely


def _has_claim(read: _Read) -> bool:
    """In a language that was measured, or in none: emoji, names and grunts mean the same everywhere."""
    return read.language.code in (*MEASURED_LANGUAGES, UNDETERMINED) and bool(read.found.words.plain)


def _strongest(found: Found, speaks: Any, of: str) -> list[Evidence]:
    if not len(speaks):
        return []
    said = found.words
    shown: list[Evidence] = []
    least = 0.0
    for at in np.argsort(-speaks).tolist():
        weight = speaks[at]
        if weight <= least or len(shown) == MOST_WORDS:
            break
        if _says_something(said.plain[at], said.kinds[at]):
            least = least or weight * LEAST_SHARE
            shown.append(Evidence(said.spans[at][0], said.spans[at][1], of))
    return shown


def _says_something(word: str, kind: Kind) -> bool:
    """Nobody is convinced by "my" or a comma; "?" and 😍 are reasons."""
    if word.isalnum():
        return len(word) > 2
    return kind is not Kind.ENDS or word[0] in QUESTION_MARKS
