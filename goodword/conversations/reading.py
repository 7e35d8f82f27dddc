"""What does a teammate see: the ranked list, a thread, and the place of a conversation in the order?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from goodword.conversations import triage
from goodword.conversations.models import (
    Act,
    Assignment,
    Conversation,
    Delivery,
    Mute,
    Note,
    Reply,
    Resolution,
    Snooze,
    State,
    Thanks,
    Wait,
)
from goodword.listening.models import Post
from goodword.team.models import Brand, Teammate

LARGEST_ID = 2**63 - 1  # that a database can compare with
PAGE = 40  # rows of the list
THREAD = 200  # newest posts of a thread that are shown
WHOLE_THREAD = 5_000  # and those of one who wants to see all

# The views of the inbox, in the order of their tabs.
VIEWS = {
    "open": _("Open"),
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "pending": _("Pending"),
    "snoozed": _("Snoozed"),
    "resolved": _("Resolved"),
    "muted": _("Muted"),
    "all": _("All"),
}
RANKED = {"open", "mine", "unassigned"}  # the others are newest first


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    conversation: Conversation
    post: Post | None
    why: list[str]
    labels: list[str]
    is_late: bool


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    after: str  # continue here; empty at the end


@dataclass(frozen=True)
class Item:
    """One thing in a thread: a post, an answer that is not out yet, or an act of a teammate."""

    kind: str  # post | ours | reply | thanks | note | act
    at: datetime
    post: Post | None = None
    act: Any = None
    by: Teammate | None = None
    delivery: Delivery | None = None
    spans: Sequence[Sequence[int]] = field(default_factory=list)


def inbox(
    brand: Brand, view: str, me: Teammate, *, now: datetime, after: str = "", limit: int = PAGE
) -> Page:
    """A page of the list; costs the same at any depth."""
    rows = _of_view(brand, view, me)
    key, descending = ("rank_at", False) if view in RANKED else ("latest_at", True)
    rows = _continued(rows, key, descending, after)
    found = list(
        rows.select_related("profile", "latest__author", "latest__analysis", "assignee__user")[: limit + 1]
    )
    shown, more = found[:limit], len(found) > limit
    last = shown[-1] if shown else None
    return Page(
        rows=_rows(shown, now),
        after=f"{getattr(last, key).isoformat()}~{last.pk}" if more and last else "",
    )


def counts(brand: Brand, me: Teammate) -> dict[str, int]:
    """How many there are in the views that are work."""
    return {view: _of_view(brand, view, me).count() for view in ("open", "mine", "unassigned")}


def next_after(conversation: Conversation, me: Teammate) -> Conversation | None:
    """Whom to answer next, once this one is done."""
    waiting = _of_view(conversation.brand, "open", me).exclude(pk=conversation.pk).order_by("rank_at", "pk")
    following = waiting.filter(rank_at__gte=conversation.rank_at) if conversation.rank_at else waiting
    return following.first() or waiting.first()


def place_in_line(conversation: Conversation) -> int | None:
    """Its number in the ranked list, or None while it is not open."""
    if conversation.state != State.OPEN or conversation.rank_at is None:
        return None
    ahead = Conversation.objects.filter(brand=conversation.brand_id, state=State.OPEN)
    at, pk = conversation.rank_at, conversation.pk
    return ahead.filter(Q(rank_at__lt=at) | Q(rank_at=at, pk__lt=pk)).count() + 1


def thread(conversation: Conversation, *, most: int = THREAD) -> list[Item]:
    """Everything that happened here, oldest first; of its posts the newest `most`."""
    items = [*_posts(conversation, most), *_answers(conversation), *_acts(conversation)]
    return sorted(items, key=lambda item: item.at)


def older_than_shown(conversation: Conversation, most: int = THREAD) -> int:
    return max(0, conversation.posts.count() - most)


def to_answer(conversation: Conversation) -> Post | None:
    """The post that an answer goes to by default: of whoever waits longest, their newest; else the newest."""
    readable = conversation.posts.filter(is_ours=False, gone_at=None, author__gone_at=None)
    theirs = readable.filter(author=conversation.profile_id, is_mention=True)
    return theirs.last() or readable.filter(author=conversation.profile_id).last() or readable.last()


def newest_answer_at(items: Iterable[Item]) -> datetime | None:
    """The time of our newest answer on screen: a newer one of a colleague must not be overlooked."""
    return max((item.at for item in items if item.kind in ("ours", "reply")), default=None)


# --- the list --------------------------------------------------------------------------------------


def _of_view(brand: Brand, view: str, me: Teammate) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(brand=brand)
    match view:
        case "mine":
            return rows.filter(state=State.OPEN, assignee=me)
        case "unassigned":
            return rows.filter(state=State.OPEN, assignee=None)
        case "pending" | "snoozed" | "resolved":
            return rows.filter(state=view)
        case "muted":  # the way back: months later somebody asks why a word is never heard
            return rows.filter(pk__in=Mute.objects.filter(brand=brand, undone_at=None).values("conversation"))
        case "all":
            return rows
        case _:
            return rows.filter(state=State.OPEN)


def _continued(
    rows: QuerySet[Conversation], key: str, descending: bool, after: str
) -> QuerySet[Conversation]:
    order = [f"-{key}", "-pk"] if descending else [key, "pk"]
    rows = rows.exclude(**{key: None})
    try:
        at, pk = after.split("~")
        start, last = datetime.fromisoformat(at).astimezone(UTC), int(pk)
        if not 0 <= last <= LARGEST_ID:
            raise ValueError(pk)
    except (ValueError, OverflowError):
        return rows.order_by(*order)  # nobody was given this place: begin at the beginning
    side, beyond = ("lte", "lt") if descending else ("gte", "gt")
    rows = rows.filter(**{f"{key}__{side}": start})
    rows = rows.filter(Q(**{f"{key}__{beyond}": start}) | Q(**{f"pk__{beyond}": last}))
    return rows.order_by(*order)


def _rows(conversations: Sequence[Conversation], now: datetime) -> list[Row]:
    waits = Wait.objects.filter(conversation__in=conversations, ended_at=None).order_by("-since")
    waiting = {w.conversation_id: w.post for w in waits.select_related("post__author", "post__analysis")}
    return [_row(c, waiting.get(c.pk) or c.latest, now) for c in conversations]


def _row(conversation: Conversation, post: Post | None, now: datetime) -> Row:
    analysis = getattr(post, "analysis", None)
    return Row(
        conversation=conversation,
        post=post,
        why=triage.why(conversation, now),
        labels=list(analysis.decisions[:3]) if analysis else [],
        is_late=bool(conversation.due_at and conversation.due_at < now and conversation.state == State.OPEN),
    )


# --- a thread --------------------------------------------------------------------------------------


def _posts(conversation: Conversation, most: int) -> Iterable[Item]:
    newest = conversation.posts.select_related("author", "reply__by__user", "reply__delivery", "analysis")
    for post in newest.prefetch_related("mentions").order_by("-at", "-pk")[:most]:
        if not post.is_ours:
            spans = [span for mention in post.mentions.all() for span in mention.spans]
            yield Item("post", post.at, post=post, spans=spans)
        elif post.gone_at is None:
            reply = getattr(post, "reply", None)
            yield Item(
                "ours",
                post.at,
                post=post,
                act=reply,
                by=reply.by if reply else None,
                delivery=reply.delivery if reply else None,
            )


def _answers(conversation: Conversation) -> Iterable[Item]:
    """Replies on their way, held back, or taken back: those that arrived, or were given there, are posts."""
    replies = Reply.objects.filter(conversation=conversation, sent_post=None)
    taken_back = Reply.objects.filter(conversation=conversation, delivery__state=Delivery.State.TAKEN_BACK)
    for reply in (replies | taken_back).distinct().select_related("by__user", "delivery", "post__author"):
        if reply.delivery and reply.delivery.state != Delivery.State.WITHDRAWN:
            yield Item("reply", reply.at, post=reply.post, act=reply, by=reply.by, delivery=reply.delivery)
    for thanks in Thanks.objects.filter(conversation=conversation).select_related(
        "by__user", "delivery", "post__author"
    ):
        if thanks.delivery.state != Delivery.State.WITHDRAWN:
            yield Item(
                "thanks", thanks.at, post=thanks.post, act=thanks, by=thanks.by, delivery=thanks.delivery
            )


def _acts(conversation: Conversation) -> Iterable[Item]:
    kinds: list[type[Act]] = [Note, Assignment, Snooze, Resolution, Mute]
    for kind in kinds:
        rows = kind._default_manager.filter(conversation=conversation, undone_at=None)
        related = ["by__user", *(["to__user"] if kind is Assignment else [])]
        for act in rows.select_related(*related):
            yield Item("note" if kind is Note else "act", act.at, act=act, by=act.by)
