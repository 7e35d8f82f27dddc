"""What do the posts mean? Keeps the Analysis of each, unless it is gone or our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import prefetch_related_objects

from goodword.listening.models import Analysis, Post
from goodword.understanding import analysis
from goodword.understanding.analysis import Said, Stage, analyse_many

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


def understand(posts: Sequence[Post], now: datetime, stage: Stage = "first") -> None:
    """Keep what a stage understands of these posts, in place of what was understood before."""
    prefetch_related_objects(list(posts), "brand")
    told = [post for post in posts if not post.is_ours and post.gone_at is None]
    found = analyse_many([_said(post) for post in told], stage)
    Analysis.objects.bulk_create(
        [_row(post, of_it, now) for post, of_it in zip(told, found, strict=True)],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=TEACHES,
    )


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
