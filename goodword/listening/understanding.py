"""What do the posts mean? Keeps the Analysis of each, unless it is gone or our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import prefetch_related_objects

from goodword.listening.models import Analysis, Post
from goodword.understanding.analysis import analyse

TEACHES = ["language", "sentiment", "label", "intents", "decisions", "evidence", "model", "at"]


def understand(posts: Sequence[Post], now: datetime) -> None:
    prefetch_related_objects(list(posts), "brand")
    names = {post.brand_id: (post.brand.name,) for post in posts}
    told = [post for post in posts if not post.is_ours and post.gone_at is None]
    Analysis.objects.bulk_create(
        [_analysis(post, names[post.brand_id], now) for post in told],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=TEACHES,
    )


def _analysis(post: Post, brand_names: tuple[str, ...], now: datetime) -> Analysis:
    text = post.text or post.title
    declared = post.languages[0] if post.languages else None
    found = analyse(text, declared_language=declared, brand_names=brand_names)
    return Analysis(
        post=post,
        at=now,
        language=found.language,
        sentiment=asdict(found.sentiment),
        label=found.label,
        intents=dict(found.intents),
        decisions=list(found.decisions),
        evidence=[span._asdict() for span in found.evidence],
        model=found.model,
    )
