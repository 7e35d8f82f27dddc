"""Whose snooze is over?"""

from __future__ import annotations

from datetime import datetime

from goodword.conversations.models import Conversation, State
from goodword.store import notify


def wake_due(now: datetime) -> int:
    """Bring back what was snoozed until now; how many came back."""
    due = Conversation.objects.filter(state=State.SNOOZED, snoozed_until__lte=now)
    woken = due.update(state=State.OPEN, snoozed_until=None)
    if woken:
        notify.announce()
    return woken
