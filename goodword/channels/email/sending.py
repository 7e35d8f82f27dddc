"""How is a mail handed in, and what does each answer of the server mean for what a teammate wrote?

Until the mail itself travels, nothing was sent. Once it does and no answer comes, nobody knows. The steps
are made one by one, so that it is always known where one broke off; one deadline holds for all of them,
which the library of the standard, with its time limit for each read, cannot promise.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ...sentence import Sentence
from ..base import Account, ChannelError, NeedsLogin, RateLimited, Refused, Unclear, Unreachable
from .lines import NO_ANSWER, NO_TLS, PATIENCE, Server, certificates
from .mailbox import refusal
from .providers import Provider

if TYPE_CHECKING:
    import aiosmtplib

IN_ALL = 60.0  # seconds for the whole; a mail with a picture takes a few
LARGEST = 20_000_000  # bytes: what providers take as a rule
WAIT = timedelta(minutes=10)  # until a server that has had enough is asked again

TOO_LARGE = "This mail is larger than your mail server takes: send a smaller picture."
NO_SUCH_PERSON = "The mail server knows no mailbox %(address)s: nothing was sent. It said: “%(said)s”."
NOT_TAKEN = "The mail server did not take this mail: nothing was sent. It said: “%(said)s”."
WAITS = "The mail server asks us to wait before it takes more: nothing was sent. It said: “%(said)s”."
MAY_BE_SENT = "The connection broke off while the mail was handed in: it may have been sent."


def hand_in(
    account: Account, server: Server, provider: Provider | None, sender: str, to: str, mail: bytes
) -> None:
    """Send it once. Raises the ChannelError that says what became of it; after Unclear it may be out."""
    if len(mail) > LARGEST:
        raise Refused(TOO_LARGE)
    _in_time(_handed_in(account, server, provider, (sender, to, mail)), server)


def look(account: Account, server: Server, provider: Provider | None) -> None:
    """Sign in and leave again. Raises like `hand_in`."""
    _in_time(_handed_in(account, server, provider, None), server)


def _in_time(work: object, server: Server) -> None:
    """Run it to its end, or to the end of its time."""

    async def within() -> None:
        async with asyncio.timeout(IN_ALL):
            await work  # type: ignore[misc]

    try:
        asyncio.run(within())
    except ChannelError:
        raise
    except (OSError, EOFError, TimeoutError) as error:
        raise Unreachable(Sentence(NO_ANSWER, host=server.host)) from error


async def _handed_in(
    account: Account, server: Server, provider: Provider | None, what: tuple[str, str, bytes] | None
) -> None:
    import aiosmtplib

    line = await asyncio.to_thread(server.connected, account.allowed_private)
    line.setblocking(False)
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        sock=line,
        timeout=PATIENCE,
        use_tls=server.tls_at_once,
        start_tls=False,
        tls_context=certificates() if server.tls_at_once else None,
        local_hostname="localhost",  # not the name of this machine: it is nobody's business
    )
    try:
        await _opened(smtp, account, server, provider)
        if what:
            sender, to, mail = what
            await _announced(smtp, sender, to)
            await _given(smtp, mail)
    finally:
        with suppress(Exception):
            async with asyncio.timeout(2):
                await smtp.quit()
        smtp.close()


async def _opened(smtp: aiosmtplib.SMTP, account: Account, server: Server, provider: Provider | None) -> None:
    """Connected over TLS and signed in: nothing was sent yet, whatever goes wrong."""
    import aiosmtplib

    password = account.secrets.get("password", "")
    try:
        await smtp.connect()
        await smtp.ehlo()
        if not server.tls_at_once:
            if smtp.supports_extension("starttls"):
                await smtp.starttls(server_hostname=server.host, tls_context=certificates())
                await smtp.ehlo()
            elif not server.may_be_plain:
                raise Refused(Sentence(NO_TLS, host=server.host))
        if password and smtp.supports_extension("auth"):
            name = account.settings.get("username") or account.settings.get("address", "")
            await smtp.login(name, password)
    except aiosmtplib.SMTPAuthenticationError as error:
        if error.code in (421, 450, 451, 454):
            raise _not_now(error.message) from error
        raise NeedsLogin(refusal(provider)) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _not_now(error.message) from error
    except aiosmtplib.SMTPException as error:
        raise Unreachable(Sentence(NO_ANSWER, host=server.host)) from error


async def _announced(smtp: aiosmtplib.SMTP, sender: str, to: str) -> None:
    """From whom and to whom: nothing was sent yet, whatever goes wrong."""
    import aiosmtplib

    try:
        await smtp.mail(sender)
        await smtp.rcpt(to)
    except aiosmtplib.SMTPRecipientRefused as error:
        if error.code >= 500:
            raise Refused(Sentence(NO_SUCH_PERSON, address=to, said=error.message)) from error
        raise _not_now(error.message) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _answered(error) from error
    except aiosmtplib.SMTPException as error:
        raise Unreachable(Sentence(MAY_NOT)) from error


async def _given(smtp: aiosmtplib.SMTP, mail: bytes) -> None:
    """The mail itself. An answer is clear, whichever it is; silence is not."""
    import aiosmtplib

    try:
        await smtp.data(mail)
    except aiosmtplib.SMTPResponseException as error:
        if error.code < 400:
            raise Unclear(MAY_BE_SENT) from error
        raise _answered(error) from error
    except (aiosmtplib.SMTPException, OSError, EOFError, TimeoutError, asyncio.CancelledError) as error:
        raise Unclear(MAY_BE_SENT) from error


MAY_NOT = "The connection broke off before the mail was handed in: nothing was sent, and it is tried again."


def _answered(error: aiosmtplib.SMTPResponseException) -> ChannelError:
    if error.code >= 500:
        return Refused(Sentence(NOT_TAKEN, said=error.message))
    return _not_now(error.message)


def _not_now(said: str) -> RateLimited:
    return RateLimited(Sentence(WAITS, said=said), datetime.now(UTC) + WAIT)
