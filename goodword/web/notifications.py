"""Of what do I hear, by which way and when; which of my devices may be woken; when am I left in peace?"""

from __future__ import annotations

from datetime import time
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from goodword.channels.base import clean_text
from goodword.net.trouble import NotFetched
from goodword.notifying import devices, letters
from goodword.notifying.choices import Choices, choose, habits_of, kinds_for, no_more
from goodword.notifying.kinds import DEFAULTS, Kind, Way, When, choices
from goodword.notifying.models import Habits, PushSubscription
from goodword.notifying.webpush import NotASubscription
from goodword.team import letters as mail
from goodword.team.authority import Permission, write_down
from goodword.team.models import Teammate, User
from goodword.team.reader import translated, zone_of
from goodword.web.devices import device_of
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, myself, public, teammate_of

KNOWN, LOST = "known", "lost"
DEVICE_IN_SESSION = "device"  # the subscription of this very browser: it ends with the sign-in


@may(Permission.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    me = teammate_of(request)
    if request.method != "POST":
        return _page(request, habits_of(me))
    habits = habits_of(me)
    refused = _fill(habits, request)
    if refused:
        return _page(request, habits, refused)
    choose(me, _chosen(request, me))
    habits.save()
    toast(request, _("Saved."))
    return redirect("notifications")


@myself
@require_POST
def add_device(request: HttpRequest) -> HttpResponse:
    """This browser may be woken from now on: the script of the page tells where and how."""
    given = {name: clean_text(request.POST.get(name, "")) for name in ("endpoint", "p256dh", "auth")}
    try:
        kept = devices.subscribe(
            cast(User, request.user), **given, device=device_of(request), now=timezone.now()
        )
    except NotASubscription:
        return JsonResponse({"trouble": _("This browser gave no usable address.")}, status=422)
    request.session[DEVICE_IN_SESSION] = kept.pk
    return JsonResponse({"device": kept.pk})


@myself
@require_POST
def test_device(request: HttpRequest, device: int) -> HttpResponse:
    kept = _mine(request, device)
    hello = {
        "title": _("It works"),
        "body": _("Goodword can reach you on this device."),
        "path": "/notices/",
        "tag": "test",
    }
    try:
        answer = devices.wake(kept, hello, topic="test", now=timezone.now())
    except NotFetched as error:
        trouble(request, translated(str(error)))
        return redirect("notifications")
    except NotASubscription:
        answer = None
    if answer and 200 <= answer.status < 300:
        toast(request, _("It is on its way. If nothing appears, look at the settings of that device."))
    else:
        trouble(request, _("That device cannot be reached any more. Switch it on again there."))
        kept.delete()
    return redirect("notifications")


@myself
@require_POST
def remove_device(request: HttpRequest, device: int) -> HttpResponse:
    _mine(request, device).delete()
    if request.session.get(DEVICE_IN_SESSION) == device:
        del request.session[DEVICE_IN_SESSION]  # left in peace for good, not lost
    toast(request, _("That device is left in peace."))
    return redirect("notifications")


@csrf_exempt  # a mail program posts here by itself: RFC 8058. The link is signed, and can do nothing else.
@public
@require_http_methods(["GET", "HEAD", "POST"])
def no_letters(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the end of a letter: one click, no sign-in, no letters any more."""
    whose = letters.whose_link(token)
    if whose is None:
        return render(request, "no_letters.html", {"is_known": False, "is_done": False}, status=404)
    if request.method == "POST":
        no_more(whose, Way.MAIL)
        write_down(whose.brand, whose, "wanted no more letters", whose, now=timezone.now())
    context = {"is_known": True, "is_done": request.method == "POST", "of": whose.brand.name}
    return render(request, "no_letters.html", context)


def forget_device(request: HttpRequest) -> None:
    """Whoever signs out is not woken in that browser any more."""
    kept = request.session.pop(DEVICE_IN_SESSION, None)
    if kept is not None:
        PushSubscription.objects.filter(pk=kept).delete()


def device_state(request: HttpRequest) -> str:
    """Is this browser known? Lost is what could be woken until something ended it, like a new password."""
    kept = request.session.get(DEVICE_IN_SESSION)
    if kept is None or not request.user.is_authenticated:
        return ""
    hash_now = request.user.get_session_auth_hash()
    return KNOWN if PushSubscription.objects.filter(pk=kept, session_hash=hash_now).exists() else LOST


def _page(request: HttpRequest, habits: Habits, refused: str = "") -> HttpResponse:
    me = teammate_of(request)
    chosen = Choices(me)
    rows = [
        {
            "kind": kind,
            "help": DEFAULTS[kind].help,
            "app": chosen.when(kind, Way.APP) == When.AT_ONCE,
            "push": chosen.when(kind, Way.PUSH) == When.AT_ONCE,
            "mail": chosen.when(kind, Way.MAIL),
            "mail_choices": choices(kind, Way.MAIL),
        }
        for kind in kinds_for(me)
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "habits": habits,
        "refused": refused,
        "zone": str(zone_of(me.user, me.brand)).replace("_", " "),
        "has_mail": mail.may_write(),
        "devices": PushSubscription.objects.filter(user=me.user).order_by("-made_at", "-pk"),
        "this_device": request.session.get(DEVICE_IN_SESSION),
        "push_key": devices.our_public_key(),
    }
    return render(request, "notifications.html", context, status=422 if refused else 200)


def _chosen(request: HttpRequest, me: Teammate) -> list[tuple[Kind, Way, When]]:
    """What the table says; a box that is not ticked is not sent."""
    chosen = []
    for kind in kinds_for(me):
        for way in (Way.APP, Way.PUSH):
            ticked = f"{kind}-{way}" in request.POST
            chosen.append((kind, way, When.AT_ONCE if ticked else When.NEVER))
        by_mail = request.POST.get(f"{kind}-mail", "")
        if by_mail in When.values:
            chosen.append((kind, Way.MAIL, When(by_mail)))
    return chosen


def _fill(habits: Habits, request: HttpRequest) -> str:
    """What was typed; a sentence if it cannot be."""
    try:
        quiet_from, quiet_until = _time(request, "quiet_from"), _time(request, "quiet_until")
        digest_at = _time(request, "digest_at") or habits.digest_at
    except ValueError:
        return _("Write times like 20:00.")
    if (quiet_from is None) != (quiet_until is None):
        return _("Quiet hours need a beginning and an end. Leave both empty to have none.")
    habits.quiet_from, habits.quiet_until, habits.digest_at = quiet_from, quiet_until, digest_at
    habits.quiet_weekends = "quiet_weekends" in request.POST
    habits.digest_weekends = "digest_weekends" in request.POST
    habits.names_on_devices = "names_on_devices" in request.POST
    return ""


def _time(request: HttpRequest, name: str) -> time | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    found = parse_time(text)
    if found is None:
        raise ValueError(text)
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _mine(request: HttpRequest, pk: int) -> PushSubscription:
    mine = PushSubscription.objects.filter(user=cast(User, request.user))
    return get_object_or_404(mine.select_related("user"), pk=pk)
