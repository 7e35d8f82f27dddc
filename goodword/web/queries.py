"""What do we listen for, and what would other words hear?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodword.listening import querying
from goodword.listening.models import Query
from goodword.matching import QuerySyntaxError
from goodword.team.authority import Permission
from goodword.team.reader import alphabetical
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of

WHAT_KINDS_MEAN = {
    Query.Kind.BRAND: gettext_lazy("Your name, also misspelt. Who writes it talks about you."),
    Query.Kind.PRODUCT: gettext_lazy("One of your products, by its name."),
    Query.Kind.CATEGORY: gettext_lazy("The kind of thing you sell: people who look for it."),
    Query.Kind.COMPETITOR: gettext_lazy("Others who sell it: where people compare, and what they miss."),
}


@dataclass(frozen=True)
class Given:
    """What the form says."""

    text: str = ""
    name: str = ""
    kind: str = Query.Kind.BRAND

    @classmethod
    def by(cls, request: HttpRequest) -> Given:
        kind = request.POST.get("kind", "")
        return cls(
            text=request.POST.get("text", ""),
            name=request.POST.get("name", ""),
            kind=kind if kind in Query.Kind.values else Query.Kind.BRAND,
        )


@may(Permission.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows = Query.objects.filter(brand=teammate_of(request).brand, removed_at=None)
    ordered = sorted(rows, key=lambda query: (query.kind, alphabetical(query.name), query.pk))
    return render(request, "queries.html", {"queries": ordered})


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, Given())
    me, given = teammate_of(request), Given.by(request)
    try:
        query = querying.add_query(me, given.text, name=given.name, kind=given.kind, now=timezone.now())
    except QuerySyntaxError as error:
        return _form(request, given, error)
    toast(request, _("Listening for “%(name)s” from now on.") % {"name": query.name})
    return redirect("queries")


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    query = _query(request, pk)
    if request.method != "POST":
        return _form(request, Given(query.text, query.name, query.kind), query=query)
    me, given = teammate_of(request), Given.by(request)
    try:
        querying.change_query(query, me, given.text, name=given.name, kind=given.kind, now=timezone.now())
    except QuerySyntaxError as error:
        return _form(request, given, error, query=query)
    toast(request, _("The query was saved."))
    return redirect("queries")


@may(Permission.MANAGE)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the words would hear: a part of the page for htmx, all of it for a browser without scripts."""
    given = Given.by(request)
    if request.headers.get("HX-Request"):
        return render(request, "_query_preview.html", _heard(request, given.text))
    pk = request.POST.get("query", "")
    query = _query(request, int(pk)) if pk.isdecimal() and len(pk) < MOST_DIGITS else None
    return _form(request, given, query=query)


@may(Permission.MANAGE)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    query = _query(request, pk)
    querying.remove_query(query, teammate_of(request), now=timezone.now())
    toast(
        request,
        _("“%(name)s” is listened for no more.") % {"name": query.name},
        reverse("return_query", args=[pk]),
    )
    return redirect("queries")


@may(Permission.MANAGE)
@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    query = get_object_or_404(Query, pk=pk, brand=teammate_of(request).brand)
    querying.return_query(query, teammate_of(request), now=timezone.now())
    toast(request, _("“%(name)s” is listened for again.") % {"name": query.name})
    return redirect("queries")


MOST_DIGITS = 18  # what a database takes for an id


def _query(request: HttpRequest, pk: int) -> Query:
    return get_object_or_404(Query, pk=pk, brand=teammate_of(request).brand, removed_at=None)


def _form(
    request: HttpRequest, given: Given, error: QuerySyntaxError | None = None, *, query: Query | None = None
) -> HttpResponse:
    context = {"given": given, "query": query, "kinds": _kinds()} | _heard(request, given.text)
    return render(request, "query.html", context, status=422 if error else 200)


def _kinds() -> list[tuple[str, Any, Any]]:
    return [(kind.value, kind.label, WHAT_KINDS_MEAN[kind]) for kind in Query.Kind]


def _heard(request: HttpRequest, text: str) -> dict[str, Any]:
    """What the words would hear, or what is wrong with them and where."""
    nothing: dict[str, Any] = {"preview": None, "sentence": "", "before": "", "wrong": "", "after": ""}
    if not text.strip():
        return nothing
    try:
        return nothing | {"preview": querying.preview(teammate_of(request).brand, text)}
    except QuerySyntaxError as error:
        return nothing | {"sentence": querying.sentence_of(error)} | _around(querying.as_kept(text), error)


AROUND = 200  # characters shown on each side of the wrong place


def _around(text: str, error: QuerySyntaxError) -> dict[str, str]:
    return {
        "before": text[max(0, error.start - AROUND) : error.start],
        "wrong": text[error.start : min(error.end, error.start + AROUND)],
        "after": text[error.end : error.end + AROUND],
    }
