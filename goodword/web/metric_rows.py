"""How are the rows behind a number shown on a screen, and written into a file?"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.conversations.models import Conversation, Wait
from goodword.conversations.threads import ANSWER_ENDS
from goodword.listening.models import Post
from goodword.metrics.evidence import Evidence
from goodword.web.metric_words import span
from goodword.web.telling import channel_name
from goodword.web.words import first_line

PAGE = 50
LONGEST_CELL = 2000  # characters; a spreadsheet refuses cells beyond 32,767
BOM = "\ufeff"  # without it Excel reads UTF-8 as something else; other programs pass over it
STARTS_A_FORMULA = "=+-@"


@dataclass(frozen=True)
class Row:
    """One row behind a number."""

    post: Post
    at: datetime
    href: str  # its conversation; where it never became work, the person who said it
    is_counted: bool
    sort: str  # what the metric calls such a row
    how: str  # how a wait stands
    seconds: float | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    after: str  # continue here; empty at the end


def page(evidence: Evidence, only: str, after: str, now: datetime) -> Page:
    """The newest rows, continued behind `after`: costs the same at any depth."""
    rows = _continued(_chosen(evidence, only), evidence.at, after)
    found = list(_with_posts(rows)[: PAGE + 1])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    return Page(
        rows=_rows(shown, evidence, now),
        after=f"{getattr(last, evidence.at).isoformat()}~{last.pk}" if last else "",
    )


def as_csv(evidence: Evidence, only: str, now: datetime) -> str:
    """All rows as a table, with times in the time zone that is active."""
    table = io.StringIO()
    table.write(BOM)
    writer = csv.writer(table)
    writer.writerow(map(cell, _columns()))
    rows = _with_posts(_chosen(evidence, only).order_by(f"-{evidence.at}", "-pk"))
    for some in _in_pages(rows):
        for row in _rows(some, evidence, now):
            writer.writerow(map(cell, _cells(row)))
    return table.getvalue()


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula, whoever wrote its words.

    Blanks and signs that are not seen may stand in front, and a sign may be a wide one: "  ＝1+1".
    """
    text = "".join(sign for sign in str(value) if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    seen = unicodedata.normalize("NFKC", text).lstrip()
    while seen and unicodedata.category(seen[0]) in ("Cf", "Mn", "Zs", "Co"):
        seen = seen[1:].lstrip()
    return f"'{text}" if seen[:1] and seen[0] in STARTS_A_FORMULA else text


# --- which rows ------------------------------------------------------------------------------------


def _chosen(evidence: Evidence, only: str) -> QuerySet[Any]:
    rows = evidence.marked()
    return rows.filter(is_counted=only == "yes") if only else rows


def _continued(rows: QuerySet[Any], key: str, after: str) -> QuerySet[Any]:
    ordered = rows.order_by(f"-{key}", "-pk")
    try:
        at, pk = after.split("~")
        start, last = datetime.fromisoformat(at), int(pk)
        if start.tzinfo is None or last >= 2**63:
            return ordered
    except ValueError:
        return ordered
    beyond = Q(**{f"{key}__lt": start}) | Q(pk__lt=last)
    return ordered.filter(**{f"{key}__lte": start}).filter(beyond)


def _with_posts(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("post__author") if rows.model is Wait else rows.select_related("author")


def _in_pages(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows.iterator(chunk_size=1000):
        some.append(row)
        if len(some) == 1000:
            yield some
            some = []
    yield some


# --- as shown --------------------------------------------------------------------------------------


def _rows(found: Sequence[Any], evidence: Evidence, now: datetime) -> list[Row]:
    waits = [one for one in found if isinstance(one, Wait)]
    conversation_of = {} if waits else _conversations(found)
    return [
        _of_wait(one, evidence, now) if isinstance(one, Wait) else _of_post(one, conversation_of)
        for one in found
    ]


def _of_wait(wait: Any, evidence: Evidence, now: datetime) -> Row:
    is_answered = wait.ended_how in ANSWER_ENDS
    return Row(
        post=wait.post,
        at=wait.since,
        href=reverse("conversation", args=[wait.conversation_id]),
        is_counted=wait.is_counted,
        sort=str(evidence.counted_are if wait.is_counted else evidence.others_are),
        how=_how(wait, now),
        seconds=(wait.ended_at - wait.since).total_seconds() if is_answered else None,
        answered_at=wait.ended_at if is_answered else None,
    )


def _how(wait: Wait, now: datetime) -> str:
    if wait.ended_at is None:
        return _("waiting for %(time)s") % {"time": span(max(0.0, (now - wait.since).total_seconds()))}
    took = {"time": span(max(0.0, (wait.ended_at - wait.since).total_seconds()))}
    match wait.ended_how:
        case Wait.End.THANKS:
            return _("a like after %(time)s") % took
        case Wait.End.NO_REPLY:
            return _("closed without an answer after %(time)s") % took
        case _ if wait.answer_id is None:
            return _("answered elsewhere")
        case _:
            return _("answered after %(time)s") % took


def _of_post(post: Any, conversation_of: dict[tuple[str, str], int]) -> Row:
    return Row(
        post=post,
        at=post.at,
        href=_address_of(post, conversation_of),
        is_counted=post.is_counted,
        sort="",
        how="",
    )


def addresses_of(posts: Sequence[Post]) -> dict[int, str]:
    """Where each is read: in its conversation, else with the person who said it."""
    conversation_of = _conversations(posts)
    return {post.pk: _address_of(post, conversation_of) for post in posts}


def _address_of(post: Post, conversation_of: dict[tuple[str, str], int]) -> str:
    conversation = conversation_of.get((post.channel, post.root))
    there = reverse("conversation", args=[conversation]) if conversation else None
    return there or reverse("person", args=[post.author.person_id])


def _conversations(posts: Sequence[Post]) -> dict[tuple[str, str], int]:
    if not posts:
        return {}
    roots = {post.root for post in posts}
    found = Conversation.objects.filter(brand=posts[0].brand_id, root__in=roots)
    return {(channel, root): pk for channel, root, pk in found.values_list("channel", "root", "pk")}


# --- as a table ------------------------------------------------------------------------------------


def _columns() -> list[str]:
    return [
        _("said at"), _("channel"), _("person"), _("handle"), _("words"),
        _("counted"), _("how"), _("minutes to answer"), _("answered at"), _("address"),
    ]  # fmt: skip


def _cells(row: Row) -> Iterable[object]:
    post = row.post
    words = first_line(f"{post.title} {post.text}".strip(), LONGEST_CELL) if post.is_readable else ""
    return [
        _moment(row.at),
        channel_name(post.channel),
        post.author.shown_name,
        post.author.handle,
        words,
        _("yes") if row.is_counted else _("no"),
        ", ".join(filter(None, [row.sort, row.how])),
        "" if row.seconds is None else round(row.seconds / 60, 2),
        _moment(row.answered_at) if row.answered_at else "",
        post.url if post.is_readable else "",
    ]


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")
