"""How long do we keep who was told of what? As long as it helps, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from goodword.notifying.models import Notice, Occasion
from goodword.notifying.reading import STILL_NEWS

KEPT = timedelta(days=60)  # longer than anything is looked at anew: nothing forgotten is told again
SETTLED_FOR = timedelta(days=1)  # then it is read: what is counted on every page stays few
AT_ONCE = 5_000  # rows: replies must not wait for it


def forget_old(now: datetime) -> int:
    """Forget old occasions, with their notices and dispatches; how many."""
    old = Occasion.objects.filter(at__lt=now - KEPT).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    gone = list(old)
    if gone:
        Occasion.objects.filter(pk__in=gone).delete()
    return len(gone)


def read_settled(now: datetime) -> int:
    """What others settled long ago counts as read; how many."""
    unread = Notice.objects.filter(read_at=None, made_at__lt=now - SETTLED_FOR)
    settled = unread.exclude(pk__in=Notice.objects.filter(STILL_NEWS, read_at=None).values("pk"))
    done = list(settled.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return Notice.objects.filter(pk__in=done).update(read_at=now) if done else 0
