"""How does a teammate's answer become a mail? Their words and nothing else, in the thread it belongs to.

Plain text: it reads the same everywhere, and nothing in it can be blocked. What they wrote is not quoted
below it: their mail program shows it above, since the answer names its mail; and what is not repeated
cannot be sent to the wrong person.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ...sentence import Sentence
from ..base import Draft, Refused, clean_text
from .headers import address_of

MOST_REFERENCES = 20
_ANSWERS = re.compile(r"^\s*(?:(?:re|aw|sv|vs|antw|rif|odp|res)(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\x85]")
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}

# A Message-ID that begins on the line below its name is legal, and lost by some.
POLICY = SMTP.clone(max_line_length=250)

NO_ADDRESS = "This mail names no address that could be answered."
NOT_A_LINE = "The subject or a name holds a line break: nothing was sent."
NOT_ASCII = Sentence(
    "The address of this person has letters that mail servers do not all know: nothing was sent."
)


def composed(draft: Draft, us: str, message_id: str, now: datetime) -> tuple[str, bytes]:
    """To whom it goes, and the mail as bytes. Raises Refused when it must not be made."""
    to = address_of(str(draft.reference.get("to", "")))
    if to is None:
        raise Refused(NO_ADDRESS)
    if not to.address.isascii():
        raise Refused(NOT_ASCII)
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = Mailbox(_name(draft.signed), addr_spec=us)
        message["To"] = Mailbox(_name(str(draft.reference.get("to_name", ""))), addr_spec=to.address)
        message["Subject"] = subject_of(str(draft.reference.get("subject", "")))
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{message_id}>"
        _thread(message, draft)
    except ValueError as error:
        raise Refused(NOT_A_LINE) from error
    message.set_content(clean_text(draft.text), cte="quoted-printable")
    if draft.picture:
        _kind, _slash, sub = draft.picture.mime.partition("/")
        name = f"picture.{_ENDINGS.get(draft.picture.mime, 'img')}"
        message.add_attachment(draft.picture.data, maintype="image", subtype=sub or "jpeg", filename=name)
    return to.address, message.as_bytes()


def subject_of(subject: str) -> str:
    """With one "Re:", whatever answers and languages it has been through."""
    plain = _ANSWERS.sub("", _one_line(subject)).strip()
    return f"Re: {plain}"[:250].rstrip()


def _thread(message: EmailMessage, draft: Draft) -> None:
    """The mail it answers, and those before it: how every mail program finds the thread."""
    answered = _id(draft.reference.get("message_id"))
    before = draft.reference.get("named")
    named = [_id(one) for one in reversed(before if isinstance(before, list) else [])]
    chain = list(dict.fromkeys(filter(None, [*named, answered])))
    if answered:
        message["In-Reply-To"] = f"<{answered}>"
    if chain:
        kept = chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[-MOST_REFERENCES + 1 :]]
        message["References"] = (
            "\r\n ".join([""] + [f"<{one}>" for one in kept]).strip().replace("\r\n ", " ")
        )


def _id(value: object) -> str:
    """An id as it stands in a header; what could break out of it is none."""
    text = value if isinstance(value, str) else ""
    return text if re.fullmatch(r"[\x21-\x3b\x3d\x3f-\x7e]{1,400}", text) else ""


def _name(name: str) -> str:
    return _one_line(name)[:100]


def _one_line(text: str) -> str:
    """A break in a stranger's subject must not become a header of ours."""
    return " ".join(_CONTROL.sub(" ", clean_text(text)).split())
