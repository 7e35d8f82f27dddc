"""At which address can a place call us, and with which secret does it sign what it says?

The token names a connection in the address; the secret is made from it and from a key outside the
database, so that whoever reads the database, or an address in somebody's log, cannot sign in its name.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

# Nobody outside finds these; `.test` and `.example` belong to nobody.
OURS_ALONE = ("localhost", ".localhost", ".local", ".internal", ".lan", ".test", ".example", ".invalid")


def new_token() -> str:
    return secrets.token_urlsafe(24)


def address_of(token: str | None) -> str:
    """Where it is called, "" while nobody outside can reach us."""
    return settings.URL + reverse("hook", args=[token]) if token and is_reachable(settings.URL) else ""


def secret_of(token: str | None) -> str:
    if not token:
        return ""
    return hmac.new(settings.VAULT_KEY.encode(), f"hook {token}".encode(), hashlib.sha256).hexdigest()


def is_reachable(address: str) -> bool:
    """Can this address be found from outside, or else in a network that whoever runs the machine opened?"""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower().rstrip(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if f"{host}:{port}" in settings.PRIVATE_HOSTS:
        return True
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(OURS_ALONE)
