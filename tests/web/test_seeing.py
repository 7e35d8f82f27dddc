"""What may a teammate see? What they may not is nowhere: on no page, in no search, number, file or stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.http import HttpResponse

from goodword.channels import base
from goodword.channels.base import Media, Visibility
from goodword.conversations import acts
from goodword.conversations.models import Conversation, State
from goodword.conversations.seeing import may_see
from goodword.listening import ingest, media, narrowing
from goodword.listening.models import Connection, Narrowing, Post
from goodword.metrics.metric import metrics
from goodword.people import identity
from goodword.people.models import Consent, Join, Person, Promise
from goodword.team import membership
from goodword.team.membership import NotPossible
from goodword.team.models import Role, User
from goodword.web import live
from tests.fakechannel import open_place
from tests.world import ADA, IVO, PIA, SAM, UMA, Member, World, _connect

# Words that stand in one place only. A search is made with their beginning, since pages say what was sought.
PUBLIC, PRIVATE, ELSEWHERE, IMPORTED = "albatross", "zanzibarian", "axolotlish", "jackdawish"
REPLY, NOTE, PROMISE, CONSENT, EVIDENCE = "kakapolike", "quokkasome", "narwhalian", "okapiesque", "tapirish"
HIDDEN_NAME = "Ursula Secretname"


@dataclass
class Shops:
    """Kettle & Co with two accounts; people spoke at each, in private, and in a file."""

    world: World
    second: Connection
    posts: dict[str, Post]

    def conversation(self, of: str) -> Conversation:
        return self.world.conversation_of(self.posts[of])

    def joins(self, name: str, role: str, *, private: bool = False, notes: bool = False) -> Member:
        member = self.world.joins(self.world.brand, name, role)
        member.teammate.may_read_private, member.teammate.may_read_notes = private, notes
        member.teammate.save()
        return member

    def narrowed(self, name: str, role: str, to: list[Connection], **more: bool) -> Member:
        member = self.joins(name, role, **more)
        narrowing.narrow(member.teammate, to, self.world.dana.teammate, now=self.world.now)
        return member


@pytest.fixture
def shops(world: World) -> Iterator[Shops]:
    with open_place("second square") as square:
        second = _connect(world.brand, square, world.now)
        posts = {
            "public": world.hears(ADA, f"Does the {PUBLIC} kettle whistle?"),
            "private": world.hears(
                UMA,
                f"My {PRIVATE} kettle is broken, can you help?",
                visibility=Visibility.DIRECT,
                media=(Media("image", "https://fake.example/private.png", ""),),
            ),
        }
        said = square.says(IVO, f"Where do I buy the {ELSEWHERE} kettle?", addressed=True, at=world.now)
        world._take_in(second, base.Seen(said))
        posts["elsewhere"] = Post.objects.get(native_id=said.native_id)
        posts["imported"] = _imported(world, f"Is the {IMPORTED} kettle safe?")
        shops = Shops(world, second, posts)
        _team_at_work(shops)
        yield shops


def _imported(world: World, text: str) -> Post:
    said = world.place.says(PIA, text, addressed=True, at=world.now)
    ingest.take_in(world.brand, "fake", [base.Seen(said)], now=world.now, keep_all=True)
    world.works()
    return Post.objects.get(native_id=said.native_id)


def _team_at_work(shops: Shops) -> None:
    """Everything that may quote what was said in private."""
    world, private = shops.world, shops.posts["private"]
    world.bo.replies(private, f"A {REPLY} spare part is on its way.")
    acts.note(shops.conversation("public"), world.bo.teammate, f"A {NOTE} customer.", now=world.now)
    profile = private.author
    Promise.objects.create(profile=profile, words=PROMISE, made_at=world.now, due_at=world.now)
    Consent.objects.create(profile=profile, purpose="news", given=True, how=CONSENT, at=world.now)
    # Ada wrote in private from another account, under her whole name.
    other = world.hears(
        base.Author("ursula", handle="ursula", name=HIDDEN_NAME),
        f"It is me, with the {PRIVATE} order.",
        visibility=Visibility.DIRECT,
    )
    ada = shops.posts["public"].author.person
    identity.join(other.author, ada, evidence=EVIDENCE, by=world.dana.teammate, now=world.now)


def pages(shops: Shops) -> Iterator[str]:
    """Every place where words of people or of the team can stand."""
    for view in ("open", "mine", "unassigned", "pending", "snoozed", "resolved", "muted", "all"):
        yield f"/inbox/?view={view}"
        yield f"/inbox/list/?view={view}"
    for conversation in Conversation.objects.all():
        yield f"/conversations/{conversation.pk}/"
        yield f"/conversations/{conversation.pk}/thread/?whole=1"
    for order in ("posts", "latest", "name"):
        yield f"/people/?order={order}"
    for person in Person.objects.all():
        yield f"/people/{person.pk}/"
    for word in (PUBLIC, PRIVATE, ELSEWHERE, IMPORTED, REPLY, NOTE, "Secretna"):
        for kind in ("", "post", "person", "note", "reply"):
            yield f"/search/?q={word[:6]}&kind={kind}"
    yield "/metrics/"
    for slug in metrics():
        yield f"/metrics/{slug}/?weeks=26"
        yield f"/metrics/{slug}/?weeks=26&format=csv"
    for connection in Connection.objects.all():
        yield f"/connections/{connection.pk}/"
    yield from ("/connections/", "/queries/", "/team/", "/check/", "/you/", "/brands/")


def seen_by(member: Member, shops: Shops) -> str:
    """All that all pages together tell this teammate, and what an open page would hear."""
    answers: list[HttpResponse] = [member.looks_at(address) for address in pages(shops)]
    assert any(answer.status_code == 200 for answer in answers)
    told = [answer.content.decode() for answer in answers]
    return "\n".join([*told, json.dumps(live.pulse([member.teammate]))])


@pytest.fixture(autouse=True)
def the_time_of_the_story(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics speak of the last weeks: the story is told in them."""
    monkeypatch.setattr("goodword.web.metrics.timezone.now", lambda: shops.world.now)


