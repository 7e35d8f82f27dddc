"""What if the phone is lost? Codes on paper: shown until they were kept, each good for once."""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword.team import second_factor
from goodword.team.models import User
from goodword.web.factors import host
from goodword.web.proof import needs_proof
from goodword.web.toasts import toast
from goodword.web.who import myself

RECOVERY = Authenticator.Type.RECOVERY_CODES


@myself
@needs_proof
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Until somebody says that they kept them; then never again."""
    user = cast(User, request.user)
    return render(request, "recovery_codes.html", {"codes": _readable(user), "left": left(user)})


@myself
@needs_proof
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    codes = _readable(cast(User, request.user))
    if not codes:
        return redirect("recovery_codes")
    head = _("Recovery codes for Goodword at %(host)s. Each works once.") % {"host": host()}
    response = HttpResponse("\n".join([head, "", *codes, ""]), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="goodword-recovery-codes.txt"'
    return response


@myself
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    if row := _row(cast(User, request.user)):
        row.wrap().mark_as_viewed()
        toast(request, _("Good. They are not shown again."))
    return redirect("second_factor")


@myself
@needs_proof
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """New ones; the old ones do not work any more."""
    user = cast(User, request.user)
    if not second_factor.has(user):
        return redirect("second_factor")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks at once make one set
        Authenticator.objects.filter(user=user, type=RECOVERY).delete()
        RecoveryCodes.activate(user)
        second_factor.changed(user, "made new recovery codes", now=timezone.now())
    return redirect("recovery_codes")


def made_if_none(user: User) -> bool:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if _row(user):
            return False
        RecoveryCodes.activate(user)
    return True


def left(user: User) -> int:
    """How many still work."""
    row = _row(user)
    return len(row.wrap().get_unused_codes()) if row else 0


def _readable(user: User) -> list[str]:
    row = _row(user)
    codes = row.wrap() if row else None
    return [] if codes is None or codes.did_view else list(codes.get_unused_codes())


def _row(user: User) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return found
