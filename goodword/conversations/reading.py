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
from goodword.conversations.naming import spans_in
from goodword.conversations.seeing import acts_seen_by, as_seen_by, conversations_seen_by, within_sight
from goodword.listening.models import Post
from goodword.team.models import Teammate

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


def inbox(mine: Sequence[Teammate], view: str, *, now: datetime, after: str = "", limit: int = PAGE) -> Page:
    """A page of the list: of one brand, or of all of which `mine` are my memberships.

    Costs the same at any depth: the index begins with the brand, so each brand gives its next rows,
    and of these the first are shown.
    """
    key, descending = ("rank_at", False) if view in RANKED else ("latest_at", True)
    places = [
        place
        for me in mine
        for place in _continued(_of_view(view, me), key, descending, after).values_list(key, "pk")[
            : limit + 1
        ]
    ]
    places.sort(reverse=descending)
    shown = places[:limit]
    at, pk = shown[-1] if shown else (now, 0)
    return Page(
        rows=_rows([pk for _at, pk in shown], mine, now),
        after=f"{at.isoformat()}~{pk}" if len(places) > limit else "",
    )


def counts(mine: Sequence[Teammate]) -> dict[str, int]:
    """How many there are in the views that are work."""
    views = ("open", "mine", "unassigned")
    return {view: sum(_of_view(view, me).count() for me in mine) for view in views}


def next_after(conversation: Conversation, mine: Sequence[Teammate]) -> Conversation | None:
    """Whom to answer next, once this one is done."""
    places = [place for me in mine for place in _next_places(conversation, me)]
    at = conversation.rank_at
    following = [place for place in places if at and place[0] >= at] or places
    return Conversation.objects.filter(pk=min(following)[1]).first() if following else None


def place_in_line(conversation: Conversation, me: Teammate) -> int | None:
    """Its number in the ranked list of its brand, as I see it, or None while it is not open."""
    if conversation.state != State.OPEN or conversation.rank_at is None:
        return None
    ahead = conversations_seen_by(me).filter(state=State.OPEN)
    at, pk = conversation.rank_at, conversation.pk
    return ahead.filter(Q(rank_at__lt=at) | Q(rank_at=at, pk__lt=pk)).count() + 1


def thread(conversation: Conversation, me: Teammate, *, most: int = THREAD) -> list[Item]:
    """Everything that happened here and that I may see, oldest first; of its posts the newest `most`."""
    items = [*_posts(conversation, me, most), *_answers(conversation, me), *_acts(conversation, me)]
    return sorted(items, key=lambda item: item.at)


def older_than_shown(conversation: Conversation, me: Teammate, most: int = THREAD) -> int:
    return max(0, within_sight(conversation.posts, me).count() - most)


def to_answer(conversation: Conversation, me: Teammate) -> Post | None:
    """The post that an answer goes to by default: of whoever waits longest, their newest; else the newest."""
    seen = within_sight(conversation.posts, me)
    readable = seen.filter(is_ours=False, gone_at=None, author__gone_at=None)
    theirs = readable.filter(author=conversation.profile_id, is_mention=True)
    return theirs.last() or readable.filter(author=conversation.profile_id).last() or readable.last()


def newest_answer_at(items: Iterable[Item]) -> datetime | None:
    """The time of our newest answer on screen: a newer one of a colleague must not be overlooked."""
    return max((item.at for item in items if item.kind in ("ours", "reply")), default=None)


# --- the list --------------------------------------------------------------------------------------


def _of_view(view: str, me: Teammate) -> QuerySet[Conversation]:
    rows = conversations_seen_by(me)
    match view:
        case "mine":
            return rows.filter(state=State.OPEN, assignee=me)
        case "unassigned":
            return rows.filter(state=State.OPEN, assignee=None)
        case "pending" | "snoozed" | "resolved":
            return rows.filter(state=view)
        case "muted":  # the way back: months later somebody asks why a word is never heard
            muted = acts_seen_by(me, Mute).filter(undone_at=None)
            return rows.filter(pk__in=muted.values("conversation"))
        case "all":
            return rows
        case _:
            return rows.filter(state=State.OPEN)


