"""How do templates name things: channels, languages, amounts, acts, places in the line?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from goodword.channels.base import channel_named, channels
from goodword.conversations.models import Act, Assignment, Mute, Resolution, Snooze
from goodword.conversations.reading import Item
from goodword.listening.media import address_of
from goodword.listening.models import Post, as_heard
from goodword.people.models import Profile
from goodword.team.reader import locale, moment

_ANSWER = re.compile(r"\s*(?:re|aw|sv|vs|antw|rif|odp|res|fwd?|wg|tr)(?:\[\d+\])?\s?:\s*", re.IGNORECASE)


def channel_name(key: str) -> str:
    kind = channels().get(key)
    if kind is None and "." in key:
        return key  # the site of a page that somebody wrote down
    return _(kind.name) if kind else key.replace("-", " ").capitalize()


def channel_icon(key: str) -> str:
    kind = channels().get(key)
    return kind.icon if kind else "globe" if "." in key else "message-circle"


def goes_to(post: Post) -> str:
    """To whom a reply goes, where that is more than a name: an address."""
    return channel_named(post.channel).goes_to(as_heard(post))


def file_size(size: int) -> str:
    """As the reader writes numbers: 1.2 MB, 1,2 MB."""
    return filesizeformat(size)


def repeats_subject(item: Item, items: Sequence[Item]) -> bool:
    """Mail names its subject again with each answer: once is enough."""
    first = next((one.post for one in items if one.post and one.post.title), None)
    if first is None or item.post is None or first.pk == item.post.pk:
        return False
    return _bare(item.post.title) == _bare(first.title)


def _bare(subject: str) -> str:
    while (found := _ANSWER.match(subject)) is not None:
        subject = subject[found.end() :]
    return subject.strip().casefold()


def face(profile: Profile) -> str:
    """The address of the profile's picture in our cache; empty when there is none."""
    return (
        address_of(profile.brand_id, profile.avatar_url, "avatar", profile.pk) if profile.avatar_url else ""
    )


def handle_words(handle: str) -> str:
    """@name; an address or a telephone number as it is."""
    return handle if "@" in handle or handle.startswith("+") else f"@{handle}"


def picture_address(post: Post, url: str) -> str:
    return address_of(post.brand_id, url, "picture", post.pk)


@lru_cache(maxsize=500)
def _language_name(code: str, reader: str) -> str:
    try:
        return str(Locale.parse(reader).languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


def language_name(code: str) -> str:
    """German, français ...: the language of a post in the words of the reader."""
    return _language_name(code, locale())


def place_words(place: int) -> str:
    words = {1: _("Why this is first"), 2: _("Why this is second"), 3: _("Why this is third")}
    return words.get(place) or _("Why this is number %(n)s") % {"n": place}


def act_kind(act: Act) -> str:
    return type(act).__name__.lower()


def act_words(act: Act) -> str:
    """What a teammate did, as a sentence."""
    by = act.by.name
    match act:
        case Assignment(to=None):
            return _("%(by)s took it off everybody's list") % {"by": by}
        case Assignment(to=to) if to == act.by:
            return _("%(by)s took it") % {"by": by}
        case Assignment(to=to):
            return _("%(by)s gave it to %(to)s") % {"by": by, "to": to}
        case Snooze(until=until):
            return _("%(by)s snoozed it until %(until)s") % {"by": by, "until": moment(until)}
        case Resolution(how=Resolution.How.RESOLVED):
            return _("%(by)s resolved it") % {"by": by}
        case Resolution(how=Resolution.How.LET_THEM_TALK):
            return _("%(by)s lets them talk among themselves") % {"by": by}
        case Resolution(how=Resolution.How.NOT_FOR_US):
            return _("%(by)s said it is not for us") % {"by": by}
        case Resolution():
            return _("%(by)s said it is spam") % {"by": by}
        case Mute(what=Mute.What.AUTHOR):
            return _("%(by)s muted the author") % {"by": by}
        case Mute(what=Mute.What.THREAD):
            return _("%(by)s muted this thread") % {"by": by}
        case Mute(word=word):
            return _("%(by)s muted the word “%(word)s”") % {"by": by, "word": word}
        case _:
            return by
