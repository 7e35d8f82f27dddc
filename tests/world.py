"""The cast of the tests: one brand, the people who talk about it, and those who answer.

Each has a role that tests lean on; it stands beside the name. Time never runs by itself: `world.now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.test import Client

from goodword import pipeline
from goodword.channels import base
from goodword.channels.base import Author
from goodword.conversations.models import Conversation
from goodword.listening import ingest
from goodword.listening.models import Connection, Post, Query
from goodword.team.models import Brand, Role, Teammate, User
from tests.fakechannel import NOON, US, Place, open_place

# People. What they say decides what they are; a test may give them any words.
ADA = Author("ada", handle="ada", name="Ada Moreau", followers=210)  # the advocate: praises us unprompted
IVO = Author("ivo", handle="ivo", name="Ivo Brandt", followers=90_000)  # the influencer who does not care
PIA = Author("pia", handle="pia", name="Pia Sørensen", followers=8_000)  # the power user: talks with many
UMA = Author("uma", handle="uma", name="Uma Okafor", followers=64)  # the upset customer
SAM = Author("sam", handle="sam", name="Sam Ortiz", followers=12)  # asks


@dataclass
class Member:
    """One of a brand's own people, with a browser in which they are signed in."""

    teammate: Teammate
    world: World

    @cached_property
    def client(self) -> Client:
        """Signed in at first use: most tests need one of the five."""
        client = Client()
        client.force_login(self.teammate.user)
        return client

    @property
    def name(self) -> str:
        return self.teammate.name

    def looks_at(self, address: str, **query: Any) -> HttpResponse:
        return self.client.get(address, query)

    def does(self, address: str, **fields: Any) -> HttpResponse:
        """Submit a form as the page without scripts does."""
        return self.client.post(address, fields)

    def replies(self, post: Post, text: str, **fields: Any) -> HttpResponse:
        return self._act(post, "replies", text=text, **fields)

    def notes(self, post: Post, text: str) -> HttpResponse:
        return self._act(post, "notes", text=text)

    def thanks(self, post: Post) -> HttpResponse:
        return self.does(f"/conversations/{self.world.conversation_of(post).pk}/thanks/", post=post.pk)

    def _act(self, post: Post, noun: str, **fields: Any) -> HttpResponse:
        conversation = self.world.conversation_of(post)
        return self.does(f"/conversations/{conversation.pk}/{noun}/", **fields)


@dataclass
class World:
    """Kettle & Co, who sell kettles, and Other Brand next door, whom nothing of it concerns."""

    now: datetime
    place: Place
    brand: Brand
    connection: Connection
    query: Query
    dana: Member  # owner: may do everything
    bo: Member  # member: answers people
    cy: Member  # member: answers people, and must not get in Bo's way
    olga: Member  # viewer: may only look

    other_brand: Brand
    other_place: Place
    other_connection: Connection
    eve: Member  # owns Other Brand, and must never see a row of ours

    @classmethod
    @contextmanager
    def begins(cls, now: datetime = NOON) -> Iterator[World]:
        with open_place("kettle square") as place, open_place("other square") as other_place:
            brand, other = Brand.objects.create(name="Kettle & Co"), Brand.objects.create(name="Other Brand")
            world = cls.__new__(cls)
            world.now = now
            world.place, world.other_place = place, other_place
            world.brand, world.other_brand = brand, other
            world.connection = _connect(brand, place, now)
            world.other_connection = _connect(other, other_place, now)
            world.query = _watch(brand, "kettle", now)
            _watch(other, "kettle", now)  # the same words: what is heard for one must not leak to the other
            world.dana = world.joins(brand, "dana", Role.OWNER)
            world.bo = world.joins(brand, "bo", Role.MEMBER)
            world.cy = world.joins(brand, "cy", Role.MEMBER)
            world.olga = world.joins(brand, "olga", Role.VIEWER)
            world.eve = world.joins(other, "eve", Role.OWNER)
            yield world

    # people of ours

    def joins(self, brand: Brand, name: str, role: str) -> Member:
        user = User.objects.create_user(f"{name}@kettle.example", "a long password", name.title())
        return Member(Teammate.objects.create(brand=brand, user=user, role=role), self)

    # time

    def passes(self, time: timedelta) -> datetime:
        """Let time go by; whoever speaks next does so later."""
        self.now += time
        self.place.now = self.other_place.now = self.now
        return self.now

    # what is heard

    def hears(
        self,
        author: Author,
        text: str,
        *,
        to: Post | None = None,
        addressed: bool = True,
        at: datetime | None = None,
        history: bool = False,
        **more: Any,
    ) -> Post:
        """Somebody says something where we listen: it is kept, understood, placed and ranked."""
        parent = self.place.posts[to.native_id] if to else None
        said = self.place.says(author, text, to=parent, addressed=addressed, at=at or self.now, **more)
        return self.takes_in(base.Seen(said, history=history))

    def other_brand_hears(self, author: Author, text: str, *, addressed: bool = True) -> Post:
        said = self.other_place.says(author, text, addressed=addressed, at=self.now)
        self._take_in(self.other_connection, base.Seen(said))
        return Post.objects.get(brand=self.other_brand, native_id=said.native_id)

    def takes_in(self, event: base.Seen) -> Post:
        self._take_in(self.connection, event)
        return Post.objects.get(brand=self.brand, native_id=event.post.native_id)

    def edits(self, post: Post, text: str) -> Post:
        self._take_in(self.connection, base.Edited(self.place.edits(self.place.posts[post.native_id], text)))
        return _anew(post)

    def deletes(self, post: Post) -> Post:
        self.place.deletes(self.place.posts[post.native_id])
        self._take_in(self.connection, base.Gone(post.native_id))
        return _anew(post)

    def listens(self) -> None:
        """Read on at the place, from the cursor on, as the listener does."""
        connection = Connection.objects.get(pk=self.connection.pk)
        events = list(connection.open().listen(base.Watch(), connection.cursor or None))
        self._take_in(connection, *events)

    def _take_in(self, connection: Connection, *events: base.Event) -> None:
        ingest.take_in(connection.brand, connection.channel, events, now=self.now, connection=connection)
        self.works()

    def works(self) -> None:
        """What a worker does until nothing waits."""
        pipeline.advance_all(self.now)

    # what is there now

    def conversation_of(self, post: Post) -> Conversation:
        return Conversation.objects.get(brand=post.brand, channel=post.channel, root=post.root)


def _connect(brand: Brand, place: Place, now: datetime) -> Connection:
    return Connection.objects.create(
        brand=brand,
        channel="fake",
        name=place.name.title(),
        settings={"place": place.name},
        native_id=US.native_id,
        handle=US.handle,
        made_at=now,
    )


def _watch(brand: Brand, words: str, now: datetime) -> Query:
    return Query.objects.create(brand=brand, name=words, text=words, made_at=now)


def _anew(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def same_person_elsewhere(author: Author, native_id: str) -> Author:
    """The same human with another account."""
    return replace(author, native_id=native_id, handle=native_id)
