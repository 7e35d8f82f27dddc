"""Which of a brand's queries does a text meet, and what shall a network be searched for?"""

from __future__ import annotations

from functools import lru_cache

from goodword.listening.models import Query
from goodword.matching.anchors import search_words
from goodword.matching.matcher import Matcher
from goodword.matching.syntax import parse
from goodword.team.models import Brand

Version = tuple[tuple[int, str], ...]


def version_of(brand: Brand) -> Version:
    """The queries as they are now; differs as soon as one is added, changed or removed."""
    rows = Query.objects.filter(brand=brand, removed_at=None)
    return tuple(rows.order_by("pk").values_list("pk", "text"))


def matcher_of(brand: Brand) -> Matcher[int]:
    """One matcher for all queries of the brand, built anew only when one of them changed."""
    return _built(version_of(brand))


def search_words_of(brand: Brand) -> list[str]:
    """What a network's own search is asked, without repeating itself."""
    return list(dict.fromkeys(w for _pk, text in version_of(brand) for w in search_words(parse(text))))


@lru_cache(maxsize=64)
def _built(queries: Version) -> Matcher[int]:
    return Matcher(dict(queries))
