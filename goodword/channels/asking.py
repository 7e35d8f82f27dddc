"""How is a place asked over HTTP, and what does its silence mean for what was to be sent?"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..net.saved import NotAdmitted, refusing
from .base import Refused, Unclear, Unreachable
from .reading import mapping

if TYPE_CHECKING:
    import httpx

PATIENCE = 10.0  # seconds for a whole answer; uploads and searches take a few
MAX_ANSWER = 10_000_000  # bytes; the longest honest answer is a tenth of that

NO_ANSWER = "The service did not answer: nothing was sent, and it is safe to try again."
BAD_ADDRESS = "Nothing there speaks as it should: check the address of the service."
MAY_BE_SENT = "The answer was lost: it may have been sent, look before sending again."


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in any case
    body: dict[str, Any]  # of JSON; empty if it was something else


def ask(client: httpx.Client, verb: str, url: str, visible: bool, **request: Any) -> Answer:
    """Ask, and wait at most PATIENCE. `visible`: what is asked for will be seen by others.

    Raises Unreachable if it is safe to ask again, and Unclear if something visible may have happened.
    """
    import httpx

    try:
        with refusing(), client.stream(verb, url, **request) as response:
            return Answer(response.status_code, response.headers, _whole(response))
    except NotAdmitted as error:
        raise Refused(str(error)) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Unreachable(BAD_ADDRESS) from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise Unreachable(NO_ANSWER) from error
    except httpx.HTTPError as error:
        raise no_answer(visible) from error


def no_answer(visible: bool) -> Unclear | Unreachable:
    """What to say when a server broke while it was at it."""
    return Unclear(MAY_BE_SENT) if visible else Unreachable(NO_ANSWER)


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime:
    """When a place that has had enough may be asked again: never in the past, never beyond a day."""
    try:
        if "ratelimit-reset" in headers:
            seconds = int(headers["ratelimit-reset"]) - now.timestamp()
        else:
            seconds = int(headers.get("retry-after", 60))
    except ValueError:
        seconds = 60
    return now + timedelta(seconds=min(max(seconds, 1), 86_400))


def _whole(response: httpx.Response) -> dict[str, Any]:
    """The answer, unless it is endless or drips for ever."""
    import httpx

    deadline, body = time.monotonic() + PATIENCE, bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > MAX_ANSWER or time.monotonic() > deadline:
            raise httpx.ReadTimeout("The answer takes too long.")
    try:
        return mapping(json.loads(body or b"{}"))
    except (ValueError, RecursionError):
        return {}
