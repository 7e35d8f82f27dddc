"""May each role, and only they, go through each door? Every address there is, walked by everybody.

A new route is walked by itself. A new kind of thing in an address fails here until THINGS says what it
means for our brand and for the brand next door.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.plugin import DjangoDbBlocker

from goodword.channels import base
from goodword.channels.keeping import as_json
from goodword.conversations import acts, given_there
from goodword.conversations.models import Conversation, Delivery
from goodword.demo import brand as demo
from goodword.listening import attachments, corrections, media, narrowing, quarantine
from goodword.listening.models import Candidate, Connection, Post, as_heard
from goodword.notifying import chats, letters
from goodword.notifying.models import Notice, Occasion, PushSubscription
from goodword.record import nightly
from goodword.team import membership
from goodword.team.authority import GRANTS, Permission
from goodword.team.models import Brand, Role, SignIn
from goodword.web import handovers, uploads
from goodword.web.who import MYSELF, PUBLIC
from tests.passkeys import SoftPasskey
from tests.world import IVO, PIA, SAM, UMA, Member, World

# What the forms ask for, so that a request fails for no other reason than who sends it.
FORM = {
    "text": "Hello",
    "name": "New",
    "how": "resolved",
    "what": "author",
    "until": "hour",
    "role": "member",
    "verdict": "yes",
    "label_of": "question",
    "answer": "right",
    "feeling": "neutral",
    "value": "yes",
}
ABSENT_NUMBER, ABSENT_WORD = "999999999", "nothing-of-this-name"


class Route(NamedTuple):
    pattern: str  # connections/<int:pk>/
    view: Callable[..., object]
    name: str


def all_routes() -> list[Route]:
    return [Route(pattern, p.callback, str(p.name)) for pattern, p in _walk(get_resolver(), "")]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield path, entry


ROUTES = all_routes()

# Not in the quick suite: hundreds of requests.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.both_databases]
each_route = pytest.mark.parametrize("route", ROUTES, ids=[route.pattern or "/" for route in ROUTES])

each_method = pytest.mark.parametrize("method", ["get", "post"])


# --- what stands in addresses ----------------------------------------------------------------------


Things = dict[str, Any]  # by the word in front of it in an address, and its name there


class Brands(NamedTuple):
    """A brand in which there is one of everything; the other brand has the same."""

    world: World
    ours: Things
    elsewhere: Things  # hangs on what another connection heard
    private: Things  # hangs on a private message
    nia: Member  # a member who is narrowed to the first connection
    ned: Member  # a viewer who is narrowed to it, too
    vic: Member  # a viewer who may read private messages
    stranger: Member  # was removed, and belongs to no brand
    rows: dict[str, int]  # all there were before anybody walked


# These mean the same in every brand; or, said to the wrong account, are no token at all.
SHARED = {"acts/kind", "new/channel", "metrics/slug", "address/token", "steps/step"}
# These belong to one account: even an owner has only their own.
PERSONAL = {"passkeys/pk", "sign-ins/pk", "devices/device", "notices/notice"}


@pytest.fixture(scope="module")
def brands(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Brands]:
    """Made once for all routes: whatever a request does is rolled back behind it."""
    # The whole demo takes half a minute to make; a door into a small one is a door all the same.
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        undone(),
        World.begins() as world,
    ):
        patch.setattr(nightly, "begin", lambda why: None)  # a process that would outlive the walk
        patch.setattr(handovers, "_in_background", lambda upload, work: None)
        patch.setattr(demo, "DEFAULT", demo.Plan(people=demo.FEWEST_PEOPLE, posts=demo.FEWEST_POSTS))
        heard = world.hears(UMA, "My kettle came broken. Can you help?")
        theirs = world.other_brand_hears(SAM, "Does your kettle whistle?")
        _things(world, world.eve, theirs)
        ours = _things(world, world.dana, heard)
        elsewhere, private = _what_is_hidden(world, ours)
        first, dana = [world.connection], world.dana.teammate
        nia, ned = world.joins(world.brand, "nia", Role.MEMBER), world.joins(world.brand, "ned", Role.VIEWER)
        narrowing.narrow(nia.teammate, first, dana, now=world.now)
        narrowing.narrow(ned.teammate, first, dana, now=world.now)
        vic = world.joins(world.brand, "vic", Role.VIEWER)
        narrowing.let_read(vic.teammate, private=True, notes=False, by=dana, now=world.now)
        stranger = world.joins(world.brand, "stranger", Role.OWNER)
        membership.remove(stranger.teammate, dana, now=world.now)
        for member in (world.dana, world.bo, world.cy, world.olga, world.eve, nia, ned, vic, stranger):
            _browser(member)  # signs in: no request may be blamed for these rows
        yield Brands(world, ours, elsewhere, private, nia, ned, vic, stranger, _rows())


def _what_is_hidden(world: World, ours: Things) -> tuple[Things, Things]:
    second = Connection.objects.create(
        brand=world.brand,
        channel="fake",
        name="Second",
        settings={"place": "kettle square"},
        made_at=world.now,
    )
    heard = world.hears(IVO, "Where is the second shop?")
    Post.objects.filter(pk=heard.pk).update(connection=second)
    heard.connection = second
    said = world.hears(PIA, "Between us: can you help?", visibility=base.Visibility.DIRECT)
    return _hidden(world, ours, heard, "elsewhere"), _hidden(world, ours, said, "private")


def _things(world: World, owner: Member, post: Post) -> Things:
    brand, teammate = owner.teammate.brand, owner.teammate
    conversation = world.conversation_of(post)
    note = acts.note(conversation, teammate, "Was it the blue one?", now=world.now)
    delivery = Delivery.objects.create(
        brand=brand,
        connection=post.connection,
        key=f"key of {brand.pk}",
        by=teammate,
        post=post,
        target={},
        text="Yes.",
        written_at=world.now,
        not_before=world.now,
    )
    post.html = "<p>Was it the blue one?</p>"
    post.save(update_fields=["html"])
    [file] = attachments.keep(post, [base.Attachment("kettle.txt", "text/plain", b"blue")])
    quarantine.keep(post.connection, "unreadable", "It is broken.", b"broken", now=world.now)
    given = given_there.answered_there(post, teammate, "Said there.", key=f"given {brand.pk}", now=world.now)
    invitation, token = membership.invite(teammate, Role.MEMBER, "for Max", now=world.now)
    colleague = world.joins(brand, f"max-{brand.pk}", Role.MEMBER)
    return {
        "conversations/conversation": conversation.pk,
        "acts/kind": "note",
        "kind/act": note.pk,
        "answers-there/reply": given.pk,
        "deliveries/delivery": delivery.pk,
        "posts/post": post.pk,
        "corrections/correction": corrections.correct(teammate, post, "spam", "yes", now=world.now).pk,
        "muted/mute": acts.mute(conversation, teammate, "word", "raffle", now=world.now).pk,
        "attachments/attachment": file.pk,
        "unread/aside": post.connection.quarantined.get().pk,
        "people/person": post.author.person_id,
        "connections/pk": post.connection_id,
        "candidates/candidate": _candidate_of(owner, post).pk,
        "steps/step": "invite",
        "queries/pk": brand.queries.first().pk,  # type: ignore[union-attr]
        "invitations/pk": invitation.pk,
        "team/pk": colleague.teammate.pk,
        "brands/pk": brand.pk,
        "join/token": token,
        "link/token": membership.sign_in_link(colleague.teammate.user, now=world.now),
        "new/channel": "fake",
        "metrics/slug": "reply-rate",
        "media/token": _picture_of(post),
        "hooks/token": _hook_of(post),
        **_notified(owner, conversation),
        **_account(owner),
        "handovers/token": lambda: _upload_of(brand),
        "takeovers/token": lambda: _upload_of(brand),
        "import/token": lambda: _upload_of(brand),  # a file, which no transaction brings back
    }


def _hidden(world: World, ours: Things, post: Post, key: str) -> Things:
    """The same addresses, with things in them that hang on a post which not everybody may see."""
    teammate, conversation = world.dana.teammate, world.conversation_of(post)
    [file] = attachments.keep(post, [base.Attachment("secret.txt", "text/plain", key.encode())])
    post.html = "<p>Secret</p>"
    post.save(update_fields=["html"])
    delivery = Delivery.objects.create(
        brand=world.brand,
        connection=post.connection,
        key=key,
        by=teammate,
        post=post,
        target={},
        text="Yes.",
        written_at=world.now,
        not_before=world.now,
    )
    return ours | {
        "conversations/conversation": conversation.pk,
        "kind/act": acts.note(conversation, teammate, "Secret.", now=world.now).pk,
        "answers-there/reply": given_there.answered_there(
            post, teammate, "There.", key=f"{key} there", now=world.now
        ).pk,
        "deliveries/delivery": delivery.pk,
        "posts/post": post.pk,
        "corrections/correction": corrections.correct(teammate, post, "spam", "yes", now=world.now).pk,
        "attachments/attachment": file.pk,
        "people/person": post.author.person_id,
        "media/token": _picture_of(post),
    }


def _candidate_of(owner: Member, post: Post) -> Candidate:
    """A post that a look around found."""
    said = as_json(replace(as_heard(post), native_id=f"found for {post.pk}"))
    return Candidate.objects.create(
        brand=post.brand,
        channel=post.channel,
        native_id=said["native_id"],
        said=said,
        said_at=post.at,
        found_at=owner.world.now,
    )


def _picture_of(post: Post) -> str:
    # An address that we never ask: where the picture is missing, a drawing says so.
    address = media.address_of(post.brand_id, "http://127.0.0.1:9/kettle.png", "picture", post.pk)
    return address.rstrip("/").rpartition("/")[2]


def _hook_of(post: Post) -> str:
    assert post.connection
    post.connection.hook = f"hook-of-{post.connection_id}"
    post.connection.save(update_fields=["hook"])
    return post.connection.hook


def _account(owner: Member) -> Things:
    """How the owner signs in, and where they are signed in."""
    user, now = owner.teammate.user, owner.world.now
    made = json.loads(SoftPasskey().is_made({"publicKey": {"user": {"id": "MQ"}, "challenge": "MQ"}}))
    passkey = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "My key", "credential": made}
    )
    place = SignIn.objects.create(user=user, session_key=f"of {user.pk}", began_at=now, seen_at=now)
    return {
        "passkeys/pk": passkey.pk,
        "sign-ins/pk": place.pk,
        "reset/token": "not-a-token",
        "address/token": "not-a-token",
    }


def _notified(owner: Member, conversation: Conversation) -> Things:
    """What the owner is told, the device on which they are, and the chat of their team."""
    teammate, now = owner.teammate, owner.world.now
    occasion = Occasion.objects.create(
        brand=teammate.brand, kind="answered", key="test", at=now, conversation=conversation
    )
    device = PushSubscription.objects.create(
        user=teammate.user, endpoint_hash=f"of {teammate.pk}", session_hash="", made_at=now
    )
    given = chats.Given("Team", "slack", "http://127.0.0.1:9/hook", ["waiting"], "link")
    chat, _secret = chats.add(teammate, given, now=now)
    return {
        "notices/notice": Notice.objects.create(occasion=occasion, to=teammate, made_at=now).pk,
        "devices/device": device.pk,
        "hooks/pk": chat.pk,
        "off/token": letters.off_link(teammate).rstrip("/").rpartition("/")[2],
    }


def _upload_of(brand: Brand) -> str:
    # Without a column that means something, nothing is imported, and no thread outlives the test.
    return uploads.keep(brand, SimpleUploadedFile("colours.csv", b"colour\nblue\n")).token


def kinds_in(pattern: str) -> list[tuple[str, str]]:
    """What stands in an address: each hole of the pattern, and the kind of thing that fills it."""
    holes = pattern.split("/")
    names = [hole.strip("<>").rpartition(":")[2] for hole in holes]
    return [(holes[i], f"{names[i - 1]}/{names[i]}") for i in range(len(holes)) if holes[i].startswith("<")]


def address(route: Route, things: Things) -> str:
    filled = route.pattern
    for hole, kind in kinds_in(route.pattern):
        thing = things[kind]
        filled = filled.replace(hole, str(thing() if callable(thing) else thing), 1)
    return f"/{filled}"


def absent(things: Things) -> Things:
    """The same kinds of things, of which there are none."""
    return {
        kind: thing if kind in SHARED else ABSENT_NUMBER if isinstance(thing, int) else ABSENT_WORD
        for kind, thing in things.items()
    }


# --- the walk --------------------------------------------------------------------------------------


@each_route
def test_every_door_says_who_may(route: Route) -> None:
    permission = getattr(route.view, "permission", None)
    known = [PUBLIC, MYSELF, *Permission]
    assert permission in known, f"{route.name} needs @may, @myself or @public"


@each_route
def test_every_thing_in_an_address_is_known_here(route: Route, brands: Brands) -> None:
    unknown = {kind for _hole, kind in kinds_in(route.pattern)} - brands.ours.keys()
    assert not unknown, "say in _things what this means for a brand"


@each_route
@each_method
def test_each_role_goes_exactly_where_it_may(route: Route, method: str, brands: Brands) -> None:
    for role, client in _everybody(brands.world):
        with undone():
            response = getattr(client, method)(address(route, brands.ours), FORM if method == "post" else {})
            if route.view.permission == PUBLIC:  # type: ignore[attr-defined]
                assert response.status_code < 500, role
            elif role == ANONYMOUS:
                assert _is_shown_the_door(response), (role, response.status_code)
                assert _rows() == brands.rows, role
            elif role != Role.OWNER and _names(route, PERSONAL):
                assert response.status_code in (404, 405), (role, response.status_code)
                assert _rows() == brands.rows, role
            elif route.view.permission not in {*GRANTS[role], MYSELF}:  # type: ignore[attr-defined]
                assert response.status_code == 403, (role, response.status_code)
                assert _rows() == brands.rows, role
            else:
                assert _is_let_in(response), (role, response.status_code)


@each_route
def test_a_viewer_changes_nothing_but_themselves(route: Route, brands: Brands) -> None:
    if route.view.permission == PUBLIC:  # type: ignore[attr-defined]
        pytest.skip("open to everybody: accepting an invitation is an act of the owner who gave it")
    with undone():
        _browser(brands.world.olga).post(address(route, brands.ours), FORM)
        own = {"team.user", "team.auditentry"} if route.pattern.startswith("you/") else {"team.user"}
        own |= {"notifying.notice", "notifying.preference", "notifying.habits"}
        assert _changed(brands.rows) <= own


@each_route
@each_method
def test_what_belongs_to_another_brand_does_not_exist(route: Route, method: str, brands: Brands) -> None:
    """Neither by its answer nor by its silence: their id and no id at all look the same, byte by byte."""
    owned = {kind for _hole, kind in kinds_in(route.pattern)} - SHARED
    if not owned or route.view.permission == PUBLIC:  # type: ignore[attr-defined]
        pytest.skip("names nothing that belongs to a brand")
    seen = []
    for things in (brands.ours, absent(brands.ours)):
        with undone():
            place = address(route, things)
            response = getattr(_browser(brands.world.eve), method)(place, FORM)
            assert response.status_code in (404, 405)
            assert _rows() == brands.rows
            seen.append((response.status_code, _without_secrets(response.content.decode(), place)))
    assert seen[0] == seen[1]


HANGS_ON_A_POST = {
    "conversations/conversation",
    "kind/act",
    "answers-there/reply",
    "deliveries/delivery",
    "posts/post",
    "corrections/correction",
    "attachments/attachment",
    "people/person",
    "media/token",
}

# Who may not see which things at all: to them these do not exist. Reviewed by hand.
HIDDEN_FROM = {
    "narrowed member": ("elsewhere",),
    "narrowed viewer": ("elsewhere", "private"),
    "viewer": ("private",),
    "viewer with private": (),
    "member": (),
    "other brand's owner": ("elsewhere", "private"),
    "stranger": ("elsewhere", "private"),
}


@each_route
@each_method
def test_each_sees_what_they_may_and_the_rest_does_not_exist(
    route: Route, method: str, brands: Brands
) -> None:
    if not HANGS_ON_A_POST & {kind for _hole, kind in kinds_in(route.pattern)}:
        pytest.skip("names nothing that hangs on a post")
    for who, member in _all_sorts(brands).items():
        for sort in ("elsewhere", "private"):
            with undone():
                place = address(route, getattr(brands, sort))
                response = getattr(_browser(member), method)(place, FORM if method == "post" else {})
                if sort in HIDDEN_FROM[who]:
                    assert response.status_code in (403, 404, 405), (who, sort, response.status_code)
                    assert "<svg" not in response.content.decode()[:10], "not even its drawing"
                    assert _rows() == brands.rows, (who, sort)
                elif route.view.permission in GRANTS[member.teammate.role]:  # type: ignore[attr-defined]
                    assert _is_let_in(response) or _is_an_act_unseen(route, member), (who, sort)


def _all_sorts(brands: Brands) -> dict[str, Member]:
    return {
        "narrowed member": brands.nia,
        "narrowed viewer": brands.ned,
        "viewer": brands.world.olga,
        "viewer with private": brands.vic,
        "member": brands.world.bo,
        "other brand's owner": brands.world.eve,
        "stranger": brands.stranger,
    }


def _is_an_act_unseen(route: Route, member: Member) -> bool:
    """Notes are for those who read them, whatever they hang on."""
    return "<int:act>" in route.pattern and not member.teammate.reads_notes


def test_the_walk_meets_every_kind_of_door() -> None:
    permissions = {getattr(route.view, "permission", None) for route in ROUTES}
    assert permissions == {PUBLIC, MYSELF, *Permission}


def _names(route: Route, kinds: set[str]) -> bool:
    return bool({kind for _hole, kind in kinds_in(route.pattern)} & kinds)


# --- who walks -------------------------------------------------------------------------------------

ANONYMOUS = "anonymous"


def _everybody(world: World) -> list[tuple[str, Client]]:
    team = ((Role.VIEWER, world.olga), (Role.MEMBER, world.bo), (Role.OWNER, world.dana))
    return [(ANONYMOUS, Client()), *((role, _browser(member)) for role, member in team)]


def _browser(member: Member) -> Client:
    """A new one each time: a walk may sign out."""
    client = Client()
    client.cookies = copy(member.client.cookies)
    return client


def _is_shown_the_door(response: HttpResponse) -> bool:
    if response.status_code == 204:  # an open page's stream: there is nobody to send anywhere
        return not response.content
    return response.status_code == 302 and response.headers["Location"].startswith("/login/")


def _is_let_in(response: HttpResponse) -> bool:
    if response.status_code == 404:  # the picture itself may be missing: its drawing is shown
        return response.headers["Content-Type"] == "image/svg+xml"
    return response.status_code < 500 and response.status_code != 403 and not _is_shown_the_door(response)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Counts against guessing, and when somebody was last seen.
KEPT_BY_ITSELF = {"store.kept", "team.signin"}


def _rows() -> dict[str, int]:
    """Every row of ours, boiled down: it changes when any of them does."""
    return {
        model._meta.label_lower: hash(tuple(map(str, model._default_manager.order_by("pk").values_list())))
        for model in apps.get_models()
        if model.__module__.startswith("goodword.") and model._meta.label_lower not in KEPT_BY_ITSELF
    }


def _changed(before: dict[str, int]) -> set[str]:
    return {table for table, rows in _rows().items() if rows != before[table]}


def _without_secrets(page: str, place: str) -> str:
    """What differs at each request (tokens against forged forms) or was asked for in it."""
    return re.sub(r"[A-Za-z0-9]{64}", "TOKEN", page.replace(place, "PLACE"))
