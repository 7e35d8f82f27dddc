"""In which language and time zone is somebody spoken to, and how do they write numbers and times?

Everything that a person reads goes through here: screens speak to who asked, letters to who gets them.
What machines read (JSON, CSV) does not: it is the same for everybody.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.sentence import Sentence, Value
from goodword.team.models import Brand, User

# English as most of the world writes it: the day before the month, and 24 hours.
REGION = {"en": "en_150"}


@contextmanager
def speaking_to(user: User, brand: Brand | None = None) -> Iterator[None]:
    """Within, gettext and everything here speak to this person: for letters and notices."""
    with translation.override(language_of(user)), timezone.override(zone_of(user, brand)):
        yield


def language_of(user: User) -> str:
    """What they chose, else what their browser last asked for, else English."""
    known = dict(settings.LANGUAGES)
    return next((code for code in (user.language, user.browser_language) if code in known), "en")


def zone_of(user: User, brand: Brand | None) -> ZoneInfo:
    """Theirs, else the brand's: in which their days, mornings and quiet hours are counted."""
    return ZoneInfo(user.time_zone or (brand.time_zone if brand else "") or "UTC")


def translated(sentence: str) -> str:
    """The sentence in the language of the reader: also one that was kept on a row, or raised far below."""
    if not isinstance(sentence, Sentence):
        return _(sentence)
    if not sentence.values:
        return _(sentence.template)
    return _template(sentence) % {name: _value(value) for name, value in sentence.values.items()}


def _template(sentence: Sentence) -> str:
    if sentence.plural:
        return ngettext(sentence.template, sentence.plural, cast(int, sentence.values["num"]))
    return _(sentence.template)


def _value(value: Value) -> str:
    if isinstance(value, Sentence):
        return translated(value)
    if isinstance(value, datetime):
        return moment(value)
    return number(value) if isinstance(value, int | float) else value


# --- numbers ---------------------------------------------------------------------------------------


def number(value: float | Decimal) -> str:
    """1,284 and 0.5; 1.284 and 0,5."""
    return format_decimal(value, locale=locale())


def share(value: float, decimals: int = 0) -> str:
    """Of 1, in per cent: 71%, 99.6%; 71 %, 99,6 %."""
    digits = "." + "0" * decimals if decimals else ""
    space = "\N{NO-BREAK SPACE}" if "\N{NO-BREAK SPACE}" in format_percent(0, locale=locale()) else ""
    return format_percent(value, f"#,##0{digits}{space}%", locale=locale())


def money(amount: Decimal, currency: str) -> str:
    return format_currency(amount, currency, locale=_language())


# --- times, in the zone of the reader --------------------------------------------------------------


def moment(at: datetime) -> str:
    """1 Dec 2026, 14:05; 1. Dez. 2026, 14:05."""
    return f"{day(at)}, {clock(at)}"


def clock(at: datetime) -> str:
    return format_time(timezone.localtime(at), "short", locale=locale())


def day(on: date | datetime) -> str:
    """1 Dec 2026; 1. Dez. 2026."""
    return format_skeleton("yMMMd", _local(on), locale=locale())


def short_day(on: date | datetime) -> str:
    """1 Dec; 1. Dez."""
    return format_skeleton("MMMd", _local(on), locale=locale())


def month(on: date | datetime) -> str:
    """December 2026; Dezember 2026."""
    return format_date(_local(on), "MMMM y", locale=locale())


def _local(on: date | datetime) -> date:
    return timezone.localtime(on) if isinstance(on, datetime) else on


# --- words -----------------------------------------------------------------------------------------


def listed(names: Iterable[str]) -> str:
    """A, B and C; A, B und C."""
    return format_list(list(names), locale=locale())


def alphabetical(name: str) -> tuple[str, str]:
    """A key to sort by: Ä stands beside A, and small letters beside capitals."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold(), name


def locale() -> str:
    """The reader's, as Babel names it."""
    return REGION.get(_language(), _language())


def _language() -> str:
    return (translation.get_language() or "en").replace("-", "_")
