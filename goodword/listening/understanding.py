"""What do the posts mean? Keeps the Analysis of each, unless it is gone or our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from goodword.listening import corrections
from goodword.listening.models import Analysis, Post, Step
from goodword.understanding import analysis
from goodword.understanding.analysis import Said, analyse_many
from goodword.understanding.stages import second_stage_is_there

# What the second stage reads at once: a quarter of a second's work, so that nothing else waits long.
TOGETHER = 128

TEACHES = [
    "language",
    "sentiment",
    "label",
    "brand_sentiment",
    "intents",
    "decisions",
    "needs_answer",
    "hostility",
    "aspects",
    "sensitive",
    "vector",
    "evidence",
    "stage",
    "model",
    "at",
]


def understand(posts: Sequence[Post], now: datetime) -> None:
    """The pipeline's step: keep what the first stage understands of these posts."""
    prefetch_related_objects(list(posts), "brand")
    told = [post for post in posts if not post.is_ours and post.gone_at is None]
    corrections.forget_of_old_words(told, now)
    found = analyse_many([_said(post) for post in told], "first")
    _keep([_row(post, of_it, now) for post, of_it in zip(told, found, strict=True)])


def look_again(now: datetime) -> list[Post]:
    """Let the second stage read some posts that only the first has read, newest first.

    Returns those that mean something else now, so that they can be placed anew. A post that was edited
    meanwhile, or deleted, is left to the first stage.
    """
    if not second_stage_is_there():
        return []
    waiting = Post.objects.filter(analysis__stage="first", step=Step.DONE, gone_at=None)
    read = list(waiting.select_related("brand").order_by("-pk")[:TOGETHER])
    if not read:
        return []
    found = dict(
        zip((post.pk for post in read), analyse_many([_said(post) for post in read], "full"), strict=True)
    )
    with transaction.atomic():
        still = Post.objects.filter(pk__in=found, step=Step.DONE, gone_at=None).select_for_update(no_key=True)
        same = {post.pk: (post.text, post.title) for post in read}
        posts = [post for post in still if (post.text, post.title) == same[post.pk]]
        before = dict(Analysis.objects.filter(post__in=posts).values_list("post", "decisions"))
        rows = [_row(post, found[post.pk], now) for post in posts]
        _keep(rows)
    changed = {row.post_id for row in rows if set(row.decisions) != set(before.get(row.post_id, ()))}
    return [post for post in posts if post.pk in changed]


def _keep(rows: Sequence[Analysis]) -> None:
    """In place of what was understood before; what a teammate said of these posts stays true."""
    corrections.renew(rows)
    Analysis.objects.bulk_create(rows, update_conflicts=True, unique_fields=["post"], update_fields=TEACHES)


def _said(post: Post) -> Said:
    declared = post.languages[0] if post.languages else None
    return Said(post.text or post.title, declared, (post.brand.name,))


def _row(post: Post, found: analysis.Analysis, now: datetime) -> Analysis:
    return Analysis(
        post=post,
        at=now,
        language=found.language,
        sentiment=asdict(found.sentiment),
        label=found.label,
        brand_sentiment=asdict(found.brand_sentiment) if found.brand_sentiment else None,
        intents=dict(found.intents),
        decisions=list(found.decisions),
        needs_answer=found.needs_answer,
        hostility=found.hostility,
        aspects=dict(found.aspects),
        sensitive=found.sensitive,
        vector=found.vector,
        evidence=[span._asdict() for span in found.evidence],
        stage=found.stage,
        model=found.model,
    )
