"""Server-sent events: an open page hears at once that something changed, and who is writing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from goodword.conversations.models import Claim, Delivery, State
from goodword.conversations.seeing import conversations_seen_by, within_sight
from goodword.listening.seeing import sees_all
from goodword.notifying.reading import everywhere, unread_count
from goodword.store import notify
from goodword.team.authority import Permission
from goodword.team.models import AuditEntry, Teammate
from goodword.web import whose


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Events for one open page; the stream ends as soon as its teammate may not read any more."""
    if not await sync_to_async(_readers)(request):
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
        readers = _readers(request)
        return pulse(readers) if readers else None
    finally:
        close_old_connections()


def _readers(request: HttpRequest) -> list[Teammate]:
    """As whom this session may read the page now: asked anew each time, since sessions end."""
    session = request.session.__class__(request.session.session_key)
    request.session = session
    request.user = get_user(request)
    if not whose.memberships_now(request):
        return []
    me = whose.teammate_looking(request)
    return whose.listed_for(request, me) if me else []


def mark_of(pulse: dict[str, Any]) -> str:
    """A short name for a pulse, which a page carries."""
    return hashlib.sha256(json.dumps(pulse, sort_keys=True).encode()).hexdigest()[:16]


def pulse(readers: Sequence[Teammate]) -> dict[str, Any]:
    """A few numbers that differ as soon as anything on the screens of these would."""
    if len(readers) > 1:
        each = [pulse([reader]) for reader in readers]
        counted = {"open": sum(one["open"] for one in each), "news": each[0]["news"]}
        return counted | {"brands": [mark_of(one) for one in each]}
    me = readers[0]
    conversations = conversations_seen_by(me)
    latest = conversations.order_by("-latest_at", "-pk").values_list("latest_at", flat=True).first()
    deliveries = within_sight(Delivery.objects.exclude(state__in=SETTLED), me)
    claims = Claim.objects.filter(conversation__brand=me.brand_id, until__gt=timezone.now())
    if not sees_all(me):
        claims = claims.filter(conversation__in=conversations)
    news = unread_count(everywhere(me.user))
    acts = AuditEntry.objects.filter(brand=me.brand_id).order_by("-pk").values_list("pk", flat=True)
    return {
        "open": conversations.filter(state=State.OPEN).count(),
        "news": news,
        "latest": latest.isoformat() if latest else "",
        "acts": acts.first(),
        "writing": sorted(
            f"{conversation}:{by}" for conversation, by in claims.values_list("conversation_id", "by_id")
        ),
        "deliveries": sorted(
            f"{row['state']}:{row['n']}" for row in deliveries.values("state").annotate(n=Count("pk"))
        ),
    }


SETTLED = [Delivery.State.SENT, Delivery.State.WITHDRAWN, Delivery.State.TAKEN_BACK]
