"""How do names and times look, the same on every screen?"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.team.models import Brand
from goodword.team.reader import day

TONES = 6  # as many as assets/css/avatar.css has colours
BRAND_TONES = 12  # and those of assets/css/brands.css


def initials(name: str) -> str:
    """The first letters of the first and the last word: AY for Amina Yusuf, ? for a name of no letters."""
    letters = [word[0] for word in name.replace("@", " ").replace("_", " ").split() if word[0].isalnum()]
    return (letters[0] + letters[-1] if len(letters) > 1 else "".join(letters)).upper() or "?"


def tone(name: str) -> int:
    """The colour of a name, from 1 to TONES: always the same for the same name."""
    return zlib.crc32(name.encode("utf-8", "replace")) % TONES + 1


def brand_tone(brand: Brand) -> int:
    """The colour of a brand, from 1 to BRAND_TONES: its own for good, whatever it is called."""
    return brand.pk % BRAND_TONES + 1


def ago(at: datetime, now: datetime | None = None) -> str:
    """How long since, in the largest unit that fits: "4 min", "2 h", "3 d", then the date."""
    passed = (now or timezone.now()) - at
    if passed < timedelta(minutes=1):
        return _("now")
    if passed < timedelta(hours=1):
        minutes = passed // timedelta(minutes=1)
        return ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes}
    if passed < timedelta(days=1):
        hours = passed // timedelta(hours=1)
        return ngettext("%(n)s h", "%(n)s h", hours) % {"n": hours}
    if passed < timedelta(days=7):
        return ngettext("%(n)s d", "%(n)s d", passed.days) % {"n": passed.days}
    return day(at)
