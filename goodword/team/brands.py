"""How does a brand begin, and how does it change its name, its time zone and what it admits?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.team.authority import Permission, require, write_down
from goodword.team.membership import NotPossible, make_owner
from goodword.team.models import Brand, Teammate

LONGEST_NAME = 100


def add_brand(by: Teammate, name: str, time_zone: str, *, now: datetime) -> tuple[Brand, Teammate]:
    """Another brand, owned by the one who adds it. Raises NotPossible."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        brand = Brand.objects.create(name=_name(name), time_zone=_zone(time_zone))
        owner = make_owner(brand, by.user.email, now=now)
    return brand, owner


def rename_brand(by: Teammate, name: str, time_zone: str, *, now: datetime) -> None:
    """Raises NotPossible."""
    require(by, Permission.MANAGE)
    brand = by.brand
    with transaction.atomic():
        brand.name, brand.time_zone = _name(name), _zone(time_zone)
        brand.save(update_fields=["name", "time_zone"])
        write_down(brand, by, "named the brand", brand, now=now, name=brand.name)


def change_brand(by: Teammate, name: str, time_zone: str, admits: Sequence[str], *, now: datetime) -> None:
    """Raises NotPossible when nothing at all would be admitted: the inbox would stay empty for ever."""
    require(by, Permission.MANAGE)
    if not admits:
        raise NotPossible(_("Choose at least one kind of mention, or the inbox stays empty."))
    brand = by.brand
    with transaction.atomic():
        brand.name, brand.time_zone, brand.admits = _name(name), _zone(time_zone), list(admits)
        brand.save(update_fields=["name", "time_zone", "admits"])
        write_down(brand, by, "changed the brand", brand, now=now, name=brand.name, admits=list(admits))


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise NotPossible(_("Write a name of up to 100 characters."))
    return name


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise NotPossible(_("Choose a time zone from the list."))
    return name
