"""Is this token good? One that was handed out works once, for its own purpose, until its hour."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from goodword.team.models import AddressChange, Invitation, PasswordReset, SignInLink, User, hash_of

Row = TypeVar("Row", AddressChange, Invitation, PasswordReset, SignInLink)


def good(kind: type[Row], token: str | None, *, now: datetime) -> Row | None:
    """The row of this token; None when it is unknown, old, used, taken back or meant for something else."""
    if not token:
        return None  # nothing is no key, whatever a row may say
    row: Row | None = kind._default_manager.filter(token_hash=hash_of(token)).first()
    return row if row and row.is_live(now) else None


def use_up(row: Row, *, now: datetime) -> bool:
    """Two at once: one of them wins."""
    return bool(type(row)._default_manager.filter(pk=row.pk, used_at=None).update(used_at=now))


def end_all(user: User, *, now: datetime) -> None:
    """Every link that was handed out for this account dies."""
    for kind in (AddressChange, PasswordReset, SignInLink):
        kind._default_manager.filter(user=user, used_at=None).update(used_at=now)


def forget_old(now: datetime) -> int:
    """Rows of tokens that cannot be used any more; invitations stay: they say who came by which."""
    return sum(
        kind._default_manager.filter(expires_at__lt=now).delete()[0]
        for kind in (AddressChange, PasswordReset, SignInLink)
    )
