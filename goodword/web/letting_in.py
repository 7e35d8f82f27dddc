"""What happens when somebody is let in, by whichever door?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodword.settings import AUTHENTICATION_BACKENDS
from goodword.team import second_factor, sign_ins
from goodword.team.models import User
from goodword.web import devices

PROVED = "proved_at"  # in the session: when they last showed that it is them
OWES = "owes_second_factor"  # in the session, from signing in until a second factor is set up


def let_in(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """Sign in for certain: whoever calls this has seen a link or an invitation used up."""
    login(request, user, backend=AUTHENTICATION_BACKENDS[0])
    return devices.keep(request, response)


@receiver(user_logged_in)
def remember(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    """Every way in leads through here, since Django itself says it."""
    now = timezone.now()
    proved(request, now=now)
    look_what_is_owed(request, user)
    sign_ins.begin(user, _key(request), devices.device_of(request), devices.mark_of(request), now=now)


def proved(request: HttpRequest, *, now: datetime) -> None:
    request.session[PROVED] = now.timestamp()


def proved_at(request: HttpRequest) -> datetime | None:
    at = request.session.get(PROVED)
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else None


def look_what_is_owed(request: HttpRequest, user: User) -> None:
    """Asked at signing in: nobody is stopped in the middle of an answer when an owner decides it."""
    if second_factor.owes(user):
        request.session[OWES] = True


def owes_second_factor(request: HttpRequest) -> bool:
    """Must they set one up before anything else? Over as soon as they have, or it is wanted no more."""
    if OWES not in request.session:
        return False
    return second_factor.owes(cast(User, request.user))


def still_here(request: HttpRequest) -> None:
    """A page is looked at: for the list of where one is signed in."""
    user, now = cast(User, request.user), timezone.now()
    sign_ins.seen(user, _key(request), devices.device_of(request), devices.mark_of(request), now=now)


def _key(request: HttpRequest) -> str:
    if not request.session.session_key:
        request.session.create()
    return cast(str, request.session.session_key)
