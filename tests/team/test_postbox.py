"""Letters on their way: a slow server hangs nobody, a broken one loses nothing, and the bad news is shown."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail as django_mail
from pytest_django.fixtures import Settings

from goodword.listening import health
from goodword.store import environment
from goodword.team import letters, postbox
from goodword.team.models import Letter
from tests.servers.letterbox import NAME, PASSWORD, Letterbox, letterbox
from tests.world import Member, World

S = Letter.State


@pytest.fixture
def box(settings: Settings) -> Iterator[Letterbox]:
    with letterbox() as box:
        _use(settings, f"smtp://localhost:{box.port}")
        yield box


def _use(settings: Settings, address: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOODWORD_MAIL", address)
        patch.setenv("GOODWORD_MAIL_FROM", "goodword@kettle.example")
        server = environment.mail_server("GOODWORD_MAIL", "GOODWORD_MAIL_FROM")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = server.name, server.password
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = server.tls == "start", server.tls == "whole"
    settings.EMAIL_TIMEOUT, settings.DEFAULT_FROM_EMAIL = 2, server.sender


def writes(world: World, to: Member) -> Letter:
    facts = {"link": letters.address("reset", "token")}
    letter = letters.write(letters.PASSWORD_RESET, to.teammate.user, now=world.now, facts=facts)
    assert letter
    return letter


def stands(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.trouble


def sentences(world: World) -> list[tuple[str, bool]]:
    found = health.findings(world.brand, now=world.now)
    return [(finding.sentence, finding.works) for finding in found if finding.about == "Letters"]


def test_a_letter_arrives_and_says_that_nobody_is_to_answer_it(
    world: World, bo: Member, box: Letterbox
) -> None:
    letter = writes(world, bo)
    assert postbox.deliver_due(world.now) == 1
    [came] = box.letters
    assert came["To"] == "bo@kettle.example"
    assert came["From"] == "Goodword <goodword@kettle.example>"
    assert came["Auto-Submitted"] == "auto-generated"
    assert "/reset/token/" in came.get_content()
    assert came.get_content_type() == "text/plain"
    assert stands(letter) == (S.SENT, "")
    assert letter.sealed == "", "the link in it is not kept"
    assert postbox.deliver_due(world.now) == 0
    assert sentences(world) == [("Letters to your team go out through localhost.", True)]


def test_a_server_that_is_away_loses_nothing(world: World, bo: Member, settings: Settings) -> None:
    _use(settings, "smtp://localhost:9")
    letter = writes(world, bo)
    postbox.deliver_due(world.now)
    assert stands(letter)[0] == S.WAITING
    assert postbox.deliver_due(world.now) == 0, "it is not asked again at once"
    [(sentence, works)] = sentences(world)
    assert not works
    assert "1 letter to your team could not be sent yet" in sentence
    with letterbox() as box:
        _use(settings, f"smtp://localhost:{box.port}")
        postbox.deliver_due(world.passes(timedelta(seconds=20)))
        assert len(box.letters) == 1
    assert stands(letter) == (S.SENT, "")


def test_each_try_waits_longer_but_never_for_hours(world: World, bo: Member, settings: Settings) -> None:
    _use(settings, "smtp://localhost:9")
    letter = writes(world, bo)
    Letter.objects.update(expires_at=world.now + timedelta(days=3))
    pauses = []
    for _try in range(8):
        postbox.deliver_due(world.now)
        letter.refresh_from_db()
        pauses.append(letter.next_try_at - world.now)
        world.passes(pauses[-1])
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=15)
    assert pauses[-1] == postbox.LONGEST_PAUSE


def test_what_is_refused_for_good_is_shown_with_the_servers_words_and_the_others_go_out(
    world: World, bo: Member, cy: Member, box: Letterbox
) -> None:
    box.refuses["bo@kettle.example"] = "550 5.1.1 no such person\x07 here"
    refused, other = writes(world, bo), writes(world, cy)
    postbox.deliver_due(world.now)
    assert stands(refused) == (S.FAILED, "5.1.1 no such person here")
    assert stands(other) == (S.SENT, "")
    [(sentence, works)] = sentences(world)
    assert not works
    assert "no such person" in sentence
    assert sentences_after(world, timedelta(days=8)) == [True]


def sentences_after(world: World, time: timedelta) -> list[bool]:
    world.passes(time)
    return [works for _sentence, works in sentences(world)]


@pytest.mark.parametrize("answer", ["451 try later", "421 too busy"])
def test_what_may_pass_is_tried_again(world: World, bo: Member, box: Letterbox, answer: str) -> None:
    box.answer = answer
    letter = writes(world, bo)
    postbox.deliver_due(world.now)
    assert stands(letter)[0] == S.WAITING
    box.answer = "250 taken"
    postbox.deliver_due(world.passes(timedelta(minutes=1)))
    assert stands(letter)[0] == S.WAITING or box.letters


def test_killed_after_the_server_took_it_a_letter_comes_twice_under_one_name_and_is_never_lost(
    world: World, bo: Member, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = writes(world, bo)
    with monkeypatch.context() as patch:
        patch.setattr(postbox, "_end", _killed)
        with pytest.raises(KeyboardInterrupt):
            postbox.deliver_due(world.now)
    assert stands(letter)[0] == S.WAITING
    assert postbox.deliver_due(world.now) == 0, "another worker waits until the lease is over"
    postbox.deliver_due(world.passes(postbox.LEASE))
    assert stands(letter)[0] == S.SENT
    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]


def _killed(*_given: object) -> None:
    raise KeyboardInterrupt


def test_a_letter_whose_link_is_dead_is_not_sent_any_more(world: World, bo: Member, box: Letterbox) -> None:
    letter = writes(world, bo)
    postbox.deliver_due(world.passes(timedelta(hours=1)))
    assert box.letters == []
    assert stands(letter) == (S.FAILED, "It waited for too long.")


def test_a_letter_that_cannot_be_unlocked_holds_up_no_other(
    world: World, bo: Member, cy: Member, box: Letterbox
) -> None:
    broken, whole = writes(world, bo), writes(world, cy)
    Letter.objects.filter(pk=broken.pk).update(sealed="not ours")
    postbox.deliver_due(world.now)
    assert stands(broken)[0] == S.FAILED
    assert stands(whole)[0] == S.SENT


def test_whoever_ends_letters_of_a_kind_finds_it_in_the_head_of_the_letter(
    world: World, bo: Member, box: Letterbox
) -> None:
    off = letters.address("you")
    facts: dict[str, str | int] = {"brand": "Kettle & Co", "num": 1, "inbox": off, "link": off, "off": off}
    letters.write(letters.DIGEST, bo.teammate.user, now=world.now, facts=facts)
    postbox.deliver_due(world.now)
    assert box.letters[0]["List-Unsubscribe"] == f"<{off}>"


def test_old_letters_are_forgotten_and_waiting_ones_are_not(world: World, bo: Member, box: Letterbox) -> None:
    writes(world, bo)
    postbox.deliver_due(world.now)
    waits = writes(world, bo)
    postbox.forget_old(world.passes(timedelta(days=31)))
    assert [letter.pk for letter in Letter.objects.all()] == [waits.pk]


# --- the line to the server ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.2, which is not called localhost: a server elsewhere, as far as we know."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mail.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "mail.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def encrypted(certificate: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with letterbox(tls) as box:
        _use(settings, f"smtp://{NAME}:{PASSWORD}@mail.test:{box.port}")
        real = __import__("socket").create_connection
        monkeypatch.setattr(
            "smtplib.socket.create_connection", lambda address, *rest: real(("127.0.0.1", address[1]), *rest)
        )
        yield box


def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_letter(
    world: World, bo: Member, encrypted: Letterbox
) -> None:
    letter = writes(world, bo)
    postbox.deliver_due(world.now)
    assert encrypted.letters == []
    assert encrypted.signed_in == []
    assert stands(letter)[0] == S.WAITING
    assert "certificate" in letter.trouble.lower()


def test_over_a_line_that_is_vouched_for_we_sign_in_and_hand_over(
    world: World, bo: Member, encrypted: Letterbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    writes(world, bo)
    postbox.deliver_due(world.now)
    assert encrypted.signed_in == [NAME]
    assert len(encrypted.letters) == 1


def test_a_server_elsewhere_without_encryption_gets_nothing(
    world: World, bo: Member, box: Letterbox, settings: Settings
) -> None:
    _use(settings, f"smtp://{NAME}:{PASSWORD}@127.0.0.2:{box.port}")
    settings.EMAIL_HOST = "127.0.0.1"
    writes(world, bo)
    postbox.deliver_due(world.now)
    assert box.letters == []


def test_knocking_signs_in_and_sends_nothing(world: World, box: Letterbox, settings: Settings) -> None:
    assert postbox.knock() == ""
    assert box.letters == []
    _use(settings, "smtp://localhost:9")
    assert postbox.knock()


def test_the_outbox_of_django_is_not_used_behind_our_back() -> None:
    assert django_mail.outbox == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("smtp://a%40b.example:p%3Aw@mail.example", ("mail.example", 587, "a@b.example", "p:w", "start")),
        ("smtps://mail.example", ("mail.example", 465, "", "", "whole")),
        ("smtp://localhost:25", ("localhost", 25, "", "", "")),
        ("smtp://name:word@mail.example:2525", ("mail.example", 2525, "name", "word", "start")),
    ],
)
def test_the_mail_server_is_one_address(
    given: str, meant: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODWORD_MAIL", given)
    monkeypatch.setenv("GOODWORD_MAIL_FROM", "goodword@kettle.example")
    read = environment.mail_server("GOODWORD_MAIL", "GOODWORD_MAIL_FROM")
    assert (read.host, read.port, read.name, read.password, read.tls) == meant


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ("mail.example:587", "a@b.example"),
        ("http://mail.example", "a@b.example"),
        ("smtp://", "a@b.example"),
        ("smtp://mail.example:x", "a@b.example"),
        ("smtp://secret:word@[", "a@b.example"),
        ("smtp://mail.example", ""),
        ("smtp://mail.example", "a@b.example\r\nBcc: c@d.example"),
    ],
)
def test_what_cannot_be_a_mail_server_is_said_before_anything_starts_and_without_the_password(
    given: str, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODWORD_MAIL", given)
    monkeypatch.setenv("GOODWORD_MAIL_FROM", sender)
    with pytest.raises(environment.CannotStart) as refused:
        environment.mail_server("GOODWORD_MAIL", "GOODWORD_MAIL_FROM")
    assert "word@" not in str(refused.value).replace("name:password@", "")
