"""How does a brand take over the set-up of another one that I own? First it is shown, then done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goodword.channels.base import clean_text
from goodword.conversations import set_up
from goodword.conversations.admission import RULES
from goodword.conversations.set_up import Chosen, Offer, Wanted
from goodword.listening.models import Query
from goodword.listening.querying import sentence_of
from goodword.matching import QuerySyntaxError
from goodword.team.authority import Permission
from goodword.team.models import Role, Teammate
from goodword.web import whose
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of

MOST_QUERIES = 500  # of a form; nobody looks through more


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Which brand, and what of it? The words of its queries can be changed before they are kept."""
    me, source = teammate_of(request), _source(request)
    if source is None:
        return render(request, "copying.html", {"sources": sources_of(request), "source": None})
    offered = set_up.offer(source.brand, me.brand)
    if request.method != "POST":
        return _page(request, source, offered)
    chosen = _chosen(request)
    try:
        done = set_up.copy(source, me, chosen, now=timezone.now())
    except QuerySyntaxError as error:
        return _page(request, source, offered, chosen, sentence_of(error))
    toast(request, _("The set-up of %(name)s was copied.") % {"name": source.brand.name})
    return redirect("queries" if done["queries"] else "brand")


def sources_of(request: HttpRequest) -> list[Teammate]:
    """My memberships of the other brands that I own: nobody sees the set-up of anybody else's."""
    here = teammate_of(request).brand_id
    return [me for me in whose.memberships(request) if me.role == Role.OWNER and me.brand_id != here]


def _source(request: HttpRequest) -> Teammate | None:
    asked = request.POST.get("from") or request.GET.get("from", "")
    return next((me for me in sources_of(request) if str(me.brand_id) == asked), None)


def _chosen(request: HttpRequest) -> Chosen:
    given = request.POST
    return Chosen(
        queries=[
            Wanted(
                clean_text(given.get(f"name_{n}", "")),
                given.get(f"text_{n}", ""),
                _kind(given.get(f"kind_{n}", "")),
            )
            for n in range(MOST_QUERIES)
            if f"query_{n}" in given
        ],
        rules="rules" in given,
        hours="hours" in given,
        words="words" in given,
        team={int(pk) for pk in given.getlist("team") if pk.isdecimal() and len(pk) < 19},
    )


def _kind(given: str) -> str:
    return given if given in Query.Kind.values else Query.Kind.BRAND


def _page(
    request: HttpRequest, source: Teammate, offered: Offer, chosen: Chosen | None = None, sentence: str = ""
) -> HttpResponse:
    """As it is offered, or as it was chosen and refused."""
    queries = chosen.queries if chosen else offered.queries
    context: dict[str, Any] = {
        "source": source,
        "offer": offered,
        "chosen": chosen,
        "queries": queries,
        "kinds": dict(Query.Kind.choices),
        "rules": [words for rule, words in RULES.items() if rule in offered.admits],
        "sentence": sentence,
        "is_nothing": not any([queries, offered.admits, offered.words, offered.team, offered.time_zone])
        and not offered.has_hours,
    }
    return render(request, "copying.html", context, status=422 if sentence else 200)
