"""What may each role do, and was it written down?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from goodword.store import notify
from goodword.team.models import AuditEntry, Brand, Role, Teammate, User


class Permission(StrEnum):
    READ = "read"  # see posts, people, metrics
    ANSWER = "answer"  # reply, thank, note, assign, resolve, mute
    MANAGE = "manage"  # connections, queries, teammates, the brand itself


GRANTS: dict[str, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.READ}),
    Role.MEMBER: frozenset({Permission.READ, Permission.ANSWER}),
    Role.OWNER: frozenset(Permission),
}


def may(teammate: Teammate, permission: Permission) -> bool:
    return teammate.removed_at is None and permission in GRANTS.get(teammate.role, frozenset())


def require(teammate: Teammate, permission: Permission) -> None:
    """Raise PermissionDenied unless the teammate may."""
    if not may(teammate, permission):
        raise PermissionDenied(_("Your role does not allow this. An owner of the brand can change it."))


def write_down(
    brand: Brand, by: Teammate | None, verb: str, about: object = None, *, now: datetime, **detail: Any
) -> AuditEntry:
    """Add a line to the audit trail, in the transaction of what it describes."""
    entry = AuditEntry.objects.create(
        brand=brand, by=by, verb=verb, about=_kind_and_id(about), at=now, detail=detail
    )
    notify.announce()
    return entry


def write_down_for(user: User, verb: str, *, now: datetime) -> None:
    """What somebody did to their own account concerns every brand they serve."""
    for me in user.memberships.active().select_related("brand"):
        write_down(me.brand, me, verb, me, now=now)


def _kind_and_id(about: object) -> str:
    pk = getattr(about, "pk", None)
    return f"{type(about).__name__.lower()}:{pk}" if pk else ""
