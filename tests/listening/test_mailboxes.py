"""Real mailboxes: taken in with their past, heard live, resumed, and answered without loops."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from goodword.channels import base
from goodword.channels.base import Checkpoint, Draft, Progress, Seen, Watch
from goodword.channels.email import Email, mailbox
from goodword.conversations import outbox, replying
from goodword.conversations.models import Conversation, Delivery, Wait
from goodword.listening import attachments, connecting, quarantine
from goodword.listening.listener import listen_once
from goodword.listening.models import Attachment, Connection, Post, Quarantined
from goodword.pipeline import advance_all
from tests.channels.mails import CORPUS, bounce, mail
from tests.servers.mail import PASSWORD, MailServer
from tests.world import Member

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE = 20.0  # seconds


class Box:
    """A mailbox of the brand, connected."""

    def __init__(self, server: MailServer, dana: Member) -> None:
        self.server, self.dana = server, dana
        self.us = server.mailbox(f"hello-{uuid4().hex[:8]}@brand.example")

    def connect(self, **more: str) -> Connection:
        where = {"imap": f"127.0.0.1:{self.server.imap}", "smtp": f"127.0.0.1:{self.server.smtp}"}
        form = {"address": self.us, "password": PASSWORD, **where, **more}
        connection, _health = connecting.connect(self.dana.teammate, Email, form, now=timezone.now())
        return connection

    def gets(self, words: str = "Does it whistle?", **headers: str) -> str:
        name = f"{uuid4().hex}@people.example"
        given = {
            "message_id": f"<{name}>",
            "date": format_datetime(datetime.now(UTC)),
            "to": self.us,
            **headers,
        }
        self.server.deliver(mail(words, **given), self.us)
        return name


@pytest.fixture
def box(mail_server: MailServer, dana: Member, settings: pytest.FixtureRequest) -> Box:
    settings.PRIVATE_HOSTS = mail_server.opened  # type: ignore[attr-defined]
    return Box(mail_server, dana)


def listens(connection: Connection, enough: object = None) -> None:
    """Listen until what is there was heard (nothing of the past is left), then let it be placed."""
    deadline = time.monotonic() + PATIENCE
    began = timezone.now()

    def is_over() -> bool:
        row = Connection.objects.get(pk=connection.pk)
        done = row.heard_at and row.heard_at > began and '"past":null' in row.cursor
        return bool(done) or time.monotonic() > deadline

    connection.refresh_from_db()
    listen_once(connection, stopped=is_over)
    connection.refresh_from_db()
    assert not connection.trouble, connection.trouble
    advance_all(timezone.now())


def post(native_id: str) -> Post:
    return Post.objects.get(native_id=native_id)


def test_the_past_of_a_mailbox_is_taken_in_as_read_and_what_comes_then_is_work(box: Box) -> None:
    old = box.gets("An old question?", date=format_datetime(datetime.now(UTC) - timedelta(days=30)))
    connection = box.connect()
    listens(connection)
    assert post(old).is_history
    assert (connection.history_done, connection.history_total) == (1, 1)
    assert Conversation.objects.get().state == "resolved"

    new = box.gets("A new question?")
    listens(connection)
    assert not post(new).is_history
    assert Wait.objects.get(post=post(new), ended_at=None).due_at is not None
    with box.server.signed_in(box.us) as owner:
        owner.select("INBOX", readonly=True)
        assert owner.search(None, "SEEN")[1] == [b""]  # nothing is marked as read


def test_idle_delivers_within_seconds(box: Box) -> None:
    connection = box.connect()
    listens(connection)
    stopped = threading.Event()
    thread = threading.Thread(target=_in_thread, args=(connection, stopped))
    thread.start()
    time.sleep(1.0)
    began = time.monotonic()
    new = box.gets()
    while not Post.objects.filter(native_id=new).exists() and time.monotonic() - began < 10:
        time.sleep(0.05)
    took = time.monotonic() - began
    stopped.set()
    thread.join(10)
    assert took < 5


def _in_thread(connection: Connection, stopped: threading.Event) -> None:
    from django.db import connection as database

    connection = Connection.objects.select_related("brand").get(pk=connection.pk)
    listen_once(connection, stopped=stopped.is_set)
    database.close()


def test_an_answer_goes_out_is_filed_and_its_answer_joins_the_thread(box: Box) -> None:
    sam = box.server.mailbox(f"sam-{uuid4().hex[:6]}@people.example")
    connection = box.connect()
    listens(connection)
    asked = box.gets(from_=f"Sam <{sam}>", subject="Kettle?")
    listens(connection)
    replying.reply(post(asked), box.dana.teammate, "It does.", key=uuid4().hex, now=timezone.now())
    outbox.send_due(timezone.now() + timedelta(minutes=1))
    delivery = Delivery.objects.get()
    assert delivery.state == "sent", delivery.trouble
    [got] = box.server.received(sam)
    assert got["From"] == f"Dana at {connection.brand.name} <{box.us}>"
    assert got["Subject"] == "Re: Kettle?"
    assert got["In-Reply-To"] == f"<{asked}>"
    assert "Auto-Submitted" not in got
    assert got.get_content().strip() == "It does."
    assert [one["Message-ID"] for one in box.server.received(box.us, "Sent")] == [got["Message-ID"]]

    back = box.gets("Great!", from_=sam, in_reply_to=str(got["Message-ID"]), subject="Re: Re: Kettle?")
    listens(connection)
    assert post(back).root == asked
    assert Post.objects.filter(is_ours=True).count() == 1  # the copy in Sent is the same post


def test_what_our_people_answer_in_their_own_mail_program_ends_the_wait(box: Box) -> None:
    connection = box.connect()
    listens(connection)
    asked = box.gets()
    listens(connection)
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = box.us, "sam@people.example", "Re: The kettle"
    answer["Message-ID"], answer["In-Reply-To"] = f"<{uuid4().hex}@brand.example>", f"<{asked}>"
    answer["Date"] = format_datetime(datetime.now(UTC) + timedelta(seconds=1))
    answer.set_content("It does.\n\nOn Mon, Nov 30, 2026, Sam wrote:\n> Does it whistle?\n")
    time.sleep(1.1)
    box.server.owner_sends(box.us, answer)
    listens(connection)
    ours = Post.objects.get(is_ours=True)
    assert (ours.text, ours.root) == ("It does.", asked)
    assert Wait.objects.get(post=post(asked)).ended_how == "reply"


def test_what_came_back_is_shown_and_who_waits_waits_again(box: Box) -> None:
    gone = box.server.mailbox(f"gone-{uuid4().hex[:6]}@people.example")
    connection = box.connect()
    listens(connection)
    asked = box.gets(from_=gone)
    listens(connection)
    replying.reply(post(asked), box.dana.teammate, "It does.", key=uuid4().hex, now=timezone.now())
    outbox.send_due(timezone.now() + timedelta(minutes=1))
    listens(connection)
    delivery = Delivery.objects.get()
    box.server.deliver(bounce(delivery.native_id), box.us)
    listens(connection)
    delivery.refresh_from_db()
    assert delivery.state == "not_arrived"
    assert "gone@people.example" in delivery.trouble
    assert Conversation.objects.get(root=asked).state == "open"
    page = box.dana.looks_at(f"/conversations/{Conversation.objects.get(root=asked).pk}/").content.decode()
    assert "did not arrive" in page


def test_a_recipient_that_is_refused_is_said_in_a_sentence(box: Box) -> None:
    connection = box.connect()
    listens(connection)
    asked = box.gets(from_="nobody-here@people.example")
    listens(connection)
    replying.reply(post(asked), box.dana.teammate, "It does.", key=uuid4().hex, now=timezone.now())
    outbox.send_due(timezone.now() + timedelta(minutes=1))
    delivery = Delivery.objects.get()
    assert delivery.state == "failed"
    assert "nobody-here@people.example" in delivery.trouble


def test_an_answer_of_unknown_fate_is_put_to_a_person(box: Box) -> None:
    sam = box.server.mailbox(f"sam-{uuid4().hex[:6]}@people.example")
    connection = box.connect()
    listens(connection)
    asked = box.gets(from_=sam)
    listens(connection)
    box.server.trouble = "loses_answers"
    replying.reply(post(asked), box.dana.teammate, "It does.", key=uuid4().hex, now=timezone.now())
    outbox.send_due(timezone.now() + timedelta(minutes=1))
    box.server.trouble = ""
    outbox.settle_interrupted(timezone.now() + timedelta(minutes=5))
    assert Delivery.objects.get().state == "unknown"
    assert len(box.server.received(sam)) == 1  # nothing was sent again by itself


def test_a_rebuilt_mailbox_is_heard_again_without_doubles(box: Box) -> None:
    connection = box.connect()
    listens(connection)
    first = box.gets()
    listens(connection)
    before = connection.cursor
    box.server.renumber(box.us)
    while_away = box.gets("While it was rebuilt")
    listens(connection)
    assert connection.cursor != before
    assert {p.native_id for p in Post.objects.all()} == {first, while_away}
    assert not post(while_away).is_history


def test_moving_and_deleting_in_the_mailbox_is_no_deletion_at_the_source(box: Box) -> None:
    connection = box.connect()
    listens(connection)
    heard = box.gets()
    listens(connection)
    with box.server.signed_in(box.us) as owner:
        owner.select("INBOX")
        owner.store("1", "+FLAGS", "(\\Seen \\Deleted)")
        owner.expunge()
    new = box.gets("And another one?")
    listens(connection)
    assert post(heard).is_readable
    assert post(new).is_readable


def test_only_the_newest_are_taken_in_and_a_break_is_resumed(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword.channels.email.listener.PORTION", 10)
    day = datetime.now(UTC) - timedelta(days=100)
    box.server.deliver_all(
        [
            mail(f"Mail {i}", message_id=f"<m{i}-{box.us}>", date=format_datetime(day + timedelta(minutes=i)))
            for i in range(120)
        ],
        box.us,
    )
    channel = Email(box.server.account(box.us, newest="50"))
    heard: list[str] = []
    cursor, progress = None, []
    for _turn in range(20):  # broken off after each portion
        before = len(progress)
        for event in channel.listen(Watch(), cursor):
            match event:
                case Seen(said, history):
                    assert history
                    heard.append(said.native_id)
                case Progress(done, total):
                    progress.append((done, total))
                case Checkpoint(at):
                    cursor = at
                    if len(progress) > before:
                        break
        if cursor and '"past":null' in cursor:
            break
    assert heard == [f"m{i}-{box.us}" for i in range(70, 120)]
    assert progress[-1] == (50, 50)


def test_a_huge_attachment_stays_in_the_mailbox_and_the_rest_is_kept(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "WHOLE", 10_000)
    monkeypatch.setattr(mailbox, "LARGEST_FILE", 100_000)
    fetched: list[int] = []
    fetch = mailbox.Box._section
    monkeypatch.setattr(
        mailbox.Box, "_section", lambda *told: fetched.append(len(got := fetch(*told))) or got
    )
    connection = box.connect()
    listens(connection)
    large = EmailMessage()
    large["From"], large["To"], large["Subject"] = "sam@people.example", box.us, "Our film"
    large["Message-ID"] = f"<{uuid4().hex}@people.example>"
    large.set_content("Look at this.")
    large.add_attachment(b"x" * 2_000_000, maintype="video", subtype="mp4", filename="film.mp4")
    large.add_attachment(b"small", maintype="text", subtype="csv", filename="list.csv")
    box.server.deliver(large, box.us)
    listens(connection)
    kept = Post.objects.get(title="Our film")
    assert kept.text == "Look at this."
    film, small = kept.attachments.order_by("pk")
    assert (film.name, film.digest) == ("film.mp4", "")
    assert 1_900_000 < film.size < 2_100_000
    assert attachments.bytes_of(small) == b"small"
    assert max(fetched) < 10_000


def test_what_cannot_be_read_is_put_aside_and_tried_again(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = box.connect()
    listens(connection)
    box.server.deliver(CORPUS["no boundary"], box.us)
    fine = box.gets()
    listens(connection)
    assert post(fine).text
    aside = Quarantined.objects.get()
    assert b"Where do I begin?" in bytes(aside.raw)
    assert not quarantine.try_again(aside, box.dana.teammate, now=timezone.now())
    # A newer version may be able to read it.
    monkeypatch.setattr(Email, "reread", lambda self, raw, watch: [Seen(_readable(), history=True)])
    assert quarantine.try_again(aside, box.dana.teammate, now=timezone.now())
    aside.refresh_from_db()
    assert aside.read_at
    assert post("readable after all").text == "Where do I begin?"


def _readable() -> base.Post:
    author = base.Author("sam@people.example")
    return base.Post("readable after all", author, "Where do I begin?", timezone.now(), addressed=True)


def test_two_installs_wired_mail_to_mail_and_an_autoresponder_make_no_loop(
    mail_server: MailServer, box: Box
) -> None:
    """Each hears the other, and neither says anything by itself: what a person wrote is all there is."""
    other = Box(mail_server, box.dana)
    here, there = box.connect(), other.connect()
    listens(here)
    listens(there)
    Email(mail_server.account(other.us)).send(
        Draft("Hello, neighbours.", {"to": box.us, "subject": "Hi"}, uuid4().hex, signed="Kim")
    )
    for _round in range(5):
        for connection, us, they in ((here, box.us, other.us), (there, other.us, box.us)):
            listens(connection)
            # And each has an autoresponder that heeds no header.
            if _round < 3:
                note = mail(
                    "I am away.", from_=us, message_id=f"<{uuid4().hex}@auto.example>", auto_submitted=""
                )
                mail_server.deliver(note, they, us)
    for _turn in range(3):
        outbox.send_due(timezone.now() + timedelta(hours=1))
    assert Delivery.objects.count() == 0
    assert len(mail_server.handed_in) == 1  # the one that a person wrote


def test_a_wrong_password_says_what_to_do(box: Box) -> None:
    with pytest.raises(base.NeedsLogin, match="app password"):
        box.connect(password="my own password")


def test_a_plain_line_to_a_public_host_gets_no_password(box: Box, settings: pytest.FixtureRequest) -> None:
    settings.PRIVATE_HOSTS = frozenset()  # type: ignore[attr-defined]
    with pytest.raises(base.Refused, match="GOODWORD_PRIVATE_HOSTS"):
        box.connect()


def test_files_go_with_the_last_post_that_brought_them(box: Box) -> None:
    connection = box.connect()
    listens(connection)
    for _ in range(2):
        data = mail(
            "See.", data=b"%PDF the same", message_id=f"<{uuid4().hex}@people.example>", subject=uuid4().hex
        )
        box.server.deliver(data, box.us)
    listens(connection)
    first, second = Attachment.objects.order_by("pk")
    assert first.digest == second.digest
    from goodword.listening.forgetting import forget_post

    forget_post(connection.brand, "email", first.post.native_id, "deleted", now=timezone.now())
    assert attachments.bytes_of(second) == b"%PDF the same"
    forget_post(connection.brand, "email", second.post.native_id, "deleted", now=timezone.now())
    assert not Attachment.objects.exists()
    with pytest.raises(FileNotFoundError):
        attachments.bytes_of(second)
