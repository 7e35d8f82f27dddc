"""How does each connection listen, for as long as it exists? One thread each; the cursor is on its row."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError
from django.db import connection as database
from django.utils import timezone

from goodword.channels import base
from goodword.listening.ingest import kept_id, take_in
from goodword.listening.models import Connection, Gap, Post, as_heard
from goodword.listening.queries import matcher_of, search_words_of, version_of
from goodword.people.models import Profile
from goodword.sentence import Sentence
from goodword.store import alive
from goodword.store.vault import WrongKey
from goodword.team.models import Brand

logger = logging.getLogger(__name__)

BATCH = 200  # events kept in one transaction, at most
HOLD = 1.0  # seconds that a heard post may wait for its batch to fill
AT_ONCE = 500  # ids in one question: fewer than any database has places for
LOOK_EVERY = 2.0  # seconds between two looks at which connections there are
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)

# What says that something heard cannot be kept, rather than that the database is busy or away.
ITS_OWN_FAULT = (DataError, IntegrityError, ValueError, TypeError)

Stopped = Callable[[], bool]


def listen_everywhere(stopped: threading.Event) -> None:
    """Listen to every connection until stopped; connections come and go meanwhile."""
    threads: dict[int, threading.Thread] = {}
    while not stopped.is_set():
        alive.beat("listener")
        for pk in _to_listen_to():
            if pk not in threads or not threads[pk].is_alive():
                threads[pk] = threading.Thread(
                    target=_in_thread, args=(pk, stopped), name=f"connection-{pk}", daemon=True
                )
                threads[pk].start()
        stopped.wait(LOOK_EVERY)
    for thread in threads.values():
        thread.join(timeout=5)


def _to_listen_to() -> list[int]:
    now = timezone.now()
    on = Connection.objects.filter(state=Connection.State.ON, removed_at=None)
    return [c.pk for c in on if (c.try_again_at or now) <= now and base.Cap.HEAR in c.kind.caps]


def _in_thread(pk: int, stopped: threading.Event) -> None:
    try:
        while not stopped.is_set() and _is_on(pk):
            connection = Connection.objects.select_related("brand").get(pk=pk)
            listen_once(connection, stopped=stopped.is_set)
            connection.refresh_from_db(fields=["try_again_at"])
            if connection.try_again_at and connection.try_again_at > timezone.now():
                return
            stopped.wait(connection.kind.poll_every.total_seconds())
    finally:
        database.close()


def _is_on(pk: int) -> bool:
    return Connection.objects.filter(pk=pk, state=Connection.State.ON, removed_at=None).exists()


def listen_once(connection: Connection, *, stopped: Stopped) -> None:
    """Hear what there is to hear, until the channel has no more or `stopped`. Trouble is kept on the row."""
    try:
        watch = watch_of(connection, stopped)
        events = connection.open().listen(watch, connection.cursor or None)
        for batch in _batches(events):
            _keep(connection, batch)
    except base.RateLimited as limit:
        _in_trouble(connection, str(limit), try_again_at=limit.until)
    except (base.NeedsLogin, WrongKey) as trouble:
        _in_trouble(connection, str(trouble), state=Connection.State.NEEDS_LOGIN)
    except base.ChannelError as trouble:
        _in_trouble(connection, str(trouble), try_again_at=_next_try(connection))
    except Exception as error:
        logger.exception("connection %s stopped listening", connection.pk)
        fault = f"{type(error).__name__}: {error}"
        broke = Sentence("Listening broke off: %(trouble)s", trouble=fault)
        _in_trouble(connection, broke, try_again_at=_next_try(connection))


def _keep(connection: Connection, batch: list[base.Event]) -> None:
    """Keep the batch; if something in it cannot be kept, all else, and say so where gaps are shown."""
    try:
        take_in(connection.brand, connection.channel, batch, now=timezone.now(), connection=connection)
    except ITS_OWN_FAULT:
        logger.exception("connection %s: something of a batch cannot be kept: one by one", connection.pk)
        for event in batch:
            _keep_one(connection, event)


def _keep_one(connection: Connection, event: base.Event) -> None:
    now = timezone.now()
    try:
        take_in(connection.brand, connection.channel, [event], now=now, connection=connection)
    except ITS_OWN_FAULT as error:
        why = Sentence(
            "Something that was heard could not be kept: %(trouble)s", trouble=type(error).__name__
        )
        Gap.objects.create(connection=connection, since=now, until=now, why=why)


def watch_of(connection: Connection, stopped: Stopped) -> base.Watch:
    """What this connection listens for. It ends when the queries change, to be begun anew with them."""
    brand, channel = connection.brand, connection.channel
    began_with = version_of(brand)
    looked = time.monotonic()

    def over() -> bool:
        nonlocal looked
        if stopped():
            return True
        if time.monotonic() - looked < LOOK_EVERY:
            return False
        looked = time.monotonic()
        return version_of(brand) != began_with or not _is_on(connection.pk)

    return base.Watch(
        searches=search_words_of(brand),
        interested=matcher_of(brand).interested,
        knows_post=lambda i: Post.objects.filter(brand=brand, channel=channel, native_id=i).exists(),
        knows_author=lambda i: Profile.objects.filter(brand=brand, channel=channel, native_id=i).exists(),
        posts_of=lambda ids: _posts_of(brand, channel, ids),
        kept=lambda after, limit: _kept(brand, channel, after, limit),
        stopped=over,
    )


def _kept(brand: Brand, channel: str, after: int, limit: int) -> list[tuple[int, str]]:
    rows = Post.objects.filter(brand=brand, channel=channel, gone_at=None, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", "native_id")[:limit])


def _posts_of(brand: Brand, channel: str, native_ids: Sequence[str]) -> dict[str, base.Post]:
    """What we keep of these posts, by the ids asked for."""
    kept = {kept_id(native_id): native_id for native_id in native_ids}
    rows = Post.objects.select_related("author").filter(brand=brand, channel=channel)
    found: dict[str, base.Post] = {}
    for some in _portions(list(kept)):
        found |= {kept[row.native_id]: as_heard(row) for row in rows.filter(native_id__in=some)}
    return found


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _batches(events: Iterator[base.Event]) -> Iterator[list[base.Event]]:
    """Events up to each checkpoint together, so that what was heard and the cursor commit as one.

    Without a checkpoint for long, what was heard is kept all the same: hearing it again is harmless.
    """
    batch: list[base.Event] = []
    began = time.monotonic()
    for event in events:
        batch.append(event)
        if isinstance(event, base.Checkpoint) or len(batch) >= BATCH or time.monotonic() - began > HOLD:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch


def _in_trouble(
    connection: Connection,
    sentence: str,
    *,
    state: str = Connection.State.ON,
    try_again_at: datetime | None = None,
) -> None:
    row = Connection.objects.filter(pk=connection.pk, state=Connection.State.ON)
    row.filter(trouble_since=None).update(trouble_since=timezone.now())
    row.update(trouble=sentence, state=state, try_again_at=try_again_at)


def _next_try(connection: Connection) -> datetime:
    """Wait longer the longer it lasts: half the time of the trouble so far, within bounds."""
    now = timezone.now()
    fresh = Connection.objects.filter(pk=connection.pk).values_list("trouble_since", flat=True).first()
    lasted = (now - fresh) / 2 if fresh else FIRST_PAUSE
    return now + min(max(lasted, FIRST_PAUSE), LONGEST_PAUSE)
