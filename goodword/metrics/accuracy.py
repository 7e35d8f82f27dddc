"""How often were we right here? Only posts that were drawn by chance, and then checked, can tell.

What teammates put right in passing is true as well, but says nothing of how often: one corrects what
catches one's eye, and that is mostly what is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import sqrt
from random import Random
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet

from goodword.listening.corrections import FEELINGS, NO, SENTIMENT, UNSURE, YES
from goodword.listening.models import Analysis, Correction, Post
from goodword.listening.seeing import post_is_seen, posts_seen_by
from goodword.team.models import Teammate
from goodword.understanding.analysis import INTENTS

WITHIN = timedelta(days=90)  # older posts may be of another season, and of words we no longer meet
DRAWN = 10  # posts at once: five minutes of somebody's day
TOO_FEW = 20  # below, the interval is some forty points wide: no number is better than that one
TELLS_FROM = 50  # checked posts, from which on our probabilities can be held against what was true
NORMAL_95 = 1.959964  # 95 of 100 values of a normal distribution lie within so many deviations
LABELS = (*FEELINGS, *INTENTS)  # in the order of the screens
STEPS = (0.0, 0.6, 0.75, 0.9, 1.0)  # between which our probabilities are taken together


# --- drawing ---------------------------------------------------------------------------------------


def draw(me: Teammate, chance: Random, *, now: datetime, most: int = DRAWN) -> list[int]:
    """Some of the posts that wait to be checked; each is as likely as any other."""
    waiting = list(to_check(me, now).values_list("pk", flat=True))
    return chance.sample(waiting, min(most, len(waiting)))


def to_check(me: Teammate, now: datetime) -> QuerySet[Post]:
    """What others said about the brand lately, was understood, and nobody has checked."""
    checked = Correction.objects.filter(post=OuterRef("pk"), by_chance=True)
    said = posts_seen_by(me).readable().filter(is_mention=True, is_ours=False, at__gte=now - WITHIN)
    return said.filter(~Exists(checked), analysis__isnull=False)


# --- what was found ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """One label of one post: what we said, and what is true."""

    post: int
    language: str
    label_of: str
    said: str
    true: str
    likely: float  # the probability that we gave to what we said
    by_chance: bool

    @property
    def is_claim(self) -> bool:
        """Did we say that the post has something, rather than nothing?"""
        return self.said not in (NO, UNSURE)

    @property
    def is_right(self) -> bool:
        """Who claims nothing is not wrong."""
        return self.said in (self.true, UNSURE)

    @property
    def wrongly(self) -> str:
        """The label that we gave, and should not have; empty where we were right, or claimed nothing."""
        return "" if self.is_right else _named(self.label_of, self.said)

    @property
    def missed(self) -> str:
        """The label that we should have given; empty where we did."""
        return "" if self.said == self.true else _named(self.label_of, self.true)


def judged(me: Teammate) -> list[Judged]:
    """Every label that somebody judged, of the posts that I may see."""
    rows = Correction.objects.filter(post_is_seen(me, "post__"), post__author__gone_at=None)
    understood = Analysis.objects.filter(post__in=rows.values("post"))
    analyses = {post: rest for post, *rest in understood.values_list("post", "language", "sentiment")}
    found = rows.values_list("post", "label_of", "was", "value", "was_probability", "by_chance")
    return [
        Judged(
            post,
            language=analyses[post][0],
            label_of=label_of,
            said=said,
            true=true,
            likely=_likely_of(label_of, said, true, of_true, analyses[post][1]),
            by_chance=by_chance,
        )
        for post, label_of, said, true, of_true, by_chance in found
        if post in analyses
    ]


def _likely_of(label_of: str, said: str, true: str, of_true: float, sentiment: Mapping[str, float]) -> float:
    if said == true:
        return of_true
    return sentiment.get(said, 0.0) if label_of == SENTIMENT else 1 - of_true


# --- numbers ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """So many of so many were right."""

    right: int
    of: int

    @property
    def is_enough(self) -> bool:
        return self.of >= TOO_FEW

    @property
    def share(self) -> float:
        """From 0 to 1. Raises ZeroDivisionError where nothing was counted."""
        return self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.of)


def wilson(right: int, of: int) -> tuple[float, float]:
    """Between which two shares does the true one lie, in 95 of 100 samples like this one?

    Wilson's interval: honest for few rows, and never below none or above all.
    """
    share, square = right / of, NORMAL_95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = NORMAL_95 * sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


Kind = Literal["whole", "feeling", "said", "there", "passing"]


@dataclass(frozen=True)
class Asked:
    """One number of the page; its rows are the posts of `answers`.

    whole: of the posts checked, in how many was nothing wrong that we said, and nothing missing?
    feeling: of the posts of which we told the feeling, of how many was it that one?
    said: of the posts of which we said `label`, of how many was it true?
    there: of the posts of which `label` is true, of how many had we said it?
    passing: the posts of which something was said in passing; right where it agreed with us.
    """

    of: Kind
    label: str = ""
    language: str = ""

    def answers(self, all_judged: Iterable[Judged]) -> dict[int, bool]:
        """By post: was it right?"""
        found: dict[int, bool] = {}
        for one in all_judged:
            if self._is_asked(one):
                found[one.post] = found.get(one.post, True) and self._is_right(one)
        return found

    def rate(self, all_judged: Iterable[Judged]) -> Rate:
        answers = self.answers(all_judged)
        return Rate(sum(answers.values()), len(answers))

    def _is_asked(self, one: Judged) -> bool:
        if one.by_chance == (self.of == "passing") or self.language not in ("", one.language):
            return False
        match self.of:
            case "feeling":
                return one.label_of == SENTIMENT and one.is_claim
            case "said":
                return self.label == _named(one.label_of, one.said)
            case "there":
                return self.label == _named(one.label_of, one.true)
            case _:
                return True

    def _is_right(self, one: Judged) -> bool:
        return one.said == one.true if self.of == "there" else one.is_right


def _named(label_of: str, value: str) -> str:
    """The label that a value stands for: an intent, or one of the feelings."""
    if label_of == SENTIMENT:
        return value
    return label_of if value == YES else ""


def labels_of(all_judged: Iterable[Judged]) -> list[str]:
    """What we said, or should have said, of a checked post."""
    checked = [one for one in all_judged if one.by_chance]
    met = {_named(one.label_of, value) for one in checked for value in (one.said, one.true)}
    return [name for name in LABELS if name in met]


def languages_of(all_judged: Iterable[Judged]) -> list[str]:
    """Those of the checked posts, the most frequent first."""
    posts = Counter({one.post: one.language for one in all_judged if one.by_chance}.values())
    return sorted(posts, key=lambda language: (-posts[language], language))


@dataclass(frozen=True)
class Step:
    """What we said with about the same probability: how sure we were, and how often it was true."""

    sure: float
    rate: Rate


def calibration(all_judged: Sequence[Judged]) -> list[Step]:
    """Of all that we said of checked posts; empty while too few are checked to tell."""
    if Asked("whole").rate(all_judged).of < TELLS_FROM:
        return []
    claims = [one for one in all_judged if one.by_chance and one.is_claim]
    steps = []
    for low, high in pairwise(STEPS):
        within = [one for one in claims if low <= one.likely < high or one.likely == high == STEPS[-1]]
        if len(within) >= TOO_FEW:
            sure = sum(one.likely for one in within) / len(within)
            steps.append(Step(sure, Rate(sum(one.is_right for one in within), len(within))))
    return steps
