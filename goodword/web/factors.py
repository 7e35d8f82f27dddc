"""What does allauth need to know of us to check codes and passkeys?"""

from __future__ import annotations

import base64
import ipaddress
import secrets
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.store import vault
from goodword.team.models import User

NAME = "Goodword"  # as authenticator apps and passkey managers show it


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are locked with the vault's key; passkeys belong to the host that people type."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This code is not right, or it was used already. Wait for the next one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return vault.lock({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return vault.unlock(encrypted_text)["secret"]
        except vault.WrongKey:
            # The home was put together from two: no code fits, and an owner can reset the second factor.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        return NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": host(), "name": NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        known: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return known | {"name": user.email, "display_name": str(user)}


def host() -> str:
    """The name under which people reach us: passkeys are bound to it."""
    return urlsplit(settings.URL).hostname or "localhost"


def why_no_passkeys(request: HttpRequest) -> str:
    """What keeps browsers from offering passkeys here, as a sentence; empty when nothing does."""
    if _is_a_number(host()):
        return _(
            "Passkeys need a name such as goodword.example: browsers refuse them at addresses made of "
            "numbers. Whoever installed Goodword can set it with GOODWORD_URL."
        )
    if urlsplit(settings.URL).scheme != "https" and host() != "localhost":
        return _(
            "Passkeys need an address that begins with https://. "
            "Whoever installed Goodword can set it with GOODWORD_URL."
        )
    if request.get_host().partition(":")[0] != host():
        return _("Passkeys belong to one address. Open Goodword there, then try again: %(address)s") % {
            "address": settings.URL
        }
    return ""


def _is_a_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
