"""Which browsers of a teammate may be woken, and how is one woken?"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from goodword.net.client import Fetched, fetch
from goodword.notifying import webpush
from goodword.notifying.models import PushSubscription
from goodword.team.models import User

MOST_DEVICES = 10  # a browser that forgot us leaves its row behind: the oldest goes
LONGEST_ADDRESS = 1000
DEADLINE = 10.0  # seconds for one device
MOST_BYTES = 4096  # of an answer, which says nothing that we need
KEPT_FOR = 12 * 3600  # seconds that a push server keeps it for a phone without a network


def our_public_key() -> str:
    return webpush.public_key(webpush.key_from(settings.PUSH_KEY))


def subscribe(
    user: User, endpoint: str, p256dh: str, auth: str, *, device: str, now: datetime
) -> PushSubscription:
    """Wake this browser from now on. Raises webpush.NotASubscription."""
    if urlsplit(endpoint).scheme not in ("https", "http") or len(endpoint) > LONGEST_ADDRESS:
        raise webpush.NotASubscription("This is no address of a push server.")
    webpush.Device.read(endpoint, p256dh, auth)
    with transaction.atomic():
        kept, _made = PushSubscription.objects.update_or_create(
            endpoint_hash=PushSubscription.hash_of(endpoint),
            defaults={
                "user": user,  # a browser belongs to whoever is signed in there now
                "endpoint": endpoint,
                "p256dh": p256dh,
                "auth": auth,
                "device": device[:60],
                "session_hash": user.get_session_auth_hash(),
                "made_at": now,
            },
        )
        mine = PushSubscription.objects.filter(user=user).order_by("-made_at", "-pk")
        too_old = list(mine.values_list("pk", flat=True)[MOST_DEVICES:])
        PushSubscription.objects.filter(pk__in=too_old).delete()
    return kept


def is_signed_in(subscription: PushSubscription) -> bool:
    """A new password, or an end to all sessions, ends this as well: the phone may be somebody else's now."""
    hash_now = subscription.user.get_session_auth_hash()
    return subscription.user.is_active and subscription.session_hash == hash_now


def wake(subscription: PushSubscription, message: dict[str, Any], *, topic: str, now: datetime) -> Fetched:
    """Hand a sealed message to the push server of this browser. Raises net.trouble.NotFetched."""
    device = webpush.Device.read(subscription.endpoint, subscription.p256dh, subscription.auth)
    key = webpush.key_from(settings.PUSH_KEY)
    return fetch(
        subscription.endpoint,
        body=webpush.sealed(json.dumps(message, ensure_ascii=False), device),
        headers={
            "Authorization": webpush.signed_pass(subscription.endpoint, key, _contact(), now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR),
            "Urgency": "high",
            # A later message of the same matter replaces one that still waits for the phone.
            "Topic": hashlib.sha256(topic.encode()).hexdigest()[:32],
        },
        max_bytes=MOST_BYTES,
        deadline=DEADLINE,
        allowed_private=settings.PRIVATE_HOSTS,
    )


def _contact() -> str:
    """Where a push server may complain: it wants an https address or a mailbox."""
    return settings.URL if settings.HTTPS else f"mailto:goodword@{urlsplit(settings.URL).hostname}"