def _next_places(conversation: Conversation, me: Teammate) -> list[tuple[Any, int]]:
    """The next of one brand, and the first of all, should nobody come after."""
    waiting = _of_view("open", me).exclude(pk=conversation.pk).exclude(rank_at=None)
    ranked = waiting.order_by("rank_at", "pk").values_list("rank_at", "pk")
    after = ranked.filter(rank_at__gte=conversation.rank_at)[:1] if conversation.rank_at else []
    return [*after, *ranked[:1]]


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


def _rows(pks: Sequence[int], mine: Sequence[Teammate], now: datetime) -> list[Row]:
    """The lines of these conversations, in their order."""
    related = ["profile", "latest__author", "latest__analysis", "assignee__user"]
    found = {c.pk: c for c in Conversation.objects.filter(pk__in=pks).select_related(*related)}
    for me in mine:
        of_brand = [c for c in found.values() if c.brand_id == me.brand_id]
        for conversation in of_brand:
            conversation.brand = me.brand  # one for all: its opening hours are read once
        as_seen_by(me, of_brand)
    waits = Wait.objects.filter(conversation__in=pks, ended_at=None).order_by("-since")
    seen = [within_sight(waits, me).select_related("post__author", "post__analysis") for me in mine]
    waiting = {wait.conversation_id: wait.post for rows in seen for wait in rows}
    return [_row(found[pk], waiting.get(pk) or found[pk].latest, now) for pk in pks if pk in found]


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


def _posts(conversation: Conversation, me: Teammate, most: int) -> Iterable[Item]:
    newest = within_sight(conversation.posts, me).select_related(
        "author", "reply__by__user", "reply__delivery", "analysis", "heard_by__user"
    )
    for post in newest.prefetch_related("mentions", "attachments", "corrections").order_by("-at", "-pk")[
        :most
    ]:
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


def _answers(conversation: Conversation, me: Teammate) -> Iterable[Item]:
    """Replies on their way, held back, or taken back: those that arrived, or were given there, are posts."""
    not_a_post = Q(sent_post=None) | Q(delivery__state=Delivery.State.TAKEN_BACK)
    replies = acts_seen_by(me, Reply).filter(not_a_post, conversation=conversation)
    for reply in replies.select_related("by__user", "delivery", "post__author"):
        if reply.delivery and reply.delivery.state != Delivery.State.WITHDRAWN:
            yield Item("reply", reply.at, post=reply.post, act=reply, by=reply.by, delivery=reply.delivery)
    given = acts_seen_by(me, Thanks).filter(conversation=conversation)
    for thanks in given.select_related("by__user", "delivery", "post__author"):
        if thanks.delivery.state != Delivery.State.WITHDRAWN:
            yield Item(
                "thanks", thanks.at, post=thanks.post, act=thanks, by=thanks.by, delivery=thanks.delivery
            )


def _acts(conversation: Conversation, me: Teammate) -> Iterable[Item]:
    kinds: list[type[Act]] = [Note, Assignment, Snooze, Resolution, Mute]
    for kind in kinds:
        rows = acts_seen_by(me, kind).filter(conversation=conversation, undone_at=None)
        related = ["by__user", *(["to__user"] if kind is Assignment else [])]
        for act in rows.select_related(*related):
            yield _note(act, me) if isinstance(act, Note) else Item("act", act.at, act=act, by=act.by)


def _note(note: Note, me: Teammate) -> Item:
    """With the colleagues marked whom it calls."""
    team = Teammate.objects.active().filter(brand=me.brand_id).select_related("user")
    spans = spans_in(note.text, team) if "@" in note.text else []
    return Item("note", note.at, act=note, by=note.by, spans=spans)
