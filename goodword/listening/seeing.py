"""Which posts may a teammate see? Everything else that is shown follows from this.

Owners and members see what their brand hears; who is narrowed, only what came through their
connections; a viewer, no private messages unless an owner said so. What came through no connection
(imported, or taken down by hand) belongs to the whole brand, and is not shown to who is narrowed.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from goodword.channels.base import Visibility
from goodword.listening.models import Connection, Narrowing, Post, PostQuerySet
from goodword.team.models import Role, Teammate


def sees_all(me: Teammate) -> bool:
    """Is nothing of the brand hidden from them? Then no question needs to look at single posts."""
    return me.reads_private and not is_narrowed(me)


def is_narrowed(me: Teammate) -> bool:
    return me.is_narrowed and me.role != Role.OWNER


def post_is_seen(me: Teammate, to: str = "") -> Q:
    """The condition on a post; `to` leads there from another row, as in "post__"."""
    seen = Q(**{f"{to}brand": me.brand_id})
    if is_narrowed(me):
        mine = Q(**{f"{to}heard_by": me})  # what they wrote down themselves they know already
        seen &= Q(**{f"{to}connection__in": connections_of(me)}) | mine
    if not me.reads_private:
        seen &= ~Q(**{f"{to}visibility": Visibility.DIRECT})
    return seen


def posts_seen_by(me: Teammate) -> PostQuerySet:
    return Post.objects.filter(post_is_seen(me))


def may_see_post(me: Teammate, post: Post) -> bool:
    if post.brand_id != me.brand_id or me.removed_at:
        return False
    return sees_all(me) or posts_seen_by(me).filter(pk=post.pk).exists()


def connections_seen_by(me: Teammate) -> QuerySet[Connection]:
    """The brand's accounts that concern them; those that were taken away are among them."""
    mine = Connection.objects.filter(brand=me.brand_id)
    return mine.filter(pk__in=connections_of(me)) if is_narrowed(me) else mine


def connections_of(me: Teammate) -> QuerySet[Narrowing, int]:
    """What somebody narrowed is narrowed to, as keys."""
    return Narrowing.objects.filter(teammate=me).values_list("connection", flat=True)
