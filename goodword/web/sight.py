"""What of the brand does a teammate see: all connections or some, private messages, the team's notes?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.listening import narrowing
from goodword.listening.models import Connection
from goodword.team.authority import Permission
from goodword.team.membership import NotPossible
from goodword.team.models import Brand, Role, Teammate
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of


@dataclass(frozen=True)
class Given:
    """What the form says."""

    to: list[Connection] | None
    private: bool
    notes: bool

    @classmethod
    def by(cls, request: HttpRequest) -> Given:
        chosen = request.POST.getlist("connections")
        to = [one for one in choices(teammate_of(request).brand) if str(one.pk) in chosen]
        return cls(
            to if request.POST.get("sees") == "some" else None,
            "may_read_private" in request.POST,
            "may_read_notes" in request.POST,
        )


@may(Permission.MANAGE)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    me, given, now = teammate_of(request), Given.by(request), timezone.now()
    active = Teammate.objects.active().select_related("user")
    teammate = get_object_or_404(active, pk=pk, brand=me.brand)
    try:
        with transaction.atomic():
            narrowing.narrow(teammate, given.to, me, now=now)
            if teammate.role == Role.VIEWER:
                narrowing.let_read(teammate, private=given.private, notes=given.notes, by=me, now=now)
    except NotPossible as why:
        trouble(request, str(why))
    else:
        toast(request, _("Saved: %(name)s sees this from now on.") % {"name": teammate.name})
    return redirect("team")


def choices(brand: Brand) -> list[Connection]:
    """The accounts that somebody can be narrowed to."""
    return list(Connection.objects.filter(brand=brand, removed_at=None).order_by("name", "pk"))


def narrowed_to(team: list[Teammate]) -> dict[int, list[str]]:
    """By teammate: the names of the accounts they are narrowed to; who is not narrowed is left out."""
    return {one.pk: names_of(one) for one in team if one.is_narrowed and one.role != Role.OWNER}


def names_of(teammate: Teammate) -> list[str]:
    return [one.connection.name for one in teammate.narrowings.select_related("connection").order_by("pk")]
