"""Notices: what happened that I should hear of, newest first; and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword.notifying import reading, words
from goodword.notifying.kinds import Kind
from goodword.team.authority import Permission
from goodword.team.models import User
from goodword.web import whose
from goodword.web.toasts import toast
from goodword.web.who import may, myself

ICONS = {
    Kind.ASSIGNED: "user-plus",
    Kind.MENTIONED: "at-sign",
    Kind.ANSWERED: "reply",
    Kind.PRIVATE: "mail",
    Kind.WAITING: "message-circle",
    Kind.DUE_SOON: "hourglass",
    Kind.OVERDUE: "clock",
    Kind.NOT_SENT: "triangle-alert",
    Kind.STOPPED: "unplug",
}


@dataclass(frozen=True)
class Shown:
    """One line of the page."""

    pk: int
    icon: str
    words: str
    where: str
    note: str
    at: datetime
    more: int
    is_news: bool

    @classmethod
    def of(cls, line: reading.Line, *, of_several: bool) -> Shown:
        """`of_several` brands: each line says of which."""
        occasion = line.newest.occasion
        note = occasion.note.text if occasion.note and not occasion.note.undone_at else ""
        return cls(
            pk=line.newest.pk,
            icon=ICONS[Kind(occasion.kind)],
            words=words.title(occasion),
            where=words.where(occasion) if of_several else words.channel(occasion),
            note=note,
            at=line.newest.made_at,
            more=line.more,
            is_news=line.is_news,
        )


@may(Permission.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    readers = whose.memberships(request)
    shown = [Shown.of(line, of_several=len(readers) > 1) for line in reading.lines(readers)]
    return render(request, "notices.html", {"lines": shown})


@may(Permission.READ)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    reading.read_all(whose.memberships(request), now=timezone.now())
    toast(request, _("All read."))
    return redirect("notices")


@myself
@require_safe
def go(request: HttpRequest, notice: int) -> HttpResponse:
    """Where one does something about it, in the brand in which it happened; it is read by that."""
    found = reading.notice_of(cast(User, request.user), notice)
    if found is None:
        raise Http404
    reading.read([found], now=timezone.now())
    whose.choose(request, found.to.brand_id)
    return redirect(words.path(found.occasion))
