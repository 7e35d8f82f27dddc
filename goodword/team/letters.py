"""Which letters does Goodword write by itself? These, word for word, and no others.

Promise 1 says that nothing is sent which a person did not write and send. Letters to our own teammates
are its exception, and this file is the whole of it: a letter is a constant below, what varies in it are
names, numbers, moments and our own addresses. `write` is the only way to have one sent. It makes a row in
the caller's transaction; the worker delivers it (`team/postbox.py`), so no page waits for a mail server.
What teammates hear on their devices and in their own chat is no letter: `notifying/words.py` says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goodword.store import vault
from goodword.team.models import INVITATION_LASTS, Letter, User
from goodword.team.reader import speaking_to

Facts = Mapping[str, str | int]

LONGEST_FACT = 80  # a name; longer ones are cut
MOST_READ = 1000  # of a name, before it is cut
RESET_LASTS = timedelta(hours=1)
CONFIRMATION_LASTS = timedelta(hours=24)
NEWS_LASTS = timedelta(days=3)  # a mail server may be away for a weekend


@dataclass(frozen=True)
class Fixed:
    """A letter. Its sentences are translated for the one who gets it; `%(link)s` is an address of ours."""

    kind: str
    subject: Any  # lazily translated
    paragraphs: tuple[Any, ...]
    lasts: timedelta = NEWS_LASTS
    item: Any = ""  # one line, repeated for each of the items, after the first paragraph


class Words(NamedTuple):
    """What one letter says, in the language of the one who gets it."""

    subject: str
    text: str
    off: str = ""  # where one ends letters of this kind


PASSWORD_RESET = Fixed(
    "password reset",
    _("Choose a new password"),
    (
        _("Somebody, we hope you, asked for a new password for your account at %(host)s."),
        _("Choose it here within the hour: %(link)s"),
        _("If it was not you, do nothing: your password stays as it is."),
    ),
    lasts=RESET_LASTS,
)

PASSWORD_CHANGED = Fixed(
    "password changed",
    _("Your password was changed"),
    (
        _("The password of your account at %(host)s was changed. All other devices have to sign in again."),
        _("If it was not you, choose a new one at once: %(link)s"),
    ),
)

INVITATION = Fixed(
    "invitation",
    _("%(by)s invites you to the team of %(brand)s"),
    (
        _("%(by)s invites you to join the team of %(brand)s in Goodword at %(host)s."),
        _("Join here within 48 hours: %(link)s"),
        _("It is for this e-mail address alone. If you do not know what it is about, do nothing."),
    ),
    lasts=INVITATION_LASTS,
)

NEW_SIGN_IN = Fixed(
    "new sign-in",
    _("Your account was used on a new device"),
    (
        _("Somebody signed in to your account at %(host)s with a device that we had not seen: %(device)s."),
        _("If it was you, all is well. If not, end that sign-in and choose a new password: %(link)s"),
    ),
)

ADDRESS_CONFIRMATION = Fixed(
    "address confirmation",
    _("Is this your new e-mail address?"),
    (
        _("Somebody, we hope you, wants to sign in at %(host)s with this e-mail address from now on."),
        _("Confirm it here within 24 hours: %(link)s"),
        _("If it was not you, do nothing."),
    ),
    lasts=CONFIRMATION_LASTS,
)

ADDRESS_CHANGED = Fixed(
    "address changed",
    _("Your e-mail address was changed"),
    (
        _("Your account at %(host)s has a new e-mail address: from now on you sign in with that one."),
        _("If it was not you, tell an owner of your team at once."),
    ),
)

SECOND_FACTOR_CHANGED = Fixed(
    "second factor changed",
    _("How you sign in was changed"),
    (
        _("A way to sign in to your account at %(host)s was added, replaced or removed."),
        _("If it was not you, look here at once: %(link)s"),
    ),
)

SECOND_FACTOR_RESET = Fixed(
    "second factor reset",
    _("Your second factor was reset"),
    (
        _("%(by)s, who owns the team of %(brand)s, reset the second factor of your account at %(host)s."),
        _("Sign in with your password and set up a new one: %(link)s"),
        _("If you did not ask for this, tell your team at once."),
    ),
)

NOTICES = Fixed(
    "notices",
    _("News for you at %(brand)s"),
    (
        _("This happened at %(brand)s since you last looked:"),
        _("What you hear of, and how: %(link)s"),
        _("No letters like this any more: %(off)s"),
    ),
    lasts=timedelta(days=1),
    item=_("%(what)s. %(who)s, %(channel)s: %(link)s"),
)

DIGEST = Fixed(
    "digest",
    _("Who waits at %(brand)s this morning: %(num)s"),
    (
        _("They wait for an answer at %(brand)s, the most urgent first:"),
        _("All who wait: %(inbox)s"),
        _("When this letter comes, and what you hear of: %(link)s"),
        _("No letters like this any more: %(off)s"),
    ),
    lasts=timedelta(hours=12),
    item=_("%(who)s, %(channel)s, since %(since)s: %(link)s"),
)

OUR_ADDRESSES = {"link", "inbox", "off"}  # facts that are web addresses, of ours alone


def may_write() -> bool:
    """Is there a mail server? Without one all of Goodword works, and the screens say how."""
    return bool(settings.EMAIL_HOST)


def write(
    letter: Fixed,
    to: User | str,
    *,
    now: datetime,
    facts: Facts | None = None,
    items: Sequence[Facts] = (),
) -> Letter | None:
    """Have this letter delivered; None, and nothing happens, when no mail server is set.

    `to` is one of our own, written to in their language, or the address of somebody who is invited. It
    belongs into the transaction of what the letter tells: then it goes out if that happened, and only then.
    `facts` fill the sentences: names are cut to a line, `link` must be an address of ours (ValueError
    otherwise), `host` is known.
    """
    if not may_write():
        return None
    with speaking_to(to) if isinstance(to, User) else nullcontext():
        words = _worded(letter, facts or {}, items)
    return Letter.objects.create(
        kind=letter.kind,
        to=to if isinstance(to, User) else None,
        address=to.email if isinstance(to, User) else to,
        sealed=vault.lock(words._asdict()),  # there may be a link in it that signs in
        written_at=now,
        expires_at=now + letter.lasts,
        next_try_at=now,
    )


def address(view: str, *names: object) -> str:
    """Where a page of ours is, as it stands in a letter."""
    return f"{settings.URL}{reverse(view, args=names)}"


def opened(letter: Letter) -> Words:
    """What a letter that waits says. Raises vault.WrongKey."""
    return Words(**vault.unlock(letter.sealed))


def _worded(letter: Fixed, facts: Facts, items: Sequence[Facts]) -> Words:
    known = {"host": settings.URL.split("://")[1]} | _cleaned(facts)
    first, *others = (str(paragraph % known) for paragraph in letter.paragraphs)
    lines = ["- " + str(letter.item % (known | _cleaned(item))) for item in items]
    text = "\n\n".join(filter(None, [first, "\n".join(lines), *others]))
    return Words(str(letter.subject % known), text, str(known.get("off", "")))


def _cleaned(facts: Facts) -> dict[str, str | int]:
    return {name: _fact(name, value) for name, value in facts.items()}


def _fact(name: str, value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    if name in OUR_ADDRESSES:
        if not value.startswith(f"{settings.URL}/") or re.search(r"\s", value):
            raise ValueError("a letter leads to no other place than ours")
        return value
    return _harmless(value)


def _harmless(name: str) -> str:
    """A name as one short line in which no mail program finds a web address: names are typed by anybody."""
    seen = "".join(letter if letter.isprintable() and letter != "/" else " " for letter in name[:MOST_READ])
    line = " ".join(seen.split())[:LONGEST_FACT]
    return re.sub(r"(?<=\w)\.(?=\w)", ".\u2060", line)  # a word joiner: looks the same, links nowhere
