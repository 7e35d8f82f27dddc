"""What was understood of a post, as its labels with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from goodword.listening import corrections
from goodword.listening.models import Analysis, Correction, Post
from goodword.understanding.analysis import INTENTS
from goodword.understanding.sentiment import MEASURED_LANGUAGES

SENTIMENT = Correction.Of.SENTIMENT
VERY_SURE, SURE = 0.90, 0.75
ROUGH_FROM = 0.5  # of hostility: shown as a hint, and nothing follows from it
LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Label:
    """One thing that was understood, and why."""

    code: str
    value: str
    sure: str  # in words; empty where a teammate said so
    percent: int
    because: Sequence[str]  # the words of the post that speak for it


@dataclass(frozen=True)
class Understood:
    feeling: Label | None  # None where no model was measured for the language
    decided: Sequence[Label]
    others: Sequence[str]  # the intents that were not found
    spans: Sequence[tuple[int, int]]  # all words that speak for something
    is_sensitive: bool
    is_rough: bool


def understood_of(post: Post, analysis: Analysis) -> Understood:
    text = post.text or post.title
    decided = [name for name in analysis.decisions if name in INTENTS]
    return Understood(
        feeling=_feeling(analysis, text),
        decided=[_intent(analysis, name, text) for name in decided],
        others=[name for name in INTENTS if name not in decided],
        spans=[
            (one["start"], one["end"]) for one in analysis.evidence if one["of"] in (*decided, analysis.label)
        ],
        is_sensitive=analysis.sensitive,
        is_rough=analysis.hostility >= ROUGH_FROM,
    )


def _feeling(analysis: Analysis, text: str) -> Label | None:
    said = _corrected(analysis, SENTIMENT)
    if analysis.language not in MEASURED_LANGUAGES and not said:
        return None
    likely = float(analysis.sentiment.get(analysis.label, 0.0))
    return Label(
        SENTIMENT, analysis.label, "" if said else _sure(likely), round(100 * likely),
        _words(analysis, analysis.label, text),
    )  # fmt: skip


def _intent(analysis: Analysis, name: str, text: str) -> Label:
    likely = float(analysis.intents.get(name, 0.0))
    sure = "" if _corrected(analysis, name) else _sure(likely)
    return Label(name, corrections.YES, sure, round(100 * likely), _words(analysis, name, text))


def _corrected(analysis: Analysis, label_of: str) -> bool:
    return any(one.label_of == label_of for one in analysis.post.corrections.all())


def _sure(likely: float) -> str:
    if likely >= VERY_SURE:
        return _("very sure")
    return _("quite sure") if likely >= SURE else _("rather")


def _words(analysis: Analysis, of: str, text: str) -> list[str]:
    spans: Iterable[tuple[int, int]] = (
        (one["start"], one["end"]) for one in analysis.evidence if one["of"] == of
    )
    found = [text[start:end][:LONGEST_QUOTE] for start, end in spans]
    return list(dict.fromkeys(word for word in found if word.strip()))
