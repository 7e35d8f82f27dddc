"""How is a mailbox read, without changing anything in it? Folders, what is new there, and the mails."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox

from ...sentence import Sentence
from ..base import Account, NeedsLogin, Refused, Unreachable
from . import structure
from .lines import NO_ANSWER, NO_TLS, Server, certificates
from .parts import LARGEST_FILE, LARGEST_TEXT, LARGEST_WHOLE, Mail, assembled
from .providers import WANTS_ANOTHER, Provider

NO_SIGN_IN = (
    "The sign-in was refused: check the address and the password. Many providers want an app password "
    "instead of your own; docs/email.md says where to get one."
)
BROKE_OFF = "The connection to the mail server %(host)s broke off. It is tried again."
NO_FOLDER = "The folder %(folder)s cannot be opened."

WHOLE = 1_000_000  # bytes: smaller mails are fetched whole, of larger ones only what is kept
PORTION = 8_000_000  # bytes of mails that are asked for at once
AT_ONCE = 100  # mails that are asked for at once
HEADS_AT_ONCE = 500

# How providers call the folder of what was sent, where they do not mark it.
SENT_NAMES = (
    *(
        "sent",
        "sent items",
        "sent messages",
        "sent mail",
        "gesendet",
        "gesendete objekte",
        "gesendete elemente",
    ),
    *("enviados", "elementos enviados", "envoyés", "messages envoyés", "éléments envoyés", "itens enviados"),
    *("posta inviata", "inviati", "verzonden", "verzonden items", "skickat", "sendt", "wysłane"),
)
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
_ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]{10,40})"')
_LITERAL = re.compile(rb"\{\d+\}$")


@dataclass(frozen=True)
class Head:
    """A mail in a folder, before it is fetched. `said_at` orders a thread: what it says, or its arrival."""

    uid: int
    arrived: datetime
    said_at: datetime
    size: int


class Mailbox(BaseMailBox):
    """An IMAP connection over a line that was opened to a checked address."""

    def __init__(self, server: Server, account: Account) -> None:
        self._server, self._account = server, account
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        line = self._server.connected(self._account.allowed_private)
        client = _Client(self._server.secured(line) if self._server.tls_at_once else line, self._server)
        if not self._server.tls_at_once:
            if "STARTTLS" in client.capabilities:
                client.starttls(certificates())
            elif not self._server.may_be_plain:
                client.shutdown()
                raise Refused(Sentence(NO_TLS, host=self._server.host))
        return client


class _Client(imaplib.IMAP4):
    def __init__(self, line: Any, server: Server) -> None:
        self._line = line
        super().__init__(server.host, server.port)

    def _create_socket(self, timeout: float | None) -> Any:
        return self._line


@contextmanager
def opened(account: Account, server: Server, provider: Provider | None = None) -> Iterator[Box]:
    """The mailbox, signed in. Raises NeedsLogin, Unreachable or Refused; so does what is done within."""
    with understood(server):
        mailbox = Mailbox(server, account)
    try:
        with understood(server):
            _sign_in(mailbox, account, provider)
            yield Box(mailbox)
    finally:
        with suppress(Exception):
            mailbox.client.logout()
        with suppress(Exception):
            mailbox.client.shutdown()


@contextmanager
def understood(server: Server) -> Iterator[None]:
    """What the libraries raise comes out as what it means for a teammate."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError, EOFError) as error:
        raise Unreachable(Sentence(BROKE_OFF, host=server.host)) from error
    except (imaplib.IMAP4.error, ImapToolsError, UnicodeError) as error:
        raise Unreachable(Sentence(NO_ANSWER, host=server.host)) from error


