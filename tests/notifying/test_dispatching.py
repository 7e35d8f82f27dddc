"""Notices leave the house: to devices and as letters; once, in peace, past whatever stands in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from pytest_django.fixtures import Settings

from goodword.conversations import acts
from goodword.listening.models import Post
from goodword.notifying import devices, digest, dispatching, letters, occasions, reading
from goodword.notifying.choices import choose, free_from, no_more
from goodword.notifying.kinds import Kind, Way, When
from goodword.notifying.models import Dispatch, Habits, Notice, PushSubscription
from goodword.team import membership
from goodword.team.letters import opened
from goodword.team.models import Letter
from tests.fakechannel import direct
from tests.net.places import Place, opened_place, said
from tests.notifying.phone import Phone
from tests.world import SAM, UMA, Member, World

TAKEN = said(b"", status="201 Created")
GONE = said(b"", status="410 Gone")
BUSY = said(b"", status="503 Service Unavailable")


@pytest.fixture
def push_server(settings: Settings) -> Iterator[Place]:
    with opened_place() as place:
        settings.PRIVATE_HOSTS = frozenset({place.door})
        yield place


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"


def carries(member: Member, server: Place, path: str = "/phone") -> Phone:
    """This teammate takes a phone along that may be woken."""
    phone = Phone()
    server.answers.setdefault(path, TAKEN)
    given = phone.as_browsers_tell(server.url(path))
    devices.subscribe(member.teammate.user, **given, device="Phone", now=member.world.now)
    return phone


def looks_and_sends(world: World) -> int:
    occasions.look(world.now)
    return dispatching.send_due(world.now)


def assigned(world: World, member: Member, by: Member) -> Post:
    heard = world.hears(SAM, "Does the kettle whistle?")
    acts.assign(world.conversation_of(heard), by.teammate, member.teammate, now=world.now)
    return heard


# --- devices ---------------------------------------------------------------------------------------


def test_a_phone_is_woken_and_it_alone_can_read_why(world: World, push_server: Place) -> None:
    phone = carries(world.cy, push_server)
    heard = assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    message = json.loads(phone.opens(push_server.bodies[0]))
    notice = Notice.objects.get(to=world.cy.teammate, occasion__kind=Kind.ASSIGNED)
    assert message["title"] == "Bo gave you the conversation with Sam Ortiz"
    assert message["body"] == "Kettle Square · Kettle & Co"
    assert message["path"] == f"/notices/{notice.pk}/"
    assert message["unread"] == 1
    assert heard.text not in json.dumps(message)
    assert Dispatch.objects.get(by="push").state == Dispatch.State.SENT


def test_what_the_push_server_is_told(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    head = push_server.requests[0].lower()
    assert head.startswith("post /phone")
    for line in ("content-encoding: aes128gcm", "ttl: 43200", "authorization: vapid t=", "topic: "):
        assert line in head


def test_names_stay_off_the_locked_screen_of_who_wishes_so(world: World, push_server: Place) -> None:
    phone = carries(world.cy, push_server)
    Habits.objects.create(teammate=world.cy.teammate, names_on_devices=False)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    message = phone.opens(push_server.bodies[0])
    assert "Sam" not in message
    assert "Bo" not in message
    assert json.loads(message)["title"] == "A colleague gave you the conversation with Somebody"


@pytest.mark.parametrize("answer", [GONE, said(b"", status="404 Not Found")])
def test_a_subscription_that_is_over_is_forgotten(world: World, push_server: Place, answer: bytes) -> None:
    push_server.answers["/phone"] = answer
    carries(world.cy, push_server)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert not PushSubscription.objects.exists()
    assert looks_and_sends(world) == 0


def test_a_busy_push_server_is_tried_again_with_growing_pauses(world: World, push_server: Place) -> None:
    push_server.answers["/phone"] = BUSY
    carries(world.cy, push_server)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert looks_and_sends(world) == 0  # not at once
    world.passes(timedelta(seconds=31))
    looks_and_sends(world)
    assert Dispatch.objects.get(by="push").tries == 2
    push_server.answers["/phone"] = TAKEN
    world.passes(timedelta(minutes=2))
    looks_and_sends(world)
    assert Dispatch.objects.get(by="push").state == Dispatch.State.SENT


def test_a_device_is_not_tried_for_ever(world: World, push_server: Place) -> None:
    push_server.answers["/phone"] = BUSY
    carries(world.cy, push_server)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    world.passes(timedelta(hours=13))
    Dispatch.objects.update(not_before=world.now)
    looks_and_sends(world)
    assert Dispatch.objects.get(by="push").state == Dispatch.State.FAILED


def test_a_push_server_that_is_silent_is_asked_once_a_round(
    world: World, push_server: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "DEADLINE", 0.2)
    push_server.answers["/phone"] = lambda visitor: push_server.closing.wait(5)  # type: ignore[assignment,return-value]
    for member in (world.dana, world.bo, world.cy):
        carries(member, push_server, f"/phone?{member.name}")
        push_server.answers[f"/phone?{member.name}"] = push_server.answers["/phone"]
    world.hears(SAM, "Can you help me?", **direct())
    looks_and_sends(world)
    assert len(push_server.requests) == 1
    assert Dispatch.objects.filter(by="push", state=Dispatch.State.WAITING).count() == 3


def test_a_private_address_that_nobody_opened_is_not_called(
    world: World, push_server: Place, settings: Settings
) -> None:
    carries(world.cy, push_server)
    settings.PRIVATE_HOSTS = frozenset()
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert push_server.requests == []


def test_a_new_password_ends_the_waking_of_other_devices(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    user = world.cy.teammate.user
    user.set_password("another long password")
    user.save()
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert push_server.requests == []
    assert not PushSubscription.objects.exists()


def test_who_read_it_in_the_app_meanwhile_is_not_woken(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    heard = assigned(world, world.cy, world.bo)
    occasions.look(world.now)
    reading.read_conversation(world.cy.teammate, world.conversation_of(heard), now=world.now)
    dispatching.send_due(world.now)
    assert push_server.requests == []
    assert Dispatch.objects.get(by="push").state == Dispatch.State.DROPPED


def test_who_leaves_between_the_news_and_its_sending_gets_nothing(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    assigned(world, world.cy, world.bo)
    occasions.look(world.now)
    membership.remove(world.cy.teammate, world.dana.teammate, now=world.now)
    dispatching.send_due(world.now)
    assert push_server.requests == []


def test_one_that_breaks_keeps_no_other_waiting_and_is_given_up(
    world: World, push_server: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = devices.wake
    carries(world.cy, push_server, "/broken")
    phone = carries(world.bo, push_server)

    def wake(subscription: PushSubscription, *args: object, **more: object) -> object:
        if subscription.endpoint.endswith("/broken"):
            raise RuntimeError("never thought of")
        return real(subscription, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(devices, "wake", wake)
    world.hears(SAM, "Can you help me?", **direct())
    looks_and_sends(world)
    assert phone.opens(push_server.bodies[0])
    for _n in range(8):
        world.passes(timedelta(hours=1))
        Dispatch.objects.filter(state=Dispatch.State.WAITING).update(not_before=world.now)
        dispatching.send_due(world.now)
    stuck = Dispatch.objects.get(subscription__endpoint__endswith="/broken")
    assert (stuck.state, stuck.trouble) == (Dispatch.State.FAILED, "RuntimeError")


def test_a_device_whose_keys_were_lost_is_forgotten(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    PushSubscription.objects.update(p256dh="")
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert not PushSubscription.objects.exists()


def test_two_workers_send_one_message(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    assigned(world, world.cy, world.bo)
    occasions.look(world.now)
    Dispatch.objects.update(leased_until=world.now + timedelta(minutes=1))  # another has it
    assert dispatching.send_due(world.now) == 0
    world.passes(timedelta(minutes=2))  # and was killed
    assert dispatching.send_due(world.now) == 1
    assert len(push_server.bodies) == 1


def test_a_browser_belongs_to_whoever_is_signed_in_there_last(world: World, push_server: Place) -> None:
    given = Phone().as_browsers_tell(push_server.url("/phone"))
    devices.subscribe(world.bo.teammate.user, **given, device="", now=world.now)
    devices.subscribe(world.cy.teammate.user, **given, device="", now=world.now)
    assert PushSubscription.objects.get().user == world.cy.teammate.user


def test_of_many_devices_the_oldest_is_forgotten(world: World, push_server: Place) -> None:
    for n in range(devices.MOST_DEVICES + 2):
        given = Phone().as_browsers_tell(push_server.url(f"/{n}"))
        devices.subscribe(world.bo.teammate.user, **given, device="", now=world.passes(timedelta(hours=1)))
    assert PushSubscription.objects.count() == devices.MOST_DEVICES
    assert not PushSubscription.objects.filter(endpoint=push_server.url("/0")).exists()


# --- peace -----------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "free"),
    [
        ("2026-03-10T12:00", "2026-03-10T12:00"),  # Tuesday noon
        ("2026-03-10T19:59", "2026-03-10T19:59"),
        ("2026-03-10T20:00", "2026-03-11T07:00"),
        ("2026-03-11T03:00", "2026-03-11T07:00"),
        ("2026-03-13T21:00", "2026-03-16T07:00"),  # Friday night, and the weekend behind it
        ("2026-03-14T12:00", "2026-03-16T07:00"),
    ],
)
def test_nights_and_weekends_are_quiet(world: World, now: str, free: str) -> None:
    assert free_from(Habits(teammate=world.cy.teammate), at(now)) == at(free)


def test_the_night_is_that_of_the_reader(world: World) -> None:
    world.cy.teammate.user.time_zone = "America/New_York"
    # 23:00 UTC is 19:00 in New York, and 01:00 UTC is 21:00 there.
    habits = Habits(teammate=world.cy.teammate)
    assert free_from(habits, at("2026-03-10T23:00")) == at("2026-03-10T23:00")
    assert free_from(habits, at("2026-03-11T01:00")) == at("2026-03-11T11:00")


def test_who_wants_no_quiet_hours_has_none(world: World) -> None:
    habits = Habits(teammate=world.cy.teammate, quiet_from=None, quiet_until=None, quiet_weekends=False)
    assert free_from(habits, at("2026-03-14T02:00")) == at("2026-03-14T02:00")


def test_quiet_hours_by_day_work_too(world: World) -> None:
    habits = Habits(
        teammate=world.cy.teammate, quiet_from=time(12), quiet_until=time(14), quiet_weekends=False
    )
    assert free_from(habits, at("2026-03-10T13:00")) == at("2026-03-10T14:00")
    assert free_from(habits, at("2026-03-10T15:00")) == at("2026-03-10T15:00")


def test_a_phone_is_left_in_peace_until_the_morning(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    world.passes(timedelta(hours=10))  # 22:00
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert push_server.requests == []
    assert reading.unread_count([world.cy.teammate]) == 1  # in the app it can be seen
    world.passes(timedelta(hours=9, minutes=1))
    looks_and_sends(world)
    assert len(push_server.requests) == 1


# --- letters ---------------------------------------------------------------------------------------


def test_a_letter_tells_several_things_at_once_and_waits_for_who_is_in_the_app(
    world: World, mail: None
) -> None:
    assigned(world, world.cy, world.bo)
    other = world.hears(UMA, "My kettle is broken!")
    acts.note(world.conversation_of(other), world.bo.teammate, "@cy can you?", now=world.now)
    looks_and_sends(world)
    assert not Letter.objects.exists()
    world.passes(timedelta(minutes=4))
    looks_and_sends(world)
    letter = Letter.objects.get(to=world.cy.teammate.user)
    subject, text, off = opened(letter)
    assert subject == "News for you at Kettle & Co"
    assert "Sam Ortiz" in text
    assert "Uma Okafor" in text
    assert "/notices/" in text
    assert "whistle" not in text  # what people said stays in the app
    assert off in text  # mail programs show a button for it
    looks_and_sends(world)
    assert Letter.objects.filter(to=world.cy.teammate.user).count() == 1


def test_without_a_mail_server_there_are_no_letters_and_nothing_waits_for_one(world: World) -> None:
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert not Dispatch.objects.filter(by="mail").exists()
    assert reading.unread_count([world.cy.teammate]) == 1


def test_the_demo_writes_no_letters(world: World, mail: None) -> None:
    type(world.brand).objects.filter(pk=world.brand.pk).update(is_demo=True)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert not Dispatch.objects.filter(by="mail").exists()


def test_the_letter_of_the_morning_ranks_who_waits_and_comes_once(world: World, mail: None) -> None:
    assigned(world, world.cy, world.bo)
    world.hears(UMA, "My kettle is broken, I am so angry!")
    world.passes(timedelta(hours=20, minutes=5))  # 8:05 on Wednesday
    digest.write_due(world.now)
    digest.write_due(world.passes(timedelta(minutes=10)))
    letter = Letter.objects.get(to=world.cy.teammate.user, kind="digest")
    subject, text, off = opened(letter)
    assert subject == "Who waits at Kettle & Co this morning: 2"
    assert off in text
    assert text.index("Uma Okafor") < text.index("Sam Ortiz")  # who complains comes first
    assert not Letter.objects.filter(to=world.olga.teammate.user).exists()  # she answers nobody


@pytest.mark.parametrize("when", ["before its hour", "in the afternoon", "on a Saturday"])
def test_the_letter_of_the_morning_comes_in_the_morning_of_a_work_day(
    world: World, mail: None, when: str
) -> None:
    assigned(world, world.cy, world.bo)
    hours = {"before its hour": 19, "in the afternoon": 25, "on a Saturday": 92.1}[when]
    digest.write_due(world.passes(timedelta(hours=hours)))
    assert not Letter.objects.filter(kind="digest").exists()


def test_where_nobody_waits_there_is_no_letter(world: World, mail: None) -> None:
    digest.write_due(world.passes(timedelta(hours=20, minutes=5)))
    assert not Letter.objects.exists()


def test_the_link_at_the_end_ends_these_letters(world: World, mail: None) -> None:
    token = letters.off_link(world.cy.teammate).rstrip("/").rsplit("/", 1)[1]
    assert letters.whose_link(token) == world.cy.teammate
    assert letters.whose_link(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    no_more(world.cy.teammate, Way.MAIL)
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    digest.write_due(world.passes(timedelta(hours=20, minutes=5)))
    assert not Dispatch.objects.filter(by="mail", notice__to=world.cy.teammate).exists()
    assert not Letter.objects.filter(to=world.cy.teammate.user).exists()


def test_who_wants_nothing_by_any_way_has_no_rows_at_all(world: World, push_server: Place) -> None:
    carries(world.cy, push_server)
    choose(world.cy.teammate, [(kind, way, When.NEVER) for kind in Kind for way in Way])
    assigned(world, world.cy, world.bo)
    looks_and_sends(world)
    assert not Notice.objects.filter(to=world.cy.teammate).exists()
