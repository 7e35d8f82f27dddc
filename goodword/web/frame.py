"""What stands around every screen: who I am, which brand, what waits, and where one can go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goodword.conversations.models import Conversation, State
from goodword.metrics.today import today
from goodword.team import authority
from goodword.team.authority import Permission
from goodword.team.models import Brand, Teammate
from goodword.web.appearance import theme_of
from goodword.web.first_week import remaining


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    view: str
    name: str
    icon: str
    href: str
    is_here: bool
    count: int | None = None


ALSO = {"inbox": ("/conversations/",)}  # screens that belong to an entry without standing below it


def frame(request: HttpRequest) -> dict[str, Any]:
    me: Teammate | None = getattr(request, "teammate", None)
    if not me:
        return {"me": None, "brand": None} | _look(request)
    waiting = Conversation.objects.filter(brand=me.brand, state=State.OPEN).count()
    may_manage = authority.may(me, Permission.MANAGE)
    return {
        "me": me,
        "brand": me.brand,
        "my_brands": _brands_of(me),
        "may_answer": authority.may(me, Permission.ANSWER),
        "may_manage": may_manage,
        "waiting_count": waiting,
        "today": lambda: today(me.brand, timezone.now()),  # asked only by pages with a navigation
        "work_places": _places(request, _work(waiting)),
        "set_up_places": _places(request, _set_up(may_manage)),
        "removes_demo": _address("remove_demo"),
        "first_steps": remaining(me) if may_manage else [],
    } | _look(request)


def _look(request: HttpRequest) -> dict[str, Any]:
    return {"theme": theme_of(request), "language": get_language() or "en"}


def _brands_of(me: Teammate) -> list[Brand]:
    return list(Brand.objects.filter(teammates__in=me.user.memberships.active()).order_by("name", "pk"))


def _work(waiting: int) -> list[tuple[str, str, str, int | None]]:
    return [
        ("inbox", _("Inbox"), "inbox", waiting),
        ("people", _("People"), "users", None),
        ("metrics", _("Metrics"), "chart-line", None),
        ("search", _("Search"), "search", None),
    ]


def _set_up(may_manage: bool) -> list[tuple[str, str, str, int | None]]:
    """Where everybody may look; the brand's own page is for those who may change it."""
    return [
        ("connections", _("Connections"), "plug", None),
        ("queries", _("Queries"), "list-filter", None),
        ("team", _("Team"), "user-plus", None),
        *([("brand", _("Brand"), "store", None)] if may_manage else []),
        ("check", _("What works"), "circle-check", None),
    ]


def _places(request: HttpRequest, entries: Iterable[tuple[str, str, str, int | None]]) -> list[Place]:
    return [
        Place(view, name, icon, href, request.path.startswith((href, *ALSO.get(view, ()))), count)
        for view, name, icon, count in entries
        if (href := _address(view))
    ]


def _address(view: str) -> str:
    """Where a screen is; empty while it does not exist, since no control is drawn that does nothing."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
