"""What does a notice say? Made when it is read: in the reader's language, and of what is still known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.channels.base import channel_named
from goodword.conversations.models import Delivery
from goodword.notifying.kinds import Kind
from goodword.notifying.models import Occasion
from goodword.team.models import Teammate
from goodword.team.reader import translated


@dataclass(frozen=True)
class Names:
    """What stands in the sentence."""

    who: str
    by: str
    what: str


def title(occasion: Occasion, *, with_names: bool = True) -> str:
    """One sentence. Without names it can stand on a locked screen that anybody sees."""
    names = Names(
        who=who(occasion) if with_names else _("Somebody"),
        by=_by(occasion.by) if with_names else _("A colleague"),
        what=what(occasion),
    )
    if occasion.kind == Kind.NOT_SENT:
        return _not_sent(occasion, names)
    return SENTENCES[Kind(occasion.kind)](names)


def who(occasion: Occasion) -> str:
    """The person at the other end; nobody is named who is gone."""
    conversation = occasion.conversation
    if conversation is None or conversation.profile.gone_at:
        return _("Somebody")
    return conversation.profile.shown_name


def channel(occasion: Occasion) -> str:
    if occasion.conversation:
        return translated(channel_named(occasion.conversation.channel).name)
    return translated(occasion.connection.kind.name) if occasion.connection else occasion.brand.name


def where(occasion: Occasion) -> str:
    """The channel on which it happened, and the brand."""
    return " · ".join(dict.fromkeys([channel(occasion), occasion.brand.name]))


def what(occasion: Occasion) -> str:
    """The connection or chat that it is about."""
    return occasion.connection.name if occasion.connection else occasion.chat.name if occasion.chat else ""


def path(occasion: Occasion) -> str:
    """Where one does something about it."""
    if occasion.conversation_id:
        return reverse("conversation", args=[occasion.conversation_id])
    if occasion.connection_id:
        return reverse("connection", args=[occasion.connection_id])
    return reverse("chat_hooks")


def address(path: str) -> str:
    return settings.URL.rstrip("/") + path


SENTENCES: dict[Kind, Callable[[Names], str]] = {
    Kind.ASSIGNED: lambda n: _("%(by)s gave you the conversation with %(who)s") % n.__dict__,
    Kind.MENTIONED: lambda n: _("%(by)s called you in a note about %(who)s") % n.__dict__,
    Kind.ANSWERED: lambda n: _("%(who)s wrote to you again") % n.__dict__,
    Kind.PRIVATE: lambda n: _("%(who)s sent a private message") % n.__dict__,
    Kind.WAITING: lambda n: _("%(who)s waits for an answer") % n.__dict__,
    Kind.DUE_SOON: lambda n: _("An answer to %(who)s is due soon") % n.__dict__,
    Kind.OVERDUE: lambda n: _("An answer to %(who)s is overdue") % n.__dict__,
    Kind.STOPPED: lambda n: _("%(what)s stopped working and needs an owner") % n.__dict__,
}


def _not_sent(occasion: Occasion, names: Names) -> str:
    if occasion.delivery and occasion.delivery.state == Delivery.State.UNKNOWN:
        return _("Your reply to %(who)s may not have arrived") % names.__dict__
    return _("Your reply to %(who)s was not sent") % names.__dict__


def _by(teammate: Teammate | None) -> str:
    return teammate.name if teammate else _("A colleague")
