"""How does somebody come by a new password?"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from goodword.team import letters, sign_ins, tokens
from goodword.team.authority import write_down_for
from goodword.team.models import Forgotten, PasswordReset, User, new_token

BATCH = 20  # letters asked for by people who forgot their password, answered at once
MOST_READ = 254  # of what was typed as an address


def forgot(address: str, *, now: datetime) -> None:
    """Somebody says that this is their address. What comes of it, the page that asks does not learn."""
    Forgotten.objects.create(address=address.strip().lower()[:MOST_READ], asked_at=now)


def answer_forgotten(now: datetime) -> int:
    """Write to those who have an account; how many had asked."""
    asked = list(Forgotten.objects.order_by("pk")[:BATCH])
    for row in asked:
        with transaction.atomic():
            mine = Forgotten.objects.filter(pk=row.pk).delete()[0]  # of two workers one writes
            user = User.objects.filter(email=row.address, is_active=True).first()
            if mine and user and user.memberships.active().exists():
                _write(user, row.asked_at)
    return len(asked)


def what_is_wrong_with(password: str, user: User) -> list[str]:
    """Sentences about a password that will not do; none about a good one."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []


def reset(token: str, password: str, *, now: datetime) -> User | None:
    """The one whose password this is now; None when the link had been used, or its hour is over."""
    found = tokens.good(PasswordReset, token, now=now)
    if found is None or not found.user.is_active:
        return None
    with transaction.atomic():
        if not tokens.use_up(found, now=now):
            return None
        change(found.user, password, now=now)
    return found.user


def change(user: User, password: str, *, now: datetime) -> None:
    """All sessions and open links end: whoever knew the old password, or sat in a session, is out."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        sign_ins.end_all(user, now=now)
        write_down_for(user, "changed their password", now=now)
        facts = {"link": letters.address("forgotten")}
        letters.write(letters.PASSWORD_CHANGED, user, now=now, facts=facts)


def _write(user: User, now: datetime) -> None:
    token, kept = new_token()
    PasswordReset.objects.create(
        user=user, token_hash=kept, made_at=now, expires_at=now + letters.RESET_LASTS
    )
    facts = {"link": letters.address("reset", token)}
    letters.write(letters.PASSWORD_RESET, user, now=now, facts=facts)
