"""What do we write to a teammate of what happened, and how do they end such letters by one click?

The letters themselves, word for word, stand in `team/letters.py`; here is what fills them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core import signing

from goodword.channels.base import channel_named
from goodword.conversations.models import Conversation
from goodword.notifying import words
from goodword.notifying.kinds import Kind
from goodword.notifying.models import Notice
from goodword.team import letters
from goodword.team.models import Teammate
from goodword.team.reader import moment, speaking_to, translated

MOST_ITEMS = 15  # the rest is in the app
OFF_LASTS = timedelta(days=180)  # old letters are opened, too
SALT = "no letters of notices any more"


def write_notices(to: Teammate, notices: Sequence[Notice], *, now: datetime) -> None:
    """One letter about all of these; several of one conversation are one line. Needs a transaction."""
    with speaking_to(to.user, to.brand):
        items = [_about(notice) for notice in _newest_of_each(notices)[:MOST_ITEMS]]
        letters.write(letters.NOTICES, to.user, now=now, facts=_facts(to), items=items)


def write_digest(to: Teammate, waiting: Sequence[Conversation], count: int, *, now: datetime) -> None:
    """The letter of the morning. Needs a transaction."""
    with speaking_to(to.user, to.brand):
        facts = _facts(to) | {"num": count, "inbox": letters.address("inbox")}
        items = [_waits(conversation) for conversation in waiting[:MOST_ITEMS]]
        letters.write(letters.DIGEST, to.user, now=now, facts=facts, items=items)


def off_link(to: Teammate) -> str:
    return letters.address("no_letters", signing.dumps(to.pk, salt=SALT))


def whose_link(token: str) -> Teammate | None:
    """The teammate to whom a letter with this link went; None when it is not ours, or very old."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=OFF_LASTS)
    except signing.BadSignature:
        return None
    return Teammate.objects.active().filter(pk=pk).select_related("user", "brand").first()


def _facts(to: Teammate) -> dict[str, str | int]:
    return {
        "brand": to.brand.name,
        "link": letters.address("notifications"),
        "off": off_link(to),
    }


def _newest_of_each(notices: Iterable[Notice]) -> list[Notice]:
    """Of several about one conversation the newest speaks for all."""
    newest: dict[object, Notice] = {}
    for notice in sorted(notices, key=lambda notice: notice.pk):
        newest[notice.occasion.conversation_id or f"occasion {notice.occasion_id}"] = notice
    return list(newest.values())


def _about(notice: Notice) -> dict[str, str | int]:
    occasion = notice.occasion
    is_about_somebody = occasion.conversation is not None
    return {
        "what": str(Kind(occasion.kind).label),
        "who": words.who(occasion) if is_about_somebody else words.what(occasion),
        "channel": words.channel(occasion),
        "link": letters.address("notice", notice.pk),
    }


def _waits(conversation: Conversation) -> dict[str, str | int]:
    return {
        "who": conversation.profile.shown_name,
        "channel": translated(channel_named(conversation.channel).name),
        "since": moment(conversation.waiting_since or conversation.latest_at),
        "link": letters.address("conversation", conversation.pk),
    }
