"""How is a demo made while somebody waits, and how far has it come?

In a thread of its own. Its rows come in one transaction, so that whoever stops it has nothing of it;
how far it is lies in a file, since nobody can read the rows before they are all there.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from goodword.demo import brand
from goodword.team.models import User

logger = logging.getLogger(__name__)

SILENT = 90.0  # seconds without a word: the process that made it is gone
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Making:
    state: str = "none"  # none | running | done | stopped
    said: str = ""
    at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.state == "running"


def begin(owner: User, *, now: datetime) -> None:
    """Begin to make the demo of this owner, unless one is being made."""
    with _one_at_a_time:
        if progress().is_running:
            return
        _note(Making("running"))
    _in_background(owner, now)


def progress() -> Making:
    """As last said; what has been silent for long was interrupted."""
    try:
        making = Making(**json.loads(_file().read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return Making()
    if making.is_running and time.time() - making.at > SILENT:
        return Making("stopped")
    return making


def ended() -> bool:
    """Whether one has just been made; says so once."""
    if progress().state != "done":
        return False
    _file().unlink(missing_ok=True)
    return True


def _in_background(owner: User, now: datetime) -> None:
    def run() -> None:
        try:
            make(owner, now)
        finally:
            connection.close()

    threading.Thread(target=run, name="making-the-demo", daemon=True).start()


def make(owner: User, now: datetime) -> None:
    """Make it now; whoever looks meanwhile sees how far it is."""
    try:
        brand.make_demo(now, brand.DEFAULT, owner=owner, progress=lambda said: _note(Making("running", said)))
        _note(Making("done"))
    except Exception:
        logger.exception("the demo could not be made")
        _note(Making("stopped"))


def _note(making: Making) -> None:
    """Whole or not at all: the page may read at the same moment."""
    draft = _file().with_suffix(f".{secrets.token_hex(4)}")
    draft.write_text(json.dumps({**asdict(making), "at": time.time()}))
    draft.replace(_file())


def _file() -> Path:
    return Path(settings.HOME) / "making-the-demo.json"
