"""What came with a mail, on screen: folded, as downloads, in a frame; and what could not be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from goodword.channels import base
from goodword.channels.email import Email
from goodword.conversations.models import Conversation
from goodword.listening import quarantine
from goodword.listening.ingest import take_in
from goodword.listening.models import Attachment, Connection, Post
from goodword.pipeline import advance_all
from goodword.store import vault
from tests.world import Member, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(world: World, dana: Member) -> Connection:
    return Connection.objects.create(
        brand=dana.teammate.brand,
        channel="email",
        name="hello@brand.example",
        handle="hello@brand.example",
        native_id="hello@brand.example",
        secrets=vault.lock({"password": "secret"}),
        made_at=world.now - timedelta(days=1),
    )


def hears(mailbox: Connection, world: World, **more: Any) -> Post:
    author = base.Author("sam@people.example", "sam@people.example", "Sam")
    reference = {"to": "sam@people.example", "to_name": "Sam", "subject": "Kettle?", **more.pop("told", {})}
    given: dict[str, Any] = {
        "title": "Kettle?",
        "visibility": base.Visibility.DIRECT,
        "addressed": True,
        **more,
    }
    post = base.Post("m1", author, "Does it whistle?", world.now, reference=reference, **given)
    take_in(mailbox.brand, "email", [base.Seen(post)], now=world.now, connection=mailbox)
    advance_all(world.now)
    return Post.objects.get(native_id="m1")


def page_of(member: Member) -> str:
    return member.looks_at(f"/conversations/{Conversation.objects.latest('pk').pk}/").content.decode()


def test_a_mail_shows_its_subject_and_folds_what_it_quotes(
    world: World, dana: Member, mailbox: Connection
) -> None:
    hears(
        mailbox,
        world,
        quoted="Old words",
        attachments=(base.Attachment("a.pdf", "application/pdf", b"x" * 2000),),
    )
    page = page_of(dana)
    assert "Kettle?" in page
    assert "<details" in page.split("Old words")[0].rsplit("<summary", 1)[0][-200:]
    assert "a.pdf" in page
    assert "Sam &lt;sam@people.example&gt;" in page  # the composer says where it goes


def test_a_file_is_a_download_whatever_it_claims_to_be(
    world: World, dana: Member, mailbox: Connection
) -> None:
    hears(
        mailbox,
        world,
        attachments=(base.Attachment("../../\u202egnp.html", "text/html", b"<script>1</script>"),),
    )
    answer = dana.looks_at(f"/attachments/{Attachment.objects.get().pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''gnp.html"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content == b"<script>1</script>"


def test_a_layout_is_shown_in_a_frame_that_trusts_nothing(
    world: World, dana: Member, mailbox: Connection
) -> None:
    post = hears(mailbox, world, html="<p style='color:red'>Does it whistle?</p>")
    assert 'sandbox="allow-popups' in page_of(dana)
    answer = dana.looks_at(f"/posts/{post.pk}/layout/")
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_what_was_forgotten_is_no_download_any_more(world: World, dana: Member, mailbox: Connection) -> None:
    hears(mailbox, world, html="<p>x</p>", attachments=(base.Attachment("a.pdf", "application/pdf", b"x"),))
    address = f"/attachments/{Attachment.objects.get().pk}/"
    take_in(mailbox.brand, "email", [base.Gone("m1")], now=world.now, connection=mailbox)
    client: Client = dana.client
    assert client.get(address).status_code == 404
    assert not Attachment.objects.exists()
    assert Post.objects.get(native_id="m1").html == ""


def test_a_mail_that_only_claims_to_be_from_us_says_so(
    world: World, dana: Member, mailbox: Connection
) -> None:
    hears(mailbox, world, told={"claims_us": True})
    assert "It says that it comes from you, but it did not" in page_of(dana)


def test_what_a_machine_wrote_is_kept_and_is_no_work(world: World, dana: Member, mailbox: Connection) -> None:
    post = hears(mailbox, world, automatic=True)
    assert post.is_automatic
    assert not post.is_mention
    assert not Conversation.objects.filter(root="m1").exists()


def test_the_past_of_a_mailbox_has_a_progress_bar(world: World, dana: Member, mailbox: Connection) -> None:
    take_in(mailbox.brand, "email", [base.Progress(1200, 5000)], now=world.now, connection=mailbox)
    page = dana.looks_at(f"/connections/{mailbox.pk}/").content.decode()
    assert '<progress class="progress" value="1200" max="5000"' in page
    assert 'hx-trigger="every 2s"' in page
    assert "hello+heard@brand.example" in page
    take_in(mailbox.brand, "email", [base.Progress(5000, 5000)], now=world.now, connection=mailbox)
    page = dana.looks_at(f"/connections/{mailbox.pk}/").content.decode()
    assert "<progress" not in page
    assert "5000 of 5000 mails" in page.replace(",", "")


def test_what_could_not_be_read_can_be_tried_again_downloaded_and_deleted(
    world: World, dana: Member, bo: Member, mailbox: Connection
) -> None:
    quarantine.keep(
        mailbox, "m9", "This mail does not say who sent it.", b"Subject: x\r\n\r\nHm", now=world.now
    )
    row = mailbox.quarantined.get()
    page = dana.looks_at(f"/connections/{mailbox.pk}/").content.decode()
    assert "This mail does not say who sent it." in page
    assert f"/unread/{row.pk}/trial/" in page
    assert dana.looks_at(f"/unread/{row.pk}/bytes/").content == b"Subject: x\r\n\r\nHm"
    assert bo.client.get(f"/unread/{row.pk}/bytes/").status_code == 403
    dana.client.post(f"/unread/{row.pk}/trial/")
    row.refresh_from_db()
    assert row.tried_at
    assert not row.read_at
    dana.client.post(f"/unread/{row.pk}/removal/")
    assert not mailbox.quarantined.exists()


def test_the_form_asks_for_an_address_and_a_password_and_folds_the_rest(dana: Member) -> None:
    page = dana.looks_at("/connections/new/email/").content.decode()
    first, _summary, rest = page.partition("<summary>")
    assert 'name="address"' in first
    assert 'name="password"' in first
    for folded in ("imap", "smtp", "newest", "username"):
        assert f'name="{folded}"' in rest


def test_an_address_that_is_none_is_refused_in_a_sentence(dana: Member) -> None:
    answer = dana.client.post("/connections/new/email/", {"address": "hello", "password": "x"})
    assert answer.status_code == 422
    assert "This is no e-mail address." in answer.content.decode()
    assert Email.key == "email"
