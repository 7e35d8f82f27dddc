"""What remains until the team of a new brand is at home?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.channels.base import Cap
from goodword.conversations.models import Reply
from goodword.listening.models import Connection, Query
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import AuditEntry, Goal, Invitation, OpeningHours, Teammate

SET_ASIDE = "set a first step aside"


class FirstStep(StrEnum):
    """In the order in which they help most."""

    NAME = "name"
    ACCOUNT = "account"
    ANSWER = "answer"
    SIGN_IN = "sign_in"
    INVITE = "invite"
    HOURS = "hours"
    GOAL = "goal"


@dataclass(frozen=True)
class Standing:
    step: FirstStep
    is_done: bool
    is_set_aside: bool

    @property
    def remains(self) -> bool:
        return not self.is_done and not self.is_set_aside


def first_steps(me: Teammate) -> list[Standing]:
    """What is done, and what was set aside, of a brand's first week; empty for demos."""
    if me.brand.is_demo:
        return []
    aside = AuditEntry.objects.filter(brand=me.brand_id, verb=SET_ASIDE)
    set_aside = set(aside.values_list("detail__step", flat=True))
    return [Standing(step, is_done(me), step in set_aside) for step, is_done in _IS_DONE.items()]


def set_aside(step: FirstStep, by: Teammate, *, now: datetime) -> None:
    """It is not for us, or not now: it is not spoken of any more."""
    require(by, Permission.MANAGE)
    write_down(by.brand, by, SET_ASIDE, by.brand, now=now, step=step.value)


def _listens(me: Teammate) -> bool:
    return Query.objects.filter(brand=me.brand_id).exists()


def _has_an_account(me: Teammate) -> bool:
    """One from which somebody can be answered."""
    rows = Connection.objects.filter(brand=me.brand_id, removed_at=None)
    return any(Cap.REPLY in row.kind.caps for row in rows)


def _answered(me: Teammate) -> bool:
    return Reply.objects.filter(conversation__brand=me.brand_id, undone_at=None).exists()


def _can_come_back(me: Teammate) -> bool:
    """Without the link of a terminal: by a password of their own."""
    return me.user.has_usable_password()


def _has_company(me: Teammate) -> bool:
    others = Teammate.objects.active().filter(brand=me.brand_id).exclude(pk=me.pk)
    return others.exists() or Invitation.objects.filter(brand=me.brand_id).exists()


def _said_when_they_are_there(me: Teammate) -> bool:
    return OpeningHours.objects.filter(brand=me.brand_id).exists()


def _has_a_goal(me: Teammate) -> bool:
    return Goal.objects.filter(brand=me.brand_id).exists()


_IS_DONE: dict[FirstStep, Callable[[Teammate], bool]] = {
    FirstStep.NAME: _listens,
    FirstStep.ACCOUNT: _has_an_account,
    FirstStep.ANSWER: _answered,
    FirstStep.SIGN_IN: _can_come_back,
    FirstStep.INVITE: _has_company,
    FirstStep.HOURS: _said_when_they_are_there,
    FirstStep.GOAL: _has_a_goal,
}
