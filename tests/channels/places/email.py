"""A real mail server on this machine, whose people write to the brand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import ClassVar
from uuid import uuid4

import pytest

from goodword.channels.base import Account
from goodword.channels.email import Email, lines
from tests.servers.mail import MailServer

KEYS = ("email",)
MARKS = (pytest.mark.slow, pytest.mark.xdist_group("mail_server"), pytest.mark.timeout(300))


class PostOffice:
    can_misbehave: ClassVar[frozenset[str]] = frozenset(
        {"goes_down", "asks_to_wait", "revokes_login", "loses_answers"}
    )

    def __init__(self, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.monkeypatch = server, monkeypatch
        self.us, self.sam = f"hello-{uuid4().hex[:8]}@brand.example", f"sam-{uuid4().hex[:8]}@people.example"
        server.mailbox(self.sam)
        server.files_copies = True
        self.channel = Email(server.account(self.us, copies="theirs"))

    def says(self, words: str, to: str = "") -> str:
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Sam <{self.sam}>", self.us
        mail["Subject"] = "A question"
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain="people.example")
        if to:
            mail["In-Reply-To"] = f"<{to}>"
        mail.set_content(words)
        self.server.deliver(mail, self.us, self.sam)
        return str(mail["Message-ID"]).strip("<>")

    def texts_of_ours(self) -> list[str]:
        return [mail.get_content().rstrip("\r\n") for mail in self.server.received(self.sam)]

    def goes_down(self) -> None:
        """Nothing listens where the servers were."""
        account = self.channel.account
        nowhere = {"imap": "127.0.0.1:9", "smtp": "127.0.0.1:9"}
        opened = account.allowed_private | {"127.0.0.1:9"}
        self.channel = Email(_with(account, {**account.settings, **nowhere}, account.secrets, opened))

    def asks_to_wait(self) -> None:
        self.server.trouble = "asks_to_wait"

    def loses_answers(self) -> None:
        self.server.trouble = "loses_answers"

    def revokes_login(self) -> None:
        account = self.channel.account
        wrong = {"password": "what it was before"}
        self.channel = Email(_with(account, account.settings, wrong, account.allowed_private))

    def comes_back(self) -> None:
        self.server.trouble = ""
        self.channel = Email(self.server.account(self.us, copies="theirs"))


def _with(
    account: Account, settings: Mapping[str, str], secrets: Mapping[str, str], opened: frozenset[str]
) -> Account:

    return replace(account, settings=settings, secrets=secrets, allowed_private=opened)


@contextmanager
def open_place(key: str, request: pytest.FixtureRequest) -> Iterator[PostOffice]:
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setattr(lines, "PATIENCE", 5.0)
    yield PostOffice(request.getfixturevalue("mail_server"), monkeypatch)
