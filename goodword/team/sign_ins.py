"""Where is somebody signed in, and how does that end?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from goodword.store import notify
from goodword.team import letters, tokens
from goodword.team.models import SignIn, User

SEEN_EVERY = timedelta(minutes=5)  # how exactly "last seen" is known: each look is a write otherwise
KNOWN_FOR = timedelta(days=90)  # a device unseen for longer is told of like a new one


def begin(user: User, session_key: str, device: str, mark: str, *, now: datetime) -> SignIn:
    """Somebody was let in. If they were here before, but never with this device, a letter tells them."""
    with transaction.atomic():
        known = SignIn.objects.filter(user=user)
        is_news = known.exists() and not known.filter(device_mark=mark).exists()
        began, _made = SignIn.objects.update_or_create(  # signed in once more, the session may be the same
            session_key=session_key,
            defaults={
                "user": user,
                "device": device,
                "device_mark": mark,
                "began_at": now,
                "seen_at": now,
                "ended_at": None,
            },
        )
        if is_news and user.told_of_devices:
            facts = {"device": device, "link": letters.address("sign_ins")}
            letters.write(letters.NEW_SIGN_IN, user, now=now, facts=facts)
    return began


def seen(user: User, session_key: str, device: str, mark: str, *, now: datetime) -> None:
    """They are still there. A session from before these rows existed gets its row now."""
    row = SignIn.objects.filter(session_key=session_key).first()
    if row is None:
        SignIn.objects.get_or_create(
            session_key=session_key,
            defaults={"user": user, "device": device, "device_mark": mark, "began_at": now, "seen_at": now},
        )
    elif now - row.seen_at >= SEEN_EVERY:
        SignIn.objects.filter(pk=row.pk).update(seen_at=now)


def live(user: User, *, now: datetime) -> list[SignIn]:
    """Every place where they are signed in now, the latest seen first."""
    rows = SignIn.objects.filter(user=user, ended_at=None).order_by("-seen_at", "-pk")
    keys = rows.values_list("session_key", flat=True)
    alive = set(
        Session.objects.filter(session_key__in=list(keys), expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    return [row for row in rows if row.session_key in alive]


def end(sign_in: SignIn, *, now: datetime) -> None:
    """That browser is out at its next request, and its open pages hear nothing more."""
    _end([sign_in.session_key], now)


def end_all(user: User, *, now: datetime) -> None:
    """Out everywhere, by whatever way: sessions, and links that were handed out."""
    with transaction.atomic():
        user.end_all_sessions()  # also those that have no row here
        tokens.end_all(user, now=now)
        _end(list(SignIn.objects.filter(user=user).values_list("session_key", flat=True)), now)


def forget_old(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.filter(seen_at__lt=now - KNOWN_FOR).delete()


def _end(keys: list[str], now: datetime) -> None:
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        SignIn.objects.filter(session_key__in=keys, ended_at=None).update(ended_at=now)
        notify.announce()
