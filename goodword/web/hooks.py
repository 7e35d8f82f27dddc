"""The door for places that call us. Whoever is not believed learns nothing, and leaves nothing."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from goodword.channels.base import Call
from goodword.listening import hooks
from goodword.web.who import public

# One connection may follow a hundred feeds that all speak at once; more is no place we know.
MOST_CALLS = 300  # a minute


@csrf_exempt  # it comes from a server, which has no cookie: what it signs is its only proof
@public
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, token: str) -> HttpResponse:
    connection = hooks.connection_called(token)
    if connection is None:
        return _nothing_here()
    if _calls_too_often(connection.pk):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    try:
        call = _call(request)
    except RequestDataTooBig:
        return HttpResponse(status=413)
    received = hooks.receive(connection, call, now=timezone.now())
    if received is None:
        return _nothing_here()
    return HttpResponse(received.answer, content_type="text/plain; charset=utf-8", status=received.status)


def _nothing_here() -> HttpResponse:
    """The same for everybody who is not believed; without a page, since no person reads it."""
    return HttpResponse("Not found.", content_type="text/plain; charset=utf-8", status=404)


def _call(request: HttpRequest) -> Call:
    """The bytes as they came: what was signed is these, not what a parser would make of them."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(request.method or "", request.GET.dict(), headers, request.body)


def _calls_too_often(connection: int) -> bool:
    minute = f"hook-{connection}-{int(time.time() // 60)}"
    cache.add(minute, 0, timeout=120)
    try:
        return cache.incr(minute) > MOST_CALLS
    except ValueError:  # another process or a full cache let go of it
        return False
