"""How does a terminal hand over a sign-in? As one line that can be clicked."""

from django.conf import settings
from django.core.management.base import OutputWrapper
from django.utils import timezone

from goodword.team.membership import sign_in_link
from goodword.team.models import User


def print_link(out: OutputWrapper, user: User, base: str = "") -> None:
    """`Open http://.../link/...`: it works once, within the hour."""
    token = sign_in_link(user, now=timezone.now())
    out.write(f"Open {base or settings.URL}/link/{token}/")
