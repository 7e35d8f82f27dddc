"""How are the secrets of connections kept? Encrypted, with a key that is not in the database."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from goodword.sentence import Sentence

WRONG_KEY = Sentence(
    "The saved passwords of your connections cannot be opened: the file keys/vault is not the "
    "one they were saved with. Put the right file back, or sign in to each connection again."
)


class WrongKey(Exception):
    """The key beside the database is not the one with which its secrets were locked."""


def lock(secrets: Mapping[str, str]) -> str:
    return _fernet().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unlock(locked: str) -> dict[str, str]:
    """The secrets as they were given. Raises WrongKey when the key is another one."""
    if not locked:
        return {}
    try:
        opened: dict[str, str] = json.loads(_fernet().decrypt(locked.encode()))
    except InvalidToken as error:
        raise WrongKey(WRONG_KEY) from error
    return opened


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.VAULT_KEY.encode()).digest()))


def derived(purpose: str) -> str:
    """A secret for this purpose alone, from the key that is not in the database."""
    return hmac.new(settings.VAULT_KEY.encode(), f"derived {purpose}".encode(), hashlib.sha256).hexdigest()
