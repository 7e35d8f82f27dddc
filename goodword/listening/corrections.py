"""A teammate says what is true of a post: it wins over every model, is kept, and can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goodword.listening.models import Analysis, Correction, Post
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Teammate
from goodword.understanding.analysis import INTENTS

YES, NO = "yes", "no"
FEELINGS = ("negative", "neutral", "positive")
VALUES = {Correction.Of.SENTIMENT: FEELINGS} | {Correction.Of(intent): (YES, NO) for intent in INTENTS}


class NotCorrectable(ValueError):
    """The sentence says why."""


def correct(
    by: Teammate, post: Post, label_of: str, value: str, *, now: datetime, by_chance: bool = False
) -> Correction:
    """Keep what is true, in place of what was said of it before. Raises NotCorrectable."""
    require(by, Permission.ANSWER)
    if value not in VALUES.get(Correction.Of(label_of), ()):
        raise NotCorrectable(_("That cannot be said of this label."))
    with transaction.atomic():
        analysis = Analysis.objects.select_for_update().filter(post=post, post__gone_at=None).first()
        if analysis is None:
            raise NotCorrectable(_("This post is not here any more."))
        earlier = Correction.objects.filter(post=post, label_of=label_of).first()
        kept, _made = Correction.objects.update_or_create(
            post=post,
            label_of=label_of,
            defaults={
                "value": value,
                "was": earlier.was if earlier else _said(analysis, label_of),
                "was_probability": _probability(analysis, label_of, value),
                "model": analysis.model,
                "by_chance": by_chance,
                "by": by,
                "at": now,
            },
        )
        apply([analysis], [kept])
        analysis.save(update_fields=["label", "decisions"])
        write_down(
            post.brand, by, "corrected a label", post, now=now, label=label_of, value=value, was=kept.was
        )
    return kept


def take_back(by: Teammate, correction: Correction, *, now: datetime) -> None:
    """It was right before: the post reads as the model says again."""
    require(by, Permission.ANSWER)
    with transaction.atomic():
        analysis = Analysis.objects.select_for_update().get(post=correction.post_id)
        _put(analysis, correction.label_of, correction.was)
        analysis.save(update_fields=["label", "decisions"])
        write_down(
            correction.post.brand, by, "took a correction back", correction.post, now=now,
            label=correction.label_of, value=correction.value,
        )  # fmt: skip
        correction.delete()


def apply(analyses: Iterable[Analysis], corrections: Sequence[Correction]) -> None:
    """Write into analyses what teammates said of their posts. Nothing is saved."""
    by_post: defaultdict[int, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_post[correction.post_id].append(correction)
    for analysis in analyses:
        for correction in by_post[analysis.post_id]:
            _put(analysis, correction.label_of, correction.value)


def renew(analyses: Sequence[Analysis]) -> None:
    """A model has read these posts anew: what it says now is what the corrections correct."""
    corrections = list(Correction.objects.filter(post__in=[one.post_id for one in analyses]))
    by_post = {one.post_id: one for one in analyses}
    for correction in corrections:
        correction.was = _said(by_post[correction.post_id], correction.label_of)
        correction.was_probability = _probability(
            by_post[correction.post_id], correction.label_of, correction.value
        )
        correction.model = by_post[correction.post_id].model
    Correction.objects.bulk_update(corrections, ["was", "was_probability", "model"])
    apply(analyses, corrections)


def forget_of_old_words(posts: Sequence[Post]) -> None:
    """What was said of a post's words before it was edited says nothing of the new ones."""
    Correction.objects.filter(post__in=posts, at__lt=F("post__edited_at")).delete()


def _said(analysis: Analysis, label_of: str) -> str:
    if label_of == Correction.Of.SENTIMENT:
        return analysis.label
    return YES if label_of in analysis.decisions else NO


def _probability(analysis: Analysis, label_of: str, value: str) -> float:
    """What the model gave to this value."""
    if label_of == Correction.Of.SENTIMENT:
        return float(analysis.sentiment.get(value, 0.0))
    likely = float(analysis.intents.get(label_of, 0.0))
    return likely if value == YES else 1 - likely


def _put(analysis: Analysis, label_of: str, value: str) -> None:
    if label_of == Correction.Of.SENTIMENT:
        analysis.label = value
        return
    others = [name for name in analysis.decisions if name != label_of]
    analysis.decisions = [*others, label_of] if value == YES else others
