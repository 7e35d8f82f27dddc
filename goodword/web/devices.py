"""With which device does somebody come: in words for them, and as a mark for us to know it again?"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}device"
KEPT = timedelta(days=400)  # no browser keeps a cookie longer
LONGEST = 60
MOST_READ = 400  # of what a browser says of itself

# The first that fits: an Edge calls itself Chrome as well, and every Chrome calls itself Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
    "curl": "curl",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device_of(request: HttpRequest) -> str:
    """Firefox, Linux; empty when it says nothing that we know."""
    said = request.headers.get("User-Agent", "")[:MOST_READ]
    found = [
        next((name for sign, name in table.items() if sign in said), "") for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))[:LONGEST]


def mark_of(request: HttpRequest) -> str:
    """The hash of what this browser keeps for us; a new one is made where it keeps nothing yet."""
    kept = request.COOKIES.get(COOKIE) or getattr(request, "_new_device", "")
    if not kept:
        kept = request._new_device = secrets.token_urlsafe(32)  # type: ignore[attr-defined]
    return hashlib.sha256(kept.encode("utf-8", "replace")).hexdigest()


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser keep what was made for it in this request."""
    if made := getattr(request, "_new_device", ""):
        response.set_cookie(
            COOKIE,
            made,
            max_age=KEPT,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


def _first(table: dict[str, str], said: str) -> str:
    return next((name for sign, name in table.items() if sign in said), "")
