"""Where am I signed in, and how do I end it?"""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword.team import letters, sign_ins
from goodword.team.authority import Permission, write_down_for
from goodword.team.models import SignIn
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of


@may(Permission.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = teammate_of(request).user
    context = {
        "places": sign_ins.live(user, now=timezone.now()),
        "here": request.session.session_key,
        "may_write": letters.may_write(),
    }
    return render(request, "sign_ins.html", context)


@may(Permission.READ)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    mine = SignIn.objects.filter(user=teammate_of(request).user)
    there, now = get_object_or_404(mine, pk=pk), timezone.now()
    sign_ins.end(there, now=now)
    write_down_for(teammate_of(request).user, "ended a sign-in", now=now)
    if there.session_key == request.session.session_key:
        request.session.flush()
        return redirect("account_login")
    toast(request, _("That device is signed out."))
    return redirect("sign_ins")


@may(Permission.READ)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    user, now = teammate_of(request).user, timezone.now()
    sign_ins.end_all(user, now=now)
    write_down_for(user, "ended all other sign-ins", now=now)
    update_session_auth_hash(request, user)  # this one goes on, under another key
    toast(request, _("All other devices are signed out."))
    return redirect("sign_ins")


@may(Permission.READ)
@require_POST
def choose_letters(request: HttpRequest) -> HttpResponse:
    user = teammate_of(request).user
    user.told_of_devices = "on" in request.POST.getlist("letters")
    user.save(update_fields=["told_of_devices"])
    toast(request, _("Saved."))
    return redirect("sign_ins")
