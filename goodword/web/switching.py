"""Which brands are mine, which do I look at, and how many wait in each?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goodword.conversations.models import State
from goodword.conversations.seeing import conversations_seen_by
from goodword.team.authority import Permission
from goodword.team.models import Brand, Teammate
from goodword.team.reader import alphabetical
from goodword.web import whose
from goodword.web.who import may, teammate_of


@dataclass(frozen=True)
class Mine:
    """One of my brands."""

    me: Teammate
    waiting: int
    is_here: bool

    @property
    def brand(self) -> Brand:
        return self.me.brand


@may(Permission.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All my brands on one page: on a phone, and where no script opens the menu."""
    return render(request, "brands.html", {"mine": brands_of(request, teammate_of(request))})


def brands_of(request: HttpRequest, here: Teammate) -> list[Mine]:
    """By name. Who has but one is not counted: nothing is shown of it."""
    memberships = sorted(
        whose.memberships(request), key=lambda me: (alphabetical(me.brand.name), me.brand_id)
    )
    if len(memberships) == 1:
        return [Mine(memberships[0], 0, is_here=True)]
    return [Mine(me, waiting_for(me), is_here=me.brand_id == here.brand_id) for me in memberships]


def waiting_for(me: Teammate) -> int:
    """How many wait for an answer, of those I may see."""
    return conversations_seen_by(me).filter(state=State.OPEN).count()
