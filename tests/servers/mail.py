"""A real mail server on this machine: Debian's Dovecot keeps the mailboxes, a small SMTP server lets mail in.

    mail_server.mailbox("hello@brand.example")         makes a mailbox; its password is PASSWORD
    mail_server.deliver(mail, to="hello@brand.example") as a stranger does, by SMTP
    mail_server.received("sam@people.example")          what lies in a mailbox, as messages
    mail_server.account("hello@brand.example")          what a connection to it needs

Mail handed in with a password goes to whom it names; to an address without a mailbox it is refused. SMTP
and IMAP can be made to misbehave: `mail_server.trouble`.
"""

from __future__ import annotations

import asyncio
import imaplib
import os
import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from goodword.channels.base import Account
from tests.servers.processes import Server, free_port, listens_on, missing

PASSWORD = "app-password-of-the-tests"
CONFIGURATION = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0 secs
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group_name}
default_login_user = {login_user}
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class MailServer:
    def __init__(self, folder: Path, imap: int, lmtp: int, smtp: int) -> None:
        self.folder, self.imap, self.lmtp, self.smtp = folder, imap, lmtp, smtp
        self.mailboxes: set[str] = set()
        self.files_copies = False  # does it put what is handed in into the Sent folder of its sender?
        self.trouble = ""  # goes_down | asks_to_wait | revokes_login | loses_answers
        self.handed_in: list[Envelope] = []

    def mailbox(self, address: str) -> str:
        """A new mailbox (or the one there is); its address."""
        self.mailboxes.add(address.lower())
        return address.lower()

    def account(self, address: str, **settings: str) -> Account:
        """What a connection needs to speak for this mailbox."""
        self.mailbox(address)
        where = {"imap": f"127.0.0.1:{self.imap}", "smtp": f"127.0.0.1:{self.smtp}"}
        return Account(
            {"address": address, **where, **settings},
            {"password": PASSWORD},
            native_id=address,
            allowed_private=self.opened,
            own_key=f"a key of {address}",
        )

    @property
    def opened(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.imap}", f"127.0.0.1:{self.smtp}"})

    def deliver(
        self, mail: EmailMessage | bytes, to: str, sender: str = "stranger@elsewhere.example"
    ) -> None:
        """As a stranger's mail server does."""
        data = mail if isinstance(mail, bytes) else mail.as_bytes(policy=policy.SMTP)
        with smtplib.LMTP("127.0.0.1", self.lmtp, local_hostname="localhost") as line:
            line.sendmail(sender, [self.mailbox(to)], data)

    def deliver_all(self, mails: list[bytes], to: str) -> None:
        """Many, over one line."""
        self.mailbox(to)
        with smtplib.LMTP("127.0.0.1", self.lmtp, local_hostname="localhost") as line:
            for mail in mails:
                line.sendmail("stranger@elsewhere.example", [to], mail)

    def received(self, address: str, folder: str = "INBOX") -> list[EmailMessage]:
        """What lies there, oldest first."""
        with self.signed_in(address) as box:
            box.select(folder, readonly=True)
            numbers = box.search(None, "ALL")[1][0].split()
            found: list[Any] = [box.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        return [message_from_bytes(one[1], policy=policy.default) for one in found]  # type: ignore[misc]

    @contextmanager
    def signed_in(self, address: str) -> Iterator[imaplib.IMAP4]:
        """The owner in their own mail program."""
        box = imaplib.IMAP4("127.0.0.1", self.imap)
        try:
            box.login(address, PASSWORD)
            yield box
        finally:
            box.logout()

    def owner_sends(self, address: str, mail: EmailMessage) -> None:
        """In their own mail program, which files it into the Sent folder."""
        with self.signed_in(address) as box:
            box.append("Sent", "(\\Seen)", "", mail.as_bytes(policy=policy.SMTP))

    def renumber(self, address: str) -> None:
        """A new UIDVALIDITY: the mailbox was rebuilt, and all its mails have new numbers.

        The last one given stays known to the server: without it, it takes the time in seconds, which in the
        second of the mailbox's birth is the old one.
        """
        for kept in (self.folder / "mail" / address).glob("**/dovecot-uidlist"):
            kept.unlink()
        for index in (self.folder / "mail" / address).glob("**/dovecot.index*"):
            index.unlink()


class _Gate:
    """What the SMTP server does with a mail that is handed in."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.trouble == "asks_to_wait":
            return "450 4.7.1 Too many mails, come back later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower() not in self.server.mailboxes:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address.lower())
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        self.server.handed_in.append(envelope)
        await asyncio.to_thread(self._pass_on, envelope)
        if self.server.trouble == "loses_answers":
            smtp.transport.abort()  # type: ignore[union-attr]
        return "250 2.0.0 Taken"

    def _pass_on(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        for to in envelope.rcpt_tos:
            self.server.deliver(envelope.content, to, envelope.mail_from or "")
        sender = (envelope.mail_from or "").lower()
        if self.server.files_copies and sender in self.server.mailboxes:
            with self.server.signed_in(sender) as box:
                box.append("Sent", "(\\Seen)", "", envelope.content)


@contextmanager
def mail_server_running() -> Iterator[MailServer]:
    """Start Dovecot and the SMTP server, and end both."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    if not Path(program).exists():
        missing("Dovecot (apt-get install dovecot-imapd dovecot-lmtpd)")
    if os.getuid() != 0:
        missing("Dovecot as root")
    with tempfile.TemporaryDirectory(prefix="goodword-mail-", ignore_cleanup_errors=True) as home:
        folder = Path(home)
        folder.chmod(0o755)
        for name in ("mail", "home", "state"):
            (folder / name).mkdir(mode=0o777)
            (folder / name).chmod(0o777)
        server = MailServer(folder, free_port(), free_port(), free_port())
        _write(folder, server)
        dovecot = Server([program, "-F", "-c", str(folder / "dovecot.conf")], folder / "log")
        gate = Controller(
            _Gate(server),
            hostname="127.0.0.1",
            port=server.smtp,
            auth_require_tls=False,
            authenticator=lambda *told: _may_sign_in(server, told[-1]),
            data_size_limit=40_000_000,
        )
        try:
            dovecot.wait_until(lambda: listens_on(server.imap) and listens_on(server.lmtp), seconds=20)
            gate.start()
            yield server
        finally:
            if gate._thread is not None:
                gate.stop()
            dovecot.stop()


def _may_sign_in(server: MailServer, told: Any) -> AuthResult:
    is_right = getattr(told, "password", b"") == PASSWORD.encode() and server.trouble != "revokes_login"
    return AuthResult(success=is_right, handled=False)


def _write(folder: Path, server: MailServer) -> None:
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder,
            imap=server.imap,
            lmtp=server.lmtp,
            password=PASSWORD,
            user="mail",
            group="mail",
            group_name="mail",
            login_user="nobody",
        )
    )


@pytest.fixture(scope="session")
def mail_server_of_all() -> Iterator[MailServer]:
    with mail_server_running() as server:
        yield server


@pytest.fixture
def mail_server(mail_server_of_all: MailServer) -> Iterator[MailServer]:
    """The mail server, well behaved at first. Tests share it: each takes mailboxes of its own."""
    yield mail_server_of_all
    mail_server_of_all.trouble, mail_server_of_all.files_copies = "", False
    mail_server_of_all.handed_in.clear()
