"""Something happened: who is told, by which ways, and from when on?

Never noisy: what one did oneself is no news, a viewer hears only of what they may see, and who wants
peace now gets devices and letters later. All rows of one occasion are made in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from goodword.conversations.seeing import may_see
from goodword.notifying.choices import Choices, free_from, habits_of
from goodword.notifying.kinds import DEFAULTS, FOR_CHATS, Kind, Way, When
from goodword.notifying.models import ChatHook, Dispatch, Notice, Occasion, PushSubscription
from goodword.store import notify
from goodword.team import letters
from goodword.team.authority import may
from goodword.team.models import Brand, Teammate

# Who is in the app reads it there meanwhile, and needs no letter.
A_LETTER_WAITS = timedelta(minutes=3)


@dataclass(frozen=True)
class News:
    """Something that may be new: `key` names it within the brand, `about` are the rows it is about."""

    brand: Brand
    kind: Kind
    key: str
    at: datetime
    to: tuple[Teammate, ...]
    about: dict[str, Any]


def tell(news: Iterable[News], *, now: datetime) -> int:
    """Tell those whom it concerns; how much of it was new."""
    news = list(news)
    known = _known(news)
    new = [one for one in news if (one.brand.pk, one.key) not in known]
    told = sum(_tell(one, now) for one in new)
    if told:
        notify.announce()
    return told


def may_hear(teammate: Teammate, occasion: Occasion) -> bool:
    """Asked when it is told, and once more when it goes out: roles change, and people leave."""
    if teammate.removed_at or not teammate.user.is_active or teammate.brand_id != occasion.brand_id:
        return False
    if not may(teammate, DEFAULTS[Kind(occasion.kind)].needs):
        return False
    if occasion.note_id and not teammate.reads_notes:
        return False
    return occasion.conversation is None or may_see(teammate, occasion.conversation)


def _known(news: list[News]) -> set[tuple[int, str]]:
    keys = Occasion.objects.filter(
        brand__in={one.brand.pk for one in news}, key__in={one.key for one in news}
    )
    return set(keys.values_list("brand_id", "key"))


def _tell(news: News, now: datetime) -> int:
    with transaction.atomic():
        occasion, is_new = Occasion.objects.get_or_create(
            brand=news.brand, key=news.key, defaults={"kind": news.kind, "at": news.at, **news.about}
        )
        if not is_new:
            return 0  # another worker was quicker
        for teammate in dict.fromkeys(news.to):
            if teammate.pk != occasion.by_id and may_hear(teammate, occasion):
                _tell_one(occasion, teammate, now)
        if news.kind in FOR_CHATS:
            _tell_chats(occasion, now)
    return 1


def _tell_one(occasion: Occasion, teammate: Teammate, now: datetime) -> None:
    choices = Choices(teammate)
    in_app, by_mail, on_devices = (choices.when(occasion.kind, way) for way in (Way.APP, Way.MAIL, Way.PUSH))
    if (in_app, by_mail, on_devices) == (When.NEVER,) * 3:
        return
    notice = Notice.objects.create(
        occasion=occasion,
        to=teammate,
        made_at=now,
        in_app=in_app == When.AT_ONCE,
        in_digest=by_mail == When.DIGEST,
    )
    free = free_from(habits_of(teammate), now)
    if by_mail == When.AT_ONCE and letters.may_write() and not occasion.brand.is_demo:
        _dispatch(occasion, Dispatch.By.MAIL, now, max(free, now + A_LETTER_WAITS), notice=notice)
    if on_devices == When.AT_ONCE:
        for device in PushSubscription.objects.filter(user=teammate.user_id):
            _dispatch(occasion, Dispatch.By.PUSH, now, free, notice=notice, subscription=device)


def _tell_chats(occasion: Occasion, now: datetime) -> None:
    hooks = ChatHook.objects.filter(brand=occasion.brand_id, state=ChatHook.State.ON)
    for chat in hooks:
        if occasion.kind in chat.kinds and chat.pk != occasion.chat_id:
            _dispatch(occasion, Dispatch.By.CHAT, now, now, chat=chat)


def _dispatch(occasion: Occasion, by: str, now: datetime, not_before: datetime, **to: Any) -> None:
    Dispatch.objects.create(occasion=occasion, by=by, made_at=now, not_before=not_before, **to)
