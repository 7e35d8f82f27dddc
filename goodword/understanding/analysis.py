"""What does a post mean? `analyse` says it, with probabilities, evidence and the model that said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

INTENTS = (
    "praise",
    "recommendation",
    "question",
    "complaint",
    "suggestion",
    "purchase",
    "churn",
    "thanks",
    "spam",
)

# Below this the likeliest of three sentiments is wrong too often to be shown as one.
SURE = 0.55

Label = Literal["negative", "neutral", "positive", "unsure"]
Stage = Literal["rules", "first", "full"]


class Evidence(NamedTuple):
    """The words that speak for something: half-open offsets in code points of the text as given."""

    start: int
    end: int
    of: str  # an intent, "negative", "positive" or "brand"


@dataclass(frozen=True)
class Sentiment:
    """How likely each of the three is; they sum to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def label(self) -> Label:
        likely: dict[Label, float] = {
            "negative": self.negative,
            "neutral": self.neutral,
            "positive": self.positive,
        }
        best = max(likely, key=lambda name: likely[name])
        return best if likely[best] >= SURE else "unsure"

    @property
    def abstain(self) -> bool:
        return self.label == "unsure"


# Says nothing: each of the three as likely as the others, so that sums over posts are not tilted.
UNKNOWN_SENTIMENT = Sentiment(1 / 3, 1 / 3, 1 / 3)


@dataclass(frozen=True)
class Said:
    """A post as a model gets it.

    `declared_language` is what the channel or the author's device says (`en`, `pt-BR`); it tips the
    balance in short posts and loses against clear words. `brand_names` are the brand's names and
    handles as people write them, without @ or #.
    """

    text: str
    declared_language: str | None = None
    brand_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """What was understood of one post."""

    language: str  # ISO 639 code, "und" where it cannot be told
    language_probability: float
    sentiment: Sentiment  # of the post
    brand_sentiment: Sentiment | None  # towards the brand, where it was named in the post
    intents: Mapping[str, float]  # every intent, with its probability
    decisions: tuple[str, ...]  # the intents that passed their threshold, likeliest first
    evidence: tuple[Evidence, ...]  # in the order of the text
    model: str  # who says so; a post is analysed again when this changes
    stage: Stage = "rules"
    needs_answer: float = 0.0  # how likely silence would be rude
    hostility: float = 0.0  # how likely somebody is put down: a hint for ordering, never for an action
    vector: bytes = b""  # 64 signed 8-bit numbers: the closer two are, the more alike the posts

    @property
    def label(self) -> Label:
        return self.sentiment.label

    @property
    def abstain(self) -> bool:
        """No claim about the sentiment: a person has to look."""
        return self.sentiment.abstain


class Understander(Protocol):
    """What a model offers. A better one is added in stages.py and nowhere else."""

    @property
    def model(self) -> str: ...

    def analyse(self, posts: Sequence[Said]) -> list[Analysis]:
        """The analysis of each, in their order. Never raises for any text, however hostile or long."""
        ...


def analyse(
    text: str,
    *,
    declared_language: str | None = None,
    brand_names: Sequence[str] = (),
    stage: Stage = "first",
) -> Analysis:
    """Understand one post. Never raises for any text, however hostile or long."""
    return analyse_many([Said(text, declared_language, tuple(brand_names))], stage)[0]


def analyse_many(posts: Sequence[Said], stage: Stage = "first") -> list[Analysis]:
    """Understand many posts; the second stage takes half the time for them together."""
    # The stages know the words of this module, so they are looked up only when somebody asks.
    from goodword.understanding.stages import understander

    return understander(stage).analyse(posts)
