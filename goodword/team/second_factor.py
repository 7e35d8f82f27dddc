"""Who has a second factor, who must have one, and what happens when it changes?"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from goodword.team import letters
from goodword.team.authority import Permission, require, write_down, write_down_for
from goodword.team.membership import NotPossible
from goodword.team.models import Brand, Teammate, User

REAL = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are none


def has(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=REAL).exists())


def owes(user: User) -> bool:
    """Does one of their brands want a second factor that they do not have?"""
    wanted = Brand.objects.filter(wants_second_factor=True, teammates__in=user.memberships.active())
    return wanted.exists() and not has(user)


def without(brand: Brand) -> list[Teammate]:
    """Who on the team has none yet."""
    team = Teammate.objects.active().filter(brand=brand).select_related("user")
    with_one = Authenticator.objects.filter(type__in=REAL).values_list("user_id", flat=True)
    return list(team.exclude(user__in=with_one).order_by("pk"))


def want(by: Teammate, wanted: bool, *, now: datetime) -> None:
    """Of everybody on the team, from their next sign-in on. Raises NotPossible for an owner without one."""
    require(by, Permission.MANAGE)
    if wanted and not has(by.user):
        raise NotPossible(_("Set up a second factor for yourself first."))
    brand = by.brand
    with transaction.atomic():
        brand.wants_second_factor = wanted
        brand.save(update_fields=["wants_second_factor"])
        verb = "asked for a second factor" if wanted else "asked for no second factor"
        write_down(brand, by, verb, brand, now=now)


def changed(user: User, what: str, *, now: datetime) -> None:
    """A way to sign in was added, replaced or removed, by themselves: written down, and told."""
    with transaction.atomic():
        write_down_for(user, what, now=now)
        facts = {"link": letters.address("you")}
        letters.write(letters.SECOND_FACTOR_CHANGED, user, now=now, facts=facts)
