"""How does an account get another e-mail address?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goodword.team import letters, tokens
from goodword.team.authority import write_down_for
from goodword.team.membership import NotPossible
from goodword.team.models import AddressChange, User, new_token


def ask(user: User, email: str, *, now: datetime) -> bool:
    """Change it at once where no letter can be written; else write to the new address first.

    True when it was changed. Raises NotPossible with what is wrong.
    """
    email = _checked(user, email)
    if not letters.may_write():
        _change(user, email, now)
        return True
    token, kept = new_token()
    with transaction.atomic():
        AddressChange.objects.filter(user=user, used_at=None).update(used_at=now)
        AddressChange.objects.create(
            user=user,
            email=email,
            token_hash=kept,
            made_at=now,
            expires_at=now + letters.CONFIRMATION_LASTS,
        )
        # Whose address it is already is not told here: their letter would tell a stranger.
        if not User.objects.filter(email=email).exists():
            facts = {"link": letters.address("confirm_address", token)}
            letters.write(letters.ADDRESS_CONFIRMATION, email, now=now, facts=facts)
    return False


def confirm(token: str, user: User, *, now: datetime) -> bool:
    """Use up the link of that letter. Raises NotPossible when somebody has the address meanwhile.

    Only for the account itself: a stranger who got the letter by a slip of the finger must not own it then.
    """
    found = tokens.good(AddressChange, token, now=now)
    if found is None or found.user_id != user.pk:
        return False
    with transaction.atomic():
        if not tokens.use_up(found, now=now):
            return False
        _change(user, found.email, now)
    return True


def _checked(user: User, email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise NotPossible(_("This is no e-mail address.")) from None
    if email == user.email:
        raise NotPossible(_("This is your address already."))
    return email


def _change(user: User, email: str, now: datetime) -> None:
    before = user.email
    try:
        with transaction.atomic():
            user.email = email
            user.save(update_fields=["email"])
            tokens.end_all(user, now=now)  # letters to the old address are on their way
            write_down_for(user, "changed their e-mail address", now=now)
            letters.write(letters.ADDRESS_CHANGED, before, now=now)
    except IntegrityError:
        user.email = before
        raise NotPossible(_("There is another account with this address.")) from None
