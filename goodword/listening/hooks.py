"""A place calls us: for which connection, is it really that place, and what does it bring?"""

from __future__ import annotations

import logging
from datetime import datetime

from goodword.channels.base import Account, Call, Cap, Channel, ChannelError, Received
from goodword.listening.ingest import take_in
from goodword.listening.models import Connection
from goodword.store import callback, vault

logger = logging.getLogger(__name__)


def connection_called(token: str) -> Connection | None:
    """The connection that this address names; also one that was removed: its place must hear goodbye."""
    found = Connection.objects.select_related("brand").filter(hook=token).first()
    return found if found and Cap.HOOK in found.kind.caps else None


def receive(connection: Connection, call: Call, *, now: datetime) -> Received | None:
    """What the call means; what it brings is kept in one transaction. None if it is not to be believed:
    then nothing is kept. A connection that does not listen believes its place, and keeps nothing either.
    """
    try:
        received = _opened(connection).receive(call)
    except (ChannelError, vault.WrongKey) as trouble:
        logger.info("a call for connection %s was turned away: %s", connection.pk, trouble)
        return None
    listens = connection.removed_at is None and connection.state == Connection.State.ON
    if listens and received.events:
        take_in(connection.brand, connection.channel, received.events, now=now, connection=connection)
    return received


def _opened(connection: Connection) -> Channel:
    """A removed connection wants nothing any more, and can only say so."""
    if connection.removed_at is None:
        return connection.open()
    hook, secret = callback.address_of(connection.hook), callback.secret_of(connection.hook)
    return connection.kind(Account(settings={}, hook=hook, hook_secret=secret))
