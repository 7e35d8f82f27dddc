"""Is this somebody we know? And are these profiles one person?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from goodword.channels.base import Author, clean_text
from goodword.people.models import Join, Person, Profile
from goodword.store import search
from goodword.store.models import Entry
from goodword.team.authority import write_down
from goodword.team.models import Brand, Teammate

MOST_FOLLOWERS = 10**12  # more than there are people; the column holds no more than 9 * 10**18

# What the channel may tell anew about an author, and how much of it the columns hold.
TOLD = {"handle": 300, "name": 300, "avatar_url": 2000, "url": 2000, "bio": 5000}


class AnotherBrand(Exception):
    """Two brands never share a person: what one of them knows is none of the other's business."""


def recognise(
    brand: Brand,
    channel: str,
    authors: Mapping[str, Author],
    *,
    heard: Mapping[str, Sequence[datetime]],
    ours: set[str],
) -> dict[str, Profile]:
    """The profile of each author, by native id; new ones get a person of their own.

    `heard` gives when each was heard, `ours` who writes for the brand. Call it in the
    transaction that keeps their posts.
    """
    known = {
        profile.native_id: profile
        for profile in Profile.objects.filter(
            brand=brand, channel=channel, native_id__in=list(authors)
        ).select_related("person")
    }
    for native_id, profile in known.items():
        _learn(profile, authors[native_id], native_id in ours, heard[native_id])
    unknown = [native_id for native_id in authors if native_id not in known]
    known |= _welcome(brand, channel, [authors[i] for i in unknown], heard, ours)
    return known


def learn(brand: Brand, channel: str, author: Author, *, now: datetime) -> None:
    """The channel told us something new about an author we know; strangers are not kept."""
    profile = Profile.objects.filter(brand=brand, channel=channel, native_id=author.native_id).first()
    if profile:
        _learn(profile, author, profile.is_ours)


def join(profile: Profile, person: Person, *, evidence: str, by: Teammate | None, now: datetime) -> Join:
    """This profile belongs to that person. Its facts stay on the profile, so that it can be undone.

    Raises AnotherBrand when they are of two brands.
    """
    if profile.brand_id != person.brand_id:
        raise AnotherBrand
    with transaction.atomic():
        joined = Join.objects.create(
            person=person, profile=profile, came_from=profile.person, evidence=evidence, by=by, at=now
        )
        _move(profile, person)
        write_down(profile.brand, by, "joined profiles", joined, now=now, evidence=evidence)
    return joined


def undo_join(joined: Join, *, by: Teammate | None, now: datetime) -> None:
    """Exactly what was: what arrived since then hangs on the profile, and goes with it."""
    with transaction.atomic():
        if joined.undone_at is None:
            joined.undone_at, joined.undone_by = now, by
            joined.save(update_fields=["undone_at", "undone_by"])
            _move(joined.profile, joined.came_from)
            write_down(joined.profile.brand, by, "undid a join", joined, now=now)


def forget_names(profile: Profile) -> None:
    """What the author told of themselves is gone; the person is called by their other profiles."""
    for field in TOLD:
        setattr(profile, field, "")
    profile.followers = None
    profile.save(update_fields=[*TOLD, "followers"])
    _renew(profile.person)


def index(profiles: Iterable[Profile]) -> None:
    """Let people be found by the names and handles of their profiles."""
    by_brand: dict[int, list[tuple[int, str, datetime]]] = {}
    for profile in profiles:
        names = " ".join(dict.fromkeys(filter(None, [profile.name, profile.handle])))
        by_brand.setdefault(profile.brand_id, []).append((profile.pk, names, profile.last_heard_at))
    for brand_id, rows in by_brand.items():
        search.remember_all(brand_id, Entry.Kind.PERSON, rows)


def _learn(profile: Profile, author: Author, ours: bool, heard: Sequence[datetime] = ()) -> None:
    told = {field: _fit(getattr(author, field), most) for field, most in TOLD.items()}
    changes = {field: value for field, value in told.items() if value and value != getattr(profile, field)}
    followers = _counted(author.followers)
    if followers is not None and followers != profile.followers:
        changes["followers"] = followers  # type: ignore[assignment]
    if ours and not profile.is_ours:
        changes["is_ours"] = True  # type: ignore[assignment]
    if (last := max(heard, default=profile.last_heard_at)) > profile.last_heard_at:
        changes["last_heard_at"] = last  # type: ignore[assignment]
    if (first := min(heard, default=profile.first_heard_at)) < profile.first_heard_at:
        changes["first_heard_at"] = first  # type: ignore[assignment]
    if not changes:
        return
    for field, value in changes.items():
        setattr(profile, field, value)
    profile.save(update_fields=list(changes))
    if changes.keys() & {"name", "handle"}:
        index([profile])
    _renew(profile.person)


def _welcome(
    brand: Brand,
    channel: str,
    authors: list[Author],
    heard: Mapping[str, Sequence[datetime]],
    ours: set[str],
) -> dict[str, Profile]:
    people = Person.objects.bulk_create(
        Person(
            brand=brand,
            name=_fit(author.name or author.handle or author.native_id, 200),
            first_heard_at=min(heard[author.native_id]),
            last_heard_at=max(heard[author.native_id]),
        )
        for author in authors
    )
    profiles = Profile.objects.bulk_create(
        Profile(
            brand=brand,
            person=person,
            channel=channel,
            native_id=author.native_id,
            followers=_counted(author.followers),
            is_ours=author.native_id in ours,
            first_heard_at=person.first_heard_at,
            last_heard_at=person.last_heard_at,
            **{field: _fit(getattr(author, field), most) for field, most in TOLD.items()},
        )
        for person, author in zip(people, authors, strict=True)
    )
    index(profiles)
    return {profile.native_id: profile for profile in profiles}


def _move(profile: Profile, person: Person) -> None:
    left = profile.person
    profile.person = person
    profile.save(update_fields=["person"])
    _renew(person)
    _renew(left)


def _renew(person: Person) -> None:
    """A person's name and times are those of their profiles; without profiles they stay as they were."""
    profiles = list(person.profiles.order_by("first_heard_at", "pk"))
    if not profiles:
        return
    person.name = _fit(max((p.name for p in profiles), key=len) or profiles[0].shown_name, 200)
    person.first_heard_at = min(p.first_heard_at for p in profiles)
    person.last_heard_at = max(p.last_heard_at for p in profiles)
    person.save(update_fields=["name", "first_heard_at", "last_heard_at"])


def _counted(followers: int | None) -> int | None:
    """As the column can hold it, whatever a place claims."""
    return None if followers is None else min(max(0, followers), MOST_FOLLOWERS)


def _fit(text: str, most: int) -> str:
    return clean_text(text)[:most].strip()
