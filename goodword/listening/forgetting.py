"""Deleted there, deleted here: what goes when a post or its author is gone at the source?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from goodword.listening import media
from goodword.listening.models import AFRESH, Analysis, Mention, Post
from goodword.people import identity
from goodword.people.models import MAY_COME_BACK, Profile
from goodword.store import search
from goodword.store.models import Entry
from goodword.team.authority import write_down
from goodword.team.models import Brand


def forget_post(brand: Brand, channel: str, native_id: str, why: str, *, now: datetime) -> int:
    """Purge the post's text, pictures and what was understood of it; a tombstone keeps counts honest.

    Returns 1 if something was forgotten. Our own replies keep our words.
    """
    found = Post.objects.filter(brand=brand, channel=channel, native_id=native_id, gone_at=None)
    return _purge(brand, found, why, now)


def hide_author(brand: Brand, channel: str, native_id: str, why: str, *, now: datetime) -> int:
    """Every post of theirs disappears from every screen; purged unless the author may come back."""
    profile = Profile.objects.filter(brand=brand, channel=channel, native_id=native_id).first()
    if profile is None:
        return 0
    if profile.gone_at and profile.gone_why == why[:40]:
        return 0  # it was told again
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


def show_author(brand: Brand, channel: str, native_id: str) -> None:
    """They are back: what was hidden may be shown and found again."""
    for profile in Profile.objects.filter(brand=brand, channel=channel, native_id=native_id).exclude(
        gone_at=None
    ):
        if profile.gone_why not in MAY_COME_BACK:
            continue
        profile.gone_at, profile.gone_why = None, ""
        profile.save(update_fields=["gone_at", "gone_why"])
        identity.index([profile])
        posts = profile.posts.filter(gone_at=None)
        search.remember_all(brand.pk, Entry.Kind.POST, [(p.pk, f"{p.title} {p.text}", p.at) for p in posts])
        posts.update(**AFRESH)


def _purge(brand: Brand, posts: Iterable[Post], why: str, now: datetime) -> int:
    posts = list(posts)
    ids = [post.pk for post in posts]
    if not ids:
        return 0
    Analysis.objects.filter(post__in=ids).delete()
    Mention.objects.filter(post__in=ids).update(spans=[])
    search.forget(Entry.Kind.POST, ids)
    _forget_pictures(posts)
    Post.objects.filter(pk__in=ids).update(
        text="",
        title="",
        url="",  # many hold the first words
        links=[],
        media=[],
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
