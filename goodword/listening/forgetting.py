"""Deleted there, deleted here: what goes when a post or its author is gone at the source?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction

from goodword.listening import attachments, media
from goodword.listening.models import AFRESH, Analysis, Correction, Mention, Post
from goodword.people import identity
from goodword.people.models import MAY_COME_BACK, Profile
from goodword.store import ledger, search
from goodword.store.ledger import Ledger, Line, What
from goodword.store.models import Entry
from goodword.team.authority import write_down
from goodword.team.models import Brand


def forget_post(brand: Brand, channel: str, native_id: str, why: str, *, now: datetime) -> int:
    """Purge the post's text, pictures and what was understood of it; a tombstone keeps counts honest.

    Returns 1 if something was forgotten. Our own replies keep our words.
    """
    found = Post.objects.filter(brand=brand, channel=channel, native_id=native_id, gone_at=None)
    if purged := _purge(brand, found, why, now):
        ledger.note(What.POST, brand.pk, channel, native_id, why, now=now)
    return purged


def hide_author(brand: Brand, channel: str, native_id: str, why: str, *, now: datetime) -> int:
    """Every post of theirs disappears from every screen; purged unless the author may come back."""
    profile = Profile.objects.filter(brand=brand, channel=channel, native_id=native_id).first()
    if profile is None or (profile.gone_at and profile.gone_why == why[:40]):
        return 0  # unknown, or told again
    ledger.note(What.AUTHOR, brand.pk, channel, native_id, why, now=now)
    return _hide(profile, why, now)


def _hide(profile: Profile, why: str, now: datetime) -> int:
    brand = profile.brand
    profile.gone_at, profile.gone_why = profile.gone_at or now, why[:40]
    profile.save(update_fields=["gone_at", "gone_why"])
    if why not in MAY_COME_BACK:
        media.forget([profile.avatar_url])
        identity.forget_names(profile)
    search.forget(Entry.Kind.PERSON, [profile.pk])
    posts = profile.posts.filter(gone_at=None)
    if why not in MAY_COME_BACK:
        return _purge(brand, posts, why, now)
    ids = list(posts.values_list("pk", flat=True))
    search.forget(Entry.Kind.POST, ids)
    posts.update(**AFRESH)  # the pipeline places their threads anew
    write_down(brand, None, "hid an author", profile, now=now, why=why, posts=len(ids))
    return len(ids)


def show_author(brand: Brand, channel: str, native_id: str, *, now: datetime) -> None:
    """They are back: what was hidden may be shown and found again."""
    hidden = Profile.objects.filter(
        brand=brand, channel=channel, native_id=native_id, gone_why__in=MAY_COME_BACK
    )
    for profile in hidden.exclude(gone_at=None):
        ledger.note(What.RETURN, brand.pk, channel, native_id, "", now=now)
        _show(profile)


def _show(profile: Profile) -> None:
    profile.gone_at, profile.gone_why = None, ""
    profile.save(update_fields=["gone_at", "gone_why"])
    identity.index([profile])
    posts = profile.posts.filter(gone_at=None)
    indexed = [(post.pk, f"{post.title} {post.text}", post.at) for post in posts]
    search.remember_all(profile.brand_id, Entry.Kind.POST, indexed)
    posts.update(**AFRESH)


def _purge(brand: Brand, posts: Iterable[Post], why: str, now: datetime) -> int:
    posts = list(posts)
    ids = [post.pk for post in posts]
    if not ids:
        return 0
    Analysis.objects.filter(post__in=ids).delete()
    Correction.objects.filter(post__in=ids).delete()
    Mention.objects.filter(post__in=ids).update(spans=[])
    search.forget(Entry.Kind.POST, ids)
    _forget_pictures(posts)
    attachments.forget(posts)
    Post.objects.filter(pk__in=ids).update(
        text="",
        title="",
        url="",  # many hold the first words
        links=[],
        media=[],
        quoted="",
        html="",
        reference={},
        gone_at=now,
        gone_why=why[:40],
        **AFRESH,
    )
    for post in posts:
        write_down(brand, None, "forgot a post", post, now=now, why=why)
    return len(ids)


def _forget_pictures(posts: Iterable[Post]) -> None:
    media.forget([item["url"] for post in posts for item in post.media if item.get("url")])


# --- after a backup was restored -------------------------------------------------------------------


def forget_again(ledgers: Sequence[Ledger], *, now: datetime) -> int:
    """What was deleted after the backup was made is deleted once more; how many posts and authors."""
    return sum(_forget_again(book, now) for book in ledgers)


def _forget_again(book: Ledger, now: datetime) -> int:
    posts = {line.mark: line.why for line in book.lines if line.what == What.POST}
    # Of somebody who left and came back, the last word holds.
    authors = {line.mark: line for line in book.lines if line.what != What.POST}
    with transaction.atomic():
        left = sum(_author_again(profile, authors[mark], now) for profile, mark in _profiles(book, authors))
        for post, mark in _posts(book, posts):
            _purge(post.brand, [post], posts[mark], now)
            left += 1
    return left


def _author_again(profile: Profile, line: Line, now: datetime) -> int:
    if line.what == What.AUTHOR and not profile.is_forgotten:
        _hide(profile, line.why, now)
        return 1
    if line.what == What.RETURN and profile.gone_why in MAY_COME_BACK:
        _show(profile)
    return 0


def _profiles(book: Ledger, wanted: Collection[str]) -> list[tuple[Profile, str]]:
    marks = _marked(book, Profile.objects.all(), wanted)
    return [(profile, marks[profile.pk]) for profile in Profile.objects.filter(pk__in=marks)]


def _posts(book: Ledger, wanted: Collection[str]) -> list[tuple[Post, str]]:
    marks = _marked(book, Post.objects.filter(gone_at=None), wanted)
    rows = Post.objects.select_related("brand")
    return [(rows.get(pk=pk), mark) for pk, mark in marks.items()]


def _marked(book: Ledger, rows: models.QuerySet[Any], wanted: Collection[str]) -> dict[int, str]:
    """The rows that the ledger means, by their key. It takes a few seconds for a million."""
    if not wanted:
        return {}
    names = rows.values_list("pk", "brand_id", "channel", "native_id").iterator()
    marked = ((pk, book.mark(*name)) for pk, *name in names)
    return {pk: mark for pk, mark in marked if mark in wanted}
