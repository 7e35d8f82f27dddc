"""How do I set up a second factor: an authenticator app, passkeys, recovery codes?"""

from __future__ import annotations

from typing import cast

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodword.team import membership, second_factor
from goodword.team.models import User
from goodword.web.factors import why_no_passkeys
from goodword.web.letting_in import OWES, owes_second_factor
from goodword.web.proof import needs_proof
from goodword.web.recovery_codes import RECOVERY, left, made_if_none
from goodword.web.toasts import toast, trouble
from goodword.web.who import myself

APP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN


@myself
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All there is, on one page. Also the only page for who has to set one up before anything else."""
    user = cast(User, request.user)
    mine = Authenticator.objects.filter(user=user).order_by("created_at", "pk")
    context = {
        "owes": owes_second_factor(request),
        "app": mine.filter(type=APP).first(),
        "passkeys": mine.filter(type=PASSKEY),
        "codes_left": left(user),
        "why_no_passkeys": why_no_passkeys(request),
    }
    return render(request, "second_factor.html", context)


@myself
@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if Authenticator.objects.filter(user=user, type=APP).exists():
        return redirect("second_factor")
    form = ActivateTOTPForm(user=user, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _keep_app(user, form.secret)
        clear_totp_secret(request)
        return it_is_set_up(request, _("Your authenticator app is set up."))
    address = get_adapter().build_totp_url(user, form.secret)
    context = {
        "error": next(iter(form.errors.get("code", [])), ""),
        "square": segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff"),
        "secret": " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4)),
    }
    return render(request, "authenticator.html", context, status=422 if form.errors else 200)


@myself
@needs_proof
@require_POST
def remove_app(request: HttpRequest) -> HttpResponse:
    mine = Authenticator.objects.filter(user=cast(User, request.user), type=APP)
    return removed(request, mine.first(), _("Your authenticator app is not asked any more."))


def it_is_set_up(request: HttpRequest, sentence: str) -> HttpResponse:
    """One more way to sign in; with the first of them come recovery codes."""
    request.session.pop(OWES, None)
    toast(request, sentence)
    return redirect("recovery_codes" if made_if_none(cast(User, request.user)) else "second_factor")


def removed(request: HttpRequest, factor: Authenticator | None, sentence: str) -> HttpResponse:
    """One way less, unless it is the last one and a team of theirs wants one."""
    if factor is not None:
        try:
            _remove(cast(User, request.user), factor)
        except membership.NotPossible as why:
            trouble(request, str(why))
        else:
            toast(request, sentence)
    return redirect("second_factor")


def _keep_app(user: User, secret: str) -> None:
    """Two tabs at once: the second one changes nothing."""
    try:
        with transaction.atomic():
            TOTP.activate(user, secret)
            second_factor.changed(user, "set up an authenticator app", now=timezone.now())
    except IntegrityError:
        pass


def _remove(user: User, factor: Authenticator) -> None:
    what = "removed an authenticator app" if factor.type == APP else "removed a passkey"
    with transaction.atomic():
        factor.delete()
        if second_factor.owes(user):
            raise membership.NotPossible(
                _("Your team asks for a second factor. Set up another one before you remove this.")
            )
        if not second_factor.has(user):
            Authenticator.objects.filter(user=user, type=RECOVERY).delete()
        second_factor.changed(user, what, now=timezone.now())
