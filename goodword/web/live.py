"""Server-sent events: an open page hears at once that something changed, and who is writing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from goodword.conversations.models import Claim, Conversation, Delivery, State
from goodword.store import notify
from goodword.team.authority import Permission
from goodword.team.models import AuditEntry, Brand
from goodword.web.who import find_teammate


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Events for one open page; the stream ends as soon as its teammate may not read any more."""
    if await sync_to_async(_reader)(request) is None:
        return HttpResponse(status=204)  # tells the browser not to come back
    response = StreamingHttpResponse(_events(request), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would hold events back otherwise
    return response


stream.permission = Permission.READ  # type: ignore[attr-defined]


async def _events(request: HttpRequest) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    shown = request.GET.get("mark", "")  # what was true when the page was made: nothing in between is missed
    async for changed in notify.changes():
        now = await sync_to_async(_look)(request)
        if now is None:
            yield "event: bye\ndata: {}\n\n"
            return
        if mark_of(now) != shown:
            shown = mark_of(now)
            yield f"event: change\ndata: {json.dumps(now)}\n\n"
        elif not changed:
            yield ": still here\n\n"


def _look(request: HttpRequest) -> dict[str, Any] | None:
    try:
        brand = _reader(request)
        return pulse(brand) if brand else None
    finally:
        close_old_connections()


def _reader(request: HttpRequest) -> Brand | None:
    """The brand that this session may read now: asked anew each time, since sessions end."""
    session = request.session.__class__(request.session.session_key)
    request.session = session
    request.user = get_user(request)
    teammate = find_teammate(request)
    return teammate.brand if teammate else None


def mark_of(pulse: dict[str, Any]) -> str:
    """A short name for a pulse, which a page carries."""
    return hashlib.sha256(json.dumps(pulse, sort_keys=True).encode()).hexdigest()[:16]


def pulse(brand: Brand) -> dict[str, Any]:
    """A few numbers that differ as soon as anything on the screens would."""
    conversations = Conversation.objects.filter(brand=brand)
    latest = conversations.order_by("-latest_at", "-pk").values_list("latest_at", flat=True).first()
    deliveries = Delivery.objects.filter(brand=brand).exclude(state__in=SETTLED)
    return {
        "open": conversations.filter(state=State.OPEN).count(),
        "latest": latest.isoformat() if latest else "",
        "acts": AuditEntry.objects.filter(brand=brand).order_by("-pk").values_list("pk", flat=True).first(),
        "writing": sorted(
            f"{conversation}:{by}"
            for conversation, by in Claim.objects.filter(
                conversation__brand=brand, until__gt=timezone.now()
            ).values_list("conversation_id", "by_id")
        ),
        "deliveries": sorted(
            f"{row['state']}:{row['n']}" for row in deliveries.values("state").annotate(n=Count("pk"))
        ),
    }


SETTLED = [Delivery.State.SENT, Delivery.State.WITHDRAWN, Delivery.State.TAKEN_BACK]
