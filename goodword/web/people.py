"""People: who talks about us, and what is known of one of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from goodword.conversations.models import Conversation, Reply
from goodword.listening.models import Analysis, Post
from goodword.people.models import Consent, Join, Order, Person, Profile, Promise
from goodword.team.authority import Permission
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
    people = (
        Person.objects.filter(
            brand=teammate_of(request).brand, profiles__is_ours=False, profiles__gone_at=None
        )
        .annotate(
            posts=Count("profiles__posts", filter=Q(profiles__posts__gone_at=None), distinct=True),
            latest_at=Max("profiles__posts__at"),
        )
        .order_by(ORDERS[order], "pk")
        .prefetch_related("profiles")
    )
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    return render(request, "people.html", {"page": page, "order": order})


@may(Permission.READ)
@require_safe
def show(request: HttpRequest, person: int) -> HttpResponse:
    known = get_object_or_404(Person.objects.filter(brand=teammate_of(request).brand), pk=person)
    return render(request, "person.html", about(known, WHOLE_STORY))


def beside(profile: Profile) -> dict[str, Any]:
    """The person of a profile, in short: what stands beside a conversation."""
    return about(profile.person, LATEST)


def about(person: Person, most: int) -> dict[str, Any]:
    """What is known of a person: the sum of what hangs on their profiles."""
    posts = Post.objects.readable().filter(author__person=person)
    understood = Analysis.objects.filter(post__author__person=person)
    return {
        "person": person,
        "profiles": list(person.profiles.order_by("-last_heard_at")),
        "post_count": posts.count(),
        "praise_count": sum(
            "praise" in decisions for decisions in understood.values_list("decisions", flat=True)
        ),
        "reply_count": Reply.objects.filter(post__author__person=person, undone_at=None).count(),
        "order_count": Order.objects.filter(profile__person=person).count(),
        "latest_posts": list(posts.select_related("author", "analysis").order_by("-at", "-pk")[:most]),
        "conversation_of": dict(
            Conversation.objects.filter(profile__person=person).values_list("root", "pk")
        ),
        "orders": list(Order.objects.filter(profile__person=person).order_by("-at")[:most]),
        "promises": list(Promise.objects.filter(profile__person=person).order_by("-due_at")[:most]),
        "consents": list(Consent.objects.filter(profile__person=person).order_by("-at")[:most]),
        "joins": list(
            Join.objects.filter(person=person, undone_at=None).select_related("profile", "by__user")
        ),
    }
