"""Which connections is a teammate narrowed to, and who says so?

The narrowing waits on an invitation until somebody accepts it. Who becomes an owner keeps it
unused: should they be an owner no longer, nothing opens that was closed before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.listening.models import Connection, Narrowing
from goodword.team import membership
from goodword.team.authority import Permission, require, write_down
from goodword.team.membership import NotPossible
from goodword.team.models import Invitation, Role, Teammate, User


def narrow(teammate: Teammate, to: Iterable[Connection] | None, by: Teammate, *, now: datetime) -> None:
    """Show them only what these connections hear; None: everything again. Raises NotPossible."""
    require(by, Permission.MANAGE)
    if to is not None and teammate.role == Role.OWNER:
        raise NotPossible(_("An owner sees the whole brand. Make them a member or a viewer first."))
    chosen = None if to is None else _checked(to, teammate.brand_id)
    with transaction.atomic():
        _replace(teammate, chosen)
        names = [connection.name for connection in chosen or []]
        write_down(by.brand, by, "narrowed" if chosen else "widened", teammate, now=now, connections=names)


def invite(
    by: Teammate, role: str, note: str, *, to: Iterable[Connection] | None = None,
    may_read_private: bool = False, may_read_notes: bool = False, email: str = "", now: datetime,
) -> tuple[Invitation, str]:  # fmt: skip
    """An invitation and its token, narrowed from the first moment. Raises NotPossible."""
    if to is not None and role == Role.OWNER:
        raise NotPossible(_("An owner sees the whole brand. Choose another role, or all connections."))
    chosen = None if to is None else _checked(to, by.brand_id)
    with transaction.atomic():
        invitation, token = membership.invite(by, role, note, now=now, email=email)
        invitation.may_read_private, invitation.may_read_notes = may_read_private, may_read_notes
        invitation.is_narrowed = chosen is not None
        invitation.save(update_fields=["may_read_private", "may_read_notes", "is_narrowed"])
        Narrowing.objects.bulk_create(Narrowing(invitation=invitation, connection=c) for c in chosen or [])
    return invitation, token


def accept(invitation: Invitation, user: User, *, now: datetime) -> Teammate:
    """Make the user a teammate who sees what the invitation says. Raises NotPossible."""
    with transaction.atomic():
        teammate = membership.accept(invitation, user, now=now)
        narrowed_to = Connection.objects.filter(narrowings__invitation=invitation)
        _replace(teammate, list(narrowed_to) if invitation.is_narrowed else None)
    return teammate


def let_read(teammate: Teammate, *, private: bool, notes: bool, by: Teammate, now: datetime) -> None:
    """What a viewer may read beside what everybody can read: private messages, the notes of the team."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        teammate.may_read_private, teammate.may_read_notes = private, notes
        teammate.save(update_fields=["may_read_private", "may_read_notes"])
        write_down(by.brand, by, "said what may be read", teammate, now=now, private=private, notes=notes)


def _checked(to: Iterable[Connection], brand_id: int) -> list[Connection]:
    chosen = [connection for connection in to if connection.brand_id == brand_id]
    if not chosen:
        raise NotPossible(_("Choose at least one connection, or there is nothing for them to see."))
    return chosen


def _replace(teammate: Teammate, to: list[Connection] | None) -> None:
    Narrowing.objects.filter(teammate=teammate).delete()
    Narrowing.objects.bulk_create(Narrowing(teammate=teammate, connection=c) for c in to or [])
    teammate.is_narrowed = to is not None
    teammate.save(update_fields=["is_narrowed"])