ALL = {PUBLIC, PRIVATE, ELSEWHERE, IMPORTED, REPLY, NOTE, PROMISE, CONSENT, EVIDENCE, HIDDEN_NAME}
TOLD_IN_PRIVATE = {PRIVATE, REPLY, PROMISE, CONSENT, EVIDENCE, HIDDEN_NAME}

# Who finds which words anywhere at all. Reviewed by hand: a change here is a change of what people may see.
FINDS = {
    "owner": ALL,
    "member": ALL,
    "narrowed member": ALL - {ELSEWHERE, IMPORTED},
    "viewer": ALL - TOLD_IN_PRIVATE - {NOTE},
    "viewer with private": ALL - {NOTE},
    "viewer with notes": ALL - TOLD_IN_PRIVATE,
    "narrowed viewer": {PUBLIC},
    "narrowed to nothing": set(),
}


def somebody(who: str, shops: Shops) -> Member:
    first = [shops.world.connection]
    match who:
        case "owner":
            return shops.world.dana
        case "member":
            return shops.world.bo
        case "narrowed member":
            return shops.narrowed("nia", Role.MEMBER, first)
        case "viewer":
            return shops.world.olga
        case "viewer with private":
            return shops.joins("vic", Role.VIEWER, private=True)
        case "viewer with notes":
            return shops.joins("val", Role.VIEWER, notes=True)
        case "narrowed viewer":
            return shops.narrowed("ned", Role.VIEWER, first)
        case _:
            nobody = shops.narrowed("nell", Role.MEMBER, first)
            Narrowing.objects.all().delete()
            return nobody


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize("who", FINDS)
def test_each_finds_exactly_what_they_may_see(who: str, shops: Shops) -> None:
    told = seen_by(somebody(who, shops), shops)
    assert {word for word in ALL if word in told} == FINDS[who]


# --- doors -----------------------------------------------------------------------------------------

YES, NOT = 200, 404
DOORS = {  #            public private elsewhere imported
    "owner": (YES, YES, YES, YES),
    "member": (YES, YES, YES, YES),
    "narrowed member": (YES, YES, NOT, NOT),
    "viewer": (YES, NOT, YES, YES),
    "viewer with private": (YES, YES, YES, YES),
    "narrowed viewer": (YES, NOT, NOT, NOT),
    "narrowed to nothing": (NOT, NOT, NOT, NOT),
}
KINDS = ("public", "private", "elsewhere", "imported")


@pytest.mark.parametrize("who", DOORS)
def test_each_door_opens_for_whom_it_may(who: str, shops: Shops) -> None:
    member = somebody(who, shops)
    for kind, expected in zip(KINDS, DOORS[who], strict=True):
        conversation = shops.conversation(kind)
        for address in (
            f"/conversations/{conversation.pk}/",
            f"/conversations/{conversation.pk}/thread/",
            f"/people/{shops.posts[kind].author.person_id}/",
        ):
            assert member.looks_at(address).status_code == expected, (kind, address)
        assert may_see(member.teammate, conversation) == (expected == YES)


