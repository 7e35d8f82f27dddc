"""By which door does an owner come in, and how does a brand of their own begin?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from goodword.listening import candidates, querying
from goodword.listening.models import Connection, Post, Query
from goodword.matching.names import query_for
from goodword.team.authority import Permission, require, write_down
from goodword.team.brands import add_brand, rename_brand
from goodword.team.membership import NotPossible
from goodword.team.models import AuditEntry, Brand, Role, Teammate, User

LOOKED_AROUND = "looked around in the demo"
BEGAN = "began with the brand"


def stands_before_the_doors(user: User) -> bool:
    """Nobody has chosen yet how this person begins: every brand of theirs is untouched or a demo."""
    mine = Teammate.objects.active().filter(user=user)
    if not mine.exists() or mine.exclude(role=Role.OWNER).exists():
        return False
    if AuditEntry.objects.filter(by__user=user, verb=LOOKED_AROUND).exists():
        return False
    return not _touched().filter(teammates__in=mine, is_demo=False).exists()


def look_around(me: Teammate, *, now: datetime) -> None:
    """The first door was chosen: it is not asked about again."""
    write_down(me.brand, me, LOOKED_AROUND, me.brand, now=now)


def begin(by: Teammate, name: str, time_zone: str, *, now: datetime) -> Teammate:
    """The brand of this name listens for it from now on; who begins is its owner.

    A brand that nothing was done with yet takes the name; beginning anew with another name changes it;
    otherwise there is one more brand. Raises NotPossible with a sentence.
    """
    require(by, Permission.MANAGE)
    words = _words_for(name)
    with transaction.atomic():
        me = _owner_to_begin(by) or add_brand(by, name, time_zone, now=now)[1]
        rename_brand(me, name, time_zone, now=now)
        _listen_for(me, words, me.brand.name, now)
        write_down(me.brand, me, BEGAN, me.brand, now=now, name=me.brand.name)
    return me


def _words_for(name: str) -> str:
    try:
        return query_for(name)
    except ValueError:
        raise NotPossible(_("Write the name as people write it: with a letter or a digit.")) from None


def _owner_to_begin(by: Teammate) -> Teammate | None:
    """This brand while it is still beginning, or another of theirs that is untouched."""
    if _is_still_beginning(by.brand):
        return by
    mine = Teammate.objects.active().filter(user=by.user, role=Role.OWNER, brand__is_demo=False)
    return mine.exclude(brand__in=_touched()).select_related("brand", "user").order_by("brand_id").first()


def _is_still_beginning(brand: Brand) -> bool:
    has_more = Connection.objects.filter(brand=brand).exists() or Post.objects.filter(brand=brand).exists()
    return not brand.is_demo and not has_more and Query.objects.filter(brand=brand).count() <= 1


def _listen_for(me: Teammate, words: str, name: str, now: datetime) -> None:
    query = Query.objects.filter(brand=me.brand, removed_at=None).first()
    if query is None:
        querying.add_query(me, words, name=name, now=now)
    elif query.text != words:
        candidates.forget_undecided(me)
        querying.change_query(query, me, words, name=name, kind=query.kind, now=now)


def _touched() -> QuerySet[Brand]:
    """Brands with which something was done."""
    rows = [model.objects.filter(brand=OuterRef("pk")) for model in (Query, Connection, Post)]
    return Brand.objects.filter(Q(Exists(rows[0])) | Q(Exists(rows[1])) | Q(Exists(rows[2])))
