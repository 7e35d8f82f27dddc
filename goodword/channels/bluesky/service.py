"""How is the account's server asked: signed in, and with what is said when it refuses?"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from goodword.sentence import Sentence

from .. import base
from ..asking import BAD_ADDRESS, MAX_ANSWER, NO_ANSWER, PATIENCE, Answer, ask, no_answer, wait_until
from ..base import ChannelError, NeedsLogin, RateLimited, Refused, Unreachable
from ..reading import short
from .names import NO_SIGN_IN, OPEN_SERVICE, TOO_MUCH

if TYPE_CHECKING:
    import httpx
    from websockets.sync.client import ClientConnection

BATCH = 500  # frames passed on together; the whole network sends about as many in a second

SESSIONS: dict[tuple[str, str, str], Mapping[str, Any]] = {}
_SIGNING_IN = threading.Lock()  # two who renew at once would burn each other's token


class Service:
    """The server on which the account lives, asked in its name."""

    def __init__(self, account: base.Account) -> None:
        self.account = account

    @property
    def did(self) -> str:
        return str(self.sign_in()["did"])

    @property
    def firehose_address(self) -> str:
        return self.account.settings.get("firehose", "wss://bsky.network").rstrip("/")

    def get(self, name: str, **parameters: Any) -> dict[str, Any]:
        return self.call("GET", name, params=parameters)

    def open_firehose(self, seq: int | None) -> ClientConnection:
        """Connect to the live stream, right after the event `seq`. Unreachable if that fails."""
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        from ...net import saved

        after = "" if seq is None else f"?cursor={seq}"
        address = f"{self.firehose_address}/xrpc/com.atproto.sync.subscribeRepos{after}"
        limits: dict[str, Any] = {"max_size": MAX_ANSWER, "max_queue": BATCH}
        try:
            host = saved.line(self.firehose_address, self.account.allowed_private, timeout=PATIENCE)
            line = connect(address, sock=host, open_timeout=PATIENCE, close_timeout=1, **limits)
            opened: ClientConnection = ExitStack().enter_context(line)  # whoever asked for it closes it
            return opened
        except saved.NotAdmitted as error:
            raise Refused(str(error)) from error
        except (WebSocketException, OSError, ValueError) as error:
            raise Unreachable(NO_ANSWER) from error

    def tell(self, name: str, **body: Any) -> dict[str, Any]:
        """Change something that others see: if the answer is lost, the outcome is unclear."""
        return self.call("POST", name, visible=True, json=body)

    def call(self, verb: str, name: str, *, visible: bool = False, **request: Any) -> dict[str, Any]:
        session, headers = self.sign_in(), request.pop("headers", {})
        for _first_try in (True, False):
            headers["Authorization"] = f"Bearer {session['accessJwt']}"
            try:
                return self._ask(verb, name, visible, headers=headers, **request)
            except Expired:
                session = self.sign_in(instead_of=session)
        raise NeedsLogin(NO_SIGN_IN)

    def sign_in(self, instead_of: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Our session, shared by all who act for this account: the network allows 300 sign-ins a day."""
        with _SIGNING_IN:
            session = SESSIONS.get(self.who)
            if session is None or session is instead_of:
                session = SESSIONS[self.who] = self._renewed(session) or self._new_session()
            return session

    def _renewed(self, session: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if session is None:
            return None
        headers = {"Authorization": f"Bearer {session['refreshJwt']}"}
        try:
            return self._opened("refreshSession", headers=headers)
        except (NeedsLogin, Refused):
            return None

    def _new_session(self) -> Mapping[str, Any]:
        _, handle, password = self.who
        try:
            return self._opened("createSession", json={"identifier": handle, "password": password})
        except Refused as error:
            raise NeedsLogin(NO_SIGN_IN) from error

    def _opened(self, how: str, **request: Any) -> Mapping[str, Any]:
        session = self._ask("POST", f"com.atproto.server.{how}", **request)
        if not all(isinstance(session.get(part), str) for part in ("did", "accessJwt", "refreshJwt")):
            raise Unreachable(BAD_ADDRESS)
        return session

    def _ask(self, verb: str, name: str, visible: bool = False, **request: Any) -> dict[str, Any]:
        answer = ask(self._client, verb, f"{self.who[0]}/xrpc/{name}", visible, **request)
        if answer.status >= 300:
            raise complaint(answer, visible, datetime.now(UTC))
        return answer.body

    @cached_property
    def _client(self) -> httpx.Client:
        from ...net import saved

        try:
            return saved.client(self.who[0], self.account.allowed_private, timeout=PATIENCE)
        except saved.NotAdmitted as error:
            raise Refused(str(error)) from error
        except ValueError as error:
            raise Unreachable(BAD_ADDRESS) from error

    @property
    def who(self) -> tuple[str, str, str]:
        settings, password = self.account.settings, self.account.secrets.get("password", "")
        service = settings.get("service") or "https://bsky.social"
        return service.rstrip("/"), settings.get("handle", "").strip().lstrip("@"), password


class OpenService(Service):
    """What the network shows to anybody: nobody is signed in."""

    def call(self, verb: str, name: str, *, visible: bool = False, **request: Any) -> dict[str, Any]:
        return self._ask(verb, name, visible, **request)

    @property
    def who(self) -> tuple[str, str, str]:
        return self.account.settings.get("open_service") or OPEN_SERVICE, "", ""


class Expired(NeedsLogin):
    """The session ran out: renew it and ask again."""


class NotThere(Refused):
    """There is no such record."""


class Exists(Refused):
    """There is such a record already."""


KNOWN_COMPLAINTS: dict[str, tuple[type[ChannelError], str]] = {
    "ExpiredToken": (Expired, NO_SIGN_IN),
    "InvalidToken": (Expired, NO_SIGN_IN),
    "AuthenticationRequired": (NeedsLogin, NO_SIGN_IN),
    "AuthMissing": (NeedsLogin, NO_SIGN_IN),
    "AuthFactorTokenRequired": (NeedsLogin, NO_SIGN_IN),
    "RecordNotFound": (NotThere, "Bluesky knows no such post."),
    "NotFound": (NotThere, "Bluesky knows no such post."),
    "InvalidSwap": (Exists, "Bluesky keeps something else in this place."),
}


def complaint(answer: Answer, visible: bool, now: datetime) -> ChannelError:
    """What a refusal means for a teammate. `visible`: what was asked for would be seen by others."""
    word, message = short(answer.body.get("error")), short(answer.body.get("message"))
    if answer.status == 429:
        return RateLimited(TOO_MUCH, wait_until(answer.headers, now))
    if "Could not locate record" in message:  # older servers have no word of its own for it
        word = "RecordNotFound"
    if word in KNOWN_COMPLAINTS:
        kind, sentence = KNOWN_COMPLAINTS[word]
        return kind(sentence)
    if answer.status == 401:
        return NeedsLogin(NO_SIGN_IN)
    if answer.status >= 500:
        return no_answer(visible)
    return (
        Refused(Sentence("Bluesky refused this: %(why)s", why=message or word))
        if word
        else Unreachable(BAD_ADDRESS)
    )