@pytest.mark.parametrize("who", ["narrowed member", "narrowed to nothing"])
def test_nobody_acts_where_they_may_not_look(who: str, shops: Shops) -> None:
    member, hidden = somebody(who, shops), shops.conversation("elsewhere")
    note = acts.note(hidden, shops.world.bo.teammate, "Theirs.", now=shops.world.now)
    here = f"/conversations/{hidden.pk}"
    for address in (
        *(f"{here}/{noun}/" for noun in ("replies", "thanks", "claims", "lengths", "notes", "assignments")),
        *(f"{here}/{noun}/" for noun in ("snoozes", "resolutions", "reopenings", "mutes")),
        f"/acts/note/{note.pk}/undoing/",
        f"/posts/{shops.posts['elsewhere'].pk}/conversations/",
    ):
        answer = member.does(address, text="Hello", until="hour", what="author", post=str(hidden.latest_id))
        assert answer.status_code == 404, address
    note.refresh_from_db()
    assert note.undone_at is None
    assert shops.conversation("elsewhere").state == State.OPEN


def test_an_answer_cannot_be_aimed_at_a_hidden_post_of_a_seen_thread(shops: Shops) -> None:
    world, public = shops.world, shops.posts["public"]
    hidden = world.hears(SAM, "Between us: it leaks.", to=public, visibility=Visibility.DIRECT)
    Post.objects.filter(pk=hidden.pk).update(connection=shops.second)
    nia = somebody("narrowed member", shops)
    here = f"/conversations/{world.conversation_of(public).pk}/replies/"
    answer = nia.does(here, text="Hello.", post=hidden.pk)
    assert answer.status_code == 422
    assert "It leaks" not in answer.content.decode()


def test_a_hidden_thread_and_no_thread_look_the_same(shops: Shops) -> None:
    nia = somebody("narrowed member", shops)
    hidden, absent = f"/conversations/{shops.conversation('elsewhere').pk}/", "/conversations/999999999/"
    said = [nia.looks_at(address).content.decode().replace(address, "") for address in (hidden, absent)]
    assert _plain(said[0]) == _plain(said[1])


def test_the_picture_of_a_private_message_is_for_who_reads_private_messages(
    shops: Shops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "bytes_of", lambda picture: b"picture")
    private = shops.posts["private"]
    address = media.address_of(private.brand_id, "https://fake.example/private.png", "picture", private.pk)
    assert shops.world.dana.looks_at(address).status_code == 200
    assert somebody("viewer with private", shops).looks_at(address).status_code == 200
    assert shops.world.olga.looks_at(address).status_code == 404
    assert shops.world.eve.looks_at(address).status_code == 404


# --- mixed threads ---------------------------------------------------------------------------------


def test_in_a_thread_that_is_partly_private_only_its_public_part_is_shown(shops: Shops) -> None:
    world = shops.world
    public = world.hears(SAM, "Is the shop open today?")
    world.hears(UMA, "Between us: the wombatical one broke.", to=public, visibility=Visibility.DIRECT)
    thread = f"/conversations/{world.conversation_of(public).pk}/"
    Conversation.objects.filter(pk=world.conversation_of(public).pk).update(
        profile=Post.objects.get(text__contains="wombatical").author
    )
    page = world.olga.looks_at(thread).content.decode()
    assert "Is the shop open today?" in page
    assert "wombatical" not in page
    assert UMA.name not in page
    assert "wombatical" in world.bo.looks_at(thread).content.decode()


def test_a_thread_heard_by_two_accounts_is_seen_from_both(shops: Shops) -> None:
    """Somebody answers at the second shop in a thread that the first one heard: both have it."""
    world, first = shops.world, shops.posts["public"]
    answer = world.hears(SAM, "The second shop knows!", to=first)
    Post.objects.filter(pk=answer.pk).update(connection=shops.second)
    nia = shops.narrowed("nia", Role.MEMBER, [shops.second])
    page = nia.looks_at(f"/conversations/{world.conversation_of(first).pk}/").content.decode()
    assert "The second shop knows!" in page
    assert PUBLIC not in page


# --- lists and numbers -----------------------------------------------------------------------------


def test_counts_are_counts_of_what_is_seen(shops: Shops) -> None:
    nia = somebody("narrowed member", shops)
    page = nia.looks_at("/inbox/").content.decode()
    assert f'id="waiting-count">{_open(nia)}<' in page
    assert _open(nia) < _open(shops.world.bo)


def _open(member: Member) -> int:
    return int(live.pulse([member.teammate])["open"])


def test_numbers_and_their_rows_are_of_what_is_seen_and_the_page_says_so(shops: Shops) -> None:
    nia = somebody("narrowed member", shops)
    mine, whole = nia.looks_at("/metrics/posts-heard/"), shops.world.bo.looks_at("/metrics/posts-heard/")
    assert "what you may see" in mine.content.decode()
    assert "what you may see" not in whole.content.decode()
    csv = nia.looks_at("/metrics/posts-heard/", format="csv").content.decode()
    rows = shops.world.bo.looks_at("/metrics/posts-heard/", format="csv").content.decode()
    assert 1 < len(csv.splitlines()) < len(rows.splitlines())


