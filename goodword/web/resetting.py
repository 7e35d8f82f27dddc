"""What does somebody do who forgot the password?"""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from goodword.channels.base import clean_text
from goodword.team import letters, passwords, tokens
from goodword.team.models import PasswordReset
from goodword.web.toasts import toast
from goodword.web.who import public

LONGEST_ADDRESS = 254


@public
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same for every address, and takes the same time."""
    if request.method != "POST" or not letters.may_write():
        return render(request, "forgotten.html", {"may_write": letters.may_write(), "asked": ""})
    address = clean_text(request.POST.get("email", "")).strip()[:LONGEST_ADDRESS]
    if not ratelimit.consume(request, action="reset_password", key=address.lower()):
        return render(request, "429.html", status=429)
    passwords.forgot(address, now=timezone.now())
    return render(request, "forgotten.html", {"may_write": True, "asked": address})


@public
@sensitive_post_parameters("new")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at the link, as mail programs do by themselves, uses nothing up."""
    now = timezone.now()
    found = tokens.good(PasswordReset, token, now=now)
    if found is None or not found.user.is_active:
        return _dead(request)
    if request.method != "POST":
        return render(request, "reset.html", {"user": found.user, "error": ""})
    new = request.POST.get("new", "")
    if wrong := passwords.what_is_wrong_with(new, found.user):
        return render(request, "reset.html", {"user": found.user, "error": " ".join(wrong)}, status=422)
    if passwords.reset(token, new, now=now) is None:
        return _dead(request)
    toast(request, _("Your password was saved. Sign in with it."))
    return redirect("account_login")


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "reset_is_dead.html", status=410)
