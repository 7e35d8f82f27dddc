"""What could not be read: how is it kept, and how is it tried again?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goodword.channels import base
from goodword.listening.models import Connection, Quarantined
from goodword.sentence import Sentence
from goodword.store import notify
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import Teammate

MOST_BYTES = 2_000_000  # of one thing that could not be read: enough to see what it is


def keep(connection: Connection, native_id: str, why: str, raw: bytes, *, now: datetime) -> None:
    """With its bytes, once however often it comes. Call it in the transaction that keeps the rest."""
    known = Quarantined.objects.filter(connection=connection, native_id=native_id)
    if known.update(why=why, read_at=None):
        return
    Quarantined.objects.create(
        connection=connection,
        native_id=native_id,
        why=why,
        raw=raw[:MOST_BYTES],
        size=len(raw),
        at=now,
    )


def try_again(row: Quarantined, by: Teammate, *, now: datetime) -> bool:
    """Read it again, perhaps with a newer version that can. True if it could be read.

    What can be read of it is kept in any case. Raises the ChannelError or vault.WrongKey that says why not.
    """
    from goodword.listening.ingest import take_in
    from goodword.listening.listener import watch_of

    require(by, Permission.MANAGE)
    connection = row.connection
    if base.Cap.QUARANTINE not in connection.kind.caps:
        raise base.Refused(Sentence("What came from this place cannot be read again."))
    watch = watch_of(connection, lambda: False)
    events = connection.open().reread(bytes(row.raw), watch)
    failed = [event for event in events if isinstance(event, base.Unreadable)]
    with transaction.atomic():
        readable = [event for event in events if not isinstance(event, base.Unreadable)]
        take_in(connection.brand, connection.channel, readable, now=now, connection=connection)
        row.tried_at, row.read_at = now, None if failed else now
        row.why = failed[0].why if failed else row.why
        if not failed:
            row.raw = b""  # it is a post now, and is deleted as one
        row.save(update_fields=["tried_at", "read_at", "why", "raw"])
        write_down(connection.brand, by, "tried to read again", row, now=now, read=not failed)
        notify.announce()
    return not failed


def drop(row: Quarantined, by: Teammate, *, now: datetime) -> None:
    """A teammate decided: it is of no use, and goes with its bytes."""
    require(by, Permission.MANAGE)
    with transaction.atomic():
        write_down(row.connection.brand, by, "dropped what could not be read", row, now=now)
        row.delete()


def was_cut(row: Quarantined) -> Sentence | None:
    if row.size <= MOST_BYTES:
        return None
    return Sentence("Only its first %(mb)s MB are kept.", mb=MOST_BYTES // 1_000_000)
