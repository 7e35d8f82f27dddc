"""Is this mail the notification of a place that no programme may read? Then whose words does it carry?

It becomes a conversation with a link to the place, and cannot be answered by mail. Whoever forges one can
only lead to the place itself: links to any other host are not offered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

from .headers import Address, address_of, addresses, first, line, one_line, raw
from .places import COMPILED, Place, leads_there, place_of

PLUS = "heard"  # hello+heard@brand takes what is forwarded
LOOKED_AT = 6_000  # characters of the text in which author and words are looked for
# Addresses of no interest for an answer, whatever the place.
_NOT_THESE = re.compile(
    r"unsubscribe|preferences|settings|privacy|terms|help|support\.|optout|opt-out|email_|/policies|o\.php",
    re.IGNORECASE,
)
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "X-Forwarded-To")
_FORWARDED = re.compile(
    r"^[\s>*]*(?:from|von|de|da)\s?:\*?\s*(?P<who>[^\n]{3,300})$", re.IGNORECASE | re.MULTILINE
)
_SUBJECT = re.compile(
    r"^[\s>*]*(?:subject|betreff|asunto|objet|assunto)\s?:\*?\s*(?P<subject>[^\n]{1,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(r"\bdkim=pass\b[^;]{0,300}?header\.[di]=@?([\w.-]{3,200})", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:(?:fwd?|wg|rv|tr|enc|i)\s?:\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Notice:
    """What a place told us by mail."""

    key: str  # of the place
    place: str  # its name
    who: str  # the author, as far as it is told; empty if not
    said: str  # their words, as far as the mail carries them; empty if not
    title: str
    link: str  # where it can be answered; empty if the mail holds no good address
    forwarded_by: str = ""  # who passed it on, where it did not come from the place itself
    is_signed: bool = False  # the receiving server says that the place signed it


def notice_of(message: Message, text: str, links: tuple[str, ...], our_address: str) -> Notice | None:
    """What a place tells us; None for the mail of a person."""
    sender = first(message, "From")
    if sender is None:
        return None
    subject = line(message, "Subject")
    place = place_of(sender.address)
    is_signed = place is not None and _signed_by(message, place)
    if place:
        return _told(place, subject, text, links, is_signed=is_signed)
    passed_on = is_for_notices(message, our_address)
    if not passed_on and sender.domain != our_address.rpartition("@")[2]:
        return None
    inner = _forwarded(text)
    if inner and (place := place_of(inner.address)):
        said = _SUBJECT.search(text[:LOOKED_AT])
        inner_subject = one_line(said["subject"]) if said else _PREFIX.sub("", subject)
        return _told(place, inner_subject, text, links, forwarded_by=sender.address)
    if not passed_on:
        return None
    return _unknown(inner or sender, sender, subject, text, links)


def is_for_notices(message: Message, our_address: str) -> bool:
    """Was it sent to the address that we name for such mails?"""
    wanted = address_for_notices(our_address)
    return any(wanted == one.address for name in _DELIVERED for one in addresses(message, name))


def address_for_notices(our_address: str) -> str:
    local, at, domain = our_address.rpartition("@")
    return f"{local}+{PLUS}{at}{domain}" if at else ""


def _told(
    place: Place,
    subject: str,
    text: str,
    links: tuple[str, ...],
    *,
    forwarded_by: str = "",
    is_signed: bool = False,
) -> Notice:
    subjects, words = COMPILED[place.key]
    in_subject = next((found for pattern in subjects if (found := pattern.search(subject[:300]))), None)
    in_text = next((found for pattern in words if (found := pattern.search(text[:LOOKED_AT]))), None)
    told = {**(in_text.groupdict() if in_text else {}), **(in_subject.groupdict() if in_subject else {})}
    return Notice(
        key=place.key,
        place=place.name,
        who=one_line(told.get("who") or "")[:100],
        said=(told.get("said") or "").strip(),
        title=subject,
        link=_link(links, place),
        forwarded_by=forwarded_by,
        is_signed=is_signed,
    )


def _unknown(author: Address, sender: Address, subject: str, text: str, links: tuple[str, ...]) -> Notice:
    """A place without a row: its subject, its words and its first good address are shown as they are."""
    link = next((one for one in links if one.startswith("https://") and not _NOT_THESE.search(one)), "")
    return Notice(
        key=author.domain,
        place=author.domain,
        who=author.name,
        said="",
        title=_PREFIX.sub("", subject),
        link=link[:2000],
        forwarded_by=sender.address if sender != author else "",
    )


def _link(links: tuple[str, ...], place: Place) -> str:
    """The address at which to answer: the first that says so, else the first of the place at all."""
    good = [
        one
        for one in links
        if one.startswith("https://") and leads_there(place, _host(one)) and not _NOT_THESE.search(one)
    ]
    return next((one for one in good if any(word in one for word in place.answer)), next(iter(good), ""))[
        :2000
    ]


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _forwarded(text: str) -> Address | None:
    """The sender of the mail that a person passed on, by the lines that mail programs put above it."""
    for found in list(_FORWARDED.finditer(text[:LOOKED_AT]))[:5]:
        said = found["who"].strip().strip("*")
        name, bracket, rest = said.partition("<")
        address = address_of(rest.partition(">")[0] if bracket else said.split()[-1], name)
        if not address and "mailto:" in said:
            address = address_of(said.partition("mailto:")[2].strip("]>) "), name.partition("[")[0])
        if address:
            return address
    return None


def _signed_by(message: Message, place: Place) -> bool:
    """Only the topmost result counts: it is the receiving server's own; others came with the mail."""
    found = _SIGNED.search(raw(message, "Authentication-Results").replace("\n", " "))
    return bool(found) and found is not None and place_of(f"x@{found[1].lower()}") == place
