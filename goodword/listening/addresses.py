"""What lies behind the address of a page: a post that a channel knows, one we have, or words to be typed?"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from goodword.channels import base
from goodword.channels.addresses import normal_address
from goodword.channels.base import Cap, Channel, ChannelError, channels
from goodword.channels.by_hand import place_of
from goodword.channels.pages import Page, parse_page
from goodword.listening.finding import without_account
from goodword.listening.ingest import kept_id
from goodword.listening.models import Connection, Post
from goodword.net.client import fetch
from goodword.net.trouble import NotFetched, Why
from goodword.store.vault import WrongKey
from goodword.team.models import Brand

logger = logging.getLogger(__name__)

WITHIN = 8.0  # seconds; who waits types it by hand in less
LARGEST_PAGE = 4_000_000  # bytes, unpacked: many pages are this heavy before they say a word
READ_AS_PAGE = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True)
class Behind:
    """What was found behind an address. `post` is the channel's; `page` is only a guess."""

    address: str  # as all links to that page are written; "" if it is no web address
    channel: str = ""  # under which it is kept
    known: Post | None = None
    post: base.Post | None = None
    connection: Connection | None = None
    page: Page = field(default_factory=Page)
    trouble: str = ""  # why it could not be read, in a sentence


def known_at(brand: Brand, address: str) -> Post | None:
    """The post that is kept of this page, without asking anybody; also one that a file brought."""
    place = place_of(address)
    mine = Post.objects.readable().filter(brand=brand, channel=place).select_related("author", "brand")
    kept = mine.filter(native_id=kept_id(normal_address(address))).first()
    return kept or mine.filter(url__in={address, normal_address(address)}).first()


def look_behind(brand: Brand, address: str, now: datetime) -> Behind:
    """Ask the channel that knows such addresses, else read the page. Keeps nothing, and never raises."""
    address = address.strip()
    normal = normal_address(address)
    if not normal:
        return Behind("")
    if known := known_at(brand, address):
        return Behind(normal, known.channel, known)
    trouble = ""
    for kind in channels().values():
        if Cap.READ_ADDRESS not in kind.caps:
            continue
        try:
            if found := _asked(kind, brand, normal, address):
                return found
        except (ChannelError, WrongKey) as error:
            trouble = str(error)
        except Exception:
            logger.exception("%s broke at an address", kind.key)
    if trouble:
        return Behind(normal, place_of(address), trouble=trouble)
    page, trouble = _page(address, now)
    return Behind(normal, place_of(address), page=page, trouble=trouble)


def _asked(kind: type[Channel], brand: Brand, normal: str, address: str) -> Behind | None:
    """What this channel knows of the address, with the brand's own account there if it has one."""
    mine = Connection.objects.filter(brand=brand, channel=kind.key, removed_at=None).order_by("state", "pk")
    connection = mine.exclude(state=Connection.State.NEEDS_LOGIN).first()
    opened = connection.open() if connection else without_account(kind)
    post = opened.read_address(address)
    if post is None:
        return None
    known = Post.objects.filter(brand=brand, channel=kind.key, native_id=kept_id(post.native_id))
    return Behind(normal, kind.key, known.readable().first(), post, connection)


def _page(address: str, now: datetime) -> tuple[Page, str]:
    try:
        fetched = fetch(
            address,
            max_bytes=LARGEST_PAGE,
            deadline=WITHIN,
            accept="text/html",
            allowed_private=settings.PRIVATE_HOSTS,
        )
        if fetched.status >= 400:
            raise NotFetched(Why.UNREACHABLE)
    except NotFetched as error:
        return Page(), str(error)
    kind = fetched.headers.get("content-type", "")
    if kind and not kind.lower().startswith(READ_AS_PAGE):
        return Page(), str(NotFetched(Why.UNREADABLE))
    return parse_page(fetched.body, kind, now), ""
