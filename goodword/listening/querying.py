"""How does a brand say what to listen for: add, change and remove a query, and see what it would hear?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import Truncator

from goodword.channels.base import clean_text
from goodword.listening.ingest import searched
from goodword.listening.models import Post, Query, newest
from goodword.matching import Matcher, QuerySyntaxError, Span, parse
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Brand, Teammate
from goodword.team.reader import translated

LOOKED_THROUGH = 400  # newest posts: some 50 ms, and enough to see what a query takes in by mistake
SHOWN = 12
LOOKED_AT = 5_000  # characters of each of them: a preview must stay quick among megabytes
EXCERPT = 280  # characters of a post in the preview
LONGEST_NAME = 100


@dataclass(frozen=True)
class Met:
    """A post that a query would have met, and the places of the words that did it."""

    post: Post
    spans: Sequence[Span]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The beginning of its text, cut where the words stand: (piece, is it one of them)."""
        whole = self.post.text or self.post.title
        pieces, at, text = [], 0, whole[:EXCERPT]
        for start, end in self.spans:
            if start >= at and end <= len(text):
                pieces += [(text[at:start], False), (text[start:end], True)]
                at = end
        pieces.append((text[at:] + ("…" if len(whole) > EXCERPT else ""), False))
        return [piece for piece in pieces if piece[0]]


@dataclass(frozen=True)
class Preview:
    met: Sequence[Met]  # the newest few
    count: int  # of all that were met
    looked_through: int


def add_query(
    by: Teammate, text: str, *, name: str = "", kind: str = Query.Kind.BRAND, now: datetime
) -> Query:
    """Raises QuerySyntaxError, which says what is wrong with the text and where."""
    require(by, Permission.MANAGE)
    text = understood(text)
    with transaction.atomic():
        query = Query.objects.create(
            brand=by.brand,
            name=_name(name, text),
            text=text,
            kind=Query.Kind(kind),
            made_by=by,
            made_at=now,
        )
        write_down(by.brand, by, "added a query", query, now=now, text=text)
    return query


def change_query(query: Query, by: Teammate, text: str, *, name: str, kind: str, now: datetime) -> None:
    """What was heard by the old words stays. Raises QuerySyntaxError."""
    require(by, Permission.MANAGE)
    before, text = query.text, understood(text)
    with transaction.atomic():
        query.text, query.name, query.kind = text, _name(name, text), Query.Kind(kind)
        query.save(update_fields=["text", "name", "kind"])
        write_down(query.brand, by, "changed a query", query, now=now, text=text, before=before)


def remove_query(query: Query, by: Teammate, *, now: datetime) -> None:
    """Listen for it no more; its mentions stay, and it can return."""
    _set_removed(query, by, now, "removed a query", now)


def return_query(query: Query, by: Teammate, *, now: datetime) -> None:
    """Undo its removal."""
    _set_removed(query, by, None, "returned a query", now)


def understood(text: str) -> str:
    """The text of a query as it is kept. Raises QuerySyntaxError with the place in this very text."""
    text = as_kept(text)
    parse(text)
    return text


def as_kept(text: str) -> str:
    """The text as it is stored: what places in it are counted in."""
    return clean_text(text).strip()


def preview(brand: Brand, text: str) -> Preview:
    """Which of the newest posts would the query meet? Raises QuerySyntaxError."""
    matcher = Matcher({0: understood(text)})
    posts = newest(Post.objects.readable().filter(brand=brand)).select_related("author")[:LOOKED_THROUGH]
    met = [Met(post, places[0]) for post in posts if (places := matcher.match(searched(post)[:LOOKED_AT]))]
    return Preview(met[:SHOWN], len(met), len(posts))


def sentence_of(error: QuerySyntaxError) -> str:
    """What is wrong, in the language of the one who reads it."""
    return translated(str(error))


def _name(name: str, text: str) -> str:
    return Truncator(clean_text(name).strip() or text).chars(LONGEST_NAME)


def _set_removed(query: Query, by: Teammate, at: datetime | None, verb: str, now: datetime) -> None:
    require(by, Permission.MANAGE)
    with transaction.atomic():
        query.removed_at = at
        query.save(update_fields=["removed_at"])
        write_down(query.brand, by, verb, query, now=now, text=query.text)
