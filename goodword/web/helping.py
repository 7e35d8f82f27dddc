"""How does an owner help a teammate who cannot get in, and ask the team for a second factor?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.team import helping, letters, second_factor
from goodword.team.authority import Permission
from goodword.team.membership import NotPossible
from goodword.web.proof import needs_proof
from goodword.web.team import teammate_here
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of


@may(Permission.MANAGE)
@require_POST
def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The link is shown on the answer to this form and nowhere else: only its hash is kept."""
    teammate_here(request, pk)
    return _make_link(request, pk)


@needs_proof
def _make_link(request: HttpRequest, pk: int) -> HttpResponse:
    teammate = teammate_here(request, pk)
    try:
        token = helping.link_for(teammate, teammate_of(request), now=timezone.now())
    except NotPossible as why:
        trouble(request, str(why))
        return redirect("team")
    link = letters.address("use_link", token)
    return render(request, "link_for_teammate.html", {"teammate": teammate, "link": link}, status=201)


@may(Permission.MANAGE)
@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    teammate_here(request, pk)
    return _reset_second_factor(request, pk)


@needs_proof
def _reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    teammate = teammate_here(request, pk)
    try:
        helping.reset_second_factor(teammate, teammate_of(request), now=timezone.now())
    except NotPossible as why:
        trouble(request, str(why))
    else:
        sentence = _("%(name)s signs in with the password alone now, and sets up a new second factor then.")
        toast(request, sentence % {"name": teammate.name})
    return redirect("team")


@may(Permission.MANAGE)
@needs_proof
@require_POST
def want_second_factor(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("wanted") == "yes"
    try:
        second_factor.want(teammate_of(request), wanted, now=timezone.now())
    except NotPossible as why:
        trouble(request, str(why))
    else:
        toast(request, _wanted_words(wanted))
    return redirect("team")


def _wanted_words(wanted: bool) -> str:
    if wanted:
        return _("From their next sign-in on, everybody on the team needs a second factor.")
    return _("Nobody is asked to set up a second factor any more.")
