"""Light or dark? The system's preference, unless somebody chose; the choice is a cookie of this browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from goodword.web.who import public

THEMES = ("light", "dark")
SYSTEM = "system"
A_YEAR = 365 * 86_400  # seconds


def theme_of(request: HttpRequest) -> str:
    """The chosen theme, or "system"."""
    chosen = request.COOKIES.get(_cookie(), "")
    return chosen if chosen in THEMES else SYSTEM


@public
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in (*THEMES, SYSTEM):
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(_back(request))
    if theme == SYSTEM:
        response.delete_cookie(_cookie())
    else:
        response.set_cookie(
            _cookie(), theme, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return response


def _back(request: HttpRequest) -> str:
    """Where they came from, if that is one of our own pages."""
    page = request.POST.get("next", "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "/"


def _cookie() -> str:
    return f"{settings.COOKIE_PREFIX}theme"
