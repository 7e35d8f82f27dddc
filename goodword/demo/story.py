"""What do the people with a story say? Among them the seven who wait for an answer right now."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from goodword.demo.people import Voice
from goodword.demo.sentences import say
from goodword.demo.talk import HALF_A_YEAR, Said, said_by, said_by_us

# The parts of those who wait, the most urgent first; test_brand.py holds the inbox to it.
WAITING = ("noor", "asks-twice", "asks-in-german", "advocate-1", "writes-a-letter", "buyer", "suggests")
SNOOZED = "back-on-thursday"
ADVOCATES = ("advocate-1", "advocate-2", "advocate-3")
PRAISED = 11  # times by each advocate, in half a year and without being asked


def story(cast: Mapping[str, Voice], until: datetime, chance: random.Random, name: str) -> list[Said]:
    """Everything the cast says, and what we answered to it before today."""
    telling = _Telling(cast, until, name)
    lines = [
        *telling.noor(),
        *telling.influencer(),
        *telling.advocates(chance),
        *telling.snoozed(),
        *telling.waiting(),
    ]
    return sorted(lines, key=lambda line: (line.post.at, line.post.native_id))


class _Telling:
    def __init__(self, cast: Mapping[str, Voice], until: datetime, name: str) -> None:
        self.cast, self.until, self.name = cast, until, name
        self.number = 0

    def says(
        self,
        part: str,
        ago: timedelta,
        text: str,
        mood: str,
        *,
        to_us: bool = True,
        parent: Said | None = None,
        title: str = "",
    ) -> Said:
        self.number += 1
        asked = parent.post if parent else None
        name, at = f"{self.name} {part} {self.number}", self.until - ago
        return said_by(self.cast[part], text, mood, at, name, addressed=to_us, parent=asked, title=title)

    def we_answer(self, to: Said, after: timedelta, text: str, by: int = 0) -> Said:
        return said_by_us(to.channel, text, to.post.at + after, to.post, by)

    def noor(self) -> Iterator[Said]:
        """One person on three channels: a fair question, a public thank you, a letter, and now this."""
        asked = self.says(
            "noor-bluesky",
            timedelta(days=131, hours=3),
            "@steamwren I draw outdoors all day. Would the Wren Fold survive being sat on? Asking for a map "
            "maker.",
            "question",
        )
        answer = self.we_answer(
            asked,
            timedelta(hours=5, minutes=20),
            "Hi Noor, we tried it with our heaviest cyclist. The Fold held, the chair didn't.",
        )
        thanks = self.says(
            "noor-bluesky",
            timedelta(days=130, hours=20),
            "Ha, thank you. Ordered!",
            "thanks",
            parent=answer,
        )
        late = self.says(
            "noor-mail",
            timedelta(days=57, hours=6),
            "Hello,\n\nmy order from ten days ago has not arrived, the tracking page stopped on Tuesday. I "
            "hear the "
            "couriers are on strike. Can you tell me whether I should wait, or make other plans?\n\nBest "
            "wishes,\n"
            "Noor Haddad\n(@noor.makes.maps)",
            "late",
            title="Order SW-2207",
        )
        sorry = self.we_answer(
            late,
            timedelta(hours=26),
            "Hi Noor, I'm sorry, we should have told you ourselves. A second parcel left with the post "
            "today. Keep "
            "the first one if it turns up after all.",
            by=1,
        )
        yield from (asked, answer, thanks, late, sorry)

    def influencer(self) -> Iterator[Said]:
        """Heard by very many, and not interested in us at all."""
        for days, text in (
            (
                160,
                "This week: eleven stoves in the rain. No kettles, not even that Steamwren you all ask for.",
            ),
            (96, "Day six of the stove marathon. The Steamwren stays in its box."),
            (33, "Unboxing 40 parcels on Sunday. Somebody sent a Steamwren. It is somewhere in the pile."),
        ):
            yield self.says("influencer", timedelta(days=days, hours=4), text, "chatter", to_us=False)

    def advocates(self, chance: random.Random) -> Iterator[Said]:
        """Few follow them. They say good things unasked, and others buy because of it."""
        for part in ADVOCATES:
            language = self.cast[part].language
            days = HALF_A_YEAR.days - 6
            for turn in range(PRAISED):
                mood = "recommend" if turn % 2 else "praise"
                ago = timedelta(days=days - turn * days / PRAISED, minutes=chance.randrange(600))
                text = say(mood, language, chance)
                if "steamwren" not in text.lower():
                    text += " #steamwren"
                yield self.says(part, ago, text, mood, to_us=False)

    def snoozed(self) -> Iterator[Said]:
        yield self.says(
            SNOOZED,
            timedelta(hours=26),
            "Hello, the Perch grinder I sent in for repair: I'm away until Thursday, please don't ship it "
            "before "
            "then. Could you confirm the address you have? Thank you, Harriet",
            "question",
            title="Repair 118, not before Thursday",
        )

    def waiting(self) -> Iterator[Said]:
        yield self.says(
            "noor",
            timedelta(minutes=9),
            "Hi, Noor here (order SW-2207). My Wren Fold stopped working this morning, no light, nothing. I "
            "leave "
            "for a three week job tonight. What can I do?",
            "complaint",
        )
        first = self.says(
            "asks-twice",
            timedelta(minutes=84),
            "@steamwren is the Wren One okay at 3,800 metres? Water boils sooner up there and I don't want "
            "it to "
            "switch off too early.",
            "question",
        )
        yield first
        yield self.says(
            "asks-twice",
            timedelta(minutes=21),
            "@steamwren sorry to ask again, I'm packing right now. Yes or no would do 🙂",
            "question",
            parent=first,
        )
        yield self.says(
            "asks-in-german",
            timedelta(minutes=52),
            "@steamwren Moin! Kann ich den Wren Fold an Bord mit 12 Volt betreiben, oder brauche ich einen "
            "Wechselrichter? Am Wochenende geht es los.",
            "question",
        )
        yield self.says(
            "advocate-1",
            timedelta(minutes=37),
            "@steamwren Two years, 4,000 doorsteps, and the Wren One still gets my tea hot on the coldest "
            "round. "
            "Love this thing. My whole depot has one now.",
            "praise",
        )
        yield self.says(
            "writes-a-letter",
            timedelta(hours=2, minutes=40),
            "Dear Steamwren team,\n\nwe are a small pottery in Porto and would love to give our twelve "
            "course guests a "
            "Nest dripper each in spring. Could you tell us whether you make them without a logo, and how "
            "long "
            "twelve would take?\n\nThere is no hurry, but it would make us very happy.\n\nGil "
            "Ferreira\nAtelier "
            "Ferreira",
            "question",
            title="Twelve drippers for our guests",
        )
        yield self.says(
            "buyer",
            timedelta(hours=3, minutes=5),
            "@Steamwren I want to buy two Wren Folds before the winter trip. Are they in stock in slate "
            "again, and do "
            "you ship to the Faroes? Would order today.",
            "purchase",
            title="Two Folds to the Faroes",
        )
        yield self.says(
            "suggests",
            timedelta(hours=5, minutes=15),
            "Four months of daily use and it looks like new. One suggestion: it would be great if the lid "
            "came off "
            "for cleaning. Please make that part of the next one.",
            "suggestion",
        )
