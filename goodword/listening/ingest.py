"""How is what a channel heard kept exactly once? Posts, mentions and cursor in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from math import isfinite
from typing import Any

from django.db import transaction

from goodword.channels import base
from goodword.channels.base import clean_text, stable_key
from goodword.listening import attachments, forgetting, quarantine
from goodword.listening.models import AFRESH, Connection, Gap, Mention, Post
from goodword.listening.queries import matcher_of
from goodword.people import identity
from goodword.people.models import Profile
from goodword.store import notify, search
from goodword.store.models import Entry
from goodword.team.authority import write_down
from goodword.team.models import Brand

LONGEST_LAYOUT = 500_000  # characters of a mail as its author laid it out; channels cut before
LONGEST_ID = 300  # characters: what the column of an author's holds


@dataclass
class Taken:
    """What came of a batch of events."""

    new: int = 0
    known: int = 0
    edited: int = 0
    gone: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # native id, reason


def take_in(
    brand: Brand,
    channel: str,
    events: Iterable[base.Event],
    *,
    now: datetime,
    connection: Connection | None = None,
    keep_all: bool = False,
) -> Taken:
    """Keep what concerns the brand; taking it in again changes nothing.

    A post concerns us when it is addressed to us, is ours, meets a query, or continues a thread we
    keep. `keep_all` says that somebody chose these posts by hand (a file): each counts as a mention.
    """
    taken = Taken()
    with transaction.atomic():
        # One writer per brand: two listeners that hear the same post must not both find it new.
        # Rows of other tables may point to the brand meanwhile.
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        for kind, run in groupby(events, type):
            if kind is base.Seen:
                _keep(brand, channel, list(run), taken, now, connection, keep_all)
            else:
                for event in run:
                    _apply(brand, channel, event, taken, now, connection)
        notify.announce()
    return taken


def _keep(
    brand: Brand,
    channel: str,
    seen: list[Any],
    taken: Taken,
    now: datetime,
    connection: Connection | None,
    keep_all: bool,
) -> None:
    posts = _once_each(seen)
    known = {p.native_id: p for p in Post.objects.filter(brand=brand, channel=channel, native_id__in=posts)}
    for native_id, post in known.items():
        _heard_again(post, posts[native_id].post)
    taken.known += len(seen) - len(posts) + len(known)

    fresh = [event for native_id, event in posts.items() if native_id not in known]
    matcher = matcher_of(brand)
    matches = {id(event): matcher.match(searched(event.post)) for event in fresh}
    threads = _known_threads(brand, channel, fresh)
    of_interest = [
        event for event in fresh if keep_all or event.post.addressed or event.post.ours or matches[id(event)]
    ]
    # A post and what continues its thread often come in one batch.
    threads |= {_thread_of(event) for event in of_interest}
    wanted = [event for event in fresh if _thread_of(event) in threads]
    if not wanted:
        return
    profiles = _profiles_of(brand, channel, wanted)
    # Who deleted their account is forgotten: what a late search still tells of them is not kept.
    wanted = [event for event in wanted if not profiles[kept_id(event.post.author.native_id)].is_forgotten]
    rows = Post.objects.bulk_create(
        _row(brand, channel, event, profiles, now, connection, keep_all or bool(matches[id(event)]))
        for event in wanted
    )
    Mention.objects.bulk_create(
        Mention(post=row, query_id=query, spans=spans)
        for row, event in zip(rows, wanted, strict=True)
        for query, spans in matches[id(event)].items()
    )
    for row, event in zip(rows, wanted, strict=True):
        if event.post.attachments:
            attachments.keep(row, event.post.attachments)
    search.remember_all(brand.pk, Entry.Kind.POST, [(r.pk, f"{r.title} {r.text}", r.at) for r in rows])
    taken.new += len(rows)


def _once_each(seen: list[base.Seen]) -> dict[str, base.Seen]:
    """By native id. A search and a notification may tell of one post: it is addressed if one says so."""
    posts: dict[str, base.Seen] = {}
    for event in seen:
        native_id = kept_id(event.post.native_id)
        first = posts.setdefault(native_id, event)
        addressed = first.post.addressed or event.post.addressed
        ours = first.post.ours or event.post.ours
        posts[native_id] = replace(first, post=replace(first.post, addressed=addressed, ours=ours))
    return posts


def _row(
    brand: Brand,
    channel: str,
    event: base.Seen,
    profiles: dict[str, Profile],
    now: datetime,
    connection: Connection | None,
    is_mention: bool,
) -> Post:
    post = event.post
    return Post(
        brand=brand,
        connection=connection,
        channel=channel,
        native_id=kept_id(post.native_id),
        author=profiles[kept_id(post.author.native_id)],
        parent=kept_id(post.parent),
        root=kept_id(post.root or post.native_id),
        visibility=post.visibility,
        addressed=post.addressed,
        is_mention=(is_mention or post.addressed) and not post.ours and not post.automatic,
        is_ours=post.ours,
        is_automatic=post.automatic,
        is_history=event.history and not _said_since(connection, post),
        at=min(post.at, now),  # a clock that runs ahead must not put a post on top for ever
        heard_at=now,
        **_said(post),
    )


def _said_since(connection: Connection | None, post: base.Post) -> bool:
    """What is said between the connecting and the first look is new, though that look calls it history."""
    # Many places tell whole seconds: what is said in the second of the connecting is new as well.
    return connection is not None and post.at >= connection.made_at.replace(microsecond=0)


def _said(post: base.Post) -> dict[str, Any]:
    """What an edit may change."""
    return {
        "text": clean_text(post.text),
        "title": clean_text(post.title, 500),
        "url": clean_text(post.url, 2000),
        "links": [clean_text(link, 2000) for link in post.links[:50]],
        "media": [clean_json(vars(media)) for media in post.media[:20]],
        "languages": [clean_text(language, 20) for language in post.languages[:5]],
        "quoted": clean_text(post.quoted),
        "html": clean_text(post.html, LONGEST_LAYOUT),
        "reference": clean_json(dict(post.reference)),
    }


def _profiles_of(brand: Brand, channel: str, events: list[base.Seen]) -> dict[str, Profile]:
    authors: dict[str, base.Author] = {}
    heard: dict[str, list[datetime]] = {}
    for event in sorted(events, key=lambda e: e.post.at):
        native_id = kept_id(event.post.author.native_id)
        authors[native_id] = event.post.author
        heard.setdefault(native_id, []).append(event.post.at)
    named = {native_id: replace(author, native_id=native_id) for native_id, author in authors.items()}
    ours = {kept_id(event.post.author.native_id) for event in events if event.post.ours}
    return identity.recognise(brand, channel, named, heard=heard, ours=ours)


def _thread_of(event: base.Seen) -> str:
    return kept_id(event.post.root or event.post.native_id)


def _known_threads(brand: Brand, channel: str, events: list[base.Seen]) -> set[str]:
    roots = {kept_id(event.post.root) for event in events if event.post.root}
    found = Post.objects.filter(brand=brand, channel=channel, root__in=roots)
    return set(found.values_list("root", flat=True).distinct())


def _heard_again(row: Post, post: base.Post) -> None:
    """A search may find first what a notification then says is addressed to us."""
    if row.gone_at or row.is_automatic or (row.addressed >= post.addressed and row.is_ours >= post.ours):
        return
    row.addressed, row.is_ours = row.addressed or post.addressed, row.is_ours or post.ours
    row.is_mention = (row.is_mention or row.addressed) and not row.is_ours
    _begin_anew(row, ["addressed", "is_ours", "is_mention"])
    if row.is_ours:
        Profile.objects.filter(pk=row.author_id, is_ours=False).update(is_ours=True)


def _begin_anew(row: Post, changed: list[str]) -> None:
    """Save what changed, and let it go down the pipeline again."""
    for name, value in AFRESH.items():
        setattr(row, name, value)
    row.save(update_fields=[*changed, *AFRESH])


def _apply(
    brand: Brand, channel: str, event: Any, taken: Taken, now: datetime, connection: Connection | None
) -> None:
    match event:
        case base.Edited(post):
            _edit(brand, channel, post, taken, now, connection)
        case base.Gone(native_id, why):
            taken.gone += forgetting.forget_post(brand, channel, kept_id(native_id), why, now=now)
        case base.AuthorGone(native_id, why):
            taken.gone += forgetting.hide_author(brand, channel, kept_id(native_id), why, now=now)
        case base.AuthorBack(native_id):
            forgetting.show_author(brand, channel, kept_id(native_id), now=now)
        case base.AuthorChanged(author):
            identity.learn(brand, channel, replace(author, native_id=kept_id(author.native_id)), now=now)
        case base.Gap(since, why) if connection:
            Gap.objects.create(connection=connection, since=since, until=now, why=why)
        case base.Unreadable(native_id, why, raw) if connection:
            quarantine.keep(connection, kept_id(native_id), why, raw, now=now)
        case base.Bounced(native_id, why):
            _came_back(brand, channel, kept_id(native_id), why, now)
        case base.Progress(done, total) if connection:
            Connection.objects.filter(pk=connection.pk).update(history_done=done, history_total=total)
        case base.Checkpoint(cursor) if connection:
            Connection.objects.filter(pk=connection.pk).update(
                cursor=cursor, heard_at=now, trouble="", trouble_since=None, try_again_at=None
            )


def _edit(
    brand: Brand, channel: str, post: base.Post, taken: Taken, now: datetime, connection: Connection | None
) -> None:
    row = Post.objects.filter(brand=brand, channel=channel, native_id=kept_id(post.native_id)).first()
    if row is None:
        _keep(brand, channel, [base.Seen(post)], taken, now, connection, keep_all=False)
        return
    said = _said(post)
    if row.gone_at or all(getattr(row, name) == value for name, value in said.items()):
        return
    for name, value in said.items():
        setattr(row, name, value)
    matches = matcher_of(brand).match(searched(post))
    row.mentions.all().delete()
    Mention.objects.bulk_create(Mention(post=row, query_id=q, spans=s) for q, s in matches.items())
    row.addressed = row.addressed or post.addressed
    row.is_mention = (row.is_mention or row.addressed or bool(matches)) and not row.is_ours
    row.edited_at = now
    _begin_anew(row, [*said, "addressed", "is_mention", "edited_at"])
    search.remember(brand.pk, Entry.Kind.POST, row.pk, f"{row.title} {row.text}", row.at)
    write_down(brand, None, "heard an edit", row, now=now)  # open pages learn of it by this row, too
    taken.edited += 1


def _came_back(brand: Brand, channel: str, native_id: str, why: str, now: datetime) -> None:
    """Ours did not arrive. Whom it should have reached waits again: the pipeline sees to that."""
    row = Post.objects.filter(brand=brand, channel=channel, native_id=native_id, is_ours=True).first()
    if row is None or row.failed_at or row.gone_at:
        return
    row.failed_at, row.failed_why = now, why
    _begin_anew(row, ["failed_at", "failed_why"])
    write_down(brand, None, "heard that ours came back", row, now=now)


def searched(post: base.Post | Post) -> str:
    """What queries look at: title, text and links, as one text whose first part is the text itself."""
    return "\n".join(filter(None, [clean_text(post.text), post.title, *post.links, post.url]))


def clean_json(value: Any) -> Any:
    """A value as both databases can hold it: PostgreSQL refuses NUL even inside JSON."""
    match value:
        case str():
            return clean_text(value, 5000)
        case dict():
            return {clean_text(str(key), 200): clean_json(item) for key, item in value.items()}
        case list() | tuple():
            return [clean_json(item) for item in value]
        case bool() | int() | None:
            return value
        case float() if isfinite(value):
            return value
        case _:
            return clean_text(str(value), 5000)


def kept_id(native_id: str) -> str:
    """As a channel's id is kept: as it is, or shortened to one that is as unlike any other."""
    native_id = clean_text(native_id)
    return native_id if len(native_id) <= LONGEST_ID else stable_key(native_id)
