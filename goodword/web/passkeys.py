"""How do I add, name and remove a passkey?"""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.channels.base import clean_text
from goodword.team import second_factor
from goodword.team.models import User
from goodword.web.devices import device_of
from goodword.web.factors import why_no_passkeys
from goodword.web.passkey_forms import LONGEST_NAME, AddingForm, creation_options
from goodword.web.proof import needs_proof
from goodword.web.second_factor import PASSKEY, it_is_set_up, removed
from goodword.web.toasts import toast
from goodword.web.who import myself


@myself
@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST":
        return _page(request, user)
    form = AddingForm(user=user, data=request.POST)
    if not form.is_valid():
        return _page(request, user, _("This did not work. Try it once more."))
    name = _name(form.cleaned_data["name"]) or device_of(request) or _("Passkey")
    with transaction.atomic():
        WebAuthn.add(user, name, form.cleaned_data["credential"])
        second_factor.changed(user, "added a passkey", now=timezone.now())
    return it_is_set_up(request, _("The passkey was added. You can sign in with it alone."))


@myself
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = _mine(request, pk)
    if name := _name(request.POST.get("name", "")):
        passkey.wrap().name = name
        passkey.save(update_fields=["data"])
        toast(request, _("The passkey was renamed."))
    return redirect("second_factor")


@myself
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    _mine(request, pk)
    return _remove(request, pk)


@needs_proof
def _remove(request: HttpRequest, pk: int) -> HttpResponse:
    sentence = _("The passkey was removed: it opens nothing any more. Delete it on your device, too.")
    return removed(request, _mine(request, pk), sentence)


def _mine(request: HttpRequest, pk: int) -> Authenticator:
    found = Authenticator.objects.filter(user=cast(User, request.user), type=PASSKEY, pk=pk).first()
    if found is None:
        raise Http404
    return cast(Authenticator, found)


def _name(typed: str) -> str:
    return " ".join(clean_text(typed, LONGEST_NAME).split())


def _page(request: HttpRequest, user: User, error: str = "") -> HttpResponse:
    context = {
        "why_not": why_no_passkeys(request),
        "options": creation_options(user),
        "name": device_of(request),
        "error": error,
    }
    return render(request, "passkey.html", context, status=422 if error else 200)
