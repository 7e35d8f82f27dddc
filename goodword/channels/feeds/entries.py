"""How does an entry of any kind of feed become a post?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag

from ..base import Author, Media, Post, clean_text, stable_key
from ..laid_out import read
from ..reading import short, web_address

LONGEST_NAME = 200  # characters
FIRST_WORDS = datetime(1990, 1, 1, tzinfo=UTC)  # an older date is a clock that was never set


@dataclass(frozen=True)
class Head:
    """What a feed says of itself."""

    title: str = ""
    itself: str = ""  # its own address, by which a hub knows it
    hub: str = ""  # who calls when there is something new
    author: str = ""
    language: str = ""
    every: timedelta | None = None  # no need to look more often


@dataclass(frozen=True)
class Entry:
    """An entry as its feed says it: `title` and `body` are HTML, or text that is none."""

    id: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    base: str = ""  # the address for links that name no site
    author: str = ""
    author_address: str = ""
    at: datetime | None = None
    language: str = ""
    answers: str = ""  # the id of the entry that it comments on
    comments_feed: str = ""
    media: tuple[Media, ...] = ()


def post_of(entry: Entry, room: str, head: Head, *, now: datetime, below: str = "") -> Post:
    """The post; its ids are those of `room`, the site. Never raises."""
    link = web_address(entry.link)
    said = read(entry.body, entry.base or link)
    title = " ".join(read(entry.title).text.split())
    native_id = id_in(room, clean_text(entry.id) or link or stable_key(title, said.text))
    parent = id_in(room, clean_text(entry.answers)) if entry.answers else below
    if _begins_with(said.text, title):
        title = ""  # places without titles repeat the first words
    pictures = {medium.url: medium for medium in (*entry.media, *said.pictures) if medium.url}
    return Post(
        native_id=native_id,
        author=_author(entry, room, head),
        text=said.text,
        title=clean_text(title, 500),
        at=_moment(entry.at, now),
        url=link,
        parent=parent,
        root=below or parent or _page_commented_on(link, room) or native_id,
        languages=tuple(filter(None, [short(entry.language or head.language)[:20]])),
        media=tuple(pictures.values()),
        links=said.links,
    )


def id_in(room: str, native: str) -> str:
    """As an id of this site: two sites that both count from 1 are not mixed up."""
    return f"{room}/{native}" if len(native) <= 250 else f"{room}/{stable_key(native)}"


def _author(entry: Entry, room: str, head: Head) -> Author:
    """Whoever wrote the entry, else the feed's own author, else the feed. Names of one site are its own."""
    name = (
        " ".join(clean_text(entry.author or head.author or head.title or room, LONGEST_NAME).split()) or room
    )
    address = web_address(entry.author_address)
    return Author(f"{room}/{address or name.lower()}", handle="" if address else room, name=name, url=address)


def _page_commented_on(link: str, room: str) -> str:
    """A comment's link leads to its place on a page: all the comments of that page are one thread."""
    page, fragment = urldefrag(link)
    return f"{room}/{page}" if fragment.lower().startswith("comment") and page else ""


def _begins_with(text: str, title: str) -> bool:
    words = title.rstrip(" .…")
    return bool(words) and " ".join(text[: len(words) + 200].split()).startswith(words)


def _moment(at: datetime | None, now: datetime) -> datetime:
    return min(at, now) if at and at > FIRST_WORDS else now
