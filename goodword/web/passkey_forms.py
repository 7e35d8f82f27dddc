"""Is this a passkey's true answer? What a browser sends is read by foreign code: whatever happens there,
it is only not right."""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError

from goodword.team.models import User

LONGEST_NAME = 60


class ProvingForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey of somebody who is known: the second step of signing in, or a proof."""

    def clean_credential(self) -> Any:
        return _sturdy(super().clean_credential)


class SigningInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that says itself whose it is."""

    def clean_credential(self) -> Any:
        return _sturdy(super().clean_credential)


class AddingForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: one that can sign in by itself, so the device asks for a finger, a face or a PIN."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False)
    passwordless = None

    def clean(self) -> dict[str, Any]:
        return cast("dict[str, Any]", _sturdy(super().clean))


def request_options(user: User) -> str:
    """What the browser is asked for, as JSON."""
    return json.dumps(auth.begin_authentication(user))


def creation_options(user: User) -> str:
    return json.dumps(auth.begin_registration(user, passwordless=True))


def _sturdy(clean: Any) -> Any:
    try:
        return clean()
    except ValidationError:
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_code") from error
