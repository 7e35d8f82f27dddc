"""Who is on the team, what may they do, and how does somebody join?"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from goodword.channels.base import clean_text
from goodword.listening import narrowing
from goodword.team import letters, membership, second_factor
from goodword.team.authority import Permission
from goodword.team.models import Invitation, Role, Teammate
from goodword.web import sight
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

WHAT_ROLES_MAY = {
    Role.OWNER: gettext_lazy("Everything: answers people, and manages connections, queries and the team."),
    Role.MEMBER: gettext_lazy("Answers people, takes notes, assigns and resolves."),
    Role.VIEWER: gettext_lazy("Reads what was said in public and how it was answered, and changes nothing."),
}
OWNERS_FIRST = Case(
    When(role=Role.OWNER, then=Value(0)), When(role=Role.MEMBER, then=Value(1)), default=Value(2)
)


@may(Permission.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


@may(Permission.MANAGE)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """The link is shown on the answer to this form and nowhere else: only its hash is kept."""
    role, note = request.POST.get("role", ""), clean_text(request.POST.get("note", ""))
    if role not in Role.values:
        return HttpResponseBadRequest()
    email, now = clean_text(request.POST.get("email", "")), timezone.now()
    given = sight.Given.by(request)
    try:
        invitation, token = narrowing.invite(
            teammate_of(request),
            role,
            note,
            to=given.to,
            may_read_private=given.private,
            may_read_notes=given.notes,
            email=email,
            now=now,
        )
    except membership.NotPossible as why:
        return _page(request, error=str(why))
    return _page(request, fresh=invitation, link=letters.address("join", token))


@may(Permission.MANAGE)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk, brand=teammate_of(request).brand)
    membership.revoke(invitation, teammate_of(request), now=timezone.now())
    toast(request, _("The invitation was taken back: its link does not work any more."))
    return redirect("team")


@may(Permission.MANAGE)
@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    teammate, role = teammate_here(request, pk), request.POST.get("role", "")
    if role not in Role.values:
        return HttpResponseBadRequest()
    try:
        membership.change_role(teammate, role, teammate_of(request), now=timezone.now())
    except membership.NotPossible as why:
        trouble(request, str(why))
    else:
        names = {"name": teammate.name, "role": Role(role).label}
        toast(request, _("%(name)s is now: %(role)s.") % names)
    return redirect("team")


@may(Permission.MANAGE)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    teammate = teammate_here(request, pk)
    try:
        membership.remove(teammate, teammate_of(request), now=timezone.now())
    except membership.NotPossible as why:
        trouble(request, str(why))
    else:
        toast(request, _("%(name)s is not on the team any more.") % {"name": teammate.name})
    return redirect("team")


def teammate_here(request: HttpRequest, pk: int) -> Teammate:
    """Somebody of the brand that is looked at; everybody else does not exist."""
    active = Teammate.objects.active().select_related("user")
    return get_object_or_404(active, pk=pk, brand=teammate_of(request).brand)


def _page(
    request: HttpRequest, fresh: Invitation | None = None, link: str = "", error: str = ""
) -> HttpResponse:
    brand, now = teammate_of(request).brand, timezone.now()
    active = Teammate.objects.active().filter(brand=brand).select_related("user")
    team = list(active.order_by(OWNERS_FIRST, "joined_at", "pk"))
    open_ones = Invitation.objects.filter(brand=brand, used_at=None, revoked_at=None, expires_at__gt=now)
    context: dict[str, Any] = {
        "team": team,
        "accounts": sight.choices(brand),
        "narrowed_to": sight.narrowed_to(team),
        "shows_addresses": teammate_of(request).role != Role.VIEWER,
        "invitations": open_ones.select_related("made_by__user").order_by("-made_at"),
        "roles": [(role.value, role.label, WHAT_ROLES_MAY[role]) for role in Role],
        "fresh": fresh,
        "link": link,
        "error": error,
        "typed": request.POST if error else {},
        "may_write": letters.may_write(),
        "without_second_factor": {teammate.pk for teammate in second_factor.without(brand)},
    }
    return render(request, "team.html", context, status=201 if fresh else 422 if error else 200)
