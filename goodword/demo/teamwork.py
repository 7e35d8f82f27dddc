"""What did the demo's teammates do in half a year? The rows their acts would have left, made in bulk.

The verbs themselves (`conversations.replying`, `conversations.acts`) take a transaction and a dozen
questions each, which is too slow for thousands of acts at the first start; test_teamwork.py holds these
rows to be the same as theirs.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from goodword.channels.base import Cap, channel_named, stable_key
from goodword.conversations import replying, threads
from goodword.conversations.models import Conversation, Delivery, Reply, Resolution, State, Thanks, Wait
from goodword.demo.talk import JUST_NOW, Said
from goodword.listening.models import Post
from goodword.people.models import Approach
from goodword.store import search
from goodword.store.models import Entry
from goodword.team.models import AuditEntry, Brand, Teammate

UNDO = timedelta(seconds=settings.UNDO_SECONDS)
TOOK_TO_SEND = UNDO + timedelta(seconds=2)

# What becomes of work that nobody answers: by what it was about.
ENDS = {
    "spam": Resolution.How.SPAM,
    **dict.fromkeys(("chatter", "joke", "rival", "fellow"), Resolution.How.LET_THEM_TALK),
    "category": Resolution.How.NOT_FOR_US,
}
LIKED = 0.6  # of praise that gets no words: a like is quickly given
HOURS_UNTIL_LOOKED_AT = 3.0  # the median; how long work lies before somebody decides
DONE_AFTER = (4.0, 30.0)  # hours after the last word until an answered conversation is closed


def keep_replies(brand: Brand, said: Iterable[Said], team: Sequence[Teammate]) -> None:
    """A Reply, its Delivery and what else `replying.reply` and the outbox leave, for each of our posts."""
    ours = [line for line in said if line.by is not None]
    posts = {post.native_id: post for post in Post.objects.filter(brand=brand).select_related("author")}
    conversations = {(c.channel, c.root): c for c in Conversation.objects.filter(brand=brand)}
    for line in ours:
        asked, answer = posts[line.post.parent], posts[line.post.native_id]
        if (asked.channel, asked.root) not in conversations:
            # The rules had only counted it, and a teammate took it in to answer.
            picked = threads.pick_up(asked, now=asked.at)
            threads.answered(asked, answer, team[line.by or 0], Wait.End.REPLY)
            conversations[asked.channel, asked.root] = picked
    deliveries = Delivery.objects.bulk_create(
        [_delivery(line, posts[line.post.parent], team[line.by or 0]) for line in ours]
    )
    replies = Reply.objects.bulk_create(
        Reply(
            conversation=conversations[delivery.post.channel, delivery.post.root],
            by=delivery.by,
            at=delivery.written_at,
            post=delivery.post,
            text=delivery.text,
            delivery=delivery,
            sent_post=posts[delivery.native_id],
        )
        for delivery in deliveries
    )
    Approach.objects.bulk_create(
        Approach(profile=reply.post.author, kind=Approach.Kind.REPLY, by=reply.by, at=reply.at)
        for reply in replies
    )
    search.remember_all(brand.pk, Entry.Kind.REPLY, [(reply.pk, reply.text, reply.at) for reply in replies])
    _write_down(brand, "replied", replies)
    for teammate in team:
        Wait.objects.filter(conversation__brand=brand, answer__reply__by=teammate).update(
            answered_by=teammate
        )


def work_through(
    brand: Brand,
    team: Sequence[Teammate],
    moods: Mapping[str, str],
    still_waiting: frozenset[str],
    until: datetime,
    chance: random.Random,
) -> None:
    """Like, close or let go of all work but the `still_waiting` (roots), so that the inbox is today's.

    `moods` says by native id what a post was about.
    """
    waits = Wait.objects.filter(conversation__brand=brand, ended_at=None)
    open_ = waits.exclude(conversation__root__in=still_waiting).order_by("since", "pk")
    liked: list[tuple[Wait, Teammate, datetime]] = []
    closed: dict[int, list[Wait]] = {}
    for wait in open_.select_related("conversation", "post__author", "post__analysis", "post__brand"):
        mood = moods.get(wait.post.native_id, "")
        may_like = Cap.LIKE in channel_named(wait.post.channel).caps
        if may_like and mood not in ENDS and chance.random() < LIKED and replying.a_like_is_enough(wait.post):
            liked.append((wait, chance.choice(team), _soon(wait.since, until, chance)))
        else:
            closed.setdefault(wait.conversation_id, []).append(wait)
    _like(brand, liked)
    _close(
        brand,
        [
            (
                waits[0].conversation,
                waits,
                ENDS.get(moods.get(waits[0].post.native_id, ""), Resolution.How.RESOLVED),
                chance.choice(team),
                _soon(waits[-1].since, until, chance),
            )
            for waits in closed.values()
        ],
    )


def close_what_is_done(brand: Brand, until: datetime, chance: random.Random) -> None:
    """Some hours after the last word, an answered conversation is closed; the newest stay pending."""
    pending = Conversation.objects.filter(brand=brand, state=State.PENDING).order_by("opened_at", "pk")
    done: list[Closing] = []
    answers = {
        wait.conversation_id: wait.answered_by
        for wait in Wait.objects.filter(conversation__in=pending)
        .order_by("ended_at", "pk")
        .select_related("answered_by")
    }
    for conversation in pending:
        at = conversation.latest_at + timedelta(hours=chance.uniform(*DONE_AFTER))
        by = answers.get(conversation.pk)
        if at < until - JUST_NOW and by:
            done.append((conversation, [], Resolution.How.RESOLVED, by, at.replace(microsecond=0)))
    _close(brand, done)


def _soon(since: datetime, until: datetime, chance: random.Random) -> datetime:
    at = since + timedelta(hours=HOURS_UNTIL_LOOKED_AT * chance.lognormvariate(0, 0.9))
    if at >= until - JUST_NOW:
        at = since + (until - JUST_NOW - since) * chance.uniform(0.2, 0.9)
    return at.replace(microsecond=0)


def _delivery(line: Said, asked: Post, by: Teammate) -> Delivery:
    return Delivery(
        verb=Delivery.Verb.REPLY,
        text=line.post.text,
        native_id=line.post.native_id,
        reference=dict(line.post.reference),
        **_sent(asked, line.key, by, line.post.at),
    )


def _sent(post: Post, key: str, by: Teammate, at: datetime) -> dict[str, object]:
    """What the outbox knows of a delivery that went out at `at`."""
    return {
        "brand_id": post.brand_id,
        "connection_id": post.connection_id,
        "key": key,
        "by": by,
        "post": post,
        "target": replying.target_of(post),
        "state": Delivery.State.SENT,
        "written_at": at - TOOK_TO_SEND,
        "not_before": at - TOOK_TO_SEND + UNDO,
        "tries": 1,
        "sent_at": at,
    }


def _like(brand: Brand, likes: Sequence[tuple[Wait, Teammate, datetime]]) -> None:
    deliveries = []
    for wait, by, at in likes:
        key = stable_key("like", wait.post.native_id)
        native_id = stable_key("liked", key)
        deliveries.append(
            Delivery(
                verb=Delivery.Verb.LIKE,
                native_id=native_id,
                reference={"id": native_id},
                **_sent(wait.post, key, by, at),
            )
        )
        wait.ended_at, wait.ended_how, wait.answered_by = at - TOOK_TO_SEND, Wait.End.THANKS, by
        wait.conversation.state = State.PENDING
    Delivery.objects.bulk_create(deliveries)
    thanks = Thanks.objects.bulk_create(
        Thanks(
            conversation=wait.conversation,
            by=delivery.by,
            at=delivery.written_at,
            post=delivery.post,
            delivery=delivery,
        )
        for (wait, _by, _at), delivery in zip(likes, deliveries, strict=True)
    )
    _write_down(brand, "thanked", thanks)
    Wait.objects.bulk_update(
        [wait for wait, _by, _at in likes], ["ended_at", "ended_how", "answered_by"], 200
    )
    Conversation.objects.bulk_update([wait.conversation for wait, _by, _at in likes], ["state"], 200)


Closing = tuple[Conversation, Sequence[Wait], Resolution.How, Teammate, datetime]


def _close(brand: Brand, closings: Sequence[Closing]) -> None:
    resolutions = Resolution.objects.bulk_create(
        Resolution(conversation=conversation, by=by, at=at, how=how, state_before=conversation.state)
        for conversation, _waits, how, by, at in closings
    )
    ended = []
    for (conversation, waits, how, _by, at), _resolution in zip(closings, resolutions, strict=True):
        for wait in waits:
            resolved = how == Resolution.How.RESOLVED
            wait.ended_at, wait.ended_how = at, Wait.End.NO_REPLY if resolved else Wait.End.NOT_OURS
            ended.append(wait)
        conversation.state = State.RESOLVED
    through = Resolution.waits.through
    through.objects.bulk_create(
        through(resolution=resolution, wait=wait)
        for (_c, waits, *_rest), resolution in zip(closings, resolutions, strict=True)
        for wait in waits
    )
    _write_down(brand, "resolved", resolutions)
    Wait.objects.bulk_update(ended, ["ended_at", "ended_how"], 200)
    Conversation.objects.bulk_update([conversation for conversation, *_rest in closings], ["state"], 200)


def _write_down(
    brand: Brand, verb: str, acts: Sequence[Reply] | Sequence[Thanks] | Sequence[Resolution]
) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(
            brand=brand,
            by=act.by,
            verb=verb,
            about=f"{type(act).__name__.lower()}:{act.pk}",
            at=act.at,
            detail={"conversation": act.conversation_id},
        )
        for act in acts
    )


def heard_when_said(brand: Brand) -> None:
    """The demo was listening all the time."""
    Post.objects.filter(brand=brand).update(heard_at=F("at"))
