"""What stands around every screen: who I am, which brand, what waits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from goodword.conversations.models import Conversation, State


def frame(request: HttpRequest) -> dict[str, Any]:
    me = getattr(request, "teammate", None)
    if not me:
        return {"me": None, "brand": None}
    return {
        "me": me,
        "brand": me.brand,
        "waiting_count": Conversation.objects.filter(brand=me.brand, state=State.OPEN).count(),
    }
