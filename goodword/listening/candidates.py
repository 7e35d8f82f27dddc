"""Which of the posts that a name finds are about the brand? A person says so, where it is not plain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels.base import Channel, Post, Seen, channel_named, clean_text
from goodword.channels.keeping import as_json, from_json
from goodword.listening.finding import Found
from goodword.listening.importing import FRESH
from goodword.listening.ingest import clean_json, kept_id, take_in
from goodword.listening.models import Candidate, Query
from goodword.listening.models import Post as Kept
from goodword.matching.names import doubt_of, is_ordinary_word, words_to_leave_out
from goodword.store import notify
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Brand, Teammate

KEPT = timedelta(days=30)  # what nobody took for ours concerns people who never addressed us


@dataclass(frozen=True)
class Card:
    """A found post as it is shown: who said what where, and why it may not be about us."""

    candidate: Candidate
    post: Post
    channel: type[Channel]
    doubt: str


def keep_found(by: Teammate, found: Found, name: str, *, now: datetime) -> None:
    """Put aside what a look around found and the brand did not know, for somebody to decide."""
    require(by, Permission.MANAGE)
    texts = [_text(post) for posts in found.posts.values() for post in posts]
    ordinary = is_ordinary_word(name, texts)
    rows = [
        _candidate(by.brand, channel, post, doubt_of(name, _text(post), is_ordinary=ordinary) or "", now)
        for channel, posts in found.posts.items()
        for post in _unknown(by.brand, channel, posts)
    ]
    Candidate.objects.bulk_create(rows, ignore_conflicts=True)


def forget_undecided(by: Teammate) -> None:
    """Another name is looked for: what the first one found is not asked about any more."""
    Candidate.objects.filter(brand=by.brand, verdict="").delete()


def cards_of(brand: Brand) -> list[Card]:
    """What was found: first what needs a decision, then what is surely ours, then what was decided."""
    rows = Candidate.objects.filter(brand=brand).order_by("-said_at", "-pk")
    cards = [_card(row) for row in rows]
    return sorted(cards, key=lambda card: (bool(card.candidate.verdict), not card.doubt))


def decide(candidate: Candidate, verdict: str, by: Teammate, *, now: datetime) -> None:
    """Is it about the brand? Yes takes it in like any mention, and for good."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        undecided = Candidate.objects.select_for_update().filter(pk=candidate.pk)
        changed = undecided.exclude(verdict=Candidate.Verdict.YES).update(
            verdict=Candidate.Verdict(verdict), decided_by=by, decided_at=now
        )
        if changed and verdict == Candidate.Verdict.YES:
            _take([candidate], now)
        if changed:
            write_down(by.brand, by, "decided what is about us", candidate, now=now, verdict=verdict)
    candidate.refresh_from_db()


def take_the_sure(by: Teammate, *, now: datetime) -> int:
    """Take in all that is plainly about the brand and was not refused; how many that were."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        sure = Candidate.objects.select_for_update().filter(brand=by.brand, verdict="", doubt="")
        rows = list(sure)
        _take(rows, now)
        sure.filter(pk__in=[row.pk for row in rows]).update(
            verdict=Candidate.Verdict.YES, decided_by=by, decided_at=now
        )
        if rows:
            write_down(by.brand, by, "took in what was found", by.brand, now=now, posts=len(rows))
        notify.announce()
    return len(rows)


def left_out_words(brand: Brand, name: str) -> list[str]:
    """Words by which posts about something else could be kept away, as far as the decisions show."""
    rows = Candidate.objects.filter(brand=brand)
    others = [_text(from_json(row.said)) for row in rows.filter(verdict=Candidate.Verdict.NO)]
    ours = [_text(from_json(row.said)) for row in rows.exclude(verdict=Candidate.Verdict.NO)]
    known = {part.lower() for query in Query.objects.filter(brand=brand) for part in query.text.split()}
    return [word for word in words_to_leave_out(others, ours, name) if f"-{word}" not in known]


def forget_old(now: datetime) -> int:
    """What a look around found is forgotten after a while; what was about us is kept as a post."""
    forgotten, _by_table = Candidate.objects.filter(found_at__lt=now - KEPT).delete()
    return forgotten


def _unknown(brand: Brand, channel: str, posts: Sequence[Post]) -> Iterable[Post]:
    """Those that the brand has not heard already."""
    ids = [kept_id(post.native_id) for post in posts]
    heard = Kept.objects.filter(brand=brand, channel=channel, native_id__in=ids)
    known = set(heard.values_list("native_id", flat=True))
    return [post for post in posts if kept_id(post.native_id) not in known]


def _candidate(brand: Brand, channel: str, post: Post, doubt: str, now: datetime) -> Candidate:
    return Candidate(
        brand=brand,
        channel=channel,
        native_id=kept_id(post.native_id),
        said=clean_json(as_json(post)) | {"text": clean_text(post.text)},
        said_at=min(post.at, now),
        doubt=doubt,
        found_at=now,
    )


def _card(row: Candidate) -> Card:
    return Card(row, from_json(row.said), channel_named(row.channel), _(row.doubt) if row.doubt else "")


def _take(rows: Sequence[Candidate], now: datetime) -> None:
    for row in rows:
        post = from_json(row.said)
        seen = Seen(post, history=post.at < now - FRESH)
        take_in(row.brand, row.channel, [seen], now=now, keep_all=True)


def _text(post: Post) -> str:
    """Title and text: what was said, without the addresses that a query looks at, too."""
    return "\n".join(filter(None, [post.title, post.text]))
