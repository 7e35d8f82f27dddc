"""What may I change about myself: my name, my password, my address?"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from goodword.channels.base import clean_text
from goodword.team import addresses, letters, membership, passwords, sign_ins
from goodword.team.authority import Permission
from goodword.team.models import User
from goodword.team.reader import listed
from goodword.web.proof import needs_proof, password_is_right
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
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Whoever came by a link has no password yet and needs none to choose one."""
    user = teammate_of(request).user
    if request.method != "POST":
        return render(request, "password.html", {"errors": {}})
    if wrong := _what_is_wrong(request, user):
        return render(request, "password.html", {"errors": wrong}, status=422)
    passwords.change(user, request.POST["new"], now=timezone.now())
    update_session_auth_hash(request, user)  # all sessions have ended; this one goes on under another key
    toast(request, _("Your password was saved. Other devices have to sign in again."))
    return redirect("you")


@may(Permission.READ)
@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: HttpRequest) -> HttpResponse:
    user = teammate_of(request).user
    context = {"may_write": letters.may_write(), "error": "", "typed": ""}
    if request.method != "POST":
        return render(request, "address.html", context)
    typed = clean_text(request.POST.get("email", ""), 254)
    try:
        is_done = addresses.ask(user, typed, now=timezone.now())
    except membership.NotPossible as why:
        return render(request, "address.html", context | {"error": str(why), "typed": typed}, status=422)
    toast(request, _address_words(typed, is_done=is_done))
    return redirect("you")


@may(Permission.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter to the new address. Looking at it uses nothing up."""
    user = teammate_of(request).user
    if request.method != "POST":
        return render(request, "confirm_address.html", {"error": ""})
    try:
        is_done = addresses.confirm(token, user, now=timezone.now())
    except membership.NotPossible as why:
        return render(request, "confirm_address.html", {"error": str(why)}, status=409)
    if not is_done:
        error = _("This link does not work any more, or it is for another account. Ask for a new one.")
        return render(request, "confirm_address.html", {"error": error}, status=410)
    toast(request, _("Saved: you sign in with %(email)s from now on.") % {"email": user.email})
    return redirect("you")


def _address_words(email: str, *, is_done: bool) -> str:
    if is_done:
        return _("Saved: you sign in with %(email)s from now on.") % {"email": email.strip().lower()}
    return _("A letter is on its way to %(email)s. Open its link to confirm the address.") % {"email": email}


def _what_is_wrong(request: HttpRequest, user: User) -> dict[str, str]:
    if user.has_usable_password():
        right = password_is_right(request, user, request.POST.get("old", ""))
        if right is None:
            return {"old": _("Too many wrong passwords. Wait five minutes, then try again.")}
        if not right:
            return {"old": _("This is not the password you have now.")}
    wrong = passwords.what_is_wrong_with(request.POST.get("new", ""), user)
    return {"new": " ".join(wrong)} if wrong else {}


def _page(request: HttpRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    user = teammate_of(request).user
    context = {
        "errors": errors or {},
        "second_factor_words": _second_factor_words(user),
        "places": len(sign_ins.live(user, now=timezone.now())),
    }
    return render(request, "you.html", context, status=422 if errors else 200)


def _second_factor_words(user: User) -> str:
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
    words = []
    if passkeys:
        words.append(ngettext("%(num)s passkey", "%(num)s passkeys", passkeys) % {"num": passkeys})
    if Authenticator.Type.TOTP in kinds:
        words.append(_("an authenticator app"))
    return listed(words) if words else _("None yet: a stolen password would be enough")