def _sign_in(mailbox: Mailbox, account: Account, provider: Provider | None) -> None:
    name = account.settings.get("username") or account.settings.get("address", "")
    password = account.secrets.get("password", "")
    try:
        if (name + password).isascii():
            mailbox.login(name, password, initial_folder=None)
        else:
            mailbox.login_utf8(name, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        raise NeedsLogin(refusal(provider)) from error


def refusal(provider: Provider | None) -> str:
    if provider and provider.how:
        return Sentence(WANTS_ANOTHER, place=provider.name, how=Sentence(provider.how))
    return Sentence(NO_SIGN_IN)


class Box:
    """What we do in a mailbox. Folders are only examined: no flag changes, nothing is marked as read."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.client = mailbox.client

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self.client.capabilities or self._says("IDLE")

    def _says(self, word: str) -> bool:
        _typ, answer = self.client.capability()
        return word.encode() in (answer[0] or b"").upper().split()

    def sent_folder(self) -> str:
        """Where this account keeps what it sent; empty if no folder looks like it."""
        folders = list(self.mailbox.folder.list())
        marked = [one.name for one in folders if "\\sent" in (flag.lower() for flag in one.flags)]
        named = [one.name for one in folders if _last(one.name, one.delim).lower() in SENT_NAMES]
        return next(iter([*marked, *named]), "")

    def look_into(self, folder: str) -> int:
        """Open it for reading only; its UIDVALIDITY: another number means that all UIDs are new."""
        self.mailbox.folder.set(folder, readonly=True)
        _typ, answer = self.client.response("UIDVALIDITY")
        return int(answer[0]) if answer and answer[0] else 0

    def uids(self, after: int = 0) -> list[int]:
        """Of the opened folder, ascending."""
        found = self.mailbox.uids(f"UID {after + 1}:*" if after else "ALL")
        return sorted(uid for uid in map(int, found) if uid > after)

    def heads(self, uids: Sequence[int]) -> Iterator[Head]:
        """Times and sizes, without the mails."""
        what = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE)])"
        for some in _portions(uids, HEADS_AT_ONCE):
            for told, date in self._fetch(some, what):
                if head := _head(told, date):
                    yield head

    def mails(self, heads: Sequence[Head]) -> Iterator[tuple[Head, bytes | Mail]]:
        """Each mail: its bytes, or of a large one only the parts that are kept. In the order asked for."""
        for some in _by_size(heads):
            if len(some) == 1 and some[0].size > WHOLE:
                if (mail := self._large(some[0])) is not None:
                    yield some[0], mail
                continue
            by_uid = {head.uid: head for head in some}
            found = {
                _uid(told): data for told, data in self._fetch(list(by_uid), "(UID BODY.PEEK[])") if data
            }
            for uid, head in by_uid.items():
                if uid in found:  # somebody may have moved it meanwhile
                    yield head, found.pop(uid)

    def search(self, message_id: str) -> bool:
        """Does the opened folder hold a mail of this id?"""
        return bool(self.mailbox.uids(f'HEADER Message-ID "<{message_id}>"'))

    def add(self, folder: str, mail: bytes, now: datetime) -> None:
        self.mailbox.append(mail, folder, dt=now, flag_set=["\\Seen"])

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Until something happens in the opened folder, or for so long at most."""
        left = seconds
        self.mailbox.idle.start()  # type: ignore[no-untyped-call]
        try:
            while left > 0 and not stopped():
                if self.mailbox.idle.poll(timeout=min(1.0, left)):
                    return
                left -= 1.0
        finally:
            self.mailbox.idle.stop()  # type: ignore[no-untyped-call]

    # a large mail

    def _large(self, head: Head) -> Mail | None:
        """Its text and the files that are kept; of the others only what they are and how large."""
        leaves = structure.leaves_of(self._told([head.uid], "(UID BODYSTRUCTURE)"))
        top = self._section(head.uid, "HEADER")
        if not leaves or not top:
            return None if not top else assembled(top, [])
        left, parts = LARGEST_WHOLE, []
        for leaf in leaves:
            wanted = leaf.is_text or leaf.unpacked <= min(LARGEST_FILE, left)
            left -= 0 if leaf.is_text or not wanted else leaf.unpacked
            own = "HEADER" if len(leaves) == 1 and leaf.number == "1" else f"{leaf.number}.MIME"
            within = f"<0.{2 * LARGEST_TEXT}>" if leaf.is_text and leaf.size > 2 * LARGEST_TEXT else ""
            data = (
                self._section(head.uid, own) + self._section(head.uid, leaf.number, within)
                if wanted
                else None
            )
            parts.append((leaf, data))
        return assembled(top, parts)

    def _section(self, uid: int, section: str, within: str = "") -> bytes:
        return next((data for _told, data in self._fetch([uid], f"(UID BODY.PEEK[{section}]{within})")), b"")

    def _told(self, uids: Sequence[int], what: str) -> bytes:
        """An answer as one text, whichever parts of it came as literals."""
        _typ, answer = self.client.uid("FETCH", ",".join(map(str, uids)), what)
        told = b""
        for piece in answer:
            if isinstance(piece, tuple):
                quoted = piece[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\r\n", b" ")
                told += _LITERAL.sub(b"", piece[0]) + b'"' + quoted + b'"'
            elif piece:
                told += piece
        return told

    def _fetch(self, uids: Sequence[int], what: str) -> Iterator[tuple[bytes, bytes]]:
        """What the server tells of each, and the literal that came with it."""
        typ, answer = self.client.uid("FETCH", ",".join(map(str, uids)), what)
        if typ != "OK":
            raise imaplib.IMAP4.error(f"FETCH: {typ}")
        pieces = list(answer)
        for i, piece in enumerate(pieces):
            if isinstance(piece, tuple):
                after = pieces[i + 1] if i + 1 < len(pieces) else b""
                told = piece[0] + b" " + (after if isinstance(after, bytes) else b"")
                pieces[i] = b""  # a large mail must not be held twice
                yield told, piece[1]


def _head(told: bytes, date: bytes) -> Head | None:
    uid, size, arrived = _uid(told), _SIZE.search(told), _ARRIVED.search(told)
    if not uid:
        return None
    at = _moment(arrived[1].decode("ascii", "replace")) if arrived else datetime.now(UTC)
    at = at or datetime.now(UTC)
    said = _moment(str(message_from_bytes(date).get("Date", ""))[:100])
    return Head(
        uid, at, said if said and said <= at and said.year > 1980 else at, int(size[1]) if size else 0
    )


def _moment(said: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(said.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except Exception:
        return None


def _uid(told: bytes) -> int:
    found = _UID.search(told)
    return int(found[1]) if found else 0


def _by_size(heads: Sequence[Head]) -> Iterator[list[Head]]:
    """Portions that are asked for together: few enough bytes, and a large mail alone."""
    some: list[Head] = []
    for head in heads:
        is_large = head.size > WHOLE
        if some and (is_large or len(some) >= AT_ONCE or sum(h.size for h in some) + head.size > PORTION):
            yield some
            some = []
        if is_large:
            yield [head]
        else:
            some.append(head)
    if some:
        yield some


def _portions(uids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), most):
        yield uids[start : start + most]


def _last(name: str, divider: str) -> str:
    return name.rpartition(divider)[2] if divider else name
