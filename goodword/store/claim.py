"""Which rows may this worker take now, so that no other takes them too?

Work waits on the rows themselves. A worker claims a batch with a lease, does the step and moves the
rows on in one transaction; when it is killed, the lease runs out and another resumes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, models, transaction

Row = TypeVar("Row", bound=models.Model)

LEASE = timedelta(minutes=2)  # longer than any step takes; a crashed worker's rows wait that long


def claim(
    waiting: models.QuerySet[Row],
    *,
    now: datetime,
    limit: int,
    lease: timedelta = LEASE,
    **changes: Any,
) -> list[Row]:
    """Take up to `limit` of the `waiting` rows: their `leased_until` is set, and `changes` with it.

    `waiting` must say all conditions but the lease, and its order. Needs a `leased_until` column.
    """
    free = waiting.filter(models.Q(leased_until=None) | models.Q(leased_until__lte=now))
    with transaction.atomic():
        if connection.vendor == "postgresql":
            taken = _skipping_locked(free, limit)
        else:
            # Transactions are IMMEDIATE: no other writer can be between this read and the update.
            taken = list(free.values_list("pk", flat=True)[:limit])
        if not taken:
            return []
        rows: models.QuerySet[Row] = waiting.model._default_manager.filter(pk__in=taken)
        rows.update(leased_until=now + lease, **changes)
        order = {pk: place for place, pk in enumerate(taken)}
        return sorted(rows, key=lambda row: order[row.pk])


def _skipping_locked(free: models.QuerySet[Row], limit: int) -> Sequence[Any]:
    # A plain `IN (SELECT ... LIMIT n)` was measured to claim everything at once; a locked read first
    # and an update by key afterwards takes exactly these rows.
    return list(free.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit])
