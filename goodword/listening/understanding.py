"""What do the posts mean? Keeps the Analysis of each, unless it is gone or our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from goodword.listening import corrections
from goodword.listening.models import Analysis, Post, Step
from goodword.understanding import analysis
from goodword.understanding.analysis import INTENTS, Said, analyse_many
from goodword.understanding.stages import second_stage_is_there

# What the model reads at once: half a second's work, so that nothing else waits long.
TOGETHER = 128


def understand(posts: Sequence[Post], now: datetime) -> None:
    """The pipeline's step: keep what the rules understand of these posts."""
    prefetch_related_objects(list(posts), "brand")
    told = [post for post in posts if not post.is_ours and post.gone_at is None]
    corrections.forget_of_old_words(told, now)
    found = analyse_many([_said(post) for post in told], "rules")
    _keep([_row(post, of_it, now) for post, of_it in zip(told, found, strict=True)])


def look_again(now: datetime) -> None:
    """Let the trained model read some posts that only the rules have read, newest first.

    It tells what they feel. What their authors want stays as the rules say: on ordinary posts
    the model still calls too much a complaint (docs/models.md). A post that was edited meanwhile, or
    deleted, is left for the next time.
    """
    if not second_stage_is_there():
        return
    waiting = Analysis.objects.filter(refined_at=None, post__step=Step.DONE, post__gone_at=None)
    read = [one.post for one in waiting.select_related("post__brand").order_by("-post")[:TOGETHER]]
    if not read:
        return
    said = [_said(post) for post in read]
    both = zip(analyse_many(said, "full"), analyse_many(said, "rules"), strict=True)
    found = {post.pk: _with_wants_of(rules, of_it) for post, (of_it, rules) in zip(read, both, strict=True)}
    with transaction.atomic():
        still = Post.objects.filter(pk__in=found, step=Step.DONE, gone_at=None).select_for_update(no_key=True)
        same = {post.pk: (post.text, post.title) for post in read}
        posts = [post for post in still if (post.text, post.title) == same[post.pk]]
        _keep([_row(post, found[post.pk], now) for post in posts])


def _with_wants_of(rules: analysis.Analysis, of_it: analysis.Analysis) -> analysis.Analysis:
    """The intents, and the words that speak for them, as the rules give them; all else as it is."""
    wants = (*INTENTS, "brand")
    evidence = [one for one in rules.evidence if one.of in wants]
    evidence += [one for one in of_it.evidence if one.of not in wants]
    return replace(
        of_it,
        intents=rules.intents,
        decisions=rules.decisions,
        evidence=tuple(sorted(set(evidence))),
        model=f"{of_it.model}, {rules.model.split()[0]}",
    )


def _keep(rows: Sequence[Analysis]) -> None:
    """In place of what was understood before; what a teammate said of these posts stays true."""
    corrections.renew(rows)
    fields = [field.name for field in Analysis._meta.concrete_fields if field.name != "post"]
    Analysis.objects.bulk_create(rows, update_conflicts=True, unique_fields=["post"], update_fields=fields)


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
        vector=found.vector,
        evidence=[span._asdict() for span in found.evidence],
        refined_at=now if found.stage == "full" else None,
        model=found.model,
    )
