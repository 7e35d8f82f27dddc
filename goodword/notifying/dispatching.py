"""How does a notice leave the house: as a letter, to a device, to a chat?

It waits on its row like a reply does. A worker claims a few with a lease; when it is killed, the lease
runs out and another goes on. A letter goes out once, since it is a row itself; a device or a chat may get
the same message twice when we are killed between sending and noting it, and knows it by its name.
Nothing here may hold up replies: the pipeline runs it beside itself (`pipeline.DUTIES`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from django.db import transaction

from goodword.conversations.models import State
from goodword.net.trouble import NotFetched
from goodword.notifying import chats, devices, letters, words
from goodword.notifying.chats import NotReached
from goodword.notifying.models import WITH_OCCASION, ChatHook, Dispatch, PushSubscription
from goodword.notifying.reading import everywhere, is_still_news, unread_count
from goodword.notifying.telling import may_hear
from goodword.notifying.webpush import NotASubscription
from goodword.store import notify
from goodword.store.claim import claim
from goodword.store.vault import WrongKey
from goodword.team.models import Teammate
from goodword.team.reader import speaking_to

logger = logging.getLogger(__name__)

BATCH = 20  # claimed at once
LEASE = timedelta(minutes=5)  # longer than a batch of which each takes its whole deadline
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)  # doubles with each try
A_DEVICE_IS_TRIED_FOR = timedelta(hours=12)
A_CHAT_IS_TRIED_FOR = timedelta(days=3)
MOST_TRIES_OF_WHAT_BREAKS = 5
GONE = {404, 410}  # the browser took its subscription back
TAKEN = range(200, 300)
MAY_PASS = {408, 425, 429, *range(500, 600)}

S = Dispatch.State


def send_due(now: datetime) -> int:
    """Send what is due, one batch; how many were worked on."""
    waiting = Dispatch.objects.filter(state=S.WAITING, not_before__lte=now).order_by("not_before", "pk")
    mine = claim(waiting, now=now, limit=BATCH, lease=LEASE)
    full = _with_rows(mine)
    wanted = [dispatch for dispatch in full if _is_wanted(dispatch) or _drop(dispatch, now)]
    _write_letters([d for d in wanted if d.by == Dispatch.By.MAIL], now)
    _send([d for d in wanted if d.by != Dispatch.By.MAIL], now)
    return len(mine)


def _with_rows(mine: Sequence[Dispatch]) -> list[Dispatch]:
    rows = Dispatch.objects.filter(pk__in=[dispatch.pk for dispatch in mine]).select_related(
        "notice__to__user",
        "notice__to__brand",
        "subscription__user",
        "chat",
        *WITH_OCCASION,
    )
    return list(rows.order_by("not_before", "pk"))


def _is_wanted(dispatch: Dispatch) -> bool:
    """Who has read it, or may not know it any more, gets nothing; nor does a chat of what is done."""
    if dispatch.notice:
        return may_hear(dispatch.notice.to, dispatch.occasion) and is_still_news(dispatch.notice)
    assert dispatch.chat
    conversation = dispatch.occasion.conversation
    is_done = conversation is not None and conversation.state != State.OPEN
    return dispatch.chat.state == ChatHook.State.ON and not is_done


def _drop(dispatch: Dispatch, now: datetime) -> bool:
    _end(dispatch, S.DROPPED, now)
    return False


# --- letters ---------------------------------------------------------------------------------------


def _write_letters(dispatches: Iterable[Dispatch], now: datetime) -> None:
    """One letter for each teammate, however many things there are."""
    to = lambda dispatch: dispatch.notice.to_id  # noqa: E731
    for _pk, group in groupby(sorted(dispatches, key=to), key=to):
        mine = list(group)
        notices = [dispatch.notice for dispatch in mine if dispatch.notice]
        with transaction.atomic():
            letters.write_notices(notices[0].to, notices, now=now)
            for dispatch in mine:
                _end(dispatch, S.SENT, now)


# --- devices and chats -----------------------------------------------------------------------------


def _send(dispatches: Iterable[Dispatch], now: datetime) -> None:
    """A place that just did not answer is not asked again for the others: they would wait behind it."""
    silent: set[str] = set()
    began = time.monotonic()
    for dispatch in dispatches:
        at = now + timedelta(seconds=time.monotonic() - began)
        place = _place(dispatch)
        if place in silent:
            _later(dispatch, at, dispatch.trouble, tried=False)
        elif not _hand_over(dispatch, at):
            silent.add(place)


def _hand_over(dispatch: Dispatch, now: datetime) -> bool:
    """False when the place does not take it now. One that breaks us must not keep the others waiting."""
    try:
        return _to_device(dispatch, now) if dispatch.subscription else _to_chat(dispatch, now)
    except Exception as error:
        logger.exception("dispatch %s is stuck", dispatch.pk)
        trouble = type(error).__name__
        if dispatch.tries >= MOST_TRIES_OF_WHAT_BREAKS:
            _end(dispatch, S.FAILED, now, trouble)
        else:
            _later(dispatch, now, trouble)
        return True


def _place(dispatch: Dispatch) -> str:
    if dispatch.subscription:
        return urlsplit(dispatch.subscription.endpoint).netloc
    return f"chat {dispatch.chat_id}"


def _to_device(dispatch: Dispatch, now: datetime) -> bool:
    """False when the push server does not answer."""
    device, notice = dispatch.subscription, dispatch.notice
    assert device
    assert notice
    if not devices.is_signed_in(device):
        device.delete()
        return True
    try:
        answer = devices.wake(device, message(dispatch), topic=_topic(dispatch), now=now)
    except NotFetched as error:
        _try_device_again(dispatch, now, str(error))
        return False
    except NotASubscription:
        device.delete()  # its keys were lost
        return True
    if answer.status in TAKEN:
        PushSubscription.objects.filter(pk=device.pk).update(used_at=now)
        _end(dispatch, S.SENT, now)
    elif answer.status in GONE:
        device.delete()  # its dispatches go with it
    elif answer.status in MAY_PASS:
        _try_device_again(dispatch, now, str(answer.status))
    else:
        logger.warning("the push server %s answered %s", _place(dispatch), answer.status)
        _end(dispatch, S.FAILED, now, str(answer.status))
    return True


def message(dispatch: Dispatch) -> dict[str, object]:
    """What the device shows: who and where, and never what was said. Nobody is named if they wish so."""
    notice, occasion = dispatch.notice, dispatch.occasion
    assert notice
    reader = notice.to
    with speaking_to(reader.user, reader.brand):
        return {
            "title": _short(words.title(occasion, with_names=_names_may_be_seen(reader))),
            "body": _short(words.where(occasion)),
            "path": f"/notices/{notice.pk}/",
            "tag": _topic(dispatch),
            "unread": unread_count(everywhere(reader.user)),
        }


def _topic(dispatch: Dispatch) -> str:
    """One of a conversation replaces the one before it, on the way and on the screen."""
    occasion = dispatch.occasion
    return f"conversation-{occasion.conversation_id}" if occasion.conversation_id else f"o-{occasion.pk}"


def _names_may_be_seen(reader: Teammate) -> bool:
    habits = getattr(reader, "habits", None)
    return habits is None or habits.names_on_devices


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"


def _try_device_again(dispatch: Dispatch, now: datetime, trouble: str) -> None:
    if now - dispatch.made_at > A_DEVICE_IS_TRIED_FOR:
        _end(dispatch, S.FAILED, now, trouble)
    else:
        _later(dispatch, now, trouble)


def _to_chat(dispatch: Dispatch, now: datetime) -> bool:
    """False when the chat did not take it."""
    chat = dispatch.chat
    assert chat
    said = chats.words_for(chat, dispatch.occasion)
    try:
        chats.post(chat, said, name=f"msg_{dispatch.pk}", now=now)
    except (NotReached, WrongKey) as error:
        _chat_failed(chat, dispatch, str(error), now)
        return False
    ChatHook.objects.filter(pk=chat.pk).update(reached_at=now, failing_since=None, trouble="")
    _end(dispatch, S.SENT, now)
    return True


def _chat_failed(chat: ChatHook, dispatch: Dispatch, trouble: str, now: datetime) -> None:
    since = chat.failing_since or now
    gives_up = now - since >= A_CHAT_IS_TRIED_FOR
    state = ChatHook.State.FAILED if gives_up else ChatHook.State.ON
    still_on = ChatHook.objects.filter(pk=chat.pk, state=ChatHook.State.ON)
    still_on.update(state=state, trouble=trouble, failing_since=since)
    if gives_up:
        _end(dispatch, S.FAILED, now, trouble)
        notify.announce()
    else:
        _later(dispatch, now, trouble)


# --- what became of it -----------------------------------------------------------------------------


def _later(dispatch: Dispatch, now: datetime, trouble: str, *, tried: bool = True) -> None:
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(dispatch.tries, 10), LONGEST_PAUSE)
    Dispatch.objects.filter(pk=dispatch.pk).update(
        not_before=now + pause,
        leased_until=None,
        tries=dispatch.tries + tried,
        trouble=trouble[:300],
    )


def _end(dispatch: Dispatch, state: str, now: datetime, trouble: str = "") -> None:
    sent_at = now if state == S.SENT else None
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=state, leased_until=None, trouble=trouble[:300], sent_at=sent_at
    )
