"""The inbox: the ranked list of who waits, complete in its first answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from goodword.conversations import reading
from goodword.conversations.models import Conversation
from goodword.listening.models import Post
from goodword.team.authority import Permission
from goodword.team.models import Role, Teammate
from goodword.web import whose
from goodword.web.conversation import opened
from goodword.web.live import mark_of, pulse
from goodword.web.who import may, teammate_of


@may(Permission.READ)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("inbox")


@may(Permission.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list; on a wide screen the first conversation stands open beside it."""
    page = listed(request)
    first = page["rows"][0].conversation if page["rows"] else None
    if first and first.brand_id != teammate_of(request).brand_id:
        whose.look_in(request, first.brand_id)  # what stands open belongs to another of my brands
    return render(request, "inbox.html", page | opened(request, first) | {"pane": "list"})


@may(Permission.READ)
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The list alone, to be renewed in an open page."""
    return render(request, "_inbox_list.html", listed(request))


def listed(request: HttpRequest, selected: Conversation | None = None) -> dict[str, Any]:
    """What the list pane shows; its view is remembered while one goes through it."""
    mine = whose.listed_for(request, teammate_of(request))
    view = request.GET.get("view", "open")
    view = view if view in views_of(mine) else "open"
    page = reading.inbox(mine, view, now=timezone.now(), after=request.GET.get("after", ""))
    return {
        "mark": mark_of(pulse(mine)),
        "view": view,
        "views": views_of(mine),
        "among_all": whose.is_among_all(request),
        "counts": reading.counts(mine),
        "rows": page.rows,
        "is_new": not page.rows and not Post.objects.filter(brand__in=[me.brand_id for me in mine]).exists(),
        "after": page.after,
        "continued": bool(request.GET.get("after")),
        "selected": selected.pk if selected else _number(request.GET.get("selected", "")),
    }


def views_of(mine: Sequence[Teammate]) -> dict[str, Any]:
    """The views that can hold something for me: who only looks has no work, and may know of no mutes."""
    shown = {
        "mine": any(me.role != Role.VIEWER for me in mine),
        "unassigned": any(me.role != Role.VIEWER for me in mine),
        "muted": any(me.reads_notes for me in mine),
    }
    return {view: words for view, words in reading.VIEWS.items() if shown.get(view, True)}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
