"""The inbox: the ranked list of who waits, complete in its first answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from goodword.conversations import reading
from goodword.conversations.models import Conversation
from goodword.listening.models import Post
from goodword.team.authority import Permission
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
    return render(request, "inbox.html", page | opened(request, first) | {"pane": "list"})


@may(Permission.READ)
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The list alone, to be renewed in an open page."""
    return render(request, "_inbox_list.html", listed(request))


def listed(request: HttpRequest, selected: Conversation | None = None) -> dict[str, Any]:
    """What the list pane shows; its view is remembered while one goes through it."""
    me = teammate_of(request)
    view = request.GET.get("view", "open")
    view = view if view in reading.VIEWS else "open"
    page = reading.inbox(me.brand, view, me, now=timezone.now(), after=request.GET.get("after", ""))
    return {
        "mark": mark_of(pulse(me.brand)),
        "view": view,
        "views": reading.VIEWS,
        "counts": reading.counts(me.brand, me),
        "rows": page.rows,
        "is_new": not page.rows and not Post.objects.filter(brand=me.brand).exists(),
        "after": page.after,
        "continued": bool(request.GET.get("after")),
        "selected": selected.pk if selected else _number(request.GET.get("selected", "")),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
