"""People: who talks about us, and what is known of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from goodword.channels.by_hand import SOMEBODY
from goodword.conversations.models import Reply
from goodword.conversations.seeing import (
    acts_seen_by,
    conversations_seen_by,
    people_seen_by,
    profiles_seen_by,
    within_sight,
)
from goodword.listening.models import Analysis
from goodword.listening.seeing import post_is_seen, posts_seen_by, sees_all
from goodword.people.models import Consent, Join, Order, Person, Profile, Promise
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.web.who import may, teammate_of

PAGE = 50
LATEST = 5  # of each kind beside a conversation
WHOLE_STORY = 100  # newest posts on a person's own page

ORDERS = {"posts": "-posts", "latest": "-last_heard_at", "name": "name"}


@may(Permission.READ)
@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """Everybody who said something, by how much they say, how lately, or by name."""
    order = request.GET.get("order", "posts")
    order = order if order in ORDERS else "posts"
    me = teammate_of(request)
    seen = Q(profiles__posts__gone_at=None) & post_is_seen(me, "profiles__posts__")
    people = (
        people_seen_by(me)
        .filter(_is_somebody_known(), profiles__is_ours=False, profiles__gone_at=None)
        .annotate(
            posts=Count("profiles__posts", filter=seen, distinct=True),
            latest_at=Max("profiles__posts__at", filter=post_is_seen(me, "profiles__posts__")),
        )
        .order_by(ORDERS[order], "pk")
        .prefetch_related(Prefetch("profiles", profiles_seen_by(me)))
    )
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    for person in page.object_list:
        call_as_seen(person, list(person.profiles.all()), me)
    return render(request, "people.html", {"page": page, "order": order})


@may(Permission.READ)
@require_safe
def show(request: HttpRequest, person: int) -> HttpResponse:
    me = teammate_of(request)
    known = get_object_or_404(people_seen_by(me), pk=person)
    return render(request, "person.html", about(known, me, WHOLE_STORY))


def _is_somebody_known() -> Exists:
    """Of whom nothing is known but words at a counter, there is nothing to look up."""
    profiles = Profile.objects.filter(person=OuterRef("pk"))
    return Exists(profiles.exclude(native_id__startswith=SOMEBODY))


def beside(profile: Profile, me: Teammate) -> dict[str, Any]:
    """The person of a profile, in short: what stands beside a conversation."""
    return about(profile.person, me, LATEST)


def about(person: Person, me: Teammate, most: int) -> dict[str, Any]:
    """What is known of a person: the sum of what hangs on those of their profiles that I may see."""
    profiles = list(profiles_seen_by(me).filter(person=person).order_by("-last_heard_at"))
    call_as_seen(person, profiles, me)
    posts = posts_seen_by(me).readable().filter(author__person=person)
    understood = within_sight(Analysis.objects.filter(post__author__person=person), me)
    replies = acts_seen_by(me, Reply).filter(post__author__person=person, undone_at=None)
    orders = Order.objects.filter(profile__in=profiles)
    return {
        "person": person,
        "profiles": profiles,
        "post_count": posts.count(),
        "praise_count": sum(
            "praise" in decisions for decisions in understood.values_list("decisions", flat=True)
        ),
        "reply_count": replies.count(),
        "order_count": orders.count(),
        "latest_posts": list(
            posts.select_related("author", "analysis", "heard_by__user").order_by("-at", "-pk")[:most]
        ),
        "conversation_of": dict(
            conversations_seen_by(me).filter(profile__person=person).values_list("root", "pk")
        ),
        "orders": list(orders.order_by("-at")[:most]),
    } | _told_in_private(person, profiles, me, most)


def _told_in_private(person: Person, profiles: list[Profile], me: Teammate, most: int) -> dict[str, Any]:
    """What may quote a private message: not for those who may not read these."""
    if not me.reads_private:
        return {"promises": [], "consents": [], "joins": []}
    joins = Join.objects.filter(person=person, profile__in=profiles, undone_at=None)
    return {
        "promises": list(Promise.objects.filter(profile__in=profiles).order_by("-due_at")[:most]),
        "consents": list(Consent.objects.filter(profile__in=profiles).order_by("-at")[:most]),
        "joins": list(joins.select_related("profile", "by__user")),
    }


def call_as_seen(person: Person, profiles: Sequence[Profile], me: Teammate) -> None:
    """By the names of the profiles I may see: a hidden one may be under their full name."""
    if sees_all(me) or not profiles:
        return
    person.name = max((profile.name for profile in profiles), key=len) or profiles[0].shown_name
    person.first_heard_at = min(profile.first_heard_at for profile in profiles)
    person.last_heard_at = max(profile.last_heard_at for profile in profiles)
