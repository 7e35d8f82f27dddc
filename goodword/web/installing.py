"""How does Goodword become an app: its manifest, its service worker, and the page without a network?"""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goodword.web.environment import static_address
from goodword.web.who import public

WORKER = settings.STATICFILES_DIRS[0] / "js/service-worker.js"

# What a page looks like, and nothing of what it says: these are the same for everybody.
KEPT = [
    "css/goodword.css",
    "icons.svg",
    "logo.svg",
    "favicon.svg",
    "fonts/inter-latin.woff2",
    "app/icon-192.png",
    "js/try-again.js",
]


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    app = {
        "id": "/",
        "name": "Goodword",
        "short_name": "Goodword",
        "description": _("Hear what is said about your brand, and answer as a person."),
        "start_url": reverse("inbox"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f2",
        "theme_color": "#f7f6f2",
        "categories": ["business", "productivity", "social"],
        "icons": [
            _icon("app/icon-192.png", 192, "any"),
            _icon("app/icon-512.png", 512, "any"),
            _icon("app/maskable-192.png", 192, "maskable"),
            _icon("app/maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": _("Inbox"), "url": reverse("inbox")},
            {"name": _("Mine"), "url": f"{reverse('inbox')}?view=mine"},
            {"name": _("Notices"), "url": reverse("notices")},
            {"name": _("Somebody said …"), "url": reverse("said")},
        ],
        # What somebody shares from another app is taken down by hand.
        "share_target": {
            "action": "/log/",
            "method": "GET",
            "enctype": "application/x-www-form-urlencoded",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return JsonResponse(app, content_type="application/manifest+json")


@public
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that a browser keeps running for us, with the addresses that it may keep."""
    kept = [static_address(path) for path in KEPT]
    script = WORKER.read_text()
    version = hashlib.sha256("".join([script, *kept]).encode()).hexdigest()[:12]
    told = {
        "VERSION": version,
        "KEPT": kept,
        "OFFLINE": reverse("offline"),
        "ICON": static_address("app/icon-192.png"),
        "BADGE": static_address("app/badge.png"),
    }
    lines = [f"const {name} = {json.dumps(value)}" for name, value in told.items()]
    answer = HttpResponse("\n".join([*lines, script]), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"  # asked at each visit: none outlives an upgrade
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker. Nothing of anybody is on it."""
    return render(request, "offline.html")


def _icon(path: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": static_address(path),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
