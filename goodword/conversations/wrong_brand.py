"""Does an answer name another brand of the one who writes it? Who serves several mixes them up one day."""

from __future__ import annotations

from collections.abc import Iterable

from goodword.listening.models import Connection
from goodword.matching import Matcher, QuerySyntaxError, Span, as_phrase, parse
from goodword.team.models import Brand, Teammate

SHORTEST = 3  # letters and digits: shorter names stand in too many sentences that mean nothing by them


def another_brand_in(text: str, me: Teammate) -> Brand | None:
    """Another brand that I serve, if the text has its name or a handle of its own.

    Where one name is a part of the other ("Kettle" and "Kettle & Co"), the longer one is meant.
    """
    serving = Teammate.objects.active().filter(user=me.user).exclude(brand=me.brand_id)
    others = [other.brand for other in serving.select_related("brand").order_by("brand__name", "brand")]
    if not others:
        return None
    ours = _places(text, [me.brand])
    theirs = _places(text, others)
    named = {brand for span, brand in theirs.items() if not any(_within(span, our) for our in ours)}
    return next((brand for brand in others if brand in named), None)


def _places(text: str, brands: Iterable[Brand]) -> dict[Span, Brand]:
    """Where these brands are named in the text."""
    named: dict[int, Brand] = {}
    queries: dict[int, str] = {}
    for brand in brands:
        for name in _names(brand):
            named[len(queries)], queries[len(queries)] = brand, as_phrase(name)
    found = Matcher(queries).match(text) if queries else {}
    return {span: named[key] for key, spans in found.items() for span in spans}


def _names(brand: Brand) -> list[str]:
    connections = Connection.objects.filter(brand=brand, removed_at=None)
    handles = connections.exclude(handle="").values_list("handle", flat=True)
    return [name for name in {brand.name, *handles} if _can_be_looked_for(name)]


def _can_be_looked_for(name: str) -> bool:
    if sum(sign.isalnum() for sign in name) < SHORTEST:
        return False
    try:
        parse(as_phrase(name))
    except QuerySyntaxError:
        return False
    return True


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]
