"""How does the demo come about? Its people speak, the product does what it does, its teammates answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from goodword import pipeline
from goodword.channels.base import Seen
from goodword.channels.playground import PLACES
from goodword.demo import records, teamwork
from goodword.demo.people import CAST_PEOPLE, the_cast, the_town
from goodword.demo.story import story
from goodword.demo.talk import HALF_A_YEAR, Said, our_account, talk
from goodword.listening.ingest import take_in
from goodword.listening.models import Connection, Query, Step
from goodword.team.authority import write_down
from goodword.team.membership import make_owner
from goodword.team.models import AuditEntry, Brand, Role, Teammate, User

NAME = "Steamwren"
PEOPLE, POSTS, SEED = 400, 3_000, 1
# Below these the story has no town around it; above, one machine would be busy for hours.
FEWEST_PEOPLE, MOST_PEOPLE = 30, 1_000_000
FEWEST_POSTS, MOST_POSTS = 150, 10_000_000
TODAY = timedelta(hours=30)  # what the cast said since then is still to be done
AT_ONCE = 2_000  # posts taken in together

INVENTED = "@steamwren.example"  # addresses of teammates who do not exist; nobody can sign in as one
TEAM = (("Tariq Aslan", Role.MEMBER), ("Imke Brandt", Role.MEMBER), ("Lotte Meier", Role.VIEWER))
QUERIES = (
    ("Steamwren", 'steamwren OR "steam wren"', Query.Kind.BRAND),
    ("Our kettles", '"wren one" OR "wren fold"', Query.Kind.PRODUCT),
    ("Travel kettles", '"travel kettle" OR "collapsible kettle"', Query.Kind.CATEGORY),
    ("Boilbird", "boilbird", Query.Kind.COMPETITOR),
)
MADE = "made the demo"

Progress = Callable[[str], None]


class NotPossible(ValueError):
    """The demo cannot be made so; the text is a sentence for the one who asked."""


@dataclass(frozen=True)
class Plan:
    """The numbers a demo is made from: the same plan, the same rows."""

    people: int = PEOPLE
    posts: int = POSTS
    seed: int = SEED

    def __post_init__(self) -> None:
        if not FEWEST_PEOPLE <= self.people <= MOST_PEOPLE:
            sentence = _("The demo needs between %(fewest)s and %(most)s people.")
            raise NotPossible(sentence % {"fewest": FEWEST_PEOPLE, "most": f"{MOST_PEOPLE:,}"})
        if not FEWEST_POSTS <= self.posts <= MOST_POSTS:
            sentence = _("The demo needs between %(fewest)s and %(most)s posts.")
            raise NotPossible(sentence % {"fewest": FEWEST_POSTS, "most": f"{MOST_POSTS:,}"})
        if self.posts < self.people + FEWEST_POSTS // 2:
            sentence = _("Everybody has something to say: %(people)s people need at least %(posts)s posts.")
            raise NotPossible(sentence % {"people": self.people, "posts": self.people + FEWEST_POSTS // 2})


DEFAULT = Plan()


def make_demo(
    now: datetime, plan: Plan = DEFAULT, *, owner: User | None = None, progress: Progress = lambda done: None
) -> Brand:
    """A demo brand whose half year ends at `now` (aware, UTC), owned by `owner`: all of it, or nothing.

    `progress` is told in a sentence what is being done.
    """
    until = now.replace(microsecond=0)
    name = f"{plan.seed} {plan.people} {plan.posts}"
    chance = random.Random(name)
    name += f" {until.isoformat()}"
    cast = {voice.part: voice for voice in the_cast()}
    told = story(cast, until, chance, name)
    town = the_town(plan.people - CAST_PEOPLE, chance)
    of_the_cast = sum(line.by is None for line in told)
    said = sorted(
        [*told, *talk(town, plan.posts - of_the_cast, until, chance, name)],
        key=lambda line: (line.post.at, line.post.native_id),
    )
    moods = {line.post.native_id: line.mood for line in said}
    with transaction.atomic():
        brand, team = _found(until, owner)
        progress(_("%(posts)s posts of %(people)s people are taken in.") % vars(plan))
        _hear(brand, said, until)
        progress(_("They are understood and put into threads."))
        _advance(until, Step.HEARD, Step.UNDERSTOOD)
        progress(_("The team answers."))
        teamwork.keep_replies(brand, said, team)
        to_do = frozenset(line.post.root for line in told if line.post.at > until - TODAY)
        teamwork.work_through(brand, team, moods, to_do, until, chance)
        teamwork.close_what_is_done(brand, until, chance)
        records.keep_orders(brand, until, chance)
        records.join_noor(brand, cast, team[0], until)
        progress(_("What is left is ranked."))
        pipeline.advance_all(until)
        records.keep_promises(brand, moods, until, chance)
        records.keep_consents(brand, chance)
        records.keep_notes(brand, team, until, chance)
        records.hand_out(brand, cast, team, until)
        write_down(brand, None, MADE, brand, now=until, until=until.isoformat(), **vars(plan))
    return brand


def find_demo() -> Brand | None:
    """The first demo brand of this install."""
    return Brand.objects.filter(is_demo=True).order_by("pk").first()


def made_from(brand: Brand) -> tuple[Plan, datetime] | None:
    """From which numbers, and until when, this demo was made."""
    entry = AuditEntry.objects.filter(brand=brand, verb=MADE).first()
    if entry is None:
        return None
    told = entry.detail
    return Plan(told["people"], told["posts"], told["seed"]), datetime.fromisoformat(told["until"])


def spool_of(brand: Brand) -> Path:
    """Where what is sent in this demo ends up."""
    return Path(settings.HOME) / "playground" / str(brand.pk)


def _found(until: datetime, owner: User | None) -> tuple[Brand, list[Teammate]]:
    """The brand, its teammates (those who answer), its accounts and its queries."""
    begins = until - HALF_A_YEAR - timedelta(days=7)
    brand = Brand.objects.create(name=NAME, is_demo=True, time_zone="Europe/London")
    Brand.objects.filter(pk=brand.pk).update(created_at=begins)
    team = [_teammate(brand, name, role, begins) for name, role in TEAM]
    if owner:
        make_owner(brand, owner.email, now=until)
    for place in PLACES:
        Connection.objects.create(
            brand=brand,
            channel=place.key,
            name=NAME,
            settings={"spool": str(spool_of(brand))},
            native_id=our_account(place.key).native_id,
            handle=our_account(place.key).handle,
            cursor="0",
            heard_at=until,
            made_by=team[0],
            made_at=begins,
        )
    Query.objects.bulk_create(
        Query(brand=brand, name=name, text=text, kind=kind, made_by=team[0], made_at=begins)
        for name, text, kind in QUERIES
    )
    return brand, [teammate for teammate in team if teammate.role == Role.MEMBER]


def _teammate(brand: Brand, name: str, role: Role, joined: datetime) -> Teammate:
    email = name.split()[0].lower() + INVENTED
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    teammate = Teammate.objects.create(brand=brand, user=user, role=role)
    Teammate.objects.filter(pk=teammate.pk).update(joined_at=joined)
    write_down(brand, teammate, "joined", teammate, now=joined, role=role)
    return teammate


def _hear(brand: Brand, said: Iterable[Said], until: datetime) -> None:
    """As if each channel had told us of it, in order of time."""
    for connection in Connection.objects.filter(brand=brand).order_by("pk"):
        events = [Seen(line.post) for line in said if line.channel == connection.channel]
        for start in range(0, len(events), AT_ONCE):
            take_in(
                brand, connection.channel, events[start : start + AT_ONCE], now=until, connection=connection
            )
    teamwork.heard_when_said(brand)


def _advance(until: datetime, *steps: Step) -> None:
    for step in steps:
        while pipeline.advance(step, until):
            pass
