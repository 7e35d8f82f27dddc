"""Which parts of Goodword run just now? Each touches a file of its own, as long as it does."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

EVERY = timedelta(seconds=20)
GONE_AFTER = timedelta(minutes=3)  # a long step of the worker takes less

logger = logging.getLogger(__name__)


def beat(part: str) -> None:
    """Say that this part (worker, listener) runs. A disk that is full must not stop it."""
    place = _place(part)
    try:
        place.parent.mkdir(exist_ok=True, mode=0o700)
        place.touch(mode=0o600)
    except OSError:
        logger.warning("%s cannot be touched", place, exc_info=True)


def is_alive(part: str, *, now: datetime) -> bool:
    """Has it said so lately?"""
    try:
        said = datetime.fromtimestamp(_place(part).stat().st_mtime, UTC)
    except OSError:
        return False
    return now - said < GONE_AFTER


def _place(part: str) -> Path:
    return Path(settings.HOME) / "alive" / part
