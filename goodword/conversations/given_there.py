"""How is an answer kept that a teammate gave in the native app, or face to face?

The words are the record: they stand in the thread, end the wait at the time they were said, and every
clock and metric counts them like an answer that Goodword sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels.base import clean_text
from goodword.channels.reading import web_address
from goodword.conversations import claims, doubles, our_words, replying, threads, triage
from goodword.conversations.models import Conversation, Delivery, Reply, State, Wait
from goodword.conversations.replying import NotAnswered
from goodword.listening.forgetting import forget_post
from goodword.listening.models import Post
from goodword.people.models import Approach
from goodword.store import notify, search
from goodword.store.models import Entry
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Teammate

A_MINUTE = timedelta(minutes=1)  # forms tell times to the minute: within it nothing is early or late


def answered_there(
    post: Post, by: Teammate, text: str, *, key: str, now: datetime, at: datetime | None = None, url: str = ""
) -> Reply:
    """Keep what `by` answered to `post` at its source, at `at` (default: just now), and where it stands.

    `key` names this very act: done twice by a double click, it is one. Raises NotAnswered with a sentence.
    """
    require(by, Permission.ANSWER)
    with transaction.atomic():
        conversation = replying.conversation_for(post, now)
        again = Reply.objects.filter(given_there=key, conversation__brand=by.brand_id).first()
        if again:
            return again
        text, url = _words(text), _link(url)
        answered, at = _answered_by_then(post, conversation, now if at is None else at, now)
        made = Reply.objects.create(
            conversation=conversation, by=by, at=at, post=answered, text=text, given_there=key
        )
        keep_words(made, key, at=at, now=now, url=url)
        Approach.objects.create(profile=answered.author, kind=Approach.Kind.REPLY, by=by, at=at)
        search.remember(by.brand_id, Entry.Kind.REPLY, made.pk, text, at)
        claims.release(conversation, by)
        write_down(by.brand, by, "answered there", made, now=now, conversation=conversation.pk)
    return made


def undo(reply: Reply, by: Teammate, *, now: datetime) -> None:
    """It was not so: the words are forgotten, and who waited waits again. Twice changes nothing."""
    require(by, Permission.ANSWER)
    with transaction.atomic():
        standing = Reply.objects.filter(pk=reply.pk, undone_at=None).exclude(given_there=None)
        if not standing.update(undone_at=now, undone_by=by):
            return
        approach = Approach.objects.filter(profile=reply.post.author_id, kind=Approach.Kind.REPLY)
        approach.filter(by=reply.by_id, at=reply.at).delete()
        search.forget(Entry.Kind.REPLY, [reply.pk])
        _let_go_of_the_post(reply, now)
        triage.renew(reply.conversation)
        write_down(by.brand, by, "undid", reply, now=now, conversation=reply.conversation_id)


def it_arrived(delivery: Delivery, *, now: datetime) -> None:
    """What may have been sent was seen there by a teammate: then it was sent when we last tried."""
    reply = Reply.objects.filter(delivery=delivery, sent_post=None).select_related("post__author").first()
    if reply is None:
        return
    with transaction.atomic():
        replying.conversation_for(reply.post, now)
        keep_words(reply, delivery.key, at=min(delivery.not_before, now), now=now)


def keep_words(reply: Reply, key: str, *, at: datetime, now: datetime, url: str = "") -> None:
    """The words of the reply stand in the thread: as the post that was heard of them, or as a new one."""
    answered, conversation = reply.post, reply.conversation
    heard = doubles.heard_already(answered, reply.text, at, url)
    if heard and (other := Reply.objects.filter(sent_post=heard).select_related("by__user").first()):
        raise NotAnswered(
            _("This answer is here already: it was given by %(name)s.") % {"name": other.by.name}
        )
    ours = heard or our_words.keep(
        answered,
        reply.text,
        doubles.WRITTEN_DOWN + key,
        at=at,
        now=now,
        url=url,
        connection=answered.connection,
    )
    reply.sent_post = ours
    reply.save(update_fields=["sent_post"])
    if ours:
        threads.place([Post.objects.get(pk=ours.pk)], now)
        Wait.objects.filter(answer=ours, answered_by=None).update(answered_by=reply.by)
    _rest(conversation)


def _rest(conversation: Conversation) -> None:
    """Where nobody waits any more, it is for them to speak."""
    conversation.refresh_from_db(fields=["state", "snoozed_until", "latest", "latest_at"])
    is_work = conversation.state in (State.OPEN, State.SNOOZED)
    if is_work and not threads.waiting(conversation).exists():
        conversation.state, conversation.snoozed_until = State.PENDING, None
        conversation.save(update_fields=["state", "snoozed_until"])
    triage.renew(conversation)
    notify.announce()


def _words(text: str) -> str:
    text = clean_text(text.replace("\r\n", "\n")).strip()
    if not text:
        raise NotAnswered(_("Write what you said there, in your own words as you said them."))
    return text


def _link(url: str) -> str:
    url = url.strip()
    if url and not web_address(url):
        raise NotAnswered(_("The link to your answer must begin with https://."))
    return web_address(url)


def _answered_by_then(
    post: Post, conversation: Conversation, at: datetime, now: datetime
) -> tuple[Post, datetime]:
    """What of theirs was there to be answered at that time, and the time, to be trusted to the minute."""
    if at > now + A_MINUTE:
        raise NotAnswered(_("That time is still to come. Say when you answered, or leave it empty for now."))
    if post.at < at + A_MINUTE:
        return post, min(max(at, post.at), now)
    theirs = conversation.posts.filter(author=post.author_id, is_ours=False, gone_at=None)
    said = theirs.filter(at__lt=at + A_MINUTE).select_related("author", "brand", "connection").last()
    if said is None:
        raise NotAnswered(
            _("At that time %(name)s had not written yet. Look at the time again.")
            % {"name": post.author.shown_name}
        )
    return said, min(max(at, said.at), now)


def _let_go_of_the_post(reply: Reply, now: datetime) -> None:
    ours = reply.sent_post
    if ours is None:
        return
    if doubles.is_written_down(ours):
        forget_post(ours.brand, ours.channel, ours.native_id, "undone", now=now)
        threads.unanswered(ours, reply.conversation)
        return
    # It was heard: somebody of ours did say it. Only who it was is not known any more.
    Reply.objects.filter(pk=reply.pk).update(sent_post=None)
    Wait.objects.filter(answer=ours).update(answered_by=None)
