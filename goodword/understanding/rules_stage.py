"""What is understood at once and everywhere: py3langid, VADER and the cues; nothing learnt from posts."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from goodword.understanding.analysis import (
    UNKNOWN_SENTIMENT,
    Analysis,
    Evidence,
    Said,
    Sentiment,
)
from goodword.understanding.brand import brand_mentions, towards_brand
from goodword.understanding.intents import decide, intents_of
from goodword.understanding.language import language_of
from goodword.understanding.own_words import own_words, without_addresses
from goodword.understanding.sentiment import MEASURED_LANGUAGES, feelings_in, sentiment_of

# A post is rarely longer; of an article or an attack the beginning is understood.
READ_CHARS = 5_000

# Raised whenever a cue, a weight or a threshold changes what is answered.
RULES = 2


class RulesStage:
    def __init__(self) -> None:
        packages = " ".join(f"{name}-{version(name)}" for name in ("py3langid", "vaderSentiment"))
        self.model = f"rules-{RULES} {packages}"

    def analyse(self, posts: Sequence[Said]) -> list[Analysis]:
        return [self._analysis(post.text[:READ_CHARS], post) for post in posts]

    def _analysis(self, text: str, post: Said) -> Analysis:
        said = without_addresses(text)
        words = own_words(said, post.brand_names)
        language = language_of(said, post.declared_language)
        feelings = feelings_in(words) if language.code in MEASURED_LANGUAGES else []
        sentiment = sentiment_of(words, language.code, feelings)
        intents, cues = intents_of(text, words, language, sentiment)
        mentions = brand_mentions(text, post.brand_names)
        return Analysis(
            language=language.code,
            language_probability=language.probability,
            sentiment=sentiment,
            brand_sentiment=_towards_brand(words, mentions, language.code, sentiment),
            intents=intents,
            decisions=decide(intents),
            evidence=_in_order([*cues, *feelings, *mentions]),
            model=self.model,
            stage="rules",
        )


def _towards_brand(words: str, mentions: list[Evidence], language: str, whole: Sentiment) -> Sentiment | None:
    if mentions and language not in MEASURED_LANGUAGES:
        return UNKNOWN_SENTIMENT

    def of_clause(clause: str) -> Sentiment | None:
        feelings = feelings_in(clause)
        return sentiment_of(clause, language, feelings) if feelings else None

    return towards_brand(words, mentions, whole, of_clause)


def _in_order(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(evidence)))
