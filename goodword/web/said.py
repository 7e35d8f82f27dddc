"""Somebody said something to one of us: at the counter, on the phone, at an event. Kept in ten seconds."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.channels.by_hand import IN_PERSON, SOMEBODY, InPerson
from goodword.conversations import by_hand, threads
from goodword.conversations.acts import NotPossible
from goodword.conversations.by_hand import Met
from goodword.listening.models import Post
from goodword.listening.seeing import posts_seen_by
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.web.answering import key_of
from goodword.web.answering_there import taken
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

PLACES = {place.key: place for place in IN_PERSON}
PLACE_IN_SESSION = "said_at"  # most people stand behind the same counter every day
LATELY = timedelta(days=14)
SHOWN = 10


@may(Permission.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; what is sent with it is kept, and the form is ready for the next one."""
    if request.method != "POST":
        return _form(request)
    place = _place(request)
    try:
        post, is_new = by_hand.heard_in_person(
            teammate_of(request),
            place,
            request.POST.get("text", ""),
            Met(request.POST.get("name", ""), request.POST.get("contact", ""), "agreed" in request.POST),
            needs_answer="needs_answer" in request.POST,
            key=key_of(request),
            now=timezone.now(),
        )
    except NotPossible as refused:
        return _form(request, str(refused))
    request.session[PLACE_IN_SESSION] = place.key
    if is_new:
        toast(request, _("Written down: %(place)s.") % {"place": _(place.name)}, undo=_removal(post))
    conversation = threads.find(post) if "needs_answer" in request.POST else None
    there = reverse("conversation", args=[conversation.pk]) if conversation else reverse("said")
    return redirect(taken(request, there))


@may(Permission.ANSWER)
@require_POST
def remove(request: HttpRequest, post: int) -> HttpResponse:
    """Take away what was written down: a mistake, or somebody changed their mind."""
    me = teammate_of(request)
    seen = posts_seen_by(me).readable().select_related("brand", "author__person")
    removed = get_object_or_404(seen, pk=post)
    try:
        by_hand.remove(removed, me, now=timezone.now())
    except NotPossible as refused:
        trouble(request, str(refused))
    else:
        toast(request, _("It was removed, and nothing of it is kept."))
    return redirect("said" if removed.channel in PLACES else "log")


def written_down(me: Teammate) -> list[dict[str, Any]]:
    """What the team wrote down lately, newest first, and what may be done about it."""
    found = _lately(me).select_related("author", "heard_by__user", "analysis")[:SHOWN]
    return [
        {
            "post": post,
            "conversation": threads.find(post),
            "may_remove": by_hand.may_remove(post, me),
            "is_anonymous": post.author.native_id.startswith(SOMEBODY),  # the name says where it was
        }
        for post in found
    ]


def _lately(me: Teammate) -> QuerySet[Post]:
    team = Teammate.objects.filter(brand=me.brand_id)
    recent = posts_seen_by(me).readable().filter(heard_by__in=team, at__gte=timezone.now() - LATELY)
    return recent.order_by("-at", "-pk")


def _form(request: HttpRequest, error: str = "") -> HttpResponse:
    typed = request.POST if error else {}
    context = {
        "places": IN_PERSON,
        "place": _place(request).key,
        "text": typed.get("text", ""),
        "name": typed.get("name", ""),
        "contact": typed.get("contact", ""),
        "agreed": "agreed" in typed,
        "needs_answer": "needs_answer" in typed,
        "error": error,
        "key": uuid.uuid4().hex,
        "lately": written_down(teammate_of(request)),
    }
    return render(request, "said.html", context, status=422 if error else 200)


def _place(request: HttpRequest) -> type[InPerson]:
    chosen = request.POST.get("place") or request.session.get(PLACE_IN_SESSION, "")
    return PLACES.get(chosen, IN_PERSON[0])


def _removal(post: Post) -> str:
    return reverse("remove_post", args=[post.pk])
