"""Who wrote through the contact form of a site? Its mail comes from the site, and names its sender inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from .headers import Address, address_of, first
from .machines import is_nobody

# Services that send what a form took in; their own address writes to nobody.
FORM_MAILERS = (
    "formspree.io",
    "formsubmit.co",
    "getform.io",
    "jotform.com",
    "netlify.com",
    "squarespace.info",
    "typeform.com",
    "webflow.com",
    "wix-forms.com",
    "wixforms.com",
    "wufoo.com",
    "basin.to",
    "usebasin.com",
    "123formbuilder.com",
    "cognitoforms.com",
    "shopifyemail.com",
    "hubspotemail.net",
)
WRITERS = ("mailer@shopify.com", "form-submission@squarespace.info", "formresponses@netlify.com")
_SITE = (
    "wordpress@",
    "www-data@",
    "webmaster@",
    "website@",
    "forms@",
    "form@",
    "kontaktformular@",
    "contactform@",
)

_NAME = re.compile(r"(?:your |ihr |full )?(?:name|nombre|nom|nome|vor- und nachname)", re.IGNORECASE)
_MAIL = re.compile(
    r"(?:your |ihre |votre |su )?(?:e-?mail(?:[- ]?(?:address|adresse))?|correo(?: electrónico)?|courriel"
    r"|adresse e-?mail)",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"(?:your |ihre |votre )?"
    r"(?:message|nachricht|mensaje|mensagem|messaggio|comments?|anfrage|question|body)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^\s*[*•-]?\s*\*?(?P<name>[^\n:*]{1,40})\*?\s*:\s*\*?\s*(?P<value>.*)$")


@dataclass(frozen=True)
class Form:
    sender: Address
    text: str = ""  # what was written into the field of the message; empty where nothing marks it


def form_of(message: Message, text: str, our_domain: str) -> Form | None:
    """Who filled in the form; None where this mail came from its sender directly.

    Only a mail of our own domain or of a known service of forms is believed: anybody can name somebody
    else as the one to answer.
    """
    sender = first(message, "From")
    if sender is None or not _is_form_mailer(message, sender, our_domain):
        return None
    fields = _fields(text)
    answer_to = first(message, "Reply-To")
    if answer_to and answer_to.address != sender.address and answer_to.domain != our_domain:
        name = answer_to.name or fields.get("name", "")
        return Form(Address(answer_to.address, name), fields.get("message", ""))
    written = address_of(fields.get("mail", ""), fields.get("name", ""))
    if written and written.address != sender.address and "message" in fields:
        return Form(written, fields["message"])
    return None


def _is_form_mailer(message: Message, sender: Address, our_domain: str) -> bool:
    if sender.domain == our_domain or sender.address in WRITERS:
        return True
    known = any(sender.domain == one or sender.domain.endswith(f".{one}") for one in FORM_MAILERS)
    return known and (is_nobody(message) or first(message, "Reply-To") is not None)


def _fields(text: str) -> dict[str, str]:
    """The name, the address and the message, as a form lists them line by line."""
    found: dict[str, str] = {}
    lines = text.split("\n")[:2000]
    for i, line in enumerate(lines):
        field = _FIELD.match(line[:1000])
        if not field:
            continue
        name, value = field["name"].strip(), field["value"].strip()
        if _MESSAGE.fullmatch(name):
            found["message"] = "\n".join([value, *lines[i + 1 :]]).strip()
            break
        for key, known in (("name", _NAME), ("mail", _MAIL)):
            if known.fullmatch(name):
                found.setdefault(key, value.split(" ")[0] if key == "mail" else value)
    return found
