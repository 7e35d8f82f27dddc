"""How does a letter reach the mail server? It waits on its row until the server has taken it.

When we are killed between the server's yes and our note of it, the letter goes out again: it may arrive
twice, and is never lost. For answers to people it is the other way round (`conversations/outbox.py`); for
letters this is right: one that came twice costs a glance, one that never came locks somebody out, and what
it leads to works once in any case. Both copies carry the same Message-ID, so most mail programs show one.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from goodword.channels.base import clean_text
from goodword.store.claim import claim
from goodword.store.vault import WrongKey
from goodword.team.letters import may_write, opened
from goodword.team.models import Letter

BATCH = 10  # letters a connection takes at once
LEASE = timedelta(minutes=5)  # longer than so many letters to a server that answers at the last second
FIRST_PAUSE = timedelta(seconds=15)  # doubles with each try
LONGEST_PAUSE = timedelta(minutes=10)
LONGEST_TROUBLE = 300
KEPT = timedelta(days=30)  # how long it is known that a letter went out
SAID = timedelta(days=7)  # how long a refused letter is shown as trouble
FOR_GOOD = range(500, 600)  # what a mail server means for good; the rest may pass

S = Letter.State


@dataclass(frozen=True)
class Trouble:
    """What keeps letters from going out, for the page that says what works."""

    waiting: int  # letters that were tried and wait
    refused: int  # letters of the last days that the server refused for good
    words: str  # of the server, the newest


def deliver_due(now: datetime) -> int:
    """Hand over a batch of the letters that are due; how many were worked on."""
    _give_up_what_is_too_old(now)
    if not may_write():
        return 0
    due = Letter.objects.filter(state=S.WAITING, next_try_at__lte=now).order_by("next_try_at", "pk")
    batch = claim(due, now=now, limit=BATCH, lease=LEASE)
    if batch:
        _hand_over(batch, now)
    return len(batch)


def trouble(now: datetime) -> Trouble | None:
    waiting = Letter.objects.filter(state=S.WAITING, tries__gt=0)
    refused = Letter.objects.filter(state=S.FAILED, ended_at__gt=now - SAID)
    newest = (waiting.order_by("-next_try_at", "-pk").first()) or refused.order_by("-ended_at", "-pk").first()
    return Trouble(waiting.count(), refused.count(), newest.trouble) if newest else None


def knock() -> str:
    """Sign in at the mail server and send nothing; what is wrong, in words, or an empty text."""
    try:
        server = get_connection()
        server.open()
        server.close()
    except (OSError, ValueError) as error:
        return _words(error)
    return ""


def forget_old(now: datetime) -> int:
    return Letter.objects.exclude(state=S.WAITING).filter(ended_at__lt=now - KEPT).delete()[0]


def _give_up_what_is_too_old(now: datetime) -> None:
    """A link that does not work any more is not worth a letter."""
    too_old = Letter.objects.filter(state=S.WAITING, expires_at__lte=now)
    # Read first: on SQLite an update locks the file, even if it changes nothing.
    for letter in too_old.order_by("pk")[:BATCH]:
        _end(letter, S.FAILED, letter.trouble or _("It waited for too long."), now)


def _hand_over(batch: list[Letter], now: datetime) -> None:
    server = get_connection()
    try:
        server.open()
        for place, letter in enumerate(batch):
            if not _is_taken(letter, server, now):
                _later(batch[place + 1 :], letter.trouble, now)
                return
    except (OSError, ValueError) as error:
        _later(batch, _words(error), now)
    finally:
        _close(server)


def _is_taken(letter: Letter, server: BaseEmailBackend, now: datetime) -> bool:
    """Did the server give an answer about this letter, whichever? False: it is the server that fails."""
    try:
        server.send_messages([_message(letter)])
    except WrongKey as error:
        _end(letter, S.FAILED, str(error), now)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _code(error) in FOR_GOOD:
            _end(letter, S.FAILED, _words(error), now)
        else:
            _later([letter], _words(error), now)
    except (OSError, ValueError) as error:
        letter.trouble = _words(error)
        _later([letter], letter.trouble, now)
        return False
    else:
        _end(letter, S.SENT, "", now)
    return True


def _message(letter: Letter) -> EmailMessage:
    words = opened(letter)
    headers = {
        "Auto-Submitted": "auto-generated",  # RFC 3834: nothing answers it by itself
        "X-Auto-Response-Suppress": "All",  # the same for Exchange
        "Message-ID": f"<letter.{letter.pk}.{letter.written_at.timestamp():.0f}@{_host()}>",
    }
    if words.off:
        headers["List-Unsubscribe"] = f"<{words.off}>"
    return EmailMessage(words.subject, words.text, _sender(), [letter.address], headers=headers)


def _sender() -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or "Goodword", address))


def _host() -> str:
    return urlsplit(settings.URL).hostname or "localhost"


def _end(letter: Letter, state: Letter.State, why: str, now: datetime) -> None:
    Letter.objects.filter(pk=letter.pk, state=S.WAITING).update(
        state=state, ended_at=now, trouble=why, sealed="", leased_until=None
    )


def _later(letters: list[Letter], why: str, now: datetime) -> None:
    for letter in letters:
        pause = min(FIRST_PAUSE * 2 ** min(letter.tries, 10), LONGEST_PAUSE)
        Letter.objects.filter(pk=letter.pk, state=S.WAITING).update(
            tries=letter.tries + 1, next_try_at=now + pause, trouble=why, leased_until=None
        )


def _close(server: BaseEmailBackend) -> None:
    with suppress(OSError):  # what it had to say of the letters, it has said
        server.close()


def _code(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    if isinstance(error, smtplib.SMTPDataError):
        return int(error.smtp_code)
    return max((code for code, _words in error.recipients.values()), default=0)


def _words(error: Exception) -> str:
    """What the server said, as a line of text."""
    said: object = error
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next((words for _code, words in error.recipients.values()), b"")
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return clean_text(line or type(error).__name__, LONGEST_TROUBLE)
