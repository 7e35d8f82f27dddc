"""Where are people heard whom no API of ours hears: on pages that close themselves, and face to face?

A teammate writes down what was said there. Each place is known by its name and sign only: it cannot be
connected, and an answer is given there by hand. A place that gets a channel of its own leaves this list.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar

from goodword.sentence import Sentence

from .addresses import host_of
from .base import Author, Cap, Channel, Permission, Post, clean_text, stable_key

SOMEBODY = "somebody:"  # how the id of an author begins of whom nothing is known
LONGEST_KEY = 40  # characters: what the column of a channel holds
LONGEST_NAME = 200
_MERE_NAME = re.compile(r"[^\W\d_][^\W\d_A-Z]*")  # a first letter of any kind, then small ones: Anna, 美咲
A_DAY = timedelta(days=1)


class ByHand(Channel):
    """A place of which we know what teammates write down."""

    icon = "globe"
    connectable = False
    hosts: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        sentence = "Nothing can be sent to %(place)s from here: answer there, and keep here what you said."
        return Permission(False, Sentence(sentence, place=Sentence(cls.name)), post.url)


# --- face to face ----------------------------------------------------------------------------------


class InPerson(ByHand):
    """What was said to one of us, without any address. Whoever shall be called back expects it in a day."""

    reply_within = A_DAY
    somebody: ClassVar[str]  # what an author is called who said no name

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        return Permission(False, "Speak to them, and keep here what you said.")


class Counter(InPerson):
    key = "counter"
    name = "At the counter"
    icon = "store"
    somebody = "Somebody at the counter"


class Telephone(InPerson):
    key = "telephone"
    name = "On the phone"
    icon = "phone"
    private = True
    somebody = "Somebody on the phone"


class Gathering(InPerson):
    key = "event"
    name = "At an event"
    icon = "calendar"
    somebody = "Somebody at an event"


class Letter(InPerson):
    key = "letter"
    name = "By letter"
    icon = "mail-open"
    private = True
    reply_within = timedelta(days=3)  # nobody who took a stamp looks at the clock
    somebody = "Somebody in a letter"


class Elsewhere(InPerson):
    key = "in-person"
    name = "In person"
    icon = "ear"
    somebody = "Somebody in person"


IN_PERSON: tuple[type[InPerson], ...] = (Counter, Telephone, Gathering, Letter, Elsewhere)


# --- pages -----------------------------------------------------------------------------------------


class WebPage(ByHand):
    """Any page of which nobody said more: its posts are kept under the name of its site."""

    key = "web"
    name = "Web page"
    reply_within = A_DAY


# Places one is asked to look at again and again: key, name, hosts, and what people expect there.
# A host that ends in a dot stands for all countries: "amazon." is amazon.de, too.
_WELL_KNOWN: tuple[tuple[str, str, tuple[str, ...], timedelta], ...] = (
    ("airbnb", "Airbnb", ("airbnb.",), A_DAY),
    ("amazon", "Amazon", ("amazon.",), A_DAY),
    ("app-store", "App Store", ("apps.apple.com",), A_DAY),
    ("booking", "Booking.com", ("booking.com",), A_DAY),
    ("capterra", "Capterra", ("capterra.",), A_DAY),
    ("discord", "Discord", ("discord.com", "discord.gg"), timedelta(hours=4)),
    ("ebay", "eBay", ("ebay.",), A_DAY),
    ("etsy", "Etsy", ("etsy.com",), A_DAY),
    ("facebook", "Facebook", ("facebook.com", "fb.com", "fb.watch"), timedelta(hours=4)),
    ("g2", "G2", ("g2.com",), A_DAY),
    ("github", "GitHub", ("github.com",), A_DAY),
    ("glassdoor", "Glassdoor", ("glassdoor.",), A_DAY),
    ("google-play", "Google Play", ("play.google.com",), A_DAY),
    ("google-reviews", "Google reviews", ("maps.google.", "maps.app.goo.gl", "g.page", "g.co"), A_DAY),
    ("instagram", "Instagram", ("instagram.com",), timedelta(hours=4)),
    ("kununu", "kununu", ("kununu.com",), A_DAY),
    ("linkedin", "LinkedIn", ("linkedin.com", "lnkd.in"), timedelta(hours=8)),
    ("medium", "Medium", ("medium.com",), A_DAY),
    ("nextdoor", "Nextdoor", ("nextdoor.",), timedelta(hours=8)),
    ("pinterest", "Pinterest", ("pinterest.", "pin.it"), A_DAY),
    ("product-hunt", "Product Hunt", ("producthunt.com",), timedelta(hours=4)),
    ("quora", "Quora", ("quora.com",), A_DAY),
    ("reddit", "Reddit", ("reddit.com", "redd.it"), timedelta(hours=4)),
    ("stack-exchange", "Stack Exchange", ("stackoverflow.com", "stackexchange.com", "superuser.com"), A_DAY),
    ("steam", "Steam", ("steamcommunity.com", "store.steampowered.com"), A_DAY),
    ("substack", "Substack", ("substack.com",), A_DAY),
    ("telegram", "Telegram", ("t.me", "telegram.me"), timedelta(hours=4)),
    ("threads", "Threads", ("threads.net", "threads.com"), timedelta(hours=4)),
    ("tiktok", "TikTok", ("tiktok.com",), timedelta(hours=4)),
    ("tripadvisor", "Tripadvisor", ("tripadvisor.",), A_DAY),
    ("trustpilot", "Trustpilot", ("trustpilot.",), A_DAY),
    ("tumblr", "Tumblr", ("tumblr.com",), A_DAY),
    ("twitch", "Twitch", ("twitch.tv",), timedelta(hours=4)),
    ("x", "X", ("x.com", "t.co"), timedelta(hours=4)),
    ("xing", "XING", ("xing.com",), timedelta(hours=8)),
    ("yelp", "Yelp", ("yelp.",), A_DAY),
    ("youtube", "YouTube", ("youtube.com",), timedelta(hours=8)),
)


def _register(key: str, name: str, hosts: tuple[str, ...], reply_within: timedelta) -> type[ByHand]:
    said: dict[str, Any] = {"key": key, "name": name, "hosts": hosts, "reply_within": reply_within}
    said["__doc__"] = f"What teammates write down of {name}."
    return type(name, (ByHand,), said)


_PAGES = tuple(_register(*place) for place in _WELL_KNOWN)


def place_of(address: str) -> str:
    """The key of the channel under which a post at this address is kept."""
    host, path = host_of(address), address.partition("://")[2].partition("/")[2]
    if host.startswith("google.") and path.startswith("maps"):
        return "google-reviews"
    for place in _PAGES:
        if any(_is_of(host, site) for site in place.hosts):
            return place.key
    return host if 0 < len(host) <= LONGEST_KEY else WebPage.key


def author_named(who: str, native_id: str, somebody: str) -> Author:
    """Who a teammate says wrote the post `native_id`: by handle, by name, or nobody known.

    A handle means the same person each time at one place. Of a mere name ("Anna") nobody can tell, so
    each post has an author of its own: strangers are sooner joined later than told apart.
    """
    who = " ".join(clean_text(who, LONGEST_NAME).split())
    handle = who.removeprefix("u/").lstrip("@")
    if not handle:
        return Author(SOMEBODY + stable_key(native_id), name=somebody)
    if " " in handle or (handle == who and _MERE_NAME.fullmatch(who)):
        return Author(f"named:{stable_key(who, native_id)}", name=who)
    return Author(handle.casefold(), handle=handle)


def _is_of(host: str, site: str) -> bool:
    """Does the host belong to the site: itself, below it, or of another country?"""
    if site.endswith("."):
        return bool(re.fullmatch(rf"(?:.+\.)?{re.escape(site)}(?:[a-z]{{2,6}}|com?\.[a-z]{{2}})", host))
    return host == site or host.endswith(f".{site}")
