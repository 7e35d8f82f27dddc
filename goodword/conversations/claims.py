"""Is somebody else writing an answer right now? Two people must not answer the same post."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from goodword.conversations.models import Claim, Conversation
from goodword.store import notify
from goodword.team.authority import Permission, require
from goodword.team.models import Teammate

LASTS = timedelta(seconds=45)  # renewed while somebody types; afterwards others may answer


def claim(conversation: Conversation, by: Teammate, *, now: datetime) -> Claim:
    """The live claim: ours if it was free or ours already, else the one of the other who is writing."""
    require(by, Permission.ANSWER)
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=conversation.pk)
        other = claim_of_another(conversation, by, now=now)
        if other:
            return other
        mine, _made = Claim.objects.update_or_create(
            conversation=conversation, defaults={"by": by, "until": now + LASTS}
        )
        notify.announce()
    return mine


def release(conversation: Conversation, by: Teammate) -> None:
    if Claim.objects.filter(conversation=conversation, by=by).delete()[0]:
        notify.announce()


def claim_of_another(conversation: Conversation, by: Teammate | None, *, now: datetime) -> Claim | None:
    live = Claim.objects.filter(conversation=conversation, until__gt=now).select_related("by__user")
    return live.exclude(by=by).first()
