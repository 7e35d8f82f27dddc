"""A mail server for letters to our own people: takes or refuses, as the test says."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.processes import free_port

TAKEN = "250 taken"
NAME, PASSWORD = "goodword", "letters!"


@dataclass
class Letterbox:
    """What came, and what the server says to it."""

    letters: list[EmailMessage] = field(default_factory=list)
    answer: str = TAKEN
    refuses: dict[str, str] = field(default_factory=dict)  # addresses, with the server's words
    signed_in: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answer == TAKEN:
            read = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
            self.letters.append(cast(EmailMessage, read))
        return self.answer

    def lets_in(self, _server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        if right:
            self.signed_in.append(given.login.decode())
        return AuthResult(success=right)


@contextmanager
def letterbox(tls: ssl.SSLContext | None = None) -> Iterator[Letterbox]:
    """On this machine, at a port of its own. With `tls` it offers STARTTLS and wants name and password."""
    box = Letterbox(port=free_port())
    wants: dict[str, Any] = {}
    if tls:
        wants = {"tls_context": tls, "auth_required": True, "authenticator": box.lets_in}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **wants)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
