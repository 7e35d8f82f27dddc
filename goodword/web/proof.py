"""Is it really them? Asked again before what a borrowed, unlocked laptop must not be able to do.

Signing in is a proof, too. Who has neither a password nor a second factor has nothing to prove it with:
for them the session is all there is, until they choose one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from goodword.team.models import User
from goodword.web.codes import CodeForm
from goodword.web.letting_in import proved, proved_at
from goodword.web.passkey_forms import ProvingForm, request_options
from goodword.web.who import myself

View = TypeVar("View", bound=Callable[..., Any])

LASTS = timedelta(minutes=10)  # long enough for what one came to do


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    at = proved_at(request)
    if at is not None and at <= now < at + LASTS:
        return True
    return not _ways(cast(User, request.user))


def needs_proof(view: View) -> View:
    """Below @may or @myself: ask for a proof first, then come back to the page one came from."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if is_fresh(request, now=timezone.now()):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('proof')}?{urlencode({'next': _page_of(request)}, safe='/')}")

    return cast(View, guarded)


@sensitive_post_parameters("password", "code", "credential")
@myself
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST":
        return _page(request, user)
    if wrong := _what_is_wrong(request, user):
        return _page(request, user, wrong)
    proved(request, now=timezone.now())
    return redirect(_next(request))


def password_is_right(request: HttpRequest, user: User, password: str) -> bool | None:
    """None when it was tried too often: then even the right one has to wait."""
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        return None
    return user.check_password(password)


def _what_is_wrong(request: HttpRequest, user: User) -> dict[str, str]:
    if "credential" in request.POST:
        form: CodeForm | ProvingForm = ProvingForm(user=user, data=request.POST)
    elif "code" in request.POST:
        form = CodeForm(user=user, data=request.POST)
    else:
        return _wrong_password(request, user)
    return {name: errors[0] for name, errors in form.errors.items()}


def _wrong_password(request: HttpRequest, user: User) -> dict[str, str]:
    if not user.has_usable_password():
        return {"password": _("You have no password yet.")}
    right = password_is_right(request, user, request.POST.get("password", ""))
    if right is None:
        return {"password": _("Too many wrong passwords. Wait five minutes, then try again.")}
    return {} if right else {"password": _("This is not your password.")}


def _ways(user: User) -> set[str]:
    kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    return set(kinds) | ({"password"} if user.has_usable_password() else set())


def _page_of(request: HttpRequest) -> str:
    """What is sent is not kept: one comes back to the page with the form, and sends it again."""
    if request.method != "POST":
        return request.path
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    return urlsplit(came_from).path if came_from and is_ours else reverse("you")


def _next(request: HttpRequest) -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(given, None) and given.startswith("/")
    return given if is_ours else reverse("you")


def _page(request: HttpRequest, user: User, errors: dict[str, str] | None = None) -> HttpResponse:
    ways = _ways(user)
    context = {
        "ways": ways,
        "errors": errors or {},
        "next": _next(request),
        "options": request_options(user) if Authenticator.Type.WEBAUTHN in ways else "",
    }
    return render(request, "proof.html", context, status=422 if errors else 200)
