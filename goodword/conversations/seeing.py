"""What may a teammate see: which conversations, and which rows that hang on their posts?

One rule for all: a conversation is seen when a post in it is seen, and only its seen posts are shown.
Every screen, number, letter and notification asks here or in `listening/seeing.py`, which says what
a seen post is. A teammate must never see a row of a conversation that is not theirs.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from goodword.conversations.models import Act, Conversation, Delivery, Reply, Thanks, Wait
from goodword.listening.models import Analysis, Attachment, Mention, Post
from goodword.listening.seeing import post_is_seen, posts_seen_by, sees_all
from goodword.people.models import Profile
from goodword.team.models import Teammate

Row = TypeVar("Row", bound=Model)

# How each kind of row leads to the post by which it is seen.
TO_THE_POST: dict[type[Model], str] = {
    Post: "",
    Wait: "post__",
    Reply: "post__",
    Thanks: "post__",
    Delivery: "post__",
    Analysis: "post__",
    Mention: "post__",
    Attachment: "post__",
}


def may_see(me: Teammate, conversation: Conversation) -> bool:
    """May this teammate know of this conversation at all?"""
    if conversation.brand_id != me.brand_id or me.removed_at:
        return False
    return sees_all(me) or conversations_seen_by(me).filter(pk=conversation.pk).exists()


def conversations_seen_by(me: Teammate) -> QuerySet[Conversation]:
    mine = Conversation.objects.filter(brand=me.brand_id)
    return mine if sees_all(me) else mine.filter(_has_a_seen_post(me))


def within_sight(rows: QuerySet[Row], me: Teammate) -> QuerySet[Row]:
    """Those of these rows that may be shown: posts, waits, and whatever else TO_THE_POST knows.

    Raises KeyError for a kind of row of which nobody has said how it is seen: nothing leaks by default.
    """
    to = TO_THE_POST[rows.model]
    return rows.filter(**{f"{to}brand": me.brand_id}) if sees_all(me) else rows.filter(post_is_seen(me, to))


def acts_seen_by(me: Teammate, kind: type[Act]) -> QuerySet[Any]:
    """Acts of this kind that may be shown; what the team does inside, only to those who read its notes."""
    rows = kind._default_manager.filter(conversation__brand=me.brand_id)
    if kind in TO_THE_POST:
        return within_sight(rows, me)
    if not me.reads_notes:
        return rows.none()
    return rows if sees_all(me) else rows.filter(conversation__in=conversations_seen_by(me))


def profiles_seen_by(me: Teammate) -> QuerySet[Profile]:
    """Authors of whom at least one post is seen."""
    mine = Profile.objects.filter(brand=me.brand_id)
    if sees_all(me):
        return mine
    return mine.filter(Exists(posts_seen_by(me).filter(author=OuterRef("pk"))))


def _has_a_seen_post(me: Teammate) -> Exists:
    """A post of somebody else: that we answered is no reason to see what was asked."""
    thread = Q(brand=OuterRef("brand"), channel=OuterRef("channel"), root=OuterRef("root"))
    return Exists(posts_seen_by(me).filter(thread, is_ours=False))
