"""What may I change about myself: my name, my password?"""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from goodword.channels.base import clean_text
from goodword.team.authority import Permission
from goodword.team.models import User
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of

LONGEST_NAME = 100


@may(Permission.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    name = clean_text(request.POST.get("name", "")).strip()
    if not name or len(name) > LONGEST_NAME:
        return _page(request, {"name": _("Write a name of up to 100 characters.")})
    user = teammate_of(request).user
    user.name = name
    user.save(update_fields=["name"])
    toast(request, _("Your name was saved."))
    return redirect("you")


@sensitive_post_parameters("old", "new")
@may(Permission.READ)
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Whoever came by a link has no password yet and needs none to choose one."""
    user, new = teammate_of(request).user, request.POST.get("new", "")
    if user.has_usable_password() and not user.check_password(request.POST.get("old", "")):
        return _page(request, {"old": _("This is not the password you have now.")})
    try:
        validate_password(new, user)
    except ValidationError as error:
        return _page(request, {"new": " ".join(error.messages)})
    _change(request, user, new)
    toast(request, _("Your password was saved. Other devices have to sign in again."))
    return redirect("you")


def _change(request: HttpRequest, user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])  # sessions carry a hash of it: all of them end
    update_session_auth_hash(request, user)  # but this one


def _page(request: HttpRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    return render(request, "you.html", {"errors": errors or {}}, status=422 if errors else 200)
