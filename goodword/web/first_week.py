"""What remains of a brand's first week, in words, and what of it was set aside?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from goodword.conversations import first_steps
from goodword.conversations.first_steps import FirstStep
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.web.who import may, teammate_of

SPOKEN_OF = timedelta(days=14)  # who has not done it by then does without


@may(Permission.MANAGE)
@require_POST
def set_aside(request: HttpRequest, step: str) -> HttpResponse:
    if step not in list(FirstStep):
        raise Http404
    first_steps.set_aside(FirstStep(step), teammate_of(request), now=timezone.now())
    return redirect("inbox")


@dataclass(frozen=True)
class Remaining:
    """A line of the list of what remains."""

    step: FirstStep
    title: Promise
    why: Promise
    act: Promise
    href: str
    icon: str
    is_done: bool


WORDS: dict[FirstStep, tuple[Promise, Promise, Promise, Any, str]] = {
    FirstStep.NAME: (
        gettext_lazy("Say what to listen for"),
        gettext_lazy("Your name, as people write it."),
        gettext_lazy("Start"),
        reverse_lazy("start_brand"),
        "ear",
    ),
    FirstStep.ACCOUNT: (
        gettext_lazy("Connect an account to answer from"),
        gettext_lazy("E-mail is the one that everybody has."),
        gettext_lazy("Connect"),
        reverse_lazy("start_account"),
        "plug",
    ),
    FirstStep.ANSWER: (
        gettext_lazy("Answer somebody"),
        gettext_lazy("Whoever waits stands in your inbox, the most urgent first, with the reason."),
        gettext_lazy("Open the inbox"),
        reverse_lazy("inbox"),
        "reply",
    ),
    FirstStep.SIGN_IN: (
        gettext_lazy("Choose how you sign in"),
        gettext_lazy("Your address and a password: the link that brought you here works only once."),
        gettext_lazy("Choose"),
        reverse_lazy("you"),
        "key-round",
    ),
    FirstStep.INVITE: (
        gettext_lazy("Invite your team"),
        gettext_lazy("Whoever answers people should do it in their own name."),
        gettext_lazy("Invite"),
        reverse_lazy("team"),
        "user-plus",
    ),
    FirstStep.HOURS: (
        gettext_lazy("Say when you are there"),
        gettext_lazy("Outside your opening hours the clocks of answers rest."),
        gettext_lazy("Set hours"),
        reverse_lazy("hours"),
        "clock",
    ),
    FirstStep.GOAL: (
        gettext_lazy("Set a goal"),
        gettext_lazy("How often should people have their answer as soon as promised?"),
        gettext_lazy("Set a goal"),
        reverse_lazy("metric", args=["within-promise"]),
        "flag",
    ),
}


def remaining(me: Teammate) -> list[Remaining]:
    """The first week's list for the screens: empty once nothing of it remains."""
    if timezone.now() - me.brand.created_at > SPOKEN_OF:
        return []
    standings = first_steps.first_steps(me)
    if not any(standing.remains for standing in standings):
        return []
    return [_remaining(one) for one in standings if not one.is_set_aside]


def _remaining(standing: first_steps.Standing) -> Remaining:
    title, why, act, href, icon = WORDS[standing.step]
    return Remaining(standing.step, title, why, act, str(href), icon, standing.is_done)
