"""Which places let anybody search them by a feed, and at which address does one ask for some words?

`{words}` stands for a search as people type it, `{tag}` for the same as one word. A new place is a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from .discovery import with_scheme
from .names import MOST_SEARCHES

LETTERS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class SearchPlace:
    key: str
    name: str
    address: str
    is_quick: bool = False  # asked, too, when somebody only types a name to see what there is


PLACES = (
    SearchPlace("reddit", "Reddit", "https://www.reddit.com/search.rss?q={words}&sort=new", True),
    SearchPlace("google-news", "Google News", "https://news.google.com/rss/search?q={words}", True),
    SearchPlace("bing-news", "Bing News", "https://www.bing.com/news/search?q={words}&format=rss"),
    SearchPlace(
        "mastodon",
        "Mastodon #",
        "https://mastodon.social/tags/{tag}.rss",
        True,
    ),
    SearchPlace("medium", "Medium #", "https://medium.com/feed/tag/{tag}"),
    SearchPlace("dev", "DEV #", "https://dev.to/feed/tag/{tag}"),
    SearchPlace("wordpress", "WordPress.com #", "https://en.wordpress.com/tag/{tag}/feed/", True),
    SearchPlace(
        "stackoverflow",
        "Stack Overflow #",
        "https://stackoverflow.com/feeds/tag?tagnames={tag}&sort=newest",
    ),
    SearchPlace("flickr", "Flickr #", "https://www.flickr.com/services/feeds/photos_public.gne?tags={tag}"),
    SearchPlace("pinboard", "Pinboard #", "https://feeds.pinboard.in/rss/t:{tag}/"),
)


def choices() -> tuple[tuple[str, str], ...]:
    return tuple((place.key, place.name) for place in PLACES)


def usual() -> str:
    """What is proposed to whom it is new: the places that a first look asks."""
    return "\n".join(place.key for place in PLACES if place.is_quick)


def asks_for_words(address: str) -> bool:
    return "{words}" in address or "{tag}" in address


def asked_for(address: str, words: str) -> str:
    """The address of the search for these words; "" if they make no tag where one is needed."""
    tag = LETTERS.sub("", words.replace("-", "").lower())
    if "{tag}" in address and not tag:
        return ""
    return address.replace("{words}", quote(words, safe="")).replace("{tag}", quote(tag, safe=""))


def searches(addresses: Iterable[str], words: Iterable[str]) -> list[str]:
    """The addresses of each place for each of the words, without repeating itself."""
    some = list(words)[:MOST_SEARCHES]
    found = (asked_for(with_scheme(address), one) for address in addresses for one in some)
    return list(dict.fromkeys(filter(None, found)))
