"""What happened since the last look, of which somebody should hear?

Found on the rows, like all work: the acts of teammates in the audit trail, what people wrote, deliveries,
connections and clocks. Looking twice finds the same things, and `telling` tells them once; so a crash
between two looks loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import models
from django.db.models import QuerySet

from goodword.channels.base import Visibility
from goodword.conversations import threads
from goodword.conversations.models import Assignment, Conversation, Delivery, Note, Reply, State
from goodword.conversations.naming import called_in
from goodword.listening.models import Connection, Post, Step
from goodword.notifying.kinds import Kind
from goodword.notifying.models import Bookmark, ChatHook
from goodword.notifying.telling import News, tell
from goodword.team.models import AuditEntry, Brand, Role, Teammate

BATCH = 1000  # rows looked through at once
MOST_BATCHES = 10  # in one look: replies must not wait for it
SETTLES = timedelta(seconds=30)  # rows may become visible later than younger ones: looked at again until then
STALE = timedelta(days=1)  # what happened longer ago is history by now, not news
STUCK = timedelta(minutes=10)  # a post that cannot be read holds back the others no longer than that

SOON = timedelta(minutes=30)  # before an answer is due; of quick channels a quarter of their time
OVERDUE_IS_NEWS = timedelta(minutes=30)  # to those at work; in the morning nobody wants a hundred notices
AT_WORK = timedelta(hours=2)  # since the last thing they did here


def look(now: datetime) -> int:
    """Find and tell what is new; how much there was."""
    told = sum(tell(_acts(batch, now), now=now) for batch in _beyond(AUDIT, now))
    return told + sum(tell(_posts(batch, now), now=now) for batch in _beyond(POSTS, now))


def look_around(now: datetime) -> int:
    """What leaves no new row: answers that are due, replies that did not go out, what stopped working."""
    return sum(tell(_around(brand, now), now=now) for brand in Brand.objects.all())


def at_work(brand: Brand, now: datetime) -> tuple[Teammate, ...]:
    """Who did something for the brand within the last two hours: the nearest we know to being on duty."""
    lately = AuditEntry.objects.filter(brand=brand, at__gt=now - AT_WORK, at__lte=now).exclude(by=None)
    return tuple(_team(brand).filter(pk__in=lately.values("by")))


# --- what teammates did ----------------------------------------------------------------------------


def _acts(entries: Sequence[Fields], now: datetime) -> Iterator[News]:
    fresh = [entry for entry in entries if entry["at"] > now - STALE]
    yield from _assigned(_ids(fresh, "assignment"))
    yield from _called(_ids(fresh, "note"))


def _ids(entries: Iterable[Fields], kind: str) -> list[int]:
    named = (entry["about"].partition(":") for entry in entries if entry["verb"] in ("assigned", "noted"))
    return [int(pk) for about, _colon, pk in named if about == kind]


def _assigned(ids: Sequence[int]) -> Iterator[News]:
    rows = Assignment.objects.filter(pk__in=ids, undone_at=None).exclude(to=None)
    for act in rows.select_related("conversation__brand", "to__user", "to__brand", "by__user"):
        if act.to and act.to_id != act.by_id:
            yield _about_act(Kind.ASSIGNED, f"assignment:{act.pk}", act, (act.to,))


def _called(ids: Sequence[int]) -> Iterator[News]:
    notes = Note.objects.filter(pk__in=ids, undone_at=None, text__contains="@")
    for note in notes.select_related("conversation__brand", "by__user"):
        called = tuple(c.teammate for c in called_in(note.text, _team(note.conversation.brand)))
        if called:
            yield _about_act(Kind.MENTIONED, f"note:{note.pk}", note, called, note=note)


def _about_act(kind: Kind, key: str, act: Assignment | Note, to: tuple[Teammate, ...], **more: Any) -> News:
    about = {"by": act.by, "conversation": act.conversation, **more}
    return News(act.conversation.brand, kind, key, act.at, to, about)


# --- what people wrote -----------------------------------------------------------------------------


def _posts(rows: Sequence[Fields], now: datetime) -> Iterator[News]:
    theirs = [row["pk"] for row in rows if not row["is_ours"] and not row["is_history"]]
    placed = Post.objects.readable().filter(pk__in=theirs, step=Step.DONE, at__gt=now - STALE)
    posts = list(placed.select_related("brand").order_by("pk"))
    conversations = threads.conversations_of(posts)
    for post in posts:
        conversation = conversations.get(threads.thread_of(post))
        if conversation and conversation.state == State.OPEN:
            yield from _written(post, conversation)


def _written(post: Post, conversation: Conversation) -> Iterator[News]:
    wait = conversation.waits.filter(ended_at=None, post__author=post.author_id).first()
    if wait is None or wait.due_at is None:
        return  # a word of thanks, or somebody who does not ask us
    if conversation.assignee_id:
        if _had_it_before(post, conversation):
            yield _about(Kind.ANSWERED, f"post:{post.pk}", conversation, post.at, _assignee(conversation))
    elif answerer := _last_answered_by(post, conversation):
        yield _about(Kind.ANSWERED, f"post:{post.pk}", conversation, post.at, (answerer,))
    else:
        kind = Kind.PRIVATE if post.visibility == Visibility.DIRECT else Kind.WAITING
        # One for the whole stretch of waiting: a thought that comes in four messages is one.
        yield _about(kind, f"wait:{wait.pk}", conversation, post.at, tuple(_team(post.brand)))


def _had_it_before(post: Post, conversation: Conversation) -> bool:
    """Who was given it afterwards saw this post when they were."""
    given = Assignment.objects.filter(conversation=conversation, undone_at=None).order_by("-at", "-pk")
    latest = given.values_list("at", flat=True).first()
    return latest is not None and latest < post.heard_at


def _last_answered_by(post: Post, conversation: Conversation) -> Teammate | None:
    answers = Reply.objects.filter(conversation=conversation, undone_at=None, at__lt=post.at)
    latest = answers.order_by("-at", "-pk").values_list("by", flat=True).first()
    return _team(conversation.brand).filter(pk=latest).first() if latest else None


def _around(brand: Brand, now: datetime) -> Iterator[News]:
    for look_for in (_due_soon, _overdue, _deliveries, _stopped):
        yield from look_for(brand, now)


# --- what the clocks say ---------------------------------------------------------------------------


def _due_soon(brand: Brand, now: datetime) -> Iterator[News]:
    soon = _open(brand).filter(due_at__gt=now, due_at__lte=now + SOON).exclude(assignee=None)
    for conversation in soon:
        assert conversation.due_at
        assert conversation.waiting_since
        promised = conversation.due_at - conversation.waiting_since
        if conversation.due_at - now <= min(SOON, promised / 4):
            yield _clock(Kind.DUE_SOON, conversation, now, _assignee(conversation))


def _overdue(brand: Brand, now: datetime) -> Iterator[News]:
    late = _open(brand).filter(due_at__lte=now)
    for conversation in late.filter(due_at__gt=now - STALE).exclude(assignee=None):
        yield _clock(Kind.OVERDUE, conversation, now, _assignee(conversation))
    nobodys = list(late.filter(due_at__gt=now - OVERDUE_IS_NEWS, assignee=None))
    team = at_work(brand, now) if nobodys else ()
    for conversation in nobodys:
        yield _clock(Kind.OVERDUE, conversation, now, team)


def _open(brand: Brand) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(brand=brand, state=State.OPEN)
    return rows.exclude(waiting_since=None).select_related("brand", "assignee__user", "assignee__brand")


def _assignee(conversation: Conversation) -> tuple[Teammate, ...]:
    return (conversation.assignee,) if conversation.assignee else ()


def _clock(kind: Kind, conversation: Conversation, now: datetime, to: tuple[Teammate, ...]) -> News:
    assert conversation.due_at
    key = f"{kind}:{conversation.pk}:{conversation.due_at:%Y%m%d%H%M%S}"
    return _about(kind, key, conversation, now, to)


# --- what does not work ----------------------------------------------------------------------------

UNDECIDED = [Delivery.State.UNKNOWN, Delivery.State.FAILED, Delivery.State.BLOCKED]


def _deliveries(brand: Brand, now: datetime) -> Iterator[News]:
    rows = Delivery.objects.filter(brand=brand, state__in=UNDECIDED, written_at__gt=now - 3 * STALE)
    for delivery in rows.select_related("by__user", "by__brand", "post"):
        conversation = threads.find(delivery.post)
        key = f"delivery:{delivery.pk}:{delivery.state}:{delivery.tries}"
        about = {"delivery": delivery, "conversation": conversation}
        yield News(brand, Kind.NOT_SENT, key, now, (delivery.by,), about)


def _stopped(brand: Brand, now: datetime) -> Iterator[News]:
    broken = Connection.objects.filter(
        brand=brand, state=Connection.State.NEEDS_LOGIN, removed_at=None, trouble_since__gt=now - STALE
    )
    failed = ChatHook.objects.filter(brand=brand, state=ChatHook.State.FAILED)
    stopped = [*broken, *failed]
    owners = tuple(_team(brand).filter(role=Role.OWNER)) if stopped else ()
    for connection in broken:
        key = f"connection:{connection.pk}:{connection.trouble_since:%Y%m%d%H%M%S}"
        yield News(brand, Kind.STOPPED, key, now, owners, {"connection": connection})
    for chat in failed:
        key = f"chat:{chat.pk}:{chat.failing_since:%Y%m%d%H%M%S}"
        yield News(brand, Kind.STOPPED, key, now, owners, {"chat": chat})


# --- how rows are found ----------------------------------------------------------------------------


Fields = dict[str, Any]


class _Table(NamedTuple):
    """A table that is read on from a bookmark: whole, so that a million rows of history are passed once."""

    name: str
    model: type[models.Model]
    at: str
    fields: tuple[str, ...]
    is_ready: Callable[[Fields], bool] = lambda row: True


AUDIT = _Table("audit", AuditEntry, "at", ("verb", "about"))
POSTS = _Table(
    "posts", Post, "heard_at", ("step", "is_ours", "is_history"), lambda row: row["step"] == Step.DONE
)


def _beyond(table: _Table, now: datetime) -> Iterator[list[Fields]]:
    """The rows behind the bookmark, in batches; it is moved on when a batch has been told.

    It stays before what is not ready and what is very young, where an older row may yet become visible.
    """
    bookmark, _made = Bookmark.objects.get_or_create(table=table.name)
    after, upto, is_settled = bookmark.upto, bookmark.upto, True
    for _n in range(MOST_BATCHES):
        rows = table.model._default_manager.filter(pk__gt=after).order_by("pk")
        batch = list(rows.values("pk", table.at, *table.fields)[:BATCH])
        if not batch:
            return
        yield batch
        for row in batch:
            age = now - row[table.at]
            is_settled = is_settled and age > (SETTLES if table.is_ready(row) else STUCK)
            upto = row["pk"] if is_settled else upto
        Bookmark.objects.filter(pk=bookmark.pk, upto__lt=upto).update(upto=upto)
        after = batch[-1]["pk"]


def _about(kind: Kind, key: str, conversation: Conversation, at: datetime, to: tuple[Teammate, ...]) -> News:
    return News(conversation.brand, kind, key, at, to, {"conversation": conversation})


def _team(brand: Brand) -> QuerySet[Teammate]:
    return Teammate.objects.active().filter(brand=brand).select_related("user", "brand")
