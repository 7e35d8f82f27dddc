"""What stands around every screen: who I am, which brand, what waits, and where one can go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goodword.listening.seeing import is_narrowed
from goodword.metrics.today import today
from goodword.notifying.devices import our_public_key
from goodword.notifying.reading import unread_count
from goodword.team import authority
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.web import whose
from goodword.web.appearance import theme_of
from goodword.web.first_week import remaining
from goodword.web.notifications import LOST, device_state
from goodword.web.switching import brands_of, waiting_for


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    view: str
    name: str
    icon: str
    href: str
    is_here: bool
    count: int | None = None


# Screens that belong to an entry without standing below it.
ALSO = {"inbox": ("/conversations/",), "metrics": ("/accuracy/",)}


def frame(request: HttpRequest) -> dict[str, Any]:
    me: Teammate | None = getattr(request, "teammate", None)
    if not me:
        return {"me": None, "brand": None} | _look(request)
    waiting = sum(waiting_for(one) for one in whose.listed_for(request, me))
    may_manage = authority.may(me, Permission.MANAGE)
    return {
        "me": me,
        "brand": me.brand,
        "my_brands": SimpleLazyObject(lambda: brands_of(request, me)),
        "among_all": whose.is_among_all(request),
        "list_brand": whose.asks_for(request, me),
        "brand_just_left": lambda: whose.brand_just_left(request),
        # With the brand: every form says for which it was shown.
        "csrf_input": whose.form_fields(request, me),
        "may_answer": authority.may(me, Permission.ANSWER),
        "may_import": authority.may(me, Permission.ANSWER) and not is_narrowed(me),
        "may_manage": may_manage,
        "waiting_count": waiting,
        "news_count": unread_count(whose.memberships(request)),
        "device": _device(request),
        "today": lambda: today(me, timezone.now()),  # asked only by pages with a navigation
        "work_places": _places(request, me, _work(waiting)),
        "set_up_places": _places(request, me, _set_up(may_manage)),
        "removes_demo": _address("remove_demo"),
        # Asked only by whole pages: a part that renews itself shows none.
        "first_steps": SimpleLazyObject(lambda: remaining(me) if may_manage else []),
    } | _look(request)


def _device(request: HttpRequest) -> dict[str, str]:
    """Whether this browser may be woken, and what its script needs to ask anew where that was lost."""
    state = device_state(request)
    return {"state": state, "key": our_public_key()} if state == LOST else {"state": state, "key": ""}


def _look(request: HttpRequest) -> dict[str, Any]:
    return {"theme": theme_of(request), "language": get_language() or "en"}


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


def _places(
    request: HttpRequest, me: Teammate, entries: Iterable[tuple[str, str, str, int | None]]
) -> list[Place]:
    """In the brand of this page, whatever another tab looks at meanwhile."""
    asks = whose.asks_for(request, me)
    same = f"?brand={asks}" if asks else ""
    return [
        Place(view, name, icon, href + same, request.path.startswith((href, *ALSO.get(view, ()))), count)
        for view, name, icon, count in entries
        if (href := _address(view))
    ]


def _address(view: str) -> str:
    """Where a screen is; empty while it does not exist, since no control is drawn that does nothing."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
