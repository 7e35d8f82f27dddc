"""Who talks about the demo's brand? A few people with a story, and a town full of others."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from goodword.channels.base import Author
from goodword.channels.playground import Bluesky, Forum, Mail, Reviews, TextMessages

SMS, BLUESKY, FORUM, REVIEWS, MAIL = (c.key for c in (TextMessages, Bluesky, Forum, Reviews, Mail))

# Where people talk, and in which language: of a hundred, roughly so many.
CHANNEL_SHARES = {BLUESKY: 52, FORUM: 24, REVIEWS: 9, MAIL: 9, SMS: 6}
LANGUAGE_SHARES = {"en": 68, "de": 12, "es": 8, "fr": 7, "pt": 5}

FIRST_NAMES = {
    "en": (
        "Ada Ben Carys Dylan Effie Farah Gus Hattie Idris Joan Kofi Lena Morag Ned Orla Percy Quinn "
        "Rhona Sunil "
        "Tess Una Vikram Wilf Yasmin Zadie Amit Bridie Callum Dot Ewan Flo Greta Huw Isla Jem Kiran "
        "Lorna Mabel"
    ),
    "de": (
        "Anke Bernd Carla Detlef Elif Frieda Gesine Henning Ilse Jannik Katrin Levke Murat Nele Okka "
        "Piet Rieke Sönke"
    ),
    "es": (
        "Alba Bruno Candela Darío Elvira Fermín Gloria Hugo Inés Jimena Leandro Marisol Nuria Óscar "
        "Paloma Raúl"
    ),
    "fr": (
        "Agathe Baptiste Coline Didier Élise Fabrice Gaëlle Hakim Inès Joël Lucile Maxime Noémie Odile Pascal"
    ),
    "pt": "Afonso Beatriz Caetano Dália Eduarda Filipe Graça Heitor Iara Joaquim Leonor Matilde Nuno Olívia",
}
LAST_NAMES = {
    "en": (
        "Abbot Barrow Calder Dunmore Easton Fairley Garrick Holt Inglis Jarvis Keane Lockett Marsh "
        "Norwood Okoro "
        "Penrose Quayle Rudd Sharma Thorne Underhill Varley Whitlock Yarrow Adeyemi Blyth Coates Drummond"
    ),
    "de": (
        "Albers Brinkmann Carstens Deichmann Ehlers Feddersen Gerlach Hinrichs Jansen Kowalke Lüders "
        "Möller Yıldız"
    ),
    "es": "Aranda Bermejo Cuesta Durán Espinar Fajardo Gallego Herrero Ibarra Luengo Merino Navas Olmedo",
    "fr": "Aubert Besson Carlier Delmas Étienne Fournel Garnier Hamdi Jourdan Lacombe Morvan Perrin",
    "pt": "Abrantes Barreto Coelho Delgado Esteves Falcão Guedes Lobato Machado Nogueira Pacheco",
}
BIOS = (
    "Trains, tea, two cats.",
    "Slow traveller.",
    "Teaches physics, sleeps in a van.",
    "Night nurse. Mostly awake.",
    "Here for the photos of other people's breakfast.",
    "Bikes, bread, bad puns.",
    "",
    "",
    "",
    "",
)


@dataclass(frozen=True)
class Voice:
    """Somebody on one channel, and how they write."""

    channel: str
    author: Author
    language: str = "en"
    manner: str = "plain"
    talks: float = 1.0  # how much, beside others
    part: str = ""  # the part they play in a story, if they do

    @property
    def you(self) -> str:
        """What our people call them."""
        return self.author.name.split()[0] if self.author.name else "there"


# The nth most talkative of a town says about 1/(n + this) as much as the first: a few dozen say half.
TALKATIVE = 12

MANNERS = ("plain",) * 9 + ("lower", "lower", "typos", "typos", "emoji", "emoji", "loud", "dots", "open")


def the_town(people: int, chance: random.Random) -> list[Voice]:
    """Everybody but the cast: `people` voices. A few talk a lot, most of them once."""
    taken: set[str] = set()
    return [_somebody(number, chance, taken) for number in range(people)]


def _somebody(number: int, chance: random.Random, taken: set[str]) -> Voice:
    channel = _one_of(CHANNEL_SHARES, chance)
    language = _one_of(LANGUAGE_SHARES, chance)
    name = f"{chance.choice(FIRST_NAMES[language].split())} {chance.choice(LAST_NAMES[language].split())}"
    return Voice(
        channel=channel,
        author=_author(channel, name, number, chance, taken),
        language=language,
        manner=chance.choice(MANNERS),
        talks=1 / (number + TALKATIVE),
    )


def _author(channel: str, name: str, number: int, chance: random.Random, taken: set[str]) -> Author:
    short = _handle(name, number, chance, taken)
    match channel:
        case "playground-sms":
            number_there = f"+447700900{100 + number:03d}"
            return Author(number_there, handle=number_there, name=name if chance.random() < 0.4 else "")
        case "playground-mail":
            address = f"{short}@post.example"
            return Author(address, handle=address, name=name)
        case "playground-reviews":
            return Author(f"review:{number}", handle=short, name=f"{name.split()[0]} {name.split()[1][0]}.")
        case "playground-forum":
            return Author(f"member:{number}", handle=short, name=name if chance.random() < 0.3 else "")
    return Author(
        f"did:example:{number}",
        handle=f"{short}.social.example",
        name=name,
        bio=chance.choice(BIOS),
        followers=min(int(20 * chance.paretovariate(0.8)), 60_000),
    )


def _handle(name: str, number: int, chance: random.Random, taken: set[str]) -> str:
    first, last = (re.sub(r"[^a-z]", "", _plain(part)) for part in name.split())
    ways = (
        f"{first}{last}",
        f"{first}.{last}",
        f"{first[0]}{last}",
        f"{last}{first[0]}",
        f"{first}_{number % 100}",
    )
    handle = chance.choice(ways)
    if handle in taken:
        handle = f"{handle}{number}"
    taken.add(handle)
    return handle


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i").replace("ß", "ss"))
    return "".join(c for c in flat if not unicodedata.combining(c))


def _one_of(shares: dict[str, int], chance: random.Random) -> str:
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def the_cast() -> Iterator[Voice]:
    """The people with a story. NOOR is one person on three channels: see records.py."""

    def on_bluesky(
        part: str, name: str, handle: str, followers: int, bio: str = "", language: str = "en"
    ) -> Voice:
        author = Author(f"did:example:{part}", f"{handle}.social.example", name, bio=bio, followers=followers)
        return Voice(BLUESKY, author, language, talks=0, part=part)

    yield Voice(SMS, Author("+447700900017", "+447700900017", "Noor Haddad"), talks=0, part="noor")
    yield on_bluesky("noor-bluesky", "Noor H.", "noor.makes.maps", 214, "Draws maps of places that flooded.")
    noor = Author("noor.haddad@post.example", "noor.haddad@post.example", "Noor Haddad")
    yield Voice(MAIL, noor, talks=0, part="noor-mail")

    yield on_bluesky("influencer", "Jonas Vey", "jonasvey", 412_000, "Gear, tested. New film every Sunday.")
    yield on_bluesky("advocate-1", "Marnie Okell", "marnie.okell", 61, "Postwoman. Knows every hill.")
    yield on_bluesky("advocate-2", "Tobias Renz", "tobias.renz", 118, "Nachtzüge und Tee.", "de")
    yield Voice(
        FORUM, Author("member:advocate-3", "quietkettle", "Sheila Brandreth"), talks=0, part="advocate-3"
    )

    yield on_bluesky("asks-twice", "Priya Nandakumar", "priya.n", 389, "Climbs, mostly upwards.")
    yield on_bluesky("asks-in-german", "Wiebke Thomsen", "wiebke.th", 97, "Segelt, wenn kein Wind ist.", "de")
    yield Voice(FORUM, Author("member:buyer", "northbound_kit", "Kit Farrow"), talks=0, part="buyer")
    yield Voice(REVIEWS, Author("review:suggests", "elena.p", "Elena P."), talks=0, part="suggests")
    writer = Author("g.ferreira@atelier.example", "g.ferreira@atelier.example", "Gil Ferreira")
    yield Voice(MAIL, writer, talks=0, part="writes-a-letter")
    later = Author("harriet.lowe@post.example", "harriet.lowe@post.example", "Harriet Lowe")
    yield Voice(MAIL, later, talks=0, part="back-on-thursday")


CAST_PEOPLE = 11  # Noor's three profiles are one person
