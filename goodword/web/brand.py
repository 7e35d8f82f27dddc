"""What is the brand called, when is its day, and which mentions does it take on as work?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.channels.base import clean_text
from goodword.conversations import acts
from goodword.conversations.admission import DEFAULT_RULES, RULES
from goodword.conversations.models import Mute
from goodword.team import reader
from goodword.team.authority import Permission
from goodword.team.brands import add_brand, change_brand
from goodword.team.membership import NotPossible
from goodword.team.models import Teammate
from goodword.understanding.sentiment import MEASURED_LANGUAGES
from goodword.web import whose
from goodword.web.copying import sources_of
from goodword.web.reader import zones
from goodword.web.telling import language_name
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    brand = teammate_of(request).brand
    if request.method != "POST":
        return _page(request, brand.name, brand.time_zone, brand.admits or DEFAULT_RULES)
    name, zone = _name_and_zone(request)
    admits = [rule for rule in RULES if rule in request.POST.getlist("admits")]
    try:
        change_brand(teammate_of(request), name, zone, admits, now=timezone.now())
    except NotPossible as why:
        return _page(request, name, zone, admits, str(why))
    toast(request, _("Saved. It holds for what is heard from now on."))
    return redirect("brand")


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _new(request, "", teammate_of(request).brand.time_zone)
    name, zone = _name_and_zone(request)
    try:
        brand, _owner = add_brand(teammate_of(request), name, zone, now=timezone.now())
    except NotPossible as why:
        return _new(request, name, zone, str(why))
    whose.choose(request, brand.pk)
    toast(request, _("%(name)s is here. Connect its first account.") % {"name": brand.name})
    return redirect("connections")


@may(Permission.MANAGE)
@require_POST
def unmute_word(request: HttpRequest, mute: int) -> HttpResponse:
    """Posts with this word become work again, if the rules say so."""
    words = Mute.objects.filter(brand=teammate_of(request).brand, what=Mute.What.WORD, undone_at=None)
    muted = get_object_or_404(words.select_related("conversation__brand", "brand"), pk=mute)
    acts.undo(muted, teammate_of(request), now=timezone.now())
    toast(request, _("“%(word)s” is muted no more.") % {"word": muted.word})
    return redirect("brand")


@may(Permission.READ)
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at another brand of mine from now on."""
    mine = Teammate.objects.active().filter(user=teammate_of(request).user)
    whose.choose(request, get_object_or_404(mine, brand=pk).brand_id)
    return redirect("inbox")


def _name_and_zone(request: HttpRequest) -> tuple[str, str]:
    return clean_text(request.POST.get("name", "")), request.POST.get("time_zone", "")


def _page(
    request: HttpRequest, name: str, zone: str, admits: Sequence[str], sentence: str = ""
) -> HttpResponse:
    words = Mute.objects.filter(brand=teammate_of(request).brand, what=Mute.What.WORD, undone_at=None)
    context: dict[str, Any] = {"rules": RULES.items(), "admits": admits}
    context["muted_words"] = words.select_related("by__user").order_by("word", "pk")
    context["can_copy"] = bool(sources_of(request))
    context["measured"] = reader.listed(sorted(map(language_name, MEASURED_LANGUAGES)))
    return _render(request, "brand.html", name, zone, sentence, context)


def _new(request: HttpRequest, name: str, zone: str, sentence: str = "") -> HttpResponse:
    return _render(request, "new_brand.html", name, zone, sentence, {})


def _render(
    request: HttpRequest, template: str, name: str, zone: str, sentence: str, more: dict[str, Any]
) -> HttpResponse:
    given = {"given_name": name, "given_zone": zone, "zones": zones(), "sentence": sentence}
    return render(request, template, given | more, status=422 if sentence else 200)
