"""What is there to read for a teammate, and what is no news any more?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from goodword.conversations.models import Conversation, State
from goodword.conversations.seeing import conversations_seen_by
from goodword.listening.models import Connection
from goodword.listening.seeing import sees_all
from goodword.notifying.kinds import Kind
from goodword.notifying.models import WITH_OCCASION, ChatHook, Notice
from goodword.notifying.occasions import UNDECIDED
from goodword.store import notify
from goodword.team.models import Teammate, User

LINES = 60  # of a page: older ones are history
READ_AT_MOST = 400  # notices that are gathered to lines

WHILE_OPEN = [Kind.ANSWERED, Kind.PRIVATE, Kind.WAITING, Kind.DUE_SOON, Kind.OVERDUE]
UNTIL_TAKEN = [Kind.PRIVATE, Kind.WAITING]

# What somebody else has settled meanwhile is no news any more, and nobody has to click it away.
STILL_NEWS = (
    (~Q(occasion__kind__in=WHILE_OPEN) | Q(occasion__conversation__state=State.OPEN))
    & (
        ~Q(occasion__kind__in=UNTIL_TAKEN)
        | Q(occasion__conversation__assignee=None)
        | Q(occasion__conversation__assignee=F("to"))
    )
    & (~Q(occasion__kind=Kind.ASSIGNED) | Q(occasion__conversation__assignee=F("to")))
    & (~Q(occasion__kind=Kind.MENTIONED) | Q(occasion__note__undone_at=None))
    & (~Q(occasion__kind=Kind.NOT_SENT) | Q(occasion__delivery__state__in=UNDECIDED))
    & (
        ~Q(occasion__kind=Kind.STOPPED)
        | Q(occasion__connection__state=Connection.State.NEEDS_LOGIN)
        | Q(occasion__chat__state=ChatHook.State.FAILED)
    )
)


@dataclass(frozen=True)
class Line:
    """All notices about one conversation, told by the newest of them."""

    newest: Notice
    more: int
    is_news: bool


def everywhere(user: User) -> list[Teammate]:
    """Somebody who serves several brands has one bell for all of them."""
    return list(Teammate.objects.active().filter(user=user).select_related("brand", "user"))


def unread(readers: Sequence[Teammate]) -> QuerySet[Notice]:
    return _to(readers).filter(STILL_NEWS, read_at=None, in_app=True)


def unread_count(readers: Sequence[Teammate]) -> int:
    """How many matters there are: several notices of one conversation are one."""
    counted = unread(readers).aggregate(
        conversations=Count("occasion__conversation", distinct=True),
        others=Count("pk", filter=Q(occasion__conversation=None)),
    )
    return int(counted["conversations"] + counted["others"])


def lines(readers: Sequence[Teammate]) -> list[Line]:
    """Newest first: what is news, and what was."""
    news = set(unread(readers).values_list("pk", flat=True)[:READ_AT_MOST])
    found: dict[tuple[bool, object], list[Notice]] = {}
    for notice in _with_rows(_to(readers).filter(in_app=True)).order_by("-made_at", "-pk")[:READ_AT_MOST]:
        matter = notice.occasion.conversation_id or f"occasion {notice.occasion_id}"
        found.setdefault((notice.pk in news, matter), []).append(notice)
    return [Line(same[0], len(same) - 1, is_news) for (is_news, _matter), same in found.items()][:LINES]


def is_still_news(notice: Notice) -> bool:
    return Notice.objects.filter(STILL_NEWS, pk=notice.pk, read_at=None).exists()


def read_conversation(me: Teammate, conversation: Conversation, *, now: datetime) -> None:
    """Whoever looks at the conversation has read what its notices say."""
    _read(Notice.objects.filter(to=me, occasion__conversation=conversation, read_at=None), now)


def read_all(readers: Sequence[Teammate], *, now: datetime) -> None:
    _read(Notice.objects.filter(to__in=readers, read_at=None), now)


def read(notices: Iterable[Notice], *, now: datetime) -> None:
    _read(Notice.objects.filter(pk__in=[notice.pk for notice in notices], read_at=None), now)


def notice_of(user: User, pk: int) -> Notice | None:
    """A notice to this user in any of their brands: a letter or a device leads to it from anywhere."""
    mine = Notice.objects.filter(to__in=Teammate.objects.active().filter(user=user))
    return _with_rows(mine).filter(pk=pk).first()


def _to(readers: Sequence[Teammate]) -> QuerySet[Notice]:
    """To any of these, as far as they may still see what it is about."""
    seen = Q(to__in=[me for me in readers if sees_all(me)])
    for me in (me for me in readers if not sees_all(me)):
        about = Q(occasion__conversation=None) | Q(occasion__conversation__in=conversations_seen_by(me))
        seen |= Q(to=me) & about
    return Notice.objects.filter(seen)


def _with_rows(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    return notices.select_related(
        "to__user",
        "to__brand",
        *WITH_OCCASION,
    )


def _read(notices: QuerySet[Notice], now: datetime) -> None:
    # Looked at first: on SQLite an update locks the file, even if it changes nothing.
    if notices.exists() and notices.update(read_at=now):
        notify.announce()
