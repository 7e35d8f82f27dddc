"""How does somebody sign in, join by invitation, and sign out?"""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from goodword.web.who import public


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves: an owner invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


login = public(LoginView.as_view())
logout = public(LogoutView.as_view())


@public
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("")


@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("")
