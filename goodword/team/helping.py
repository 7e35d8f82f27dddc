"""How does an owner help a teammate who cannot get in?

An account may serve several brands. Who owns one of them must not open the others through it: help is
possible only where the helper owns every brand that the account serves.
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from goodword.team import letters, sign_ins
from goodword.team.authority import Permission, require, write_down
from goodword.team.membership import NotPossible
from goodword.team.models import LINK_LASTS, Role, SignInLink, Teammate, new_token


def may_help(teammate: Teammate, by: Teammate) -> bool:
    """Does `by` own every brand that this account serves?"""
    theirs = set(teammate.user.memberships.active().values_list("brand_id", flat=True))
    owned = by.user.memberships.active().filter(role=Role.OWNER).values_list("brand_id", flat=True)
    return theirs <= set(owned)


def link_for(teammate: Teammate, by: Teammate, *, now: datetime) -> str:
    """A token that signs the teammate in once, within the hour; a second factor is asked all the same."""
    _require_all(teammate, by)
    token, kept = new_token()
    with transaction.atomic():
        SignInLink.objects.create(
            user=teammate.user, made_by=by, token_hash=kept, made_at=now, expires_at=now + LINK_LASTS
        )
        write_down(by.brand, by, "made a sign-in link", teammate, now=now)
    return token


def reset_second_factor(teammate: Teammate, by: Teammate, *, now: datetime) -> None:
    """A lost phone: codes and passkeys go, all sessions end, and the teammate is told."""
    _require_all(teammate, by)
    with transaction.atomic():
        Authenticator.objects.filter(user=teammate.user).delete()
        sign_ins.end_all(teammate.user, now=now)
        write_down(by.brand, by, "reset a second factor", teammate, now=now)
        facts = {"by": by.name, "brand": by.brand.name, "link": letters.address("you")}
        letters.write(letters.SECOND_FACTOR_RESET, teammate.user, now=now, facts=facts)


def _require_all(teammate: Teammate, by: Teammate) -> None:
    require(by, Permission.MANAGE)
    if not may_help(teammate, by):
        raise NotPossible(
            _(
                "%(name)s also answers for a brand that you do not own. "
                "Whoever installed Goodword can help with the command: goodword link"
            )
            % {"name": teammate.name}
        )
