"""How does a teammate see a picture of a post without their browser ever visiting where it lies?

We fetch it once, write it anew in the size of the screen, and keep it for some weeks. Only addresses
that we rendered ourselves can be asked for, since they are signed: this is no proxy for anybody else.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from goodword.listening.pictures import NotAPicture, shrunk
from goodword.net.client import fetch
from goodword.net.trouble import PASSING, NotFetched, Why

SIDES = {"avatar": 96, "picture": 1200}  # pixels of the longest edge, as the screens show them

MAX_BYTES = 10_000_000  # of the original
DEADLINE = 6.0  # seconds; somebody is looking at the gap on their screen
AT_ONCE = BoundedSemaphore(
    4
)  # in one process: slow places must not take every thread, nor large pictures all memory

MINUTE, HOUR, DAY = 60, 3600, 86_400
AGAIN_AFTER_SILENCE = 10 * MINUTE
AGAIN_AFTER_REFUSAL = DAY
# A page that is still open may ask once more for what is gone; by tomorrow it has been loaded anew.
NOT_AGAIN_ONCE_GONE = DAY
KEPT = 30 * DAY  # then it is fetched anew, if it is still shown and still there
CACHE_SIZE = 2_000_000_000  # bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """A picture that we rendered the address of. `kind` is avatar or picture.

    `of` is the profile or the post that it belongs to: who may not see these, may not see it either.
    """

    brand_id: int
    kind: str
    url: str
    of: int = 0


class Missing(Exception):
    """There is no such picture, or not now."""


# --- its address -----------------------------------------------------------------------------------


@lru_cache(maxsize=5_000)  # signing fifty faces costs 10 ms, at each look at the inbox
def address_of(brand_id: int, url: str, kind: str = "picture", of: int = 0) -> str:
    """Where a teammate's browser finds the picture at `url`, or "" when it is no web address.

    The same picture has the same address every time, so that browsers keep it.
    """
    if kind not in SIDES:
        raise ValueError(f"{kind!r} is no kind of picture: {', '.join(SIDES)}")
    if not url.startswith(("https://", "http://")):
        return ""
    return reverse("media", args=[_signer().sign_object([brand_id, kind, url, of], compress=True)])


def wanted(token: str) -> Wanted:
    """What the token of an address stands for. Raises Missing unless we signed it."""
    try:
        return Wanted(*_signer().unsign_object(token))
    except (BadSignature, ValueError, TypeError) as error:
        raise Missing from error


def _signer() -> Signer:
    return Signer(salt="goodword.listening.media")


# --- its bytes -------------------------------------------------------------------------------------


def bytes_of(picture: Wanted) -> bytes:
    """The picture as WebP, from the cache or else from where it lies. Raises Missing."""
    kept = _kept_file(picture.kind, picture.url)
    with suppress(FileNotFoundError):
        return kept.read_bytes()
    if _is_barred(kept):
        raise Missing
    with _one_of_few():
        try:
            data = shrunk(_original(picture.url), SIDES[picture.kind])
        except NotFetched as error:
            _bar(kept, AGAIN_AFTER_SILENCE if error.why in PASSING else AGAIN_AFTER_REFUSAL)
            raise Missing(str(error)) from error
        except NotAPicture as error:
            _bar(kept, AGAIN_AFTER_REFUSAL)
            raise Missing(str(error)) from error
    _keep(kept, data)
    if _is_barred(kept):  # it was forgotten while we fetched it
        kept.unlink(missing_ok=True)
        raise Missing
    return data


def _original(url: str) -> bytes:
    answer = fetch(
        url,
        max_bytes=MAX_BYTES,
        deadline=DEADLINE,
        accept="image/avif,image/webp,image/png,image/jpeg,image/gif",
        allowed_private=settings.PRIVATE_HOSTS,
    )
    if answer.status >= 500 or answer.status == 429:
        raise NotFetched(Why.UNREACHABLE)
    if answer.status != 200:
        raise NotFetched(Why.UNREADABLE)
    return answer.body


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Wait for a turn; whoever waits too long goes without, and may ask again."""
    if not AT_ONCE.acquire(timeout=DEADLINE):
        raise Missing
    try:
        yield
    finally:
        AT_ONCE.release()


# --- the cache -------------------------------------------------------------------------------------
# <hash>.webp is a picture; <hash>.barred says by its time of change until when not to fetch it.


def forget(urls: Iterable[str]) -> None:
    """Delete the pictures at these addresses, in every size: they are gone at their source."""
    for url in urls:
        for kind in SIDES:
            kept = _kept_file(kind, url)
            _bar(kept, NOT_AGAIN_ONCE_GONE)
            kept.unlink(missing_ok=True)


def trim_cache(max_bytes: int = CACHE_SIZE) -> int:
    """Delete what is too old, then the oldest, until `max_bytes` are left. Returns how many files went."""
    now = time.time()
    left, gone = 0, 0
    for changed_at, size, file in sorted(_files(), reverse=True):
        left += size
        if left > max_bytes or changed_at < now - _lasts(file):
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _files() -> Iterator[tuple[float, int, Path]]:
    for file in settings.MEDIA_CACHE.glob("*/*"):
        with suppress(FileNotFoundError):  # another process trims, too
            found = file.stat()
            yield found.st_mtime, found.st_size, file


def _lasts(file: Path) -> float:
    """Seconds that a file is kept after its time: a bar not at all, the draft of a killed process an hour."""
    return {".webp": KEPT, ".barred": 0}.get(file.suffix, HOUR)


def _kept_file(kind: str, url: str) -> Path:
    """A name of our own making: nothing of the address becomes part of a path."""
    name = hashlib.sha256(f"{kind}\n{url}".encode("utf-8", "replace")).hexdigest()
    return Path(settings.MEDIA_CACHE) / name[:2] / f"{name[2:]}.webp"


def _keep(file: Path, data: bytes) -> None:
    """Whole or not at all: it is written beside its place and moved there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=file.parent, suffix=".draft")
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(draft).replace(file)
    except OSError:  # a full disk: the picture is shown all the same
        log.warning("A picture could not be kept in %s", file.parent, exc_info=True)


def _bar(kept: Path, seconds: float) -> None:
    bar = kept.with_suffix(".barred")
    try:
        bar.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        bar.touch(mode=0o600)
        os.utime(bar, (time.time(), time.time() + seconds))
    except OSError:
        log.warning("It could not be noted in %s that a picture is missing", bar.parent, exc_info=True)


def _is_barred(kept: Path) -> bool:
    try:
        return kept.with_suffix(".barred").stat().st_mtime > time.time()
    except FileNotFoundError:
        return False
