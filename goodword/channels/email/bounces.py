"""Did something we sent come back? What a delivery report (RFC 3464) says, for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from ...sentence import Sentence
from .headers import address_of, first, ids, one_line, raw
from .parts import Mail, messages_in, mime_of

NOT_THERE = "There is no mailbox %(address)s: check the address, or reach this person another way."
FULL = "The mailbox %(address)s is full. Try again in some days, or reach this person another way."
NOT_LET_IN = "The mail server of %(address)s did not accept it. It said: “%(said)s”."
GAVE_UP = "It could not be delivered to %(address)s. The mail server said: “%(said)s”."

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_QUOTED_ID = re.compile(r"^Message-ID:\s*<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Bounce:
    message_id: str  # of what came back
    address: str  # whom it did not reach
    why: Sentence


def bounce_of(mail: Mail) -> Bounce | None:
    """What came back, and why; None for any other mail, and for a mere delay."""
    report = next((part for part in _all(mail.headers) if mime_of(part) == "message/delivery-status"), None)
    if report is None:
        return _old_style(mail)
    fields = _fields(report)
    if fields.get("action", "failed").strip().lower() != "failed":
        return None
    original = _original_id(mail)
    if not original:
        return None
    address = _address(fields.get("original-recipient") or fields.get("final-recipient", ""))
    said = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("status", "")
    return Bounce(original, address, sentence(fields.get("status", ""), address, one_line(said)))


def sentence(status: str, address: str, said: str) -> Sentence:
    found = _STATUS.search(status) or _STATUS.search(said)
    code = (found[2], found[3]) if found else ("", "")
    if code in (("1", "1"), ("1", "10"), ("1", "2"), ("1", "6"), ("2", "1")):
        return Sentence(NOT_THERE, address=address)
    if code in (("2", "2"), ("3", "1")):
        return Sentence(FULL, address=address)
    template = NOT_LET_IN if code[0] == "7" else GAVE_UP
    return Sentence(template, address=address, said=said or status)


def _old_style(mail: Mail) -> Bounce | None:
    """Servers that name the failed address in a header, or tell it in prose below an empty sender."""
    failed = first(mail.headers, "X-Failed-Recipients")
    sender = first(mail.headers, "From")
    is_daemon = sender is not None and sender.address.startswith(("mailer-daemon@", "postmaster@"))
    if not failed and not (is_daemon and raw(mail.headers, "Return-Path").strip() == "<>"):
        return None
    original = _original_id(mail)
    if not original:
        return None
    address = failed.address if failed else ""
    text = " ".join(part.text for part in mail.texts("text/plain"))[:2000]
    found = _STATUS.search(text)
    return Bounce(original, address, sentence(found[0] if found else "", address, one_line(text)[:200]))


def _original_id(mail: Mail) -> str:
    """Of the mail that came back: attached whole or by its headers, or named in a header or in the text."""
    for part in _all(mail.headers):
        mime = mime_of(part)
        if mime == "message/rfc822":
            for inner in messages_in(part):
                if found := ids(inner, "Message-ID"):
                    return found[0]
        if mime == "text/rfc822-headers" and (quoted := _QUOTED_ID.search(_text(part)[:20_000])):
            return quoted[1]
    text = "\n".join(part.text for part in mail.texts("text/plain"))[:50_000]
    if quoted := _QUOTED_ID.search(text):
        return quoted[1]
    return next(iter(ids(mail.headers, "In-Reply-To")), "")


def _fields(report: Message) -> dict[str, str]:
    """What is told of the first recipient that failed; the library makes a message of each block."""
    told: dict[str, str] = {}
    for block in messages_in(report)[:20]:
        fields = {str(name).lower(): one_line(str(value)) for name, value in list(block.raw_items())[:30]}
        if "final-recipient" in fields or "action" in fields:
            told = fields
            if fields.get("action", "").strip().lower() == "failed":
                break
    return told


def _address(field: str) -> str:
    found = address_of(field.rpartition(";")[2])
    return found.address if found else ""


def _text(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # of a damaged encoding
        return ""
    return payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""


def _all(message: Message) -> list[Message]:
    """The parts near the top: a report is never deep."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < 50:
        here = waiting.pop(0)
        found.append(here)
        if mime_of(here).startswith("multipart/"):
            waiting += messages_in(here)
    return found
