"""How does a terminal hand over a sign-in? As one line that can be clicked."""

import os

from django.conf import settings
from django.core.management.base import OutputWrapper
from django.utils import timezone

from goodword.team.membership import sign_in_link
from goodword.team.models import User

RUN_LAST = settings.HOME / "address"  # `goodword link` in another terminal means the port that was chosen


def run_at(address: str) -> str:
    """Goodword runs here now, unless GOODWORD_URL says how people reach it; the address that counts."""
    RUN_LAST.write_text(address)
    return _address()


def print_link(out: OutputWrapper, user: User) -> None:
    """`Open http://.../link/...`: it works once, within the hour."""
    token = sign_in_link(user, now=timezone.now())
    out.write(f"Open {_address()}/link/{token}/")


def _address() -> str:
    if not os.environ.get("GOODWORD_URL") and RUN_LAST.exists():
        return RUN_LAST.read_text().strip()
    return str(settings.URL)
