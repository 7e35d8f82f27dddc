"""How does somebody begin: look around with the demo, or start with their own brand?"""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodword.channels.base import Cap, channels, clean_text
from goodword.conversations import beginning
from goodword.demo.brand import find_demo
from goodword.listening import candidates, finding, placeless, querying
from goodword.listening.models import Candidate, Query
from goodword.team.authority import Permission
from goodword.team.membership import NotPossible
from goodword.team.models import Teammate
from goodword.team.reader import listed
from goodword.web import whose
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

LONGEST_NAME = 100

# --- the two doors ---------------------------------------------------------------------------------


@may(Permission.READ)
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    return render(request, "start.html", {"has_demo": find_demo() is not None, "alone": True})


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """What is your brand called, and what are you? More is not needed to begin."""
    me = teammate_of(request)
    if request.method != "POST":
        return _name_page(request, "" if me.brand.is_demo else _name_so_far(me), me.user.name)
    typed, mine = _line(request, "name"), _line(request, "my_name")
    try:
        started = beginning.begin(me, typed, _zone(request), now=timezone.now())
    except NotPossible as why:
        return _name_page(request, typed, mine, str(why))
    if mine:
        me.user.name = mine[:LONGEST_NAME]
        me.user.save(update_fields=["name"])
    whose.choose(request, started.brand_id)
    return redirect("start_heard")


# --- what people say -------------------------------------------------------------------------------


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def heard(request: HttpRequest) -> HttpResponse:
    """What was found of what people say; going on takes in what is surely about the brand."""
    me = teammate_of(request)
    if request.method != "POST":
        return render(request, "start_heard.html", _found(me) | _path(request, 2))
    taken = candidates.take_the_sure(me, now=timezone.now())
    if request.POST.get("listen"):
        _keep_listening(request, me)
    if taken:
        toast(request, _("It is kept and counted. Who asks, complains or praises waits in your inbox."))
    return redirect("start_account")


@may(Permission.MANAGE)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Look around now. It takes a few seconds: the page asks for it once it stands."""
    me, now = teammate_of(request), timezone.now()
    asked = finding.find_everywhere(me.brand.name)
    candidates.keep_found(me, asked, me.brand.name, now=now)
    found = _found(me) | {"silent": asked.silent, "has_looked": True}
    if request.headers.get("HX-Request"):
        return render(request, "_start_found.html", found)
    return render(request, "start_heard.html", found | _path(request, 2))


@may(Permission.MANAGE)
@require_POST
def decide(request: HttpRequest, candidate: int) -> HttpResponse:
    me = teammate_of(request)
    found = get_object_or_404(Candidate, pk=candidate, brand=me.brand)
    verdict = request.POST.get("verdict", "")
    if verdict not in Candidate.Verdict.values:
        raise Http404
    candidates.decide(found, verdict, me, now=timezone.now())
    if request.headers.get("HX-Request"):
        return render(request, "_start_found.html", _found(me) | {"has_looked": True})
    return redirect("start_heard")


@may(Permission.MANAGE)
@require_POST
def leave_out(request: HttpRequest) -> HttpResponse:
    """Posts with these words are heard no more."""
    me = teammate_of(request)
    offered = candidates.left_out_words(me.brand, me.brand.name)
    chosen = [word for word in offered if word in request.POST.getlist("word")]
    query = _query(me)
    if query and chosen:
        text = " ".join([f"({query.text})", *(f"-{word}" for word in chosen)])
        querying.change_query(query, me, text, name=query.name, kind=query.kind, now=timezone.now())
        toast(
            request,
            _("Posts with these words are left out from now on: %(words)s.") % {"words": listed(chosen)},
        )
    return redirect("start_heard")


# --- the first account -----------------------------------------------------------------------------


@may(Permission.MANAGE)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """From which account shall the first answer go out?"""
    kinds = [kind for kind in channels().values() if kind.connectable and Cap.REPLY in kind.caps]
    kinds.sort(key=lambda kind: (kind.key not in EVERYBODY_HAS, kind.name))
    return render(request, "start_account.html", {"kinds": kinds} | _path(request, 3))


EVERYBODY_HAS = ("email",)  # an account of: it stands first


def _keep_listening(request: HttpRequest, me: Teammate) -> None:
    left_out = placeless.listen_where_no_account_is_needed(me, now=timezone.now())
    if left_out:
        names = listed([str(_(kind.name)) for kind in left_out])
        sentence = _("Could not be connected just now: %(places)s. Try again later under Connections.")
        trouble(request, sentence % {"places": names})


# --- parts -----------------------------------------------------------------------------------------


def _found(me: Teammate) -> dict[str, Any]:
    cards = candidates.cards_of(me.brand)
    undecided = [card for card in cards if card.doubt and not card.candidate.verdict]
    return {
        "undecided": undecided,
        "sure": [card for card in cards if not card.doubt and not card.candidate.verdict],
        "decided": [card for card in cards if card.candidate.verdict],
        "places": finding.places_to_look(),
        "leave_out": [] if undecided else candidates.left_out_words(me.brand, me.brand.name),
        "silent": [],
        "has_looked": bool(cards),
    }


def _path(request: HttpRequest, at: int) -> dict[str, Any]:
    """The four stations of the first ten minutes, and at which one this page is."""
    stations = [_("Your brand"), _("What people say"), _("Your account"), _("The first answer")]
    return {"stations": list(enumerate(stations, start=1)), "station": at, "alone": True}


def _name_page(request: HttpRequest, typed: str, mine: str, sentence: str = "") -> HttpResponse:
    given = {"given_name": typed, "given_my_name": mine, "sentence": sentence}
    return render(request, "start_brand.html", given | _path(request, 1), status=422 if sentence else 200)


def _name_so_far(me: Teammate) -> str:
    """Empty while it is the name that a new home gives it."""
    return me.brand.name if _query(me) else ""


def _query(me: Teammate) -> Query | None:
    return Query.objects.filter(brand=me.brand, removed_at=None).order_by("pk").first()


def _line(request: HttpRequest, field: str) -> str:
    return " ".join(clean_text(request.POST.get(field, "")).split())


def _zone(request: HttpRequest) -> str:
    """Where the browser says that it is; a script fills it in."""
    zone = request.POST.get("time_zone", "")
    return zone if zone in available_timezones() else "UTC"
