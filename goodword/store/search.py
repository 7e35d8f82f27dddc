"""Which posts, people, notes and replies hold these words? Newest first, on both databases."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import regex
from django.db import connection, models

from goodword.store.models import Entry

MOST_WORDS = 20  # of a search; the rest is ignored rather than refused
MOST_CHARACTERS = 20_000  # of a text that are indexed: words further down are not found


@dataclass(frozen=True)
class Hit:
    kind: str
    ref: int
    at: datetime


def remember(brand_id: int, kind: Entry.Kind, ref: int, text: str, at: datetime) -> None:
    """Index one row, or index it anew; call it in the transaction that saves the row."""
    remember_all(brand_id, kind, [(ref, text, at)])


def remember_all(brand_id: int, kind: Entry.Kind, rows: Iterable[tuple[int, str, datetime]]) -> None:
    Entry.objects.bulk_create(
        [Entry(brand_id=brand_id, kind=kind, ref=ref, text=_fold(text), at=at) for ref, text, at in rows],
        update_conflicts=True,
        unique_fields=["kind", "ref"],
        update_fields=["text", "at"],
    )


def forget(kind: Entry.Kind, refs: Sequence[int]) -> None:
    Entry.objects.filter(kind=kind, ref__in=refs).delete()


def search(
    brand_id: int,
    words: str,
    *,
    kinds: Sequence[str] = (),
    since: datetime | None = None,
    limit: int = 50,
) -> list[Hit]:
    """Rows that hold every word (a word may be the beginning of one), newest first."""
    terms = _terms(words)
    if not terms:
        return []
    found = _matching(terms).filter(brand_id=brand_id)
    if kinds:
        found = found.filter(kind__in=kinds)
    if since:
        found = found.filter(at__gte=since)
    rows = found.order_by("-at", "-id").values_list("kind", "ref", "at")[:limit]
    return [Hit(*row) for row in rows]


def _matching(terms: list[str]) -> models.QuerySet[Entry]:
    """The two bodies. Terms are letters and digits only, so no query syntax can be smuggled in."""
    if connection.vendor == "sqlite":
        question = " ".join(f'"{term}"*' for term in terms)
        where = "store_entry.id IN (SELECT rowid FROM store_entry_fts WHERE store_entry_fts MATCH %s)"
    else:
        question = " & ".join(f"{term}:*" for term in terms)
        where = "store_entry.words @@ to_tsquery('simple', %s)"
    return Entry.objects.extra(where=[where], params=[question])  # noqa: S610 (constant SQL)


def _terms(words: str) -> list[str]:
    return _fold(words[:2000]).split()[:MOST_WORDS]


def _fold(text: str) -> str:
    """Words only, without case and accents. Each database has its own idea of what a word is, of
    addresses and hyphens above all: so they are given nothing that they could take apart differently.
    """
    flat = unicodedata.normalize("NFKD", text[:MOST_CHARACTERS].casefold())
    return " ".join(regex.findall(r"[\p{L}\p{N}]+", regex.sub(r"\p{M}+", "", flat)))
