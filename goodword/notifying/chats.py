"""Which of our team's own chats hears what happens, and how is one told?

It goes to our own team, never to a customer: the exceptions to promise 1 are listed in team/letters.py.
An address of a chat lets anybody write there who knows it, so it is kept like a password.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels.base import Visibility, clean_text
from goodword.net.client import fetch
from goodword.net.trouble import NotFetched
from goodword.notifying import words
from goodword.notifying.flavours import ChatWords, envelope
from goodword.notifying.kinds import FOR_CHATS, Kind
from goodword.notifying.models import ChatHook, Occasion
from goodword.sentence import Sentence
from goodword.store import vault
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Brand, Teammate
from goodword.team.reader import speaking_to

LONGEST_NAME, LONGEST_ADDRESS = 100, 2000
MOST_SAID = 200  # characters of what somebody said
DEADLINE = 10.0  # seconds for one message
MOST_BYTES = 64 * 1024  # of an answer, of which nothing is kept
SECRET_BYTES = 32


class NotPossible(Exception):
    """Something is missing or wrong in what was typed; the text says what."""


class NotReached(Exception):
    """The chat did not take it; the text says why."""


@dataclass(frozen=True)
class Given:
    """What is typed into the form. An empty address keeps the one that is known."""

    name: str
    flavour: str
    address: str
    kinds: Sequence[str]
    carries: str


def add(by: Teammate, given: Given, *, now: datetime) -> tuple[ChatHook, str]:
    """A chat that hears from now on, and the secret with which messages to it are signed."""
    require(by, Permission.MANAGE)
    if not given.address:
        raise NotPossible(_("Paste the address that your chat made for this."))
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    chat = ChatHook(brand=by.brand, made_by=by, made_at=now)
    _fill(chat, given)
    _lock(chat, given.address, secret)
    with transaction.atomic():
        chat.save()
        write_down(by.brand, by, "added a chat", chat, now=now, place=chat.place, kinds=chat.kinds)
    return chat, secret


def change(chat: ChatHook, by: Teammate, given: Given, *, now: datetime) -> None:
    require(by, Permission.MANAGE)
    _fill(chat, given)
    if given.address:
        _lock(chat, given.address, vault.unlock(chat.locked)["secret"])
    with transaction.atomic():
        chat.save()
        write_down(by.brand, by, "changed a chat", chat, now=now, place=chat.place, kinds=chat.kinds)


def switch(chat: ChatHook, by: Teammate, state: str, *, now: datetime) -> None:
    """On again after a failure or a pause, or off."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        chat.state, chat.trouble, chat.failing_since = state, "", None
        chat.save(update_fields=["state", "trouble", "failing_since"])
        write_down(by.brand, by, "switched a chat", chat, now=now, state=state)


def remove(chat: ChatHook, by: Teammate, *, now: datetime) -> None:
    require(by, Permission.MANAGE)
    with transaction.atomic():
        write_down(by.brand, by, "removed a chat", chat, now=now, place=chat.place)
        chat.delete()


def test(chat: ChatHook, by: Teammate, *, now: datetime) -> None:
    """Say hello there, now. Raises NotReached."""
    require(by, Permission.MANAGE)
    write_down(by.brand, by, "tested a chat", chat, now=now)
    hello = ChatWords(
        kind="test",
        brand=by.brand.name,
        title=_("%(by)s connected this chat with %(brand)s") % {"by": by.name, "brand": by.brand.name},
        link=words.address("/inbox/"),
        link_words=_("Open the inbox"),
    )
    post(chat, hello, name=f"test_{chat.pk}_{int(now.timestamp())}", now=now)


def words_for(chat: ChatHook, occasion: Occasion) -> ChatWords:
    """Never more than the brand decided, and of a private message never what it says or who wrote it."""
    is_private = occasion.kind == Kind.PRIVATE or _is_private(occasion)
    tells_all = chat.carries == ChatHook.Carries.WORDS and not is_private
    with speaking_to(chat.made_by.user, chat.brand) if chat.made_by else nullcontext():
        return ChatWords(
            kind=occasion.kind,
            brand=occasion.brand.name,
            title=f"{occasion.brand.name}: {words.title(occasion, with_names=tells_all)}",
            link=words.address(words.path(occasion)),
            link_words=_("Open it in Goodword"),
            said=_said(occasion) if tells_all else "",
        )


def post(chat: ChatHook, said: ChatWords, *, name: str, now: datetime) -> None:
    """Hand one message over. Raises NotReached, or store.vault.WrongKey."""
    known = vault.unlock(chat.locked)
    sealed = envelope(chat.flavour, said, secret=known["secret"], name=name, now=now)
    try:
        answer = fetch(
            known["address"],
            body=sealed.body,
            headers=dict(sealed.headers),
            max_bytes=MOST_BYTES,
            deadline=DEADLINE,
            allowed_private=settings.PRIVATE_HOSTS,
        )
    except NotFetched as error:
        raise NotReached(str(error)) from error
    if not 200 <= answer.status < 300:
        raise NotReached(
            Sentence("%(place)s answered with %(status)s.", place=chat.place, status=str(answer.status))
        )


def chat_of(brand: Brand, pk: int) -> ChatHook | None:
    return ChatHook.objects.filter(brand=brand, pk=pk).first()


def _fill(chat: ChatHook, given: Given) -> None:
    name = clean_text(given.name, LONGEST_NAME).strip()
    if not name:
        raise NotPossible(_("Give the chat a name, so that your team knows which one it is."))
    if given.flavour not in ChatHook.Flavour.values or given.carries not in ChatHook.Carries.values:
        raise NotPossible(_("Choose which chat it is, and what it may carry."))
    kinds = [kind for kind in FOR_CHATS if kind in given.kinds]
    if not kinds:
        raise NotPossible(_("Choose at least one thing that the chat shall hear of."))
    chat.name, chat.flavour, chat.carries, chat.kinds = name, given.flavour, given.carries, kinds


def _lock(chat: ChatHook, address: str, secret: str) -> None:
    address = clean_text(address).strip()
    try:
        place = urlsplit(address)
        host = place.hostname or ""
    except ValueError:
        host = ""
    if not host or place.scheme not in ("http", "https") or len(address) > LONGEST_ADDRESS:
        raise NotPossible(_("This is no web address. It begins with https:// and comes from your chat."))
    chat.locked, chat.place = vault.lock({"address": address, "secret": secret}), host[:200]


def _is_private(occasion: Occasion) -> bool:
    if occasion.conversation is None:
        return False
    return occasion.conversation.posts.filter(visibility=Visibility.DIRECT).exists()


def _said(occasion: Occasion) -> str:
    conversation = occasion.conversation
    if conversation is None:
        return ""
    theirs = conversation.posts.readable().filter(is_ours=False, author=conversation.profile_id)
    latest = theirs.order_by("-at", "-pk").first()
    flat = " ".join((latest.text if latest else "")[: MOST_SAID * 4].split())
    return flat if len(flat) <= MOST_SAID else flat[:MOST_SAID].rstrip() + "…"
