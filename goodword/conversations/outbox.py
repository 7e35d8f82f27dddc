"""How does an answer leave the house exactly as written, and never twice by us?

The only module that may call a channel's `send`, `like` or `take_back` (a test reads the source for
it). Exactly once is impossible in general, so each try is committed as *inflight* before the network
is called. When we are killed there, or the network's answer is lost, the channel is asked whether it
arrived, after a settle time longer than a request can live; where it cannot be asked, the delivery is
*unknown* and a person decides.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goodword.channels import base
from goodword.channels.base import Cap, Channel, Draft, Picture, Sent
from goodword.conversations import given_there, our_words, replying, threads, triage
from goodword.conversations.models import Delivery, Reply, State, Thanks, Wait
from goodword.listening.forgetting import forget_post
from goodword.listening.models import Connection
from goodword.people.models import Consent
from goodword.sentence import Sentence
from goodword.store import notify
from goodword.store.vault import WrongKey
from goodword.team.authority import Permission, may, require, write_down
from goodword.team.models import Teammate

logger = logging.getLogger(__name__)

SETTLE = timedelta(seconds=90)  # longer than any request of ours lives, with the server's share
FRESH = timedelta(hours=24)  # an answer older than a day wants a second look by its writer
FIRST_PAUSE = timedelta(seconds=20)  # after a place was unreachable; doubles with each try
LONGEST_PAUSE = timedelta(minutes=30)

S = Delivery.State


def send_due(now: datetime) -> int:
    """Send everything whose time has come; how many deliveries were worked on."""
    due = Delivery.objects.filter(state__in=[S.QUEUED, S.TAKING_BACK], not_before__lte=now)
    ids = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:100])
    began = time.monotonic()
    # A lease counts from its own request: a hundred slow ones before it must not have used it up.
    return sum(_work_on(pk, now + timedelta(seconds=time.monotonic() - began)) for pk in ids)


def settle_interrupted(now: datetime) -> int:
    """What was in flight when we stopped: ask the channel, or a person. How many were settled."""
    lost = Delivery.objects.filter(state=S.INFLIGHT, leased_until__lte=now)
    # Of two workers one looks: the other might put back into the queue what is being sent again already.
    mine = (d for d in lost if lost.filter(pk=d.pk).update(leased_until=now + SETTLE))
    return sum(_settle(delivery, now) for delivery in mine)


# --- sending ---------------------------------------------------------------------------------------


def _work_on(pk: int, now: datetime) -> int:
    delivery = _take(pk, now)
    if delivery is None:
        return 0
    try:
        _deliver(delivery, now)
    except base.RateLimited as limit:
        _later(delivery, limit.until, str(limit))
    except base.Unreachable as trouble:
        _later(delivery, now + _pause_after(delivery.tries), str(trouble))
    except (base.NeedsLogin, WrongKey) as trouble:
        _later(delivery, now + LONGEST_PAUSE, str(trouble))
        _needs_login(delivery.connection, str(trouble), now)
    except base.Refused as trouble:
        if delivery.state == S.TAKING_BACK:
            _stays_out(delivery, str(trouble))
        else:
            _end(delivery, S.FAILED, str(trouble))
    except Exception as error:
        # Whatever went wrong, it may have gone out: look before anything is sent again.
        logger.warning("the fate of delivery %s is unknown: %s", delivery.pk, type(error).__name__)
        _unclear(delivery, now)
    return 1


def _take(pk: int, now: datetime) -> Delivery | None:
    """Commit that we are about to call the network, or why we must not: in one transaction."""
    with transaction.atomic():
        skip = database.vendor == "postgresql"
        waiting = Delivery.objects.filter(pk=pk, state__in=[S.QUEUED, S.TAKING_BACK], not_before__lte=now)
        delivery = (
            waiting.select_for_update(skip_locked=skip, of=("self",))
            .select_related("post__author", "by__user", "connection")
            .first()
        )
        if delivery is None:
            return None
        if delivery.state == S.QUEUED and (hold := reason_to_hold(delivery, now)):
            _end(delivery, S.BLOCKED, hold)
            return None
        if delivery.state == S.TAKING_BACK and not _is_connected(delivery):
            _stays_out(delivery, Sentence("The account it was sent from is no longer connected."))
            return None
        if delivery.state == S.TAKING_BACK:
            # Deleting twice does no harm: it stays what it is, and is only leased.
            Delivery.objects.filter(pk=pk).update(tries=F("tries") + 1, not_before=now + SETTLE)
            return delivery
        delivery.state, delivery.tries, delivery.leased_until = S.INFLIGHT, delivery.tries + 1, now + SETTLE
        delivery.save(update_fields=["state", "tries", "leased_until"])
        return delivery


def reason_to_hold(delivery: Delivery, now: datetime) -> str:
    """Why this must not go out any more, asked in the transaction that sends; empty if it may."""
    post = delivery.post
    if not may(delivery.by, Permission.ANSWER):
        return Sentence("The one who wrote it may not answer any more.")
    if not post.is_readable:
        return Sentence("The post it answers was deleted at its source.")
    if not _is_connected(delivery):
        return Sentence("The account it was written for is no longer connected.")
    if now - delivery.written_at > FRESH:
        return Sentence("It waited for more than a day. Read it again before you send it.")
    if replying.target_of(post) != delivery.target:
        return Sentence("The post changed since the answer was written. Read it again before you send.")
    asked = Consent.objects.filter(profile__person=post.author.person_id, purpose=Consent.Purpose.CONTACT)
    latest = asked.order_by("-at", "-pk").first()
    if latest and not latest.given and not post.addressed:
        return Sentence("This person asked to be left alone.")
    return ""


def _is_connected(delivery: Delivery) -> bool:
    return delivery.connection is not None and delivery.connection.removed_at is None


def _deliver(delivery: Delivery, now: datetime) -> None:
    assert delivery.connection
    channel = delivery.connection.open()
    if delivery.state == S.TAKING_BACK:
        channel.take_back(Sent(delivery.native_id, delivery.url, delivery.reference))
        _taken_back(delivery, now)
    elif delivery.verb == Delivery.Verb.LIKE:
        _sent(delivery, channel.like(delivery.target["reference"], delivery.key), now)
    else:
        _sent(delivery, channel.send(_draft(delivery)), now)


def _draft(delivery: Delivery) -> Draft:
    picture = None
    if delivery.picture:
        picture = Picture(bytes(delivery.picture), delivery.picture_mime, delivery.picture_alt)
    names = {"name": delivery.by.name, "brand": delivery.brand.name}
    signed = _("%(name)s at %(brand)s") % names
    return Draft(delivery.text, delivery.target["reference"], delivery.key, picture, signed)


# --- what became of it -----------------------------------------------------------------------------


def _sent(delivery: Delivery, sent: Sent, now: datetime) -> None:
    """It is out there: keep it as a post of ours, so that hearing it again changes nothing."""
    at = max(now, delivery.written_at)
    with transaction.atomic():
        delivery.state, delivery.trouble, delivery.leased_until = S.SENT, "", None
        delivery.sent_at, delivery.native_id = at, sent.native_id
        delivery.url, delivery.reference = sent.url, dict(sent.reference)
        delivery.save()
        if delivery.verb == Delivery.Verb.REPLY:
            _keep_our_post(delivery, sent, at)
        _forget_gone(delivery)
        notify.announce()


def _keep_our_post(delivery: Delivery, sent: Sent, at: datetime) -> None:
    ours = our_words.keep(
        delivery.post,
        delivery.text,
        sent.native_id,
        at=at,
        now=at,
        url=sent.url,
        reference=sent.reference,
        connection=delivery.connection,
    )
    reply = Reply.objects.filter(delivery=delivery).first()
    if reply and ours and not hasattr(ours, "reply"):
        reply.sent_post = ours
        reply.save(update_fields=["sent_post"])
        # It may have been heard already, before anybody knew who wrote it.
        Wait.objects.filter(answer=ours, answered_by=None).update(answered_by=reply.by)


def _taken_back(delivery: Delivery, now: datetime) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=S.TAKEN_BACK, trouble="")
        kind = Reply if delivery.verb == Delivery.Verb.REPLY else Thanks
        act = kind.objects.filter(delivery=delivery).select_related("conversation", "post").first()
        if act:
            act.undone_at, act.undone_by = now, delivery.decided_by
            act.save(update_fields=["undone_at", "undone_by"])
            replying.wait_again(act, delivery)
        forget_post(delivery.brand, delivery.post.channel, delivery.native_id, "taken back", now=now)
        notify.announce()


def _later(delivery: Delivery, at: datetime, trouble: str) -> None:
    """Not done for certain: back into the queue."""
    state = S.TAKING_BACK if delivery.state == S.TAKING_BACK else S.QUEUED
    Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(
        state=state, not_before=at, leased_until=None, trouble=trouble
    )


def _pause_after(tries: int) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** min(tries, 10)
    return min(doubled, LONGEST_PAUSE)


def _stays_out(delivery: Delivery, trouble: str) -> None:
    """It could not be taken back. It was sent all the same, and must not be sent again."""
    Delivery.objects.filter(pk=delivery.pk, state=S.TAKING_BACK).update(state=S.SENT, trouble=trouble)
    notify.announce()


def _unclear(delivery: Delivery, now: datetime) -> None:
    """Leave it in flight for the channel to be asked after the settle time, or ask a person now."""
    assert delivery.connection
    if delivery.state == S.TAKING_BACK:
        _later(delivery, now + SETTLE, Sentence("The channel gave no clear answer. It is tried again."))
    elif Cap.LOOK_UP in delivery.connection.kind.caps:
        Delivery.objects.filter(pk=delivery.pk).update(
            leased_until=now + SETTLE,
            trouble=Sentence(
                "The channel gave no clear answer. We look whether it arrived before anything is sent again."
            ),
        )
    else:
        _ask_a_person(delivery)


def _settle(delivery: Delivery, now: datetime) -> int:
    connection = delivery.connection
    if connection is None or connection.removed_at or Cap.LOOK_UP not in connection.kind.caps:
        _ask_a_person(delivery)
        return 1
    try:
        found = _look_up(connection.open(), delivery)
    except base.Unclear:
        _ask_a_person(delivery)
        return 1
    except Exception as error:
        if now - delivery.written_at > FRESH:
            _ask_a_person(delivery)
            return 1
        trouble = str(error) if isinstance(error, base.ChannelError) else _broke(error)
        Delivery.objects.filter(pk=delivery.pk, state=S.INFLIGHT).update(
            leased_until=now + SETTLE, trouble=trouble
        )
        return 0
    if found:
        _sent(delivery, found, now)
    else:
        _later(delivery, now, "")
    return 1


def _broke(error: Exception) -> Sentence:
    return Sentence("The look whether it arrived broke off (%(trouble)s).", trouble=type(error).__name__)


def _look_up(channel: Channel, delivery: Delivery) -> Sent | None:
    is_reply = delivery.verb == Delivery.Verb.REPLY
    return channel.sent_already(delivery.key, _draft(delivery) if is_reply else None)


def _ask_a_person(delivery: Delivery) -> None:
    _end(delivery, S.UNKNOWN, Sentence("It may have been sent. Look at the thread before you send it again."))


def _end(delivery: Delivery, state: str, trouble: str) -> None:
    """It did not arrive, or nobody knows: back into the inbox, with the reason."""
    with transaction.atomic():
        ended = Delivery.objects.filter(pk=delivery.pk).exclude(state=S.SENT)
        ended.update(state=state, trouble=trouble, leased_until=None)
        thanks = Thanks.objects.filter(delivery=delivery).select_related("conversation").first()
        if thanks and state != S.UNKNOWN:
            replying.wait_again(thanks, delivery)
        _forget_gone(delivery)
        conversation = threads.find(delivery.post)
        if conversation and conversation.state == State.PENDING:
            conversation.state = State.OPEN
            conversation.save(update_fields=["state"])
            triage.renew(conversation)
        notify.announce()


def _forget_gone(delivery: Delivery) -> None:
    """The post may have been deleted while our answer was under way; then its trace goes now."""
    Delivery.objects.filter(pk=delivery.pk, post__gone_at__isnull=False).update(target={})


def _needs_login(connection: Connection | None, trouble: str, now: datetime) -> None:
    if connection:
        Connection.objects.filter(pk=connection.pk).update(
            state=Connection.State.NEEDS_LOGIN, trouble=trouble, trouble_since=now
        )


# --- what a person decides -------------------------------------------------------------------------


def it_arrived(delivery: Delivery, by: Teammate, *, now: datetime) -> None:
    """A teammate looked: it is there."""
    with transaction.atomic():
        _decide(delivery, by, S.SENT, "said it arrived", now, sent_at=min(delivery.not_before, now))
        given_there.it_arrived(delivery, now=now)


def send_again(delivery: Delivery, by: Teammate, *, now: datetime) -> None:
    """A teammate looked, or read the trouble: it shall be sent (again)."""
    target = replying.target_of(delivery.post)
    # As if it had been written now: its writer has read again what it answers.
    _decide(delivery, by, S.QUEUED, "sent again", now, not_before=now, written_at=now, target=target)
    conversation = threads.find(delivery.post)
    if conversation and conversation.state == State.OPEN:
        conversation.state = State.PENDING
        conversation.save(update_fields=["state"])


def drop(delivery: Delivery, by: Teammate, *, now: datetime) -> None:
    """A teammate decided: it shall not be sent."""
    _decide(delivery, by, S.WITHDRAWN, "dropped", now)
    Reply.objects.filter(delivery=delivery).update(undone_at=now, undone_by=by)
    thanks = Thanks.objects.filter(delivery=delivery).select_related("conversation", "post").first()
    if thanks:
        Thanks.objects.filter(pk=thanks.pk).update(undone_at=now, undone_by=by)
        replying.wait_again(thanks, delivery)


def _decide(
    delivery: Delivery, by: Teammate, state: str, verb: str, now: datetime, **changes: object
) -> None:
    require(by, Permission.ANSWER)
    with transaction.atomic():
        undecided = Delivery.objects.filter(pk=delivery.pk, state__in=[S.UNKNOWN, S.FAILED, S.BLOCKED])
        changes |= {"state": state, "decided_by": by, "trouble": ""}
        if not undecided.update(**changes):
            raise replying.NotAnswered(_("This was already decided."))
        write_down(by.brand, by, verb, delivery, now=now)
        notify.announce()
