"""What may a teammate see: which conversations, and which rows that hang on their posts?

One rule for all: a conversation is seen when a post in it is seen, and only its seen posts are shown.
Every screen, number, letter and notification asks here or in `listening/seeing.py`, which says what
a seen post is. A teammate must never see a row of a conversation that is not theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from goodword.conversations.models import Act, Conversation, Delivery, Reply, Thanks, Wait
from goodword.listening.models import Analysis, Attachment, Mention, Post
from goodword.listening.seeing import post_is_seen, posts_seen_by, sees_all
from goodword.people.models import Person, Profile
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


def as_seen_by(me: Teammate, conversations: Sequence[Conversation]) -> None:
    """Where who waits, or what was said last, is not seen, let what is seen stand for it.

    These objects alone are changed, for a screen; what is told of the hidden wait goes with it.
    """
    if sees_all(me) or not conversations:
        return
    thread = Q(brand=OuterRef("brand"), channel=OuterRef("channel"), root=OuterRef("root"))
    newest = posts_seen_by(me).readable().filter(thread).order_by("-at", "-pk").values("pk")
    theirs = newest.filter(is_ours=False)
    found = Conversation.objects.filter(pk__in=[c.pk for c in conversations]).annotate(
        seen_latest=Subquery(newest[:1]),
        seen_theirs=Subquery(theirs.filter(author=OuterRef("profile"))[:1]),
        seen_other=Subquery(theirs[:1]),
    )
    places = {c.pk: c for c in found}
    pks = [pk for c in found for pk in (c.seen_latest, c.seen_other) if pk]
    posts = Post.objects.select_related("author__person", "analysis").in_bulk(pks)
    for conversation in conversations:
        place = places[conversation.pk]
        latest, other = posts.get(place.seen_latest), posts.get(place.seen_other)
        conversation.latest = latest
        conversation.latest_at = latest.at if latest else conversation.opened_at
        if place.seen_theirs is None and other is not None:
            conversation.profile = other.author
            conversation.waiting_since, conversation.due_at, conversation.factors = None, None, []


def profiles_seen_by(me: Teammate) -> QuerySet[Profile]:
    """Authors of whom at least one post is seen."""
    mine = Profile.objects.filter(brand=me.brand_id)
    if sees_all(me):
        return mine
    return mine.filter(Exists(posts_seen_by(me).filter(author=OuterRef("pk"))))


def people_seen_by(me: Teammate) -> QuerySet[Person]:
    """Who has a profile that is seen: nothing of their other profiles may be shown."""
    mine = Person.objects.filter(brand=me.brand_id)
    if sees_all(me):
        return mine
    return mine.filter(Exists(posts_seen_by(me).filter(author__person=OuterRef("pk"))))


def _has_a_seen_post(me: Teammate) -> Exists:
    """A post of somebody else: that we answered is no reason to see what was asked."""
    thread = Q(brand=OuterRef("brand"), channel=OuterRef("channel"), root=OuterRef("root"))
    return Exists(posts_seen_by(me).filter(thread, is_ours=False))
