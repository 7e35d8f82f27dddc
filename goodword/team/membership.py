"""How does somebody join a brand's team, sign in for the first time, and leave?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from goodword.team import letters, sign_ins, tokens
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


def find_sign_in_link(token: str, *, now: datetime) -> SignInLink | None:
    """None when it is unknown, old or used, or the one it is for is out."""
    link = tokens.good(SignInLink, token, now=now)
    return link if link and link.user.is_active else None


def use_sign_in_link(token: str, *, now: datetime) -> User | None:
    """The user it signs in; None as above. Two at once: one of them wins."""
    link = find_sign_in_link(token, now=now)
    return link.user if link and tokens.use_up(link, now=now) else None


def invite(by: Teammate, role: str, note: str, *, now: datetime, email: str = "") -> tuple[Invitation, str]:
    """An invitation, and the token for its link: shown once, copied and handed over by a person.

    With an e-mail address it is for that address alone, and goes there by letter where one can be written.
    Raises NotPossible when it is no address.
    """
    require(by, Permission.MANAGE)
    email = _address(email)
    token, kept = new_token()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            brand=by.brand,
            role=Role(role),
            note=note.strip()[:100],
            email=email,
            made_by=by,
            token_hash=kept,
            made_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        write_down(by.brand, by, "invited", invitation, now=now, role=role)
        if email:
            facts = {"by": by.name, "brand": by.brand.name, "link": letters.address("join", token)}
            letters.write(letters.INVITATION, email, now=now, facts=facts)
    return invitation, token


def live_invitation(token: str, *, now: datetime) -> Invitation | None:
    return tokens.good(Invitation, token, now=now)


def is_for(invitation: Invitation, email: str) -> bool:
    """May the one with this address use it?"""
    return not invitation.email or invitation.email == email.lower()


def whom_it_is_for(invitation: Invitation) -> str:
    """The address it is for, so that its owner knows it and nobody else learns it: m•••@k•••.example"""
    name, _at, host = invitation.email.partition("@")
    first, dot, rest = host.rpartition(".")
    return f"{name[:1]}•••@{first[:1]}•••{dot}{rest}"


def accept(invitation: Invitation, user: User, *, now: datetime) -> Teammate:
    """Make the user a teammate. Raises NotPossible when it is for somebody else, or somebody was quicker."""
    if not is_for(invitation, user.email):
        raise NotPossible(
            _(
                "This invitation is for another e-mail address: %(address)s. "
                "Sign in with that one, or ask the owner who sent it for one of your own."
            )
            % {"address": whom_it_is_for(invitation)}
        )
    if user.memberships.active().filter(brand=invitation.brand).exists():
        # It would change their role, and might take the brand its last owner.
        raise NotPossible(_("You are on this team already. The invitation still works for somebody else."))
    with transaction.atomic():
        won = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(
            used_at=now, used_by=user
        )
        if not won:
            raise NotPossible(_("This invitation was already used. Ask an owner for a new one."))
        teammate, _made = Teammate.objects.update_or_create(
            brand=invitation.brand,
            user=user,
            defaults={
                "role": invitation.role,
                "may_read_private": invitation.may_read_private,
                "may_read_notes": invitation.may_read_notes,
                "is_narrowed": invitation.is_narrowed,  # listening.narrowing says to what
                "removed_at": None,
                "removed_by": None,
            },
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
        sign_ins.end_all(teammate.user, now=now)
        write_down(by.brand, by, "removed a teammate", teammate, now=now)


def _address(email: str) -> str:
    email = email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise NotPossible(_("This is no e-mail address.")) from None
    return email


def _keep_an_owner(teammate: Teammate, *, stays_owner: bool) -> None:
    if stays_owner or teammate.role != Role.OWNER:
        return
    owners = Teammate.objects.active().select_for_update().filter(brand=teammate.brand, role=Role.OWNER)
    if not [owner for owner in owners if owner.pk != teammate.pk]:
        raise NotPossible(_("A brand needs at least one owner. Make somebody else an owner first."))
