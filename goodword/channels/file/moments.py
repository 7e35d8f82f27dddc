"""When was it? Reads the time in the ways files write it."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from goodword.channels.file.sentences import BadRow

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no channel is older; before it lie zeros and typing errors
AHEAD = timedelta(days=1)  # a local time taken for UTC is up to 14 hours ahead; further is an error

LONGEST = 100  # characters of a time
SHOWN = 40  # characters of an unreadable one in the reason
# Unix times: seconds, then milli-, micro- and nanoseconds, by how many digits today's time has.
UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (math.inf, 1e9))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NUMBER = re.compile(r"\d{9,20}(\.\d+)?")
_TWITTER = re.compile(r"[a-z]{3} ([a-z]{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.I)
_CLOCK = r"(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?([ap])\.?m\.?)?)?"
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})" + _CLOCK, re.I)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _CLOCK, re.I)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})" + _CLOCK, re.I)
_LOOSE_OFFSET = re.compile(r" +(?=[+-]\d\d:?\d\d$)| *(UTC|GMT)$", re.I)


def moment(written: Any, now: datetime) -> datetime:
    """The time that is written there, in UTC; without an offset it is taken for UTC.

    BadRow when it cannot be read, lies before 1990, or more than a day after `now`.
    """
    shown = str(written).strip()[:SHOWN]
    try:
        at = _read(written)
    except (ValueError, OverflowError, TypeError, IndexError):
        raise BadRow("The time “%(time)s” cannot be read.", time=shown) from None
    if at < EARLIEST:
        raise BadRow("The time “%(time)s” lies before 1990.", time=shown)
    if at > now + AHEAD:
        raise BadRow("The time “%(time)s” lies in the future.", time=shown)
    return at


def _read(written: Any) -> datetime:
    if isinstance(written, bool):
        raise ValueError
    if isinstance(written, int | float):
        return _unix(float(written))
    text = str(written).strip()
    if len(text) > LONGEST:
        raise ValueError
    if _NUMBER.fullmatch(text):
        return _unix(float(text))
    at = _iso(text) or _twitter(text) or _with_slashes_or_dots(text) or parsedate_to_datetime(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _unix(number: float) -> datetime:
    unit = next(unit for below, unit in UNITS if abs(number) < below)
    return datetime.fromtimestamp(number / unit, UTC)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    utc = "+00:00" if text[-3:].upper() in ("UTC", "GMT") else ""
    try:
        return datetime.fromisoformat(_LOOSE_OFFSET.sub("", text) + utc)
    except ValueError:
        return None


def _twitter(text: str) -> datetime | None:
    found = _TWITTER.fullmatch(text)
    if not found:
        return None
    month, day, hour, minute, second, sign, hours, minutes, year = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    number = MONTHS.index(month.lower()) + 1
    clock = (int(hour), int(minute), int(second))
    return datetime(int(year), number, int(day), *clock, tzinfo=timezone(offset))


def _with_slashes_or_dots(text: str) -> datetime | None:
    """Slashes: month first, as shops in the field write it. Dots: day first, as nobody else does.

    A thirteenth month is refused rather than turned round: the file's other days would be wrong.
    """
    found = _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    hour, minute, second, half = found.groups()[3:]
    date = (int(found["year"]), int(found["month"]), int(found["day"]))
    return datetime(*date, _hour(hour, half), int(minute or 0), int(second or 0))  # noqa: DTZ001 (UTC is set by the caller)


def _hour(hour: str | None, half: str | None) -> int:
    if not half:
        return int(hour or 0)
    return int(hour or 0) % 12 + (12 if half.lower() == "p" else 0)
