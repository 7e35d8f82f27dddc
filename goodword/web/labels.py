"""What was understood of a post: what it wants and how it feels, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.listening import corrections
from goodword.listening.corrections import FEELINGS, SENTIMENT, UNSURE
from goodword.listening.models import Analysis, Post
from goodword.understanding.analysis import INTENTS

VERY_SURE, SURE = 0.90, 0.75
ROUGH_FROM = 0.5  # of hostility: shown as a hint, and nothing follows from it
LONGEST_QUOTE = 40
MOST_QUOTES = 4
MOST_MARKS = 60  # in one post: more would mark all of it, and say nothing

# What the button says that takes a label away, and the one that adds it.
NOT_SO: dict[str, Promise] = {
    "praise": gettext_lazy("Not praise"),
    "recommendation": gettext_lazy("Not a recommendation"),
    "question": gettext_lazy("Not a question"),
    "complaint": gettext_lazy("Not a complaint"),
    "suggestion": gettext_lazy("Not a suggestion"),
    "purchase": gettext_lazy("Does not want to buy"),
    "churn": gettext_lazy("Does not think of leaving"),
    "thanks": gettext_lazy("Not thanks"),
    "spam": gettext_lazy("Not spam"),
}
FEELS: dict[str, Promise] = {
    "negative": gettext_lazy("It is negative"),
    "neutral": gettext_lazy("It is neutral"),
    "positive": gettext_lazy("It is positive"),
}


@dataclass(frozen=True)
class Act:
    """A correction of one click."""

    label_of: str
    value: str
    words: str


@dataclass(frozen=True)
class Label:
    """One thing that was understood, and why."""

    code: str
    sure: str  # a sentence; empty where a teammate said so, and where nothing is claimed
    percent: int
    is_by_team: bool
    because: Sequence[str]  # the words of the post that speak for it
    acts: Sequence[Act]


@dataclass(frozen=True)
class Understood:
    labels: Sequence[Label]
    missing: Sequence[Act]
    marks: Sequence[tuple[int, int, str]]  # the words that speak for labels, each with its class
    is_rough: bool


def understood_of(post: Post, analysis: Analysis) -> Understood:
    decided = [name for name in analysis.decisions if name in INTENTS]
    labels = [_intent(post, analysis, name) for name in decided]
    if tells_feeling(analysis) or _is_by_team(post, SENTIMENT):
        labels.append(_feeling(post, analysis))
    return Understood(
        labels=labels,
        missing=[_act(name, corrections.YES) for name in INTENTS if name not in decided],
        marks=_marks(analysis, [label.code for label in labels]),
        is_rough=analysis.hostility >= ROUGH_FROM,
    )


def tells_feeling(analysis: Analysis) -> bool:
    """Is a feeling claimed at all? Where it was never measured how often that is right, all are as likely."""
    return len(set(analysis.sentiment.values())) > 1


def _intent(post: Post, analysis: Analysis, name: str) -> Label:
    likely = float(analysis.intents.get(name, 0.0))
    return _label(post, analysis, name, name, likely, [_act(name, corrections.NO)])


def _feeling(post: Post, analysis: Analysis) -> Label:
    likely = float(analysis.sentiment.get(analysis.label, 0.0))
    others = [value for value in FEELINGS if value != analysis.label]
    acts = [_act(SENTIMENT, value) for value in others]
    return _label(post, analysis, SENTIMENT, analysis.label, likely, acts)


def _label(
    post: Post, analysis: Analysis, label_of: str, code: str, likely: float, acts: Sequence[Act]
) -> Label:
    is_by_team = _is_by_team(post, label_of)
    is_said = not is_by_team and code != UNSURE
    return Label(
        code, _sure(likely) if is_said else "", round(100 * likely), is_by_team,
        _quotes(post, analysis, code), acts,
    )  # fmt: skip


def _act(label_of: str, value: str) -> Act:
    if label_of == SENTIMENT:
        return Act(label_of, value, str(FEELS[value]))
    if value == corrections.NO:
        return Act(label_of, value, str(NOT_SO[label_of]))
    return Act(label_of, value, "")  # its button carries the label itself


def _is_by_team(post: Post, label_of: str) -> bool:
    return any(one.label_of == label_of for one in post.corrections.all())


def _sure(likely: float) -> str:
    if likely >= VERY_SURE:
        return _("We are very sure.")
    return _("We are quite sure.") if likely >= SURE else _("We think so, and are not sure.")


def _quotes(post: Post, analysis: Analysis, code: str) -> list[str]:
    text = post.text or post.title
    spans = [(one["start"], one["end"]) for one in analysis.evidence if one["of"] == code]
    found = [text[start:end][:LONGEST_QUOTE].strip() for start, end in spans]
    return list(dict.fromkeys(filter(None, found)))[:MOST_QUOTES]


def _marks(analysis: Analysis, codes: Sequence[str]) -> list[tuple[int, int, str]]:
    """Each label's words carry its number: the styles show those of the label that is open."""
    number = {code: at for at, code in enumerate(codes, 1)}
    marks = [(one["start"], one["end"], one["of"]) for one in analysis.evidence if one["of"] in number]
    return [(start, end, f"because-{number[of]}") for start, end, of in marks[:MOST_MARKS]]
