"""START HERE: the path of a post, as one table of steps.

A channel hears it (`channels/`), `listening.ingest` keeps it, and then it goes down this table until
it is ranked in the inbox; a teammate answers, `conversations.outbox` sends, and the reply is a row
that `metrics` counts. Work waits on the rows themselves: each post carries its step. A worker claims
a batch with a lease, does the step, and moves it on in one transaction; a crash resumes where it stood.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from goodword.channels.base import clean_text
from goodword.conversations import outbox, snoozing, threads, triage
from goodword.listening import candidates, media, understanding
from goodword.listening.models import Post, Step
from goodword.notifying import digest, dispatching, keeping, occasions
from goodword.record import nightly
from goodword.store import alive, wiping
from goodword.store.claim import claim
from goodword.team import passwords, postbox, sign_ins, tokens

logger = logging.getLogger(__name__)

Do = Callable[[Sequence[Post], datetime], None]

NEXT: dict[Step, tuple[Do, Step]] = {
    Step.HEARD: (understanding.understand, Step.UNDERSTOOD),
    Step.UNDERSTOOD: (threads.place, Step.PLACED),
    Step.PLACED: (triage.rank, Step.DONE),
}

BATCH = 200  # posts a step takes at once: big enough to be quick, small enough to lose little
IDLE = 0.3  # seconds between two looks for work
AFTER_TROUBLE = 5.0  # seconds until a database that did not answer is asked again
MOST_TRIES = 5  # then the post rests, with its trouble shown, until a person tries again
WAIT_AFTER_TRY = timedelta(seconds=30)  # doubles with each try


class Duty(NamedTuple):
    """Something the worker does again and again."""

    do: Callable[[datetime], object]
    every: timedelta


class Beside:
    """In a thread of its own, one at a time: a push server that does not answer holds up no reply.

    It is done again as long as it says that it did something.
    """

    def __init__(self, do: Callable[[datetime], int | None]) -> None:
        self.do = do
        self.thread: threading.Thread | None = None

    def __call__(self, now: datetime) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(target=self._until_nothing_is_due, daemon=True)
            self.thread.start()

    def _until_nothing_is_due(self) -> None:
        try:
            while self.do(timezone.now()):
                pass
        except Exception:
            logger.exception("a duty failed; it is done again when its time comes")
        finally:
            connection.close()


DUTIES = [
    Duty(lambda now: alive.beat("worker"), every=alive.EVERY),
    Duty(nightly.begin_if_due, every=timedelta(minutes=5)),  # made by a process of its own
    Duty(outbox.settle_interrupted, every=timedelta(seconds=15)),
    Duty(snoozing.wake_due, every=timedelta(seconds=20)),
    # A batch a second, not all at once: what piled up takes its time, and the machine stays quick for people.
    Duty(Beside(understanding.look_again), every=timedelta(seconds=1)),
    Duty(occasions.look, every=timedelta(seconds=2)),
    Duty(occasions.look_around, every=timedelta(seconds=10)),
    Duty(Beside(dispatching.send_due), every=timedelta(seconds=2)),
    Duty(digest.write_due, every=timedelta(minutes=1)),
    Duty(passwords.answer_forgotten, every=timedelta(seconds=2)),
    Duty(Beside(postbox.deliver_due), every=timedelta(seconds=2)),
    Duty(keeping.forget_old, every=timedelta(hours=1)),
    Duty(keeping.read_settled, every=timedelta(hours=1)),
    Duty(candidates.forget_old, every=timedelta(hours=12)),
    Duty(lambda now: media.trim_cache(), every=timedelta(hours=1)),
    Duty(sign_ins.forget_old, every=timedelta(hours=6)),
    Duty(tokens.forget_old, every=timedelta(hours=6)),
    Duty(postbox.forget_old, every=timedelta(hours=6)),
    # Places want a deleted post gone from every file within a day. It takes 1.4 s with 100,000 posts.
    Duty(lambda now: wiping.wipe(), every=timedelta(hours=6)),
]


def place_anew(posts: Sequence[Post]) -> None:
    """These mean something else than was thought: do they still belong where they stand, and wait?"""
    Post.objects.filter(pk__in=[post.pk for post in posts], step=Step.DONE).update(step=Step.UNDERSTOOD)


def advance_all(now: datetime, *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Move every waiting post as far as it goes now; the number of steps made."""
    made = 0
    while moved := sum(advance(step, now) for step in NEXT):
        made += moved
        progress(made)
    return made


def advance(step: Step, now: datetime) -> int:
    """Do one step for one batch of the posts that wait for it; how many moved on."""
    waiting = (
        Post.objects.filter(step=step, tries__lt=MOST_TRIES)
        .filter(models.Q(next_try_at=None) | models.Q(next_try_at__lte=now))
        .order_by("pk")
    )
    batch = claim(waiting, now=now, limit=BATCH)
    if not batch:
        return 0
    try:
        return _do(step, batch, now)
    except Exception:
        # One of them is at fault; the others must not wait for it.
        logger.info("a batch of %d failed at %s: one by one", len(batch), step)
        return sum(_do_one(step, post, now) for post in batch)


def work(stopped: threading.Event) -> None:
    """Advance posts, send what is due and do the duties, until stopped."""
    due = {duty: timezone.now() for duty in DUTIES}
    while not stopped.is_set():
        try:
            busy = _round(due)
        except DatabaseError:
            logger.exception("the database does not answer; it is tried again in %s seconds", AFTER_TROUBLE)
            connection.close()
            stopped.wait(AFTER_TROUBLE)
            continue
        if not busy:
            stopped.wait(IDLE)


def _round(due: dict[Duty, datetime]) -> int:
    """One round of everything, not all there is: during a long import, replies must go out all the same."""
    busy = sum(advance(step, timezone.now()) for step in NEXT)
    busy += outbox.send_due(timezone.now())
    now = timezone.now()
    for duty in [duty for duty, at in due.items() if at <= now]:
        duty.do(now)
        due[duty] = now + duty.every
    return busy


def _do(step: Step, posts: Sequence[Post], now: datetime) -> int:
    do, following = NEXT[step]
    waiting = Post.objects.filter(pk__in=[post.pk for post in posts], step=step)
    with transaction.atomic():
        # Read anew, and locked: of what was edited or deleted since it was claimed, no old word is kept.
        fresh = list(waiting.select_for_update(no_key=True).order_by("pk"))
        do(fresh, now)
        # A post that goes back to HEARD from now on stays there.
        return waiting.update(step=following, leased_until=None, tries=0, next_try_at=None, trouble="")


def _do_one(step: Step, post: Post, now: datetime) -> int:
    try:
        return _do(step, [post], now)
    except Exception as error:
        logger.exception("post %s is stuck at %s", post.pk, step)
        Post.objects.filter(pk=post.pk).update(
            tries=models.F("tries") + 1,
            next_try_at=now + WAIT_AFTER_TRY * 2**post.tries,
            leased_until=None,
            trouble=clean_text(f"{type(error).__name__}: {error}", 500),
        )
        return 0
