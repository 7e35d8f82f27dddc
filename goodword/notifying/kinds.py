"""Of what is a teammate told, by which way, and when, as long as they chose nothing else?

One table. The choices are ours, to be argued with: whoever is called by name hears at once; what can be
seen in the inbox anyway waits for the morning's letter; nobody is told the same by every way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from goodword.team.authority import Permission


class Kind(models.TextChoices):
    ASSIGNED = "assigned", _("A conversation is given to you")
    MENTIONED = "mentioned", _("A colleague writes @your name in a note")
    ANSWERED = "answered", _("Somebody writes again in a conversation of yours")
    PRIVATE = "private", _("A private message that nobody has yet")
    WAITING = "waiting", _("Somebody else who waits, and whom nobody has yet")
    DUE_SOON = "due_soon", _("An answer of yours is due soon")
    OVERDUE = "overdue", _("An answer is overdue")
    NOT_SENT = "not_sent", _("Your reply did not go out, or may not have")
    STOPPED = "stopped", _("A connection or a team chat stopped working")


class Way(models.TextChoices):
    APP = "app", _("In the app")
    MAIL = "mail", _("By mail")
    PUSH = "push", _("On your devices")


class When(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("In the morning")
    NEVER = "never", _("Never")


@dataclass(frozen=True)
class Default:
    """What holds until a teammate chooses; `needs` says for whose role the kind exists at all."""

    app: When
    mail: When
    push: When
    needs: Permission = Permission.ANSWER
    help: Any = ""

    def by(self, way: str) -> When:
        return {Way.APP: self.app, Way.MAIL: self.mail, Way.PUSH: self.push}[Way(way)]


NOW, MORNING, NEVER = When.AT_ONCE, When.DIGEST, When.NEVER

DEFAULTS: dict[Kind, Default] = {
    Kind.ASSIGNED: Default(NOW, NOW, NOW),
    Kind.MENTIONED: Default(NOW, NOW, NOW, needs=Permission.READ),
    Kind.ANSWERED: Default(NOW, MORNING, NOW, help=_("It is assigned to you, or you answered last.")),
    Kind.PRIVATE: Default(NOW, MORNING, NOW, help=_("People expect an answer to these within minutes.")),
    Kind.WAITING: Default(NEVER, MORNING, NEVER, help=_("The inbox shows them anyway.")),
    Kind.DUE_SOON: Default(NOW, NEVER, NEVER),
    Kind.OVERDUE: Default(
        NOW, MORNING, NOW, help=_("It is assigned to you; or nobody has it and you are at work just now.")
    ),
    Kind.NOT_SENT: Default(NOW, NOW, NOW),
    Kind.STOPPED: Default(NOW, NOW, NEVER, needs=Permission.MANAGE),
}

# The letter of the morning lists who waits. These are no such thing: they come at once, or not at all.
NOT_IN_THE_MORNING = (Kind.MENTIONED, Kind.STOPPED)


def choices(kind: str, way: str) -> tuple[When, ...]:
    """Between what one may choose."""
    if way == Way.MAIL and kind not in NOT_IN_THE_MORNING:
        return (When.AT_ONCE, When.DIGEST, When.NEVER)
    return (When.AT_ONCE, When.NEVER)


# What a team's chat may hear of: nothing that concerns one teammate alone.
FOR_CHATS = (Kind.PRIVATE, Kind.WAITING, Kind.OVERDUE, Kind.STOPPED)
