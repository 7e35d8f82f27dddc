"""How long do we keep who was told of what? As long as it helps, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from goodword.notifying.models import Occasion

KEPT = timedelta(days=60)  # longer than anything is looked at anew: nothing forgotten is told again
AT_ONCE = 5_000  # rows: replies must not wait for it


def forget_old(now: datetime) -> int:
    """Forget old occasions, with their notices and dispatches; how many."""
    old = Occasion.objects.filter(at__lt=now - KEPT).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    gone = list(old)
    Occasion.objects.filter(pk__in=gone).delete()
    return len(gone)
