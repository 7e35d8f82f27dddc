"""How does a sign-in link let somebody in?"""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goodword.conversations.beginning import stands_before_the_doors
from goodword.team import membership, tokens
from goodword.team.models import SignInLink
from goodword.web.letting_in import let_in
from goodword.web.who import public

INSIDE = "/inbox/"
DOORS = "/start/"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """One from the terminal signs in when it is opened. One that an owner made goes through a chat or a
    mail program, which may open it first: it shows a button, and asks for the second factor."""
    if request.method == "HEAD" or _is_a_guess(request):
        return HttpResponse(status=503 if _is_a_guess(request) else 200)
    link = membership.find_sign_in_link(token, now=timezone.now())
    if link is None:
        return render(request, "link_is_dead.html", status=410)
    if link.made_by_id and request.method == "GET":
        return render(request, "link.html", {"link": link})
    if not tokens.use_up(link, now=timezone.now()):
        return render(request, "link_is_dead.html", status=410)
    return _let_in(request, link)


def _let_in(request: HttpRequest, link: SignInLink) -> HttpResponse:
    if link.made_by_id:
        response: HttpResponse = perform_login(request, link.user)
        return response
    inside = DOORS if stands_before_the_doors(link.user) else INSIDE
    return let_in(request, link.user, redirect(inside))


def _is_a_guess(request: HttpRequest) -> bool:
    """A browser fetches what might be opened next; that must not use a link up."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return "prefetch" in purpose