def test_a_page_of_somebody_narrowed_hears_nothing_of_other_threads(shops: Shops) -> None:
    nia = somebody("narrowed member", shops)
    before = {key: value for key, value in live.pulse([nia.teammate]).items() if key != "acts"}
    said = base.Seen(shops.world.place.says(SAM, "And the kettle of the second shop?", addressed=True))
    shops.world._take_in(shops.second, said)
    after = {key: value for key, value in live.pulse([nia.teammate]).items() if key != "acts"}
    assert after == before


def test_addresses_of_the_team_are_not_for_viewers(shops: Shops) -> None:
    page = shops.world.olga.looks_at("/team/").content.decode()
    assert shops.world.bo.teammate.user.email not in page
    assert shops.world.bo.name in page
    assert shops.world.bo.teammate.user.email in shops.world.cy.looks_at("/team/").content.decode()


# --- who says so -----------------------------------------------------------------------------------


def test_an_owner_cannot_be_narrowed(shops: Shops) -> None:
    dana = shops.world.dana.teammate
    with pytest.raises(NotPossible):
        narrowing.narrow(dana, [shops.second], dana, now=shops.world.now)
    dana.is_narrowed = True  # however that came about
    dana.save()
    assert may_see(dana, shops.conversation("elsewhere"))


def test_somebody_is_narrowed_and_widened_on_the_page_of_the_team(shops: Shops) -> None:
    world, conversation = shops.world, shops.conversation("elsewhere")
    sight = f"/team/{world.cy.teammate.pk}/sight/"
    world.dana.does(sight, sees="some", connections=[world.connection.pk])
    assert world.cy.looks_at(f"/conversations/{conversation.pk}/").status_code == 404
    assert world.connection.name in world.dana.looks_at("/team/").content.decode()
    world.dana.does(sight, sees="all")
    assert world.cy.looks_at(f"/conversations/{conversation.pk}/").status_code == 200


def test_nobody_is_narrowed_to_nothing_by_mistake_nor_to_a_strangers_account(shops: Shops) -> None:
    world = shops.world
    for chosen in ([], [world.other_connection.pk]):
        world.dana.does(f"/team/{world.cy.teammate.pk}/sight/", sees="some", connections=chosen)
        world.cy.teammate.refresh_from_db()
        assert not world.cy.teammate.is_narrowed


def test_a_viewer_is_let_read_private_messages(shops: Shops) -> None:
    world, private = shops.world, f"/conversations/{shops.conversation('private').pk}/"
    world.dana.does(f"/team/{world.olga.teammate.pk}/sight/", sees="all", may_read_private="1")
    assert world.olga.looks_at(private).status_code == 200
    assert (
        NOTE not in world.olga.looks_at(f"/conversations/{shops.conversation('public').pk}/").content.decode()
    )


def test_an_invitation_carries_what_will_be_seen(shops: Shops) -> None:
    world = shops.world
    invitation, _token = narrowing.invite(
        world.dana.teammate, Role.VIEWER, "", to=[shops.second], may_read_private=True, now=world.now
    )
    teammate = narrowing.accept(invitation, User.objects.create_user("new@kettle.example"), now=world.now)
    assert may_see(teammate, shops.conversation("elsewhere"))
    assert not may_see(teammate, shops.conversation("public"))
    assert teammate.reads_private
    assert not teammate.reads_notes


def test_who_accepts_without_the_narrowing_sees_nothing_rather_than_all(shops: Shops) -> None:
    """Should the two ever be done apart, the door is shut."""
    world = shops.world
    invitation, _token = narrowing.invite(
        world.dana.teammate, Role.MEMBER, "", to=[shops.second], now=world.now
    )
    user = User.objects.create_user("new@kettle.example")
    teammate = membership.accept(invitation, user, now=world.now)
    assert not any(may_see(teammate, shops.conversation(kind)) for kind in KINDS)


def test_work_is_given_only_to_who_sees_it_and_may_answer(shops: Shops) -> None:
    world, nia = shops.world, somebody("narrowed member", shops)
    conversation = shops.conversation("elsewhere")
    for to in (nia, world.olga):
        with pytest.raises(acts.NotPossible):
            acts.assign(conversation, world.bo.teammate, to.teammate, now=world.now)
    takers = {one.pk for one in acts.who_may_take(conversation)}
    assert takers == {member.teammate.pk for member in (world.dana, world.bo, world.cy)}


def test_joined_evidence_is_there_for_who_may_read_it(shops: Shops) -> None:
    person = Join.objects.get().person
    assert EVIDENCE in shops.world.bo.looks_at(f"/people/{person.pk}/").content.decode()


def _plain(page: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "TOKEN", page)
