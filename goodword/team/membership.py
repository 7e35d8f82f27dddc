"""How does somebody join a brand's team, sign in for the first time, and leave?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.team.authority import Permission, require, write_down
from goodword.team.models import (
    INVITATION_LASTS,
    LINK_LASTS,
    Brand,
    Invitation,
    Role,
    SignInLink,
    Teammate,
    User,
    hash_of,
    new_token,
)


class NotPossible(Exception):
    """A rule of the team forbids it; the text is a sentence for the person who tried."""


def make_owner(brand: Brand, email: str, *, now: datetime, name: str = "") -> Teammate:
    """Make (or find) the user, and let them own the brand: what a terminal may do, and no page."""
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, name=name)
    with transaction.atomic():
        owner, made = Teammate.objects.update_or_create(
            brand=brand, user=user, defaults={"role": Role.OWNER, "removed_at": None, "removed_by": None}
        )
        if made:
            write_down(brand, owner, "joined as owner", owner, now=now)
    return owner


def sign_in_link(user: User, *, now: datetime) -> str:
    """A token that signs this user in once, within the hour."""
    token, kept = new_token()
    SignInLink.objects.create(user=user, token_hash=kept, made_at=now, expires_at=now + LINK_LASTS)
    return token


def use_sign_in_link(token: str, *, now: datetime) -> User | None:
    """The user it signs in; None when it is unknown, old or used. Two at once: one of them wins."""
    link = SignInLink.objects.filter(token_hash=hash_of(token)).select_related("user").first()
    if link is None or not link.is_live(now) or not link.user.is_active:
        return None
    won = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
    return link.user if won else None


def invite(by: Teammate, role: str, note: str, *, now: datetime) -> tuple[Invitation, str]:
    """An invitation, and the token for its link: shown once, copied and handed over by a person."""
    require(by, Permission.MANAGE)
    token, kept = new_token()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            brand=by.brand,
            role=Role(role),
            note=note.strip()[:100],
            made_by=by,
            token_hash=kept,
            made_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        write_down(by.brand, by, "invited", invitation, now=now, role=role)
    return invitation, token


def live_invitation(token: str, *, now: datetime) -> Invitation | None:
    found = Invitation.objects.filter(token_hash=hash_of(token)).select_related("brand").first()
    return found if found and found.is_live(now) else None


def accept(invitation: Invitation, user: User, *, now: datetime) -> Teammate:
    """Make the user a teammate. Raises NotPossible when somebody else was quicker."""
    with transaction.atomic():
        won = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(
            used_at=now, used_by=user
        )
        if not won:
            raise NotPossible(_("This invitation was already used. Ask an owner for a new one."))
        teammate, _made = Teammate.objects.update_or_create(
            brand=invitation.brand,
            user=user,
            defaults={"role": invitation.role, "removed_at": None, "removed_by": None},
        )
        write_down(invitation.brand, teammate, "joined", teammate, now=now, role=invitation.role)
    return teammate


def revoke(invitation: Invitation, by: Teammate, *, now: datetime) -> None:
    require(by, Permission.MANAGE)
    with transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk, used_at=None).update(revoked_at=now)
        write_down(by.brand, by, "revoked an invitation", invitation, now=now)


def change_role(teammate: Teammate, role: str, by: Teammate, *, now: datetime) -> None:
    require(by, Permission.MANAGE)
    with transaction.atomic():
        _keep_an_owner(teammate, stays_owner=role == Role.OWNER)
        teammate.role = Role(role)
        teammate.save(update_fields=["role"])
        write_down(by.brand, by, "changed a role", teammate, now=now, role=role)


def remove(teammate: Teammate, by: Teammate, *, now: datetime) -> None:
    """They lose access at once: every open session and stream of theirs ends."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        _keep_an_owner(teammate, stays_owner=False)
        teammate.removed_at, teammate.removed_by = now, by
        teammate.save(update_fields=["removed_at", "removed_by"])
        teammate.user.end_all_sessions()
        write_down(by.brand, by, "removed a teammate", teammate, now=now)


def _keep_an_owner(teammate: Teammate, *, stays_owner: bool) -> None:
    if stays_owner or teammate.role != Role.OWNER:
        return
    owners = Teammate.objects.active().select_for_update().filter(brand=teammate.brand, role=Role.OWNER)
    if not [owner for owner in owners if owner.pk != teammate.pk]:
        raise NotPossible(_("A brand needs at least one owner. Make somebody else an owner first."))
