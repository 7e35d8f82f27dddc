"""In which language does a screen speak, and in whose time? As its reader chose on their own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.team.authority import Permission
from goodword.team.models import User
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of

# Places as people know them; the rest of the list are old names of the same zones.
CONTINENTS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def language_of_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What the browser asks for is active already; what the signed-in person chose goes before it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.user.language if request.user.is_authenticated else ""
        if chosen not in dict(settings.LANGUAGES):
            return get_response(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return middleware


@may(Permission.READ)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Empty stands for: as my browser says, as my brand's clock says."""
    language, zone = request.POST.get("language", ""), request.POST.get("time_zone", "")
    if language not in ["", *dict(settings.LANGUAGES)] or zone not in ["", *available_timezones()]:
        return HttpResponseBadRequest()
    user = teammate_of(request).user
    user.language, user.time_zone = language, zone
    user.save(update_fields=["language", "time_zone"])
    with translation.override(language or translation.get_language_from_request(request)):
        toast(request, _("Saved. This is how Goodword speaks to you now."))
    return redirect("you")


def zones() -> list[tuple[str, str]]:
    """Every time zone, as a value and its words."""
    named = sorted(zone for zone in available_timezones() if zone.split("/")[0] in CONTINENTS)
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


def languages() -> list[tuple[str, str]]:
    """Each in its own words: who cannot read this page finds theirs."""
    return list(settings.LANGUAGES)


@receiver(user_logged_in)
def _remember_language(request: HttpRequest | None, user: User, **_told: Any) -> None:
    """Letters are written without a browser: they speak as it did when somebody last signed in."""
    asked = translation.get_language_from_request(request) if request else ""
    if asked and asked != user.browser_language:
        user.browser_language = asked
        user.save(update_fields=["browser_language"])
