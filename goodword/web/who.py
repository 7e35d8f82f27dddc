"""Who is asking, for which brand, and may they? Every view carries its answer as a decorator."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from goodword.team.authority import Permission, require
from goodword.team.models import Teammate
from goodword.team.reader import zone_of
from goodword.web import whose
from goodword.web.letting_in import owes_second_factor, still_here

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
MYSELF = "myself"


def teammate_of_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.teammate = SimpleLazyObject(lambda: whose.teammate_looking(request))  # type: ignore[attr-defined]
        try:
            return get_response(request)
        finally:
            timezone.deactivate()

    return middleware


def teammate_of(request: HttpRequest) -> Teammate:
    """The teammate behind the request; views that say @may have one for certain."""
    return cast(Teammate, request.teammate)  # type: ignore[attr-defined]


def may(permission: Permission) -> Callable[[View], View]:
    """Only teammates with this permission; others are sent to sign in, or told that they may not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if owes_second_factor(request):
                return redirect("second_factor")
            still_here(request)
            try:
                me = whose.teammate_meant(request, kwargs)
            except whose.NotMine:
                return render(request, "not_mine.html", _typed(request), status=403)
            if not me:
                return render(request, "no_brand.html", status=403)
            request.teammate = me  # type: ignore[attr-defined]
            require(me, permission)
            whose.settle(request, me)
            timezone.activate(zone_of(me.user, me.brand))
            return whose.back_among_all(request, view(request, *args, **kwargs))

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def _typed(request: HttpRequest) -> dict[str, Any]:
    """The words that were not taken, so that they can be copied: nobody types them twice."""
    words = [request.POST.get(field, "") for field in ("text", "note", "words")]
    return {"typed": [each for each in words if each.strip()]}


def myself(view: View) -> View:
    """Whoever is signed in, with or without a brand: for what concerns nobody but themselves."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        still_here(request)
        timezone.activate(zone_of(request.user, None))
        return view(request, *args, **kwargs)

    guarded.permission = MYSELF  # type: ignore[attr-defined]
    return cast(View, guarded)


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view
