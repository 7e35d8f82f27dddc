"""Is this the id of a mail that we sent? Ours carry a token that nobody else can make.

Whoever can write `In-Reply-To` can name any mail; without this, a stranger could speak into a thread, or
even as ourselves. The token is made with a key of this connection alone: those of another do not count.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from ..base import stable_key

_OURS = re.compile(r"gw\.([0-9a-f]{24})\.([0-9a-f]{32})@([^\s@<>]{1,250})\Z")


def id_for(key: str, own_key: str, domain: str) -> str:
    """The Message-ID, without brackets, of the reply with this key: the same for every try."""
    name = stable_key("mail", key)
    return f"gw.{name}.{_token(name, domain, own_key)}@{domain}"


def is_ours(message_id: str, own_key: str) -> bool:
    """Did this very connection send a mail of this id?"""
    found = _OURS.fullmatch(message_id)
    if not found or not own_key:
        return False
    return hmac.compare_digest(found[2], _token(found[1], found[3], own_key))


def _token(name: str, domain: str, own_key: str) -> str:
    return hmac.new(own_key.encode(), f"{name}@{domain}".encode(), hashlib.sha256).hexdigest()[:32]
