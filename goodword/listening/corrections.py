"""A teammate says what is true of a post: it wins over every model, is kept, and can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goodword.listening.models import Analysis, Correction, Post
from goodword.listening.seeing import posts_seen_by
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Teammate
from goodword.understanding.analysis import INTENTS

YES, NO = "yes", "no"
FEELINGS = ("negative", "neutral", "positive")
UNSURE = "unsure"  # what a model says where it claims no feeling
SENTIMENT = Correction.Of.SENTIMENT
VALUES: Mapping[str, Sequence[str]] = {SENTIMENT: FEELINGS} | dict.fromkeys(INTENTS, (YES, NO))


class NotCorrectable(ValueError):
    """The sentence says why."""


def correct(by: Teammate, post: Post, label_of: str, value: str, *, now: datetime) -> Correction:
    """Keep what is true, in place of what was said of it before. Raises NotCorrectable."""
    require(by, Permission.ANSWER)
    with transaction.atomic():
        [kept] = _keep(by, post, {label_of: value}, now)
        write_down(
            post.brand, by, "corrected a label", post, now=now, label=label_of, value=value, was=kept.was
        )
    return kept


def check(by: Teammate, post: Post, values: Mapping[str, str], *, now: datetime) -> list[Correction]:
    """The post was drawn by chance, and all of this is true of it, whether a model said so or not.

    Such rows alone tell how often models are right. Raises NotCorrectable.
    """
    require(by, Permission.ANSWER)
    with transaction.atomic():
        kept = _keep(by, post, values, now, by_chance=True)
        write_down(post.brand, by, "checked a post", post, now=now, labels=dict(values))
    return kept


def withdraw(by: Teammate, correction: Correction, *, now: datetime) -> None:
    """It was right before: the post reads as the model says again."""
    require(by, Permission.ANSWER)
    post, label_of = correction.post, correction.label_of
    with transaction.atomic():
        analysis = _analysis_of(by, post)
        _put(analysis, label_of, correction.was)
        analysis.save(update_fields=["label", "decisions"])
        write_down(
            post.brand, by, "took a correction back", post, now=now, label=label_of, value=correction.value
        )
        correction.delete()


def renew(analyses: Sequence[Analysis]) -> None:
    """A model has read these posts anew: what it says now is what corrections correct. Saves no analysis."""
    corrections = list(Correction.objects.filter(post__in=[one.post_id for one in analyses]))
    by_post = {one.post_id: one for one in analyses}
    for correction in corrections:
        analysis = by_post[correction.post_id]
        correction.was = _said(analysis, correction.label_of)
        correction.was_probability = _probability(analysis, correction.label_of, correction.value)
        correction.model = analysis.model
    Correction.objects.bulk_update(corrections, ["was", "was_probability", "model"])
    for correction in corrections:
        _put(by_post[correction.post_id], correction.label_of, correction.value)


def forget_of_old_words(posts: Sequence[Post], now: datetime) -> None:
    """What was said of a post's words before it was edited says nothing of the new ones."""
    old = Correction.objects.filter(post__in=posts, at__lt=F("post__edited_at"))
    _write_down_as_forgotten(old.select_related("post__brand"), now)
    old.delete()


# --- one label of one post -------------------------------------------------------------------------


def _keep(
    by: Teammate, post: Post, values: Mapping[str, str], now: datetime, *, by_chance: bool = False
) -> list[Correction]:
    if not all(value in VALUES.get(label_of, ()) for label_of, value in values.items()):
        raise NotCorrectable(_("That cannot be said of this label."))
    analysis = _analysis_of(by, post)
    earlier = {one.label_of: one for one in Correction.objects.filter(post=post)}
    kept = []
    for label_of, value in values.items():
        one = earlier.get(label_of) or Correction(post=post, label_of=label_of, was=_said(analysis, label_of))
        one.value, one.by, one.at = value, by, now
        one.was_probability = _probability(analysis, label_of, value)
        one.model = analysis.model
        one.by_chance |= by_chance  # drawn once, it stays in the sample whatever is said later
        one.save()
        _put(analysis, label_of, value)
        kept.append(one)
    analysis.save(update_fields=["label", "decisions"])
    return kept


def _analysis_of(by: Teammate, post: Post) -> Analysis:
    """What was understood of it, while no worker and no colleague changes it."""
    mine = posts_seen_by(by).filter(pk=post.pk, gone_at=None)
    locked = mine.select_for_update(no_key=True).first()  # as the pipeline locks it
    analysis = Analysis.objects.filter(post=locked).first() if locked else None
    if analysis is None:
        raise NotCorrectable(_("This post is not here any more."))
    return analysis


def _said(analysis: Analysis, label_of: str) -> str:
    if label_of == SENTIMENT:
        return analysis.label
    return YES if label_of in analysis.decisions else NO


def _probability(analysis: Analysis, label_of: str, value: str) -> float:
    """What the model gave to this value."""
    if label_of == SENTIMENT:
        return float(analysis.sentiment.get(value, 0.0))
    likely = float(analysis.intents.get(label_of, 0.0))
    return likely if value == YES else 1 - likely


def _put(analysis: Analysis, label_of: str, value: str) -> None:
    """Write it where everybody reads; decisions stay in the order of the model, likeliest first."""
    if label_of == SENTIMENT:
        analysis.label = value
        return
    others = [name for name in analysis.decisions if name != label_of]
    decided = [*others, label_of] if value == YES else others
    analysis.decisions = sorted(decided, key=lambda name: -float(analysis.intents.get(name, 0.0)))


def _write_down_as_forgotten(corrections: Iterable[Correction], now: datetime) -> None:
    of_post: defaultdict[Post, list[str]] = defaultdict(list)
    for one in corrections:
        of_post[one.post].append(one.label_of)
    for post, labels in of_post.items():
        write_down(post.brand, None, "forgot corrections of old words", post, now=now, labels=sorted(labels))
