"""How does a teammate answer? The words as typed, to a target frozen now, into the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels.base import Cap, Permission, Picture, channel_named, clean_text
from goodword.channels.by_hand import ByHand
from goodword.conversations import claims, threads, triage
from goodword.conversations.models import Conversation, Delivery, Reply, State, Thanks, Wait
from goodword.listening.models import Post, as_heard
from goodword.people.models import Approach
from goodword.store import notify, search
from goodword.store.models import Entry
from goodword.team import authority
from goodword.team.authority import require, write_down
from goodword.team.models import Teammate
from goodword.team.reader import number, translated


class NotAnswered(Exception):
    """The answer was not taken; the text says why, and the words typed are kept for another try."""


class SomebodyElse(NotAnswered):
    """A colleague is writing or has just answered: the teammate may send all the same."""


def may_do(action: Cap, post: Post) -> Permission:
    """May we reply to, like, or take back this post? With a reason, or a link to do it natively."""
    if not post.is_readable:
        return Permission(False, _("This post is gone at its source."))
    connection, kind = post.connection, channel_named(post.channel)
    if issubclass(kind, ByHand):
        return kind.can(action, as_heard(post))  # nobody can connect an account there
    if connection is None or connection.removed_at:
        return Permission(False, _("No account of yours is connected where this was said."), post.url)
    return kind.can(action, as_heard(post))


def reply(
    post: Post,
    by: Teammate,
    text: str,
    *,
    key: str,
    now: datetime,
    picture: Picture | None = None,
    seen_until: datetime | None = None,
    anyway: bool = False,
) -> Reply:
    """Put a reply into the outbox. `key` names this very act: sent twice by a double click, it is one.

    `seen_until` is the time of the newest answer of ours that the teammate had on screen. Raises
    NotAnswered, or SomebodyElse unless `anyway`.
    """
    require(by, authority.Permission.ANSWER)
    with transaction.atomic():
        conversation = conversation_for(post, now)
        again = Reply.objects.filter(delivery__key=key, conversation__brand=by.brand).first()
        if again:
            return again
        text = _checked(text, post)
        if not anyway:
            _mind_the_others(conversation, by, seen_until, now)
        delivery = _queue(post, by, Delivery.Verb.REPLY, key, now, text=text, picture=picture)
        made = Reply.objects.create(
            conversation=conversation, by=by, at=now, post=post, text=text, delivery=delivery
        )
        Approach.objects.create(profile=post.author, kind=Approach.Kind.REPLY, by=by, at=now)
        search.remember(by.brand_id, Entry.Kind.REPLY, made.pk, text, now)
        claims.release(conversation, by)
        conversation.state, conversation.snoozed_until = State.PENDING, None
        conversation.save(update_fields=["state", "snoozed_until"])
        write_down(by.brand, by, "replied", made, now=now, conversation=conversation.pk)
    return made


def thank(post: Post, by: Teammate, *, key: str, now: datetime) -> Thanks:
    """Like their post, as ourselves. It ends the waiting of who praised; a question still waits."""
    require(by, authority.Permission.ANSWER)
    allowed = may_do(Cap.LIKE, post)
    if not allowed:
        raise NotAnswered(translated(allowed.reason))
    with transaction.atomic():
        conversation = conversation_for(post, now)
        again = Thanks.objects.filter(post=post, undone_at=None).first()
        if again:
            return again
        delivery = _queue(post, by, Delivery.Verb.LIKE, key, now)
        made = Thanks.objects.create(conversation=conversation, by=by, at=now, post=post, delivery=delivery)
        write_down(by.brand, by, "thanked", made, now=now, conversation=conversation.pk)
        if a_like_is_enough(post):
            ended = threads.waiting(conversation).filter(post__author=post.author_id)
            ended.update(ended_at=now, ended_how=Wait.End.THANKS, answered_by=by)
            if conversation.state == State.OPEN and not threads.waiting(conversation).exists():
                conversation.state = State.PENDING
                conversation.save(update_fields=["state"])
            triage.renew(conversation)
    return made


def a_like_is_enough(post: Post) -> bool:
    """Praise is acknowledged by a like; who asks, complains or wants to buy waits for words."""
    analysis = getattr(post, "analysis", None)
    asked = {"question", "complaint", "purchase", "churn", "suggestion"}
    return analysis is not None and not asked & set(analysis.decisions)


def withdraw(delivery: Delivery, by: Teammate, *, now: datetime) -> bool:
    """Undo before it went out. False when it is too late: then it can only be taken back."""
    require(by, authority.Permission.ANSWER)
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED)
        if not waiting.update(state=Delivery.State.WITHDRAWN, decided_by=by):
            return False
        _undo_act_of(delivery, by, now)
        write_down(by.brand, by, "withdrew", delivery, now=now)
    return True


def ask_to_take_back(delivery: Delivery, by: Teammate, *, now: datetime) -> None:
    """Have our own reply or like deleted at the channel; the outbox does it."""
    require(by, authority.Permission.ANSWER)
    if Cap.TAKE_BACK not in channel_named(delivery.post.channel).caps:
        raise NotAnswered(_("This channel does not let us take back what was sent."))
    with transaction.atomic():
        sent = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENT).exclude(native_id="")
        if not sent.update(state=Delivery.State.TAKING_BACK, decided_by=by, not_before=now):
            raise NotAnswered(_("Only what was sent can be taken back."))
        write_down(by.brand, by, "took back", delivery, now=now)


def conversation_for(post: Post, now: datetime) -> Conversation:
    """The conversation of this post, begun if there is none; locked until the transaction ends."""
    found = threads.find(post) or threads.pick_up(post, now=now)
    # Locked until the end: of two answers at once the second sees the first.
    return Conversation.objects.select_for_update().get(pk=found.pk)


def _checked(text: str, post: Post) -> str:
    """The words as typed, unless the channel could not carry them."""
    allowed = may_do(Cap.REPLY, post)
    if not allowed:
        raise NotAnswered(translated(allowed.reason))
    channel = channel_named(post.channel)
    text = clean_text(text.replace("\r\n", "\n")).strip()
    if not text:
        raise NotAnswered(_("There is nothing to send yet: write your answer first."))
    length = channel.length(text)
    if channel.max_length and length > channel.max_length:
        raise NotAnswered(
            _(
                "Too long for %(channel)s: %(length)s of at most %(most)s %(counted_in)s. "
                "Shorten it by %(over)s."
            )
            % {
                "channel": _(channel.name),
                "counted_in": _(channel.counted_in),
                "length": number(length),
                "most": number(channel.max_length),
                "over": number(length - channel.max_length),
            }
        )
    return text


def _mind_the_others(
    conversation: Conversation, by: Teammate, seen_until: datetime | None, now: datetime
) -> None:
    other = claims.claim_of_another(conversation, by, now=now)
    if other:
        raise SomebodyElse(_("%(name)s is writing an answer right now.") % {"name": other.by.name})
    if seen_until is None:
        return
    newer = conversation.reply_rows.filter(at__gt=seen_until, undone_at=None).exclude(by=by)
    theirs = newer.select_related("by__user").first()
    if theirs:
        raise SomebodyElse(_("%(name)s has just answered here.") % {"name": theirs.by.name})


def _queue(
    post: Post,
    by: Teammate,
    verb: str,
    key: str,
    now: datetime,
    *,
    text: str = "",
    picture: Picture | None = None,
) -> Delivery:
    delivery = Delivery.objects.create(
        brand_id=post.brand_id,
        connection=post.connection,
        verb=verb,
        key=key,
        by=by,
        post=post,
        target=target_of(post),
        text=text,
        picture=picture.data if picture else None,
        picture_mime=picture.mime if picture else "",
        picture_alt=clean_text(picture.alt, 2000) if picture else "",
        written_at=now,
        not_before=now + timedelta(seconds=settings.UNDO_SECONDS),
    )
    notify.announce()
    return delivery


def target_of(post: Post) -> dict[str, object]:
    """To whom and where it goes: frozen when it is written, compared when it is sent."""
    return {
        "channel": post.channel,
        "connection": post.connection_id,
        "post": post.native_id,
        "author": post.author.native_id,
        "visibility": post.visibility,
        "edited": post.edited_at.isoformat() if post.edited_at else "",
        "reference": post.reference,
    }


def _undo_act_of(delivery: Delivery, by: Teammate, now: datetime) -> None:
    """The reply or thanks is undone, and who waited waits again."""
    kind = Reply if delivery.verb == Delivery.Verb.REPLY else Thanks
    act = kind.objects.filter(delivery=delivery).select_related("conversation").first()
    if act is None:
        return
    kind.objects.filter(pk=act.pk).update(undone_at=now, undone_by=by)
    # We did not turn to them after all.
    Approach.objects.filter(
        profile=act.post.author_id, kind=Approach.Kind.REPLY, by=act.by_id, at=act.at
    ).delete()
    wait_again(act, delivery)


def wait_again(act: Reply | Thanks, delivery: Delivery) -> None:
    """What this answer had ended is open again."""
    conversation = act.conversation
    if isinstance(act, Thanks):
        thanked = conversation.waits.filter(ended_how=Wait.End.THANKS, ended_at=act.at)
        ended = thanked.filter(post__author=act.post.author_id)
    else:
        search.forget(Entry.Kind.REPLY, [act.pk])
        ended = conversation.waits.filter(answer__native_id=delivery.native_id).exclude(answer=None)
    ended.update(ended_at=None, ended_how="", answer=None, answered_by=None)
    if conversation.state == State.PENDING and threads.waiting(conversation).exists():
        conversation.state = State.OPEN
        conversation.save(update_fields=["state"])
    triage.renew(conversation)
