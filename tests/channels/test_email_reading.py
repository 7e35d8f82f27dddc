"""What does a mail mean to us? Read from bytes alone: no server, no database."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels import base
from goodword.channels.base import Cap, Post
from goodword.channels.email import Email, ids, layout, machines, quoting
from goodword.channels.email.heard import Reader, Us
from goodword.channels.email.parts import opened
from goodword.channels.email.structure import leaves_of
from tests.channels.mails import CORPUS, SAM, US, bounce, mail

KEY = "the key of this connection"
ARRIVED = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)


class Memory(dict[str, Post]):
    """What we keep already, by native id."""

    def reader(self, key: str = KEY) -> Reader:
        return Reader(Us(US, key), lambda ids: {one: self[one] for one in ids if one in self})

    def hears(self, data: bytes, *, is_sent: bool = False, history: bool = False) -> list[base.Event]:
        events = list(self.reader().events(data, ARRIVED, is_sent=is_sent, history=history))
        self.update({e.post.native_id: e.post for e in events if isinstance(e, base.Seen)})
        return events


def heard(data: bytes, memory: Memory | None = None, *, is_sent: bool = False) -> Post:
    [post] = [
        e.post
        for e in (memory if memory is not None else Memory()).hears(data, is_sent=is_sent)
        if isinstance(e, base.Seen)
    ]
    return post


# --- words ---------------------------------------------------------------------------------------------


def test_a_mail_is_a_private_post_to_us_with_its_author_subject_and_time() -> None:
    post = heard(CORPUS["plain"])
    assert (post.author.native_id, post.author.name) == ("sam@people.example", "Sam Rivers")
    assert (post.title, post.text) == ("The kettle", "Does it whistle?")
    assert (post.visibility, post.addressed, post.ours) == ("direct", True, False)
    assert post.at == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert Email.can(Cap.REPLY, post)
    assert Email.goes_to(post) == "Sam Rivers <sam@people.example>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iso-2022-jp", "やかんは鳴りますか"),
        ("windows-1252", "It’s “lovely” – 5 €"),
        ("wrong charset", "Schön, größer"),
        ("unknown charset", "Schön"),
        ("codec that is none", "Plain words."),
        ("null bytes", "Before\x00after \x00\x00 end"),
        ("flowed", "A long line that was broken by its program and goes on.\n\nA new paragraph."),
        ("calendar", "Come to our tasting."),
        ("smime", "Signed words."),
        ("forwarded as attachment", "Look what they wrote."),
        ("html and text", "Yes please, the green one."),
        ("html alone", "Yes please, the green one."),
        ("outlook", "Ja gern."),
        ("nested 30", "At the bottom."),
        ("empty body", ""),
    ],
)
def test_words_are_read_in_whatever_way_they_come(name: str, text: str) -> None:
    assert heard(CORPUS[name]).text == text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("utf-8 subject", "Schönes Wasserkocher ☕"),
        ("split letter", "Schön ☕"),
        ("raw 8 bit subject", "Schöner Kessel"),
    ],
)
def test_subjects_are_read_in_whatever_way_they_come(name: str, title: str) -> None:
    assert heard(CORPUS[name]).title == title


@pytest.mark.parametrize(
    "introduced",
    [
        "On Mon, Nov 30, 2026 at 9:00 AM Dana <hello@brand.example> wrote:",
        "On Mon, Nov 30, 2026 at 9:00 AM Dana\n<hello@brand.example> wrote:",
        "Am Mo., 30. Nov. 2026 um 09:00 Uhr schrieb Dana <hello@brand.example>:",
        "El lun, 30 nov 2026 a las 9:00, Dana (<hello@brand.example>) escribió:",
        "Le lun. 30 nov. 2026 à 09:00, Dana <hello@brand.example> a écrit :",
        "Em seg., 30 de nov. de 2026 às 09:00, Dana <hello@brand.example> escreveu:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "From: Dana <hello@brand.example>\nSent: Monday, 30 November 2026\nTo: Sam\nSubject: RE: Kettle",
        "Von: Dana <hello@brand.example>\nGesendet: Montag, 30. November 2026\nAn: Sam\nBetreff: AW: Kessel",
        "De : Dana <hello@brand.example>\nEnvoyé : lundi 30 novembre 2026\nÀ : Sam\nObjet : RE: Bouilloire",
        "De: Dana <hello@brand.example>\nEnviado: lunes, 30 de noviembre\nPara: Sam\nAsunto: RE: Tetera",
        "> We have two colours.",
    ],
)
def test_what_is_quoted_is_folded_away_in_five_languages(introduced: str) -> None:
    told = quoting.split(f"The green one, please.\n\n{introduced}\n> We have two colours.\n> Which one?\n")
    assert told.new == "The green one, please."
    assert "We have two colours." in told.quoted


@pytest.mark.parametrize(
    "sign", ["-- \nSam Rivers\n+1 555 0100", "Sent from my iPhone", "Von meinem iPad gesendet"]
)
def test_a_signature_is_folded_away(sign: str) -> None:
    assert quoting.split(f"The green one.\n\n{sign}").new == "The green one."


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: hello?\nNobody answered.",
        "From: my heart\nI love this kettle.",
        "I am - well - happy",
        "> all of it is quoted",
        "On 5 May we met.",
    ],
)
def test_what_only_looks_like_a_quote_is_kept(text: str) -> None:
    assert quoting.split(text).new == text


def test_answers_between_quoted_lines_are_all_kept() -> None:
    told = quoting.split("> Which colour?\nGreen.\n> And which size?\nThe large one.\n")
    assert told.new == "Green.\nThe large one."
    assert "Which colour?" in told.quoted


# --- layouts -------------------------------------------------------------------------------------------


def test_a_layout_runs_nothing_and_loads_nothing() -> None:
    laid = layout.laid_out(CORPUS["newsletter"].partition(b"\r\n\r\n")[2].decode())
    for never in ("script", "onclick", "javascript:", "track.example", "t.example", "alert", "Open me<"):
        assert never not in laid.html.replace("Open me</div>", "")
    assert 'src="cid:logo"' in laid.html
    assert laid.text.startswith("Big news\n\nOur shop (https://shop.example/new?utm=1)")
    assert "Open me" not in laid.text
    assert laid.links == ("https://shop.example/new?utm=1",)


@pytest.mark.parametrize(
    "hostile",
    [
        "<svg/onload=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<a href='jav&#x09;ascript:alert(1)'>x</a>",
        "<iframe src='https://evil.example'></iframe>",
        "<form action='https://evil.example'><input name=password></form>",
        "<base href='https://evil.example/'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<link rel=stylesheet href='https://evil.example/a.css'>",
        "<style>@import url(https://evil.example/a.css)</style>",
        "<p style=\"background:url('https://evil.example/a')\">x</p>",
        "<p style='position:fixed;top:0;left:0;width:100vw;height:100vh'>x</p>",
        "<video src='https://evil.example/v'></video>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    ],
)
def test_hostile_html_is_harmless(hostile: str) -> None:
    html = layout.laid_out(hostile).html
    for never in ("evil.example", "onerror", "onload", "javascript", "position", "<form", "<svg", "<iframe"):
        assert never not in html


def test_deep_or_endless_html_takes_no_time() -> None:
    began = time.process_time()
    for text in (
        "<div>" * 200_000,
        "<table><tr><td>" * 50_000,
        "<!--" * 200_000,
        "<a " * 100_000,
        "&" * 500_000,
    ):
        layout.laid_out(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "piece", ["On ", "\n", "> ", "From: a\n", "On a wrote\n", "- ", "_", "\u202e", "Am 1\n"]
)
def test_endless_text_takes_no_time(piece: str) -> None:
    began = time.process_time()
    quoting.split(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 5


# --- threads and class 10: forged replies ------------------------------------------------------------------


def test_an_answer_of_the_same_person_joins_its_thread() -> None:
    memory = Memory()
    first = heard(CORPUS["plain"], memory)
    second = heard(
        mail("And in green?", message_id="<two@people.example>", in_reply_to="<one@people.example>"), memory
    )
    assert (second.parent, second.root) == (first.native_id, first.native_id)


def test_a_stranger_cannot_speak_into_a_thread_by_naming_its_mail() -> None:
    memory = Memory()
    heard(CORPUS["plain"], memory)
    for headers in ({"in_reply_to": "<one@people.example>"}, {"references": "<x@y> <one@people.example>"}):
        forged = heard(
            mail("Me too!", from_="eve@evil.example", message_id="<eve@evil.example>", **headers), memory
        )
        assert forged.root == forged.native_id
        assert not forged.parent


def our_reply(memory: Memory, key: str = KEY) -> str:
    named = ids.id_for("a reply", key, "brand.example")
    told = {"to": "sam@people.example", "to_all": ["sam@people.example"]}
    memory[named] = Post(
        named, base.Author(US), "It does.", ARRIVED, root="one@people.example", ours=True, reference=told
    )
    return named


def test_whoever_got_our_answer_may_go_on_there() -> None:
    memory = Memory()
    heard(CORPUS["plain"], memory)
    named = our_reply(memory)
    colleague = mail(
        "I am Sam's partner.", from_="kim@people.example", message_id="<k@k>", in_reply_to=f"<{named}>"
    )
    assert heard(colleague, memory).root == "one@people.example"


@pytest.mark.parametrize(
    "named",
    [
        "gw.{name}.{token}@evil.example",
        "gw.{name}.00000000000000000000000000000000@brand.example",
        "gw.{name}@brand.example",
        "{name}@brand.example",
        "gw.{name}.@brand.example",
        "gw..@brand.example",
        "gw.{name}.{token}@brand.example.evil.example",
    ],
)
def test_forged_and_old_forms_of_our_ids_are_not_believed(named: str) -> None:
    true = ids.id_for("a reply", KEY, "brand.example")
    _gw, name, token = true.partition("@")[0].split(".")
    forged = named.format(name=name, token=token)
    assert ids.is_ours(true, KEY)
    assert not ids.is_ours(forged, KEY)
    memory = Memory()
    our_reply(memory)
    post = heard(mail("Hi", from_="eve@evil.example", message_id="<e@e>", in_reply_to=f"<{forged}>"), memory)
    assert post.root == post.native_id


def test_the_ids_of_another_connection_are_not_ours() -> None:
    other = ids.id_for("a reply", "the key of another", "brand.example")
    assert not ids.is_ours(other, KEY)
    assert not ids.is_ours(other, "")


def test_who_claims_to_be_us_is_not_us() -> None:
    memory = Memory()
    heard(CORPUS["plain"], memory)
    forged = heard(
        mail("We give refunds to all.", from_=US, message_id="<f@f>", in_reply_to="<one@people.example>"),
        memory,
    )
    assert not forged.ours
    assert forged.author.native_id != US
    assert forged.root == forged.native_id
    assert forged.reference["claims_us"]


def test_a_mail_that_takes_an_id_of_ours_is_a_mail_of_its_own() -> None:
    memory = Memory()
    named = our_reply(memory)
    taken = heard(mail("Hi", from_="eve@evil.example", message_id=f"<{named}>"), memory)
    assert taken.native_id != named
    assert not taken.ours
    assert memory.hears(mail("Copy", from_=US, message_id=f"<{named}>")) == []  # a copy of ours came back


def test_what_lies_in_the_sent_folder_is_ours_and_in_its_thread() -> None:
    memory = Memory()
    first = heard(CORPUS["plain"], memory)
    answer = mail(
        "Yes!", from_=US, to=SAM, message_id="<mine@brand.example>", in_reply_to="<one@people.example>"
    )
    ours = heard(answer, memory, is_sent=True)
    assert ours.ours
    assert (ours.author.native_id, ours.parent, ours.root) == (US, first.native_id, first.native_id)
    back = heard(mail("Great", message_id="<3@people.example>", in_reply_to="<mine@brand.example>"), memory)
    assert back.root == first.native_id


def test_two_mails_of_one_id_are_two_posts_and_one_mail_heard_twice_is_one() -> None:
    memory = Memory()
    first = heard(CORPUS["plain"], memory)
    assert heard(CORPUS["plain"], memory).native_id == first.native_id
    other = heard(mail("Another one", subject="Something else"), memory)
    assert other.native_id != first.native_id
    assert heard(CORPUS["no id"], memory).native_id == heard(CORPUS["no id"], memory).native_id


# --- what no person wrote to us ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated (rejected)"),
        ("Precedence", "bulk"),
        ("Precedence", "list"),
        ("Precedence", "JUNK"),
        ("List-Id", "<people.example>"),
        ("List-Unsubscribe", "<https://x.example/u>"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Autoreply", "yes"),
        ("Return-Path", "<>"),
        ("Feedback-ID", "a:b:c"),
        ("From", "no-reply@people.example"),
    ],
)
def test_machines_are_known_and_start_no_work(header: str, value: str) -> None:
    post = heard(mail("I am out of the office.", **{header.lower().replace("-", "_"): value}))
    assert post.automatic
    assert post.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto_submitted": "no"},
        {"x_auto_response_suppress": "None"},
        {"precedence": "normal"},
        {"x_mailer": "x"},
    ],
)
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    assert not machines.is_automatic(opened(mail("Hi", **headers)).headers)


def test_an_out_of_office_note_stays_in_the_thread_it_answers() -> None:
    memory = Memory()
    named = our_reply(memory)
    note = heard(
        mail("Away", message_id="<o@o>", in_reply_to=f"<{named}>", auto_submitted="auto-replied"), memory
    )
    assert note.automatic
    assert note.root == "one@people.example"


def test_what_came_back_is_told_with_a_sentence() -> None:
    memory = Memory()
    named = our_reply(memory)
    [event] = memory.hears(bounce(named))
    assert isinstance(event, base.Bounced)
    assert event.native_id == named
    assert "gone@people.example" in event.why
    assert event.why.endswith(".")


def test_a_delay_and_a_report_of_somebody_elses_mail_are_no_bounce_of_ours() -> None:
    memory = Memory()
    named = our_reply(memory)
    for data in (bounce(named, action="delayed", status="4.4.1"), bounce("spam@brand.example")):
        [event] = memory.hears(data)
        assert isinstance(event, base.Seen)
        assert event.post.automatic


# --- forms -----------------------------------------------------------------------------------------------


def test_a_contact_form_is_the_voice_of_its_sender() -> None:
    post = heard(
        mail("Does it whistle?", from_="Shop <wordpress@brand.example>", reply_to="Ada <ada@people.example>")
    )
    assert (post.author.native_id, post.author.name) == ("ada@people.example", "Ada")
    assert post.reference["to"] == "ada@people.example"
    assert not post.automatic


def test_a_form_that_lists_its_fields_is_read() -> None:
    body = "Name: Ada Moreau\nE-mail: ada@people.example\nPhone: 5550100\n"
    body += "Message: Does it whistle?\nAnd how loud?\n"
    post = heard(mail(body, from_="no-reply@brand.example"))
    assert (post.author.native_id, post.author.name) == ("ada@people.example", "Ada Moreau")
    assert post.text == "Does it whistle?\nAnd how loud?"
    assert not post.automatic


def test_a_stranger_cannot_speak_for_somebody_else_by_a_reply_address() -> None:
    post = heard(mail("Hi", from_="eve@evil.example", reply_to="ada@people.example"))
    assert post.author.native_id == "eve@evil.example"
    assert Email.goes_to(post) == "ada@people.example"  # the composer shows where it goes


# --- notices -----------------------------------------------------------------------------------------------

NOTICES = [
    ("facebook", "notification@facebookmail.com", "Maria Lopez commented on your post", "Maria Lopez",
     '"Best kettle ever" https://www.facebook.com/brand/posts/1?comment_id=2', "https://www.facebook.com/brand/posts/1?comment_id=2"),
    ("instagram", "no-reply@mail.instagram.com", "ada.moreau commented on your photo", "ada.moreau",
     "“So green!” https://www.instagram.com/p/abc/", "https://www.instagram.com/p/abc/"),
    ("linkedin", "notifications-noreply@linkedin.com", "Ada Moreau mentioned you in a comment", "Ada Moreau",
     '"Try them" https://www.linkedin.com/feed/update/urn:li:activity:1', "https://www.linkedin.com/feed/update/urn:li:activity:1"),
    ("youtube", "noreply@youtube.com", "New comment from Kim on your video", "Kim",
     '"Nice" https://www.youtube.com/watch?v=1&lc=2', "https://www.youtube.com/watch?v=1&lc=2"),
    ("tiktok", "notification@service.tiktok.com", "@teafan mentioned you", "teafan",
     '"wow" https://www.tiktok.com/@brand/video/1', "https://www.tiktok.com/@brand/video/1"),
    ("x", "notify@x.com", "Ada (@ada_m) replied to your post", "ada_m",
     '"hm" https://x.com/ada_m/status/1', "https://x.com/ada_m/status/1"),
    ("reddit", "noreply@redditmail.com", "u/teafan replied to your comment in r/tea", "teafan",
     '"no" https://www.reddit.com/r/tea/comments/1/x/2', "https://www.reddit.com/r/tea/comments/1/x/2"),
    ("google-reviews", "businessprofile-noreply@google.com", "Kim left a review for Steamwren", "Kim",
     '"Great shop" https://business.google.com/reviews/l/1', "https://business.google.com/reviews/l/1"),
    ("trustpilot", "noreply@trustpilot.com", "New review from Kim: 5 stars", "Kim",
     '"Fast" https://businessapp.b2b.trustpilot.com/reviews/1', "https://businessapp.b2b.trustpilot.com/reviews/1"),
    ("tripadvisor", "members@e.tripadvisor.com", "New review by TeaFan7", "TeaFan7",
     '"Cosy" https://www.tripadvisor.com/ManagementResponse-1', "https://www.tripadvisor.com/ManagementResponse-1"),
    ("app-store", "no_reply@email.apple.com", "New review from teafan for Steamwren", "teafan",
     '"Crashes" https://appstoreconnect.apple.com/apps/1/ratings', "https://appstoreconnect.apple.com/apps/1/ratings"),
    ("google-play", "noreply-play-developer-console@google.com", "New review from Kim for Steamwren", "Kim",
     '"Good" https://play.google.com/console/reviews/1', "https://play.google.com/console/reviews/1"),
    ("etsy", "no-reply@account.etsy.com", "Kim left you a review", "Kim",
     '"Lovely" https://www.etsy.com/your/shops/me/reviews/1', "https://www.etsy.com/your/shops/me/reviews/1"),
    ("amazon", "a1@marketplace.amazon.com", "Question from Kim (Order: 1)", "Kim",
     '"Where is it?" https://sellercentral.amazon.com/messaging/inbox/1', "https://sellercentral.amazon.com/messaging/inbox/1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "sender", "subject", "who", "body", "link"), NOTICES, ids=[n[0] for n in NOTICES]
)
def test_a_notice_is_the_voice_of_its_author_and_is_answered_there(
    key: str, sender: str, subject: str, who: str, body: str, link: str
) -> None:
    post = heard(mail(body, from_=sender, subject=subject, list_unsubscribe="<https://x.example>"))
    assert who in (post.author.name, post.author.handle)
    assert post.author.native_id.startswith(f"{key}:")
    assert post.text == body.split(" http")[0].strip('"“”')
    assert not post.automatic
    permission = Email.can(Cap.REPLY, post)
    assert not permission
    assert permission.native_link == link == post.url


def test_a_notice_that_a_teammate_forwards_is_read_too() -> None:
    body = (
        "---------- Forwarded message ---------\nFrom: Facebook <notification@facebookmail.com>\n"
        "Date: Mon\nSubject: Maria Lopez commented on your post\nTo: <dana@private.example>\n\n"
        '"Best kettle ever"\nhttps://www.facebook.com/brand/posts/1?comment_id=2\n'
    )
    post = heard(
        mail(body, from_="dana@private.example", to="hello+heard@brand.example", subject="Fwd: Maria")
    )
    assert post.author.name == "Maria Lopez"
    assert post.text == "Best kettle ever"
    assert post.reference["forwarded_by"] == "dana@private.example"


def test_a_place_without_a_row_becomes_a_conversation_with_its_first_good_link() -> None:
    body = "Somebody praised you.\nhttps://forum.example/unsubscribe/1\nhttps://forum.example/t/12\n"
    post = heard(
        mail(body, from_="Forum <bot@forum.example>", to="hello+heard@brand.example", subject="New post")
    )
    assert post.url == "https://forum.example/t/12"
    assert not Email.can(Cap.REPLY, post)
    assert not post.automatic


def test_a_forged_notice_leads_nowhere_but_to_the_place_itself() -> None:
    post = heard(
        mail(
            '"Hi" https://facebook.com.evil.example/login',
            from_="x@facebookmail.com",
            subject="A commented on it",
        )
    )
    assert post.url == ""
    assert Email.can(Cap.REPLY, post).native_link == ""
    assert not post.reference["signed"]


def test_only_the_receiving_servers_own_word_counts_as_a_signature() -> None:
    signed = "mx.brand.example; dkim=pass header.d=facebookmail.com"
    notice = {"from_": "notification@facebookmail.com", "subject": "Maria commented on your post"}
    assert heard(mail('"Hi"', authentication_results=signed, **notice)).reference["signed"]
    other = signed.replace("facebookmail.com", "evil.example")
    assert not heard(mail('"Hi"', authentication_results=other, **notice)).reference["signed"]


# --- what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["no boundary", "boundary that never comes", "broken base64", "nested 100", "no sender", "no headers"],
)
def test_what_cannot_be_read_is_put_aside_with_its_bytes_and_a_sentence(name: str) -> None:
    events = Memory().hears(CORPUS[name])
    [event] = [e for e in events if isinstance(e, base.Unreadable)]
    assert event.raw == CORPUS[name]
    assert event.why.endswith(".")


def test_one_broken_part_is_put_aside_and_the_rest_is_heard() -> None:
    seen, aside = Memory().hears(CORPUS["one broken part"])
    assert isinstance(seen, base.Seen)
    assert "This part is fine." in seen.post.text
    assert isinstance(aside, base.Unreadable)


def test_files_have_names_and_sizes_and_the_large_ones_stay_away(monkeypatch: pytest.MonkeyPatch) -> None:
    [file] = heard(CORPUS["attachment"]).attachments
    assert (file.name, file.mime, file.data) == ("receipt.pdf", "application/pdf", b"%PDF-1.4 a receipt")
    monkeypatch.setattr("goodword.channels.email.parts.LARGEST_FILE", 5)
    [file] = heard(CORPUS["attachment"]).attachments
    assert (file.data, file.left_out) == (b"", 18)
    assert [one.name for one in heard(CORPUS["tnef"]).attachments] == ["winmail.dat"]
    assert not heard(CORPUS["smime"]).attachments


def test_a_broken_clock_does_not_move_a_mail_far() -> None:
    assert heard(CORPUS["broken date"]).at == ARRIVED
    assert heard(CORPUS["date of the far future"]).at == ARRIVED
    assert heard(mail("Hi", date="Mon, 30 Nov 2020 10:00:00 +0000")).at == ARRIVED
    [event] = Memory().hears(mail("Hi", date="Mon, 30 Nov 2020 10:00:00 +0000"), history=True)
    assert isinstance(event, base.Seen)
    assert event.post.at < ARRIVED - timedelta(days=2000)


@pytest.mark.parametrize("name", list(CORPUS))
def test_every_mail_is_heard_or_put_aside(name: str) -> None:
    began = time.process_time()
    events = Memory().hears(CORPUS[name])
    assert events or name == "nothing"
    assert time.process_time() - began < 5


@pytest.mark.parametrize("times", [500, pytest.param(8_000, marks=pytest.mark.slow)])
def test_mutated_mails_are_all_heard_or_put_aside(times: int) -> None:
    chance, small = random.Random(20261201), [data for data in CORPUS.values() if 0 < len(data) < 5_000]
    memory = Memory()
    for _ in range(times):
        data = bytearray(chance.choice(small))
        for _change in range(chance.randint(1, 8)):
            where = chance.randrange(len(data) or 1)
            match chance.randrange(4):
                case 0 if data:
                    data[where] = chance.randrange(256)
                case 1:
                    data[where:where] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 9)))
                case 2:
                    del data[where : where + chance.randint(1, 30)]
                case _:
                    data[where:where] = chance.choice(small)[:200]
        for event in memory.reader().events(bytes(data), ARRIVED):
            assert isinstance(event, base.Seen | base.Unreadable | base.Bounced)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_heard_or_put_aside(data: bytes) -> None:
    list(Memory().reader().events(data, ARRIVED))


# --- structures ---------------------------------------------------------------------------------------------


def test_the_structure_of_a_large_mail_is_read_before_it_is_fetched() -> None:
    told = (
        b'1 (UID 7 BODYSTRUCTURE ((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 120 4 NIL NIL NIL NIL)'
        b'("text" "html" ("charset" "utf-8") NIL NIL "quoted-printable" 300 6 NIL NIL NIL NIL) "alternative"'
        b' ("boundary" "x") NIL NIL)("video" "quicktime" ("name" "clip \\"one\\".mov") NIL NIL "base64"'
        b" 70000000 NIL"
        b' ("attachment" ("filename" "clip \\"one\\".mov")) NIL NIL) "mixed" ("boundary" "y") NIL NIL NIL))'
    )
    plain, html, clip = leaves_of(told)
    assert (plain.number, html.number, clip.number) == ("1.1", "1.2", "2")
    assert (plain.is_text, html.is_text, clip.is_text) == (True, True, False)
    assert (clip.name, clip.unpacked) == ('clip "one".mov', 52_500_000)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_a_structure_of_any_bytes_is_read_or_empty(told: bytes) -> None:
    leaves_of(b"BODYSTRUCTURE " + told)
