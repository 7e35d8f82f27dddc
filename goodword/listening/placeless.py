"""Where can a brand listen at once, since no account is needed there?"""

from __future__ import annotations

import logging
from datetime import datetime

from goodword.channels.base import Cap, Channel, ChannelError
from goodword.listening import connecting
from goodword.listening.finding import places_to_look
from goodword.listening.models import Connection
from goodword.team.models import Teammate

logger = logging.getLogger(__name__)


def listen_where_no_account_is_needed(by: Teammate, *, now: datetime) -> list[type[Channel]]:
    """Connect each place that asks for nothing and is not connected yet; those that could not be, if any."""
    left_out = []
    for kind in places_to_look():
        if Cap.HEAR not in kind.caps or _is_connected(by, kind):
            continue
        try:
            connecting.connect(by, kind, _as_proposed(kind), now=now)
        except (connecting.Incomplete, connecting.NotConnected, ChannelError) as why:
            logger.info("%s was not connected: %s", kind.key, why)
            left_out.append(kind)
    return left_out


def _as_proposed(kind: type[Channel]) -> dict[str, str]:
    return {field.name: field.default for field in kind.fields}


def _is_connected(by: Teammate, kind: type[Channel]) -> bool:
    return Connection.objects.filter(brand=by.brand, channel=kind.key, removed_at=None).exists()
