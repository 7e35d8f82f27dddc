"""What is known of the demo's people beside their posts? Orders, promises, consents, and who is who."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from goodword.conversations import acts
from goodword.conversations.models import Conversation, Reply, State
from goodword.demo.people import Voice
from goodword.demo.sentences import say
from goodword.demo.story import SNOOZED
from goodword.people import identity
from goodword.people.models import Consent, Order, Profile, Promise
from goodword.team.models import Brand, Teammate

PRICES = {
    "Wren One": Decimal("69.00"),
    "Wren Fold": Decimal("84.00"),
    "Nest dripper": Decimal("32.00"),
    "Perch grinder": Decimal("118.00"),
    "Feather papers, 100": Decimal("7.50"),
    "Spare part": Decimal("6.00"),
}
CUSTOMERS = 0.72  # of the people; the others talk without having bought
BUY_AGAIN = 0.42
SENT_BACK = 0.05
PROMISED = 0.22  # of our answers to a complaint name a day
KEPT = {Promise.Outcome.KEPT: 70, Promise.Outcome.BEATEN: 17, Promise.Outcome.BROKEN: 13}
ASKED_CONSENT = 0.09
NOTED = 0.04  # of the answered conversations
CONSENTS = (
    (Consent.Purpose.NEWS, True, "ticked the box for news when ordering"),
    (Consent.Purpose.NEWS, False, "answered STOP to our news"),
    (Consent.Purpose.GIFT, True, "wrote that a surprise would be welcome"),
    (Consent.Purpose.ASK, True, "said yes when asked whether we may ask something now and then"),
    (Consent.Purpose.CONTACT, False, "asked to be left alone"),
)


def keep_orders(brand: Brand, until: datetime, chance: random.Random) -> None:
    orders: list[Order] = []
    customers = Profile.objects.filter(brand=brand, is_ours=False).order_by("pk")
    for profile in customers:
        if chance.random() < CUSTOMERS:
            orders += _orders_of(profile, until, chance, len(orders))
    Order.objects.bulk_create(orders)


def _orders_of(profile: Profile, until: datetime, chance: random.Random, number: int) -> Iterator[Order]:
    at = profile.first_heard_at - timedelta(days=chance.uniform(1, 40))
    while at < until:
        what = chance.choice(list(PRICES))
        number += 1
        order = Order(
            profile=profile,
            native_id=f"SW-{3000 + number}",
            at=at.replace(microsecond=0),
            amount=PRICES[what],
            currency="EUR",
            words=what,
        )
        yield order
        if chance.random() < SENT_BACK and at + timedelta(days=12) < until:
            number += 1
            yield Order(
                profile=profile,
                native_id=f"SW-{3000 + number}-R",
                at=order.at + timedelta(days=12),
                amount=-order.amount,
                currency="EUR",
                words=f"{what}, sent back",
            )
        if chance.random() > BUY_AGAIN:
            return
        at += timedelta(days=chance.expovariate(1 / 45) + 2)


def keep_promises(brand: Brand, moods: Mapping[str, str], until: datetime, chance: random.Random) -> None:
    """A day we named in an answer. What was due before the end is settled; the rest is open."""
    promises = []
    replies = (
        Reply.objects.filter(conversation__brand=brand).select_related("post__author").order_by("at", "pk")
    )
    for reply in replies:
        if moods.get(reply.post.native_id) not in ("complaint", "late") or chance.random() > PROMISED:
            continue
        due = (reply.at + timedelta(days=chance.choice((1, 2, 2, 3, 5)))).replace(hour=17, minute=0, second=0)
        promise = Promise(
            profile=reply.post.author,
            words=say("promised", "en", chance),
            by=reply.by,
            made_at=reply.at,
            due_at=due,
        )
        if due < until:
            promise.outcome = chance.choices(list(KEPT), weights=list(KEPT.values()))[0]
            promise.settled_at = _settled(promise, chance)
        promises.append(promise)
    Promise.objects.bulk_create(promises)


def _settled(promise: Promise, chance: random.Random) -> datetime:
    """When it was kept; what was broken was settled when its day was over."""
    share = chance.uniform(0.2, 0.6) if promise.outcome == Promise.Outcome.BEATEN else chance.uniform(0.85, 1)
    if promise.outcome == Promise.Outcome.BROKEN:
        share = 1.0
    return promise.made_at + (promise.due_at - promise.made_at) * share


def keep_consents(brand: Brand, chance: random.Random) -> None:
    asked = [
        profile
        for profile in Profile.objects.filter(brand=brand, is_ours=False).order_by("pk")
        if chance.random() < ASKED_CONSENT
    ]
    rows = []
    for profile in asked:
        purpose, given, how = chance.choices(CONSENTS, weights=(10, 3, 4, 4, 1))[0]
        rows.append(
            Consent(profile=profile, purpose=purpose, given=given, how=how, at=profile.first_heard_at)
        )
    Consent.objects.bulk_create(rows)


def keep_notes(brand: Brand, team: list[Teammate], until: datetime, chance: random.Random) -> None:
    answered = Conversation.objects.filter(brand=brand).exclude(state=State.OPEN).order_by("opened_at", "pk")
    for conversation in answered.exclude(reply_rows=None).distinct():
        if chance.random() < NOTED:
            at = min(conversation.latest_at + timedelta(minutes=chance.randrange(2, 50)), until)
            acts.note(conversation, chance.choice(team), say("note", "en", chance), now=at)


def join_noor(brand: Brand, cast: Mapping[str, Voice], by: Teammate, until: datetime) -> None:
    """One person on three channels: joined by what she wrote herself."""
    messages, public, letters = (
        _profile(brand, cast[part]) for part in ("noor", "noor-bluesky", "noor-mail")
    )
    signed = "Her e-mail of the courier strike is signed with @noor.makes.maps."
    identity.join(letters, public.person, evidence=signed, by=by, now=until - timedelta(days=56))
    ordered = "The text message names order SW-2207, which is hers, and her first name."
    identity.join(messages, public.person, evidence=ordered, by=by, now=until - timedelta(minutes=6))
    Order.objects.filter(profile__in=(letters, public, messages)).delete()
    Order.objects.create(
        profile=letters,
        native_id="SW-2207",
        at=until - timedelta(days=67, hours=2),
        amount=PRICES["Wren Fold"],
        currency="EUR",
        words="Wren Fold",
    )
    Promise.objects.create(
        profile=letters,
        words="a second parcel with the post, by Saturday",
        by=by,
        made_at=until - timedelta(days=56, hours=4),
        due_at=until - timedelta(days=52),
        outcome=Promise.Outcome.KEPT,
        settled_at=until - timedelta(days=53, hours=1),
    )


def hand_out(brand: Brand, cast: Mapping[str, Voice], team: list[Teammate], until: datetime) -> None:
    """The last things before you came in: one asks for later, one has somebody in mind already."""
    later = _conversation(brand, cast[SNOOZED])
    wake_at = (until + timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0)
    acts.note(
        later, team[1], "Repair 118 is on the shelf by the window, all done.", now=until - timedelta(hours=3)
    )
    acts.snooze(later, team[1], wake_at, now=until - timedelta(hours=3))
    letter = _conversation(brand, cast["writes-a-letter"])
    words = "Without a logo is fine, we did that for the library. Twelve take about three weeks."
    acts.note(letter, team[1], words, now=until - timedelta(hours=2))
    acts.assign(letter, team[0], team[1], now=until - timedelta(hours=1, minutes=50))


def _profile(brand: Brand, voice: Voice) -> Profile:
    return Profile.objects.get(brand=brand, channel=voice.channel, native_id=voice.author.native_id)


def _conversation(brand: Brand, voice: Voice) -> Conversation:
    return Conversation.objects.filter(brand=brand, profile=_profile(brand, voice)).latest("opened_at")
