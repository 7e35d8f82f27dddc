"""Did a person write this to us just now, or did a machine send it? By what the mail itself says (RFC 3834).

What a machine wrote is kept and can be found, but it is no work and starts no clock. Goodword answers no
mail by itself, so that no loop can begin here; this keeps loops of others out of the inbox.
"""

from __future__ import annotations

from email.message import Message

from .headers import first, raw, word

BULK = {"bulk", "list", "junk", "auto_reply", "auto-reply"}
NOT_MINDED = {"", "none"}  # of X-Auto-Response-Suppress: nothing is asked for
# Present at all, whatever they say: lists, mass mailings and out-of-office notes.
TELLING = (
    "List-Id",
    "List-Unsubscribe",
    "List-Post",
    "Feedback-ID",
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
    "X-FC-MachineGenerated",
    "X-Loop",
    "X-Failed-Recipients",
)
NOBODY = (
    "mailer-daemon",
    "postmaster",
    "no-reply",
    "noreply",
    "no_reply",
    "do-not-reply",
    "donotreply",
    "bounce",
)


def is_automatic(message: Message) -> bool:
    return bool(why_automatic(message))


def why_automatic(message: Message) -> str:
    """The header that says so, for tests and logs; empty for what a person wrote."""
    if word(message, "Auto-Submitted") not in ("", "no"):
        return "Auto-Submitted"
    if word(message, "Precedence") in BULK:
        return "Precedence"
    if word(message, "X-Auto-Response-Suppress") not in NOT_MINDED:
        return "X-Auto-Response-Suppress"
    if raw(message, "Return-Path").strip() == "<>":
        return "Return-Path"
    for name in TELLING:
        if name in message:
            return name
    if is_nobody(message):
        return "From"
    return ""


def is_nobody(message: Message) -> bool:
    """An address that nobody reads."""
    sender = first(message, "From")
    return bool(sender) and sender is not None and sender.address.startswith(NOBODY)
