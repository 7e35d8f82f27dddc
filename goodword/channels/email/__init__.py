"""How are people heard and answered by e-mail, the account that everybody has?

`listener.py` hears a mailbox through `mailbox.py` (IMAP), `sending.py` hands answers in (SMTP), both over
`lines.py`, at the servers that `providers.py` finds. All else is pure: `heard.py` says what a mail means,
by what `parts.py`, `headers.py`, `layout.py` and `quoting.py` read in it; `machines.py`, `bounces.py`,
`forms.py` and `notices.py` with its table `places.py` know the mails that no person wrote to us;
`ids.py` knows our own ids, and `compose.py` writes the answer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ...sentence import Sentence
from .. import base
from ..base import Cap, Channel, ChannelError, Draft, Event, Field, Permission, Post, Sent, Unclear, Watch

if TYPE_CHECKING:
    from .heard import Reader
    from .lines import Server
    from .providers import Provider

logger = logging.getLogger(__name__)

NEWEST = 10_000  # mails of the past that are read: with their threads, what a shop gets in a year or two
LOOK_WITHIN = 15.0  # seconds in which the servers of an address are found; its owner is waiting

ELSEWHERE = "This was said elsewhere, and mail does not reach its author: answer it there."
NOBODY = "Nobody reads the mail of this address."
NO_ADDRESS = "This is no e-mail address."
NOT_FOUND = (
    "No mail server could be found for %(domain)s. Ask your mail provider for the names of its servers for "
    "incoming mail (IMAP) and outgoing mail (SMTP), and write them under “More”."
)


class Email(Channel):
    key = "email"
    name = "E-mail"
    icon = "mail"
    private = True
    caps = frozenset({Cap.HEAR, Cap.REPLY, Cap.PICTURE, Cap.RESUME, Cap.LOOK_UP, Cap.QUARANTINE})
    reply_within = timedelta(hours=8)
    max_length = 50_000
    connect_hint = (
        "Your mail stays where it is: Goodword reads it, marks nothing as read and deletes nothing. Gmail, "
        "iCloud, Yahoo and others want an app password: a second password for one programme, made in your "
        "account there."
    )
    fields = (
        Field("address", "E-mail address", "For example hello@brand.example", kind="email"),
        Field(
            "password",
            "Password",
            "An app password, where your provider has them.",
            secret=True,
            kind="password",
        ),
        Field(
            "newest",
            "Old mail",
            "How many of the newest mails are taken in at the beginning, as read. 0 for none.",
            default=str(NEWEST),
            kind="number",
            advanced=True,
            required=False,
        ),
        Field("username", "User name", "Only if it is not the address.", required=False, advanced=True),
        Field(
            "imap",
            "Incoming mail (IMAP)",
            "For example imap.brand.example:993",
            required=False,
            advanced=True,
        ),
        Field(
            "smtp",
            "Outgoing mail (SMTP)",
            "For example smtp.brand.example:465",
            required=False,
            advanced=True,
        ),
    )

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        if action is Cap.REPLY and post.reference.get("closed") == "notice":
            return Permission(False, ELSEWHERE, str(post.reference.get("native_link", "")))
        if action is Cap.REPLY and post.reference.get("nobody"):
            return Permission(False, NOBODY)
        return super().can(action, post)

    @classmethod
    def goes_to(cls, post: Post) -> str:
        name, address = str(post.reference.get("to_name") or ""), str(post.reference.get("to") or "")
        return f"{name} <{address}>" if name else address

    @classmethod
    def takes_notices_at(cls, handle: str) -> str:
        from .notices import address_for_notices

        return address_for_notices(handle)

    # signing in

    def check(self) -> base.Health:
        from . import mailbox, sending
        from .headers import address_of
        from .lines import Server

        if address_of(self.address) is None:
            raise base.Refused(NO_ADDRESS)
        works, missing = [], []
        imap, smtp = self._servers()
        with mailbox.opened(self.account, self._server(imap, 993), self.provider) as box:
            works.append("Mail is heard." if box.can_idle else "Mail is looked for every half minute.")
            sent_folder = box.sent_folder()
        if sent_folder:
            works.append("What your people answer in their own mail program is heard, too.")
        else:
            missing.append(
                "There is no folder for sent mail: what your people answer in their own mail program is "
                "not heard."
            )
        try:
            sending.look(self.account, Server.named(smtp, 465, self.account.allowed_private), self.provider)
            works.append("Answers can be sent.")
        except ChannelError as trouble:
            missing.append(str(trouble))
        found = {"imap": imap, "smtp": smtp}
        return base.Health(self.address, self.address, tuple(works), tuple(missing), found)

    # hearing

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        from . import mailbox
        from .listener import Listener

        imap, _smtp = self._servers()
        with mailbox.opened(self.account, self._server(imap, 993), self.provider) as box:
            yield from Listener(box, self._reader(watch), watch, cursor, self.newest).events()

    def reread(self, raw: bytes, watch: Watch) -> list[Event]:
        reader, now = self._reader(watch), datetime.now(UTC)
        events = list(reader.events(raw, now, history=True))
        # What was kept of it already is replaced by what can be read now.
        return events + [base.Edited(event.post) for event in events if isinstance(event, base.Seen)]

    # answering

    def send(self, draft: Draft) -> Sent:
        from . import compose, sending

        now = datetime.now(UTC)
        to, mail = compose.composed(draft, self.address, self._id(draft.key), now)
        imap, smtp = self._servers()
        if self._lies_in_sent(draft.key):
            return self._as_sent(draft)
        sending.hand_in(self.account, self._server(smtp, 465), self.provider, self.address, to, mail)
        if not self.files_copies:
            self._file_copy(imap, mail, now)
        return self._as_sent(draft)

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        """By the copy in the Sent folder. Where we put it there ourselves, its absence proves nothing: we may
        have been interrupted between the sending and the copy. Then a person is asked."""
        if self._lies_in_sent(key, or_raise=True):
            return self._as_sent(draft or Draft("", {}, key))
        if self.files_copies:
            return None
        from .sending import MAY_BE_SENT

        raise Unclear(MAY_BE_SENT)

    def _as_sent(self, draft: Draft) -> Sent:
        to = draft.reference.get("to", "")
        named = [self._id(draft.key)]
        return Sent(named[0], reference={"message_id": named[0], "to": to, "to_all": [to]})

    def _lies_in_sent(self, key: str, *, or_raise: bool = False) -> bool:
        from . import mailbox

        imap, _smtp = self._servers()
        try:
            with mailbox.opened(self.account, self._server(imap, 993), self.provider) as box:
                folder = box.sent_folder()
                if not folder:
                    return False
                box.look_into(folder)
                return box.search(self._id(key))
        except ChannelError:
            if or_raise:
                raise
            return False  # the one who hands mail in is another server, and may well answer

    def _file_copy(self, imap: str, mail: bytes, now: datetime) -> None:
        """At best: it is sent, and a full mailbox must not make it look otherwise."""
        from . import mailbox

        try:
            with mailbox.opened(self.account, self._server(imap, 993), self.provider) as box:
                if folder := box.sent_folder():
                    box.add(folder, mail, now)
        except ChannelError as trouble:
            logger.warning("the copy of what was sent could not be filed: %s", type(trouble).__name__)

    # who we are

    @property
    def address(self) -> str:
        return self.account.settings.get("address", "").strip().lower()

    @property
    def newest(self) -> int:
        said = self.account.settings.get("newest", "").strip()
        return min(int(said), 100_000) if said.isdecimal() and len(said) < 9 else NEWEST

    @property
    def files_copies(self) -> bool:
        """Does the provider put what we send into the Sent folder by itself?"""
        return self.account.settings.get("copies") == "theirs" or bool(
            self.provider and self.provider.files_copies
        )

    @cached_property
    def provider(self) -> Provider | None:
        from .finding import exchangers
        from .providers import PROVIDERS, provider_of

        imap = self.account.settings.get("imap", "")
        if imap:
            return next((one for one in PROVIDERS if one.servers.imap == imap), None)
        return provider_of(self.address.rpartition("@")[2], exchangers)

    def _servers(self) -> tuple[str, str]:
        """As saved; or found, by trying what is likely until one answers."""
        imap, smtp = (self.account.settings.get(name, "").strip() for name in ("imap", "smtp"))
        if imap and smtp:
            return imap, smtp
        found = self._found
        return imap or found[0], smtp or found[1]

    @cached_property
    def _found(self) -> tuple[str, str]:
        from .finding import published_at
        from .providers import candidates

        until = time.monotonic() + LOOK_WITHIN
        tried: dict[tuple[str, int], bool] = {}
        for servers in candidates(self.address, self.provider, published_at):
            if time.monotonic() > until:
                break
            both = (self._server(servers.imap, 993), self._server(servers.smtp, 465))
            if self.provider or all(self._answers(server, tried) for server in both):
                return servers.imap, servers.smtp
        raise base.Refused(Sentence(NOT_FOUND, domain=self.address.rpartition("@")[2]))

    def _answers(self, server: Server, tried: dict[tuple[str, int], bool]) -> bool:
        place = (server.host, server.port)
        if place not in tried:
            try:
                server.connected(self.account.allowed_private).close()
                tried[place] = True
            except ChannelError:
                tried[place] = False
        return tried[place]

    def _server(self, said: str, default_port: int) -> Server:
        from .lines import Server

        return Server.named(said, default_port, self.account.allowed_private)

    def _reader(self, watch: Watch) -> Reader:
        from .heard import Reader, Us

        return Reader(Us(self.address, self.account.own_key), watch.posts_of)

    def _id(self, key: str) -> str:
        from .ids import id_for

        return id_for(key, self.account.own_key, self.address.rpartition("@")[2])
