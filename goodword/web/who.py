"""Who is asking, for which brand, and may they? Every view carries its answer as a decorator."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from goodword.team.authority import Permission, require
from goodword.team.models import Teammate

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
BRAND_IN_SESSION = "brand"


def teammate_of_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.teammate = SimpleLazyObject(lambda: find_teammate(request))  # type: ignore[attr-defined]
        try:
            return get_response(request)
        finally:
            timezone.deactivate()

    return middleware


def find_teammate(request: HttpRequest) -> Teammate | None:
    """The signed-in person's membership of the brand in their session, or of their first brand.

    Read anew at each request: whoever was removed is out at once.
    """
    if not request.user.is_authenticated:
        return None
    mine = Teammate.objects.active().filter(user=request.user).select_related("brand", "user")
    chosen = request.session.get(BRAND_IN_SESSION)
    return (chosen and mine.filter(brand=chosen).first()) or mine.order_by("joined_at", "pk").first()


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
            if not teammate_of(request):
                return render(request, "no_brand.html", status=403)
            require(teammate_of(request), permission)
            timezone.activate(ZoneInfo(teammate_of(request).brand.time_zone))
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view
