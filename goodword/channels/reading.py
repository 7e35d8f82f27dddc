"""How is read what a stranger's server sent, without ever trusting its shape?

Each function takes any decoded JSON or CBOR value and answers with the type asked for, cleaned and
bounded; what does not fit becomes empty. So a parser needs no checks, and no hostile record raises.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from .base import clean_text

MAX_SHORT = 2_000  # characters of a name, an address, a description
MAX_PARTS = 200  # of one list: more pictures, links or operations than any honest post has


def text(value: Any) -> str:
    """What somebody wrote."""
    return clean_text(value) if isinstance(value, str) else ""


def short(value: Any) -> str:
    """A name, an id, a word."""
    return clean_text(value, MAX_SHORT) if isinstance(value, str) else ""


def web_address(value: Any) -> str:
    """An address a browser may be sent to: never `javascript:` and the like."""
    address = short(value)
    return address if address.startswith(("https://", "http://")) else ""


def number(value: Any) -> int | None:
    """A count or a size, as any database holds it."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if fits else None


def moment(value: Any, otherwise: datetime) -> datetime:
    """An ISO time, in UTC (taken as UTC where it names no zone)."""
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value[:MAX_PARTS] if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """The members of a list that are mappings themselves."""
    return [item for item in items(value) if isinstance(item, dict)]
