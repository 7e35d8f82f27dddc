"""How does a feed's hub call us when there is something new, and is it really that hub?

https://www.w3.org/TR/websub/  Nothing has to be kept for it: the address that a hub calls carries what
it was given for, under a key that only we can make, and the secret with which it signs is made of the same.
Polling never stops: a hub that falls silent costs minutes, and no entry.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from ..base import Account, BadSignature, Call, Refused
from .names import LEASE

ALGORITHMS = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
LONGEST_CHALLENGE = 2_000  # characters
NOT_OURS = "This call is for nothing that we asked for."
NOT_SIGNED = "This call is not signed by the hub that was asked."


@dataclass(frozen=True)
class Subscription:
    """One feed that is to be told of: `feed` is how we call it, `topic` how its hub does."""

    feed: str
    topic: str

    def callback(self, account: Account) -> str:
        return (
            f"{account.hook}?{urlencode({'feed': self.feed, 'topic': self.topic, 'key': self._key(account)})}"
        )

    def secret(self, account: Account) -> str:
        """Another one for each subscription: one hub cannot speak for another's feed."""
        return self._made(account, "secret")

    def is_known(self, key: str, account: Account) -> bool:
        """Did we make the address that was called?"""
        is_secret = bool(account.hook_secret)
        return hmac.compare_digest(self._key(account).encode(), key.encode("utf-8", "replace")) and is_secret

    def _key(self, account: Account) -> str:
        return self._made(account, "key")[:32]

    def _made(self, account: Account, what: str) -> str:
        told = "\x1f".join([what, self.feed, self.topic]).encode("utf-8", "replace")
        return hmac.new(account.hook_secret.encode(), told, hashlib.sha256).hexdigest()


def subscription_called(call: Call, account: Account) -> Subscription:
    """What the called address was given for. Raises BadSignature unless we gave it."""
    called = Subscription(call.query.get("feed", ""), call.query.get("topic", ""))
    if not called.is_known(call.query.get("key", ""), account):
        raise BadSignature(NOT_OURS)
    return called


def challenge_of(call: Call, called: Subscription, *, wanted: bool) -> str:
    """What a hub is answered that asks whether we meant it. Raises Refused if we did not."""
    mode = call.query.get("hub.mode", "")
    if mode == "denied":
        return ""  # it will not call; we look by ourselves as before
    meant = (mode == "subscribe" and wanted) or (mode == "unsubscribe" and not wanted)
    challenge = call.query.get("hub.challenge", "")
    if not meant or call.query.get("hub.topic") != called.topic or not challenge:
        raise Refused(NOT_OURS)
    return challenge[:LONGEST_CHALLENGE]


def check_signature(call: Call, called: Subscription, account: Account) -> None:
    """Raises BadSignature unless these very bytes were signed with the secret of this subscription."""
    method, _, signature = call.headers.get("x-hub-signature", "").strip().partition("=")
    algorithm = ALGORITHMS.get(method.lower())
    if algorithm is None or not account.hook_secret:
        raise BadSignature(NOT_SIGNED)
    expected = hmac.new(called.secret(account).encode(), call.body, algorithm).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace")):
        raise BadSignature(NOT_SIGNED)


def ask_hub(
    hub: str, called: Subscription, account: Account, mode: Literal["subscribe", "unsubscribe"]
) -> bool:
    """Ask the hub to call us, or to call no more; has it understood? It then asks whether we meant it."""
    from ...net.client import fetch
    from ...net.trouble import NotFetched

    form = {
        "hub.mode": mode,
        "hub.topic": called.topic,
        "hub.callback": called.callback(account),
        "hub.secret": called.secret(account),
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
    }
    try:
        answer = fetch(
            hub,
            max_bytes=100_000,
            deadline=10,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
            allowed_private=account.allowed_private,
        )
    except NotFetched:
        return False
    return 200 <= answer.status < 300
