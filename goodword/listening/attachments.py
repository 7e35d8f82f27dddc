"""Where are the files that came with posts, and when do they go?

Each lies once under the digest of its bytes, however often it was sent, and is deleted with the last post
that brought it. Its name and its kind are told by strangers: they never become part of a path.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from goodword.channels import base
from goodword.channels.base import clean_text
from goodword.listening.models import Attachment, Post

MOST_BYTES = 25_000_000  # of one file: what mail servers let through as a rule
MOST_FILES = 50  # with one post
UNNAMED = "file"


def keep(post: Post, brought: Iterable[base.Attachment]) -> list[Attachment]:
    """Keep what a post brought. Call it in the transaction that keeps the post."""
    rows = [_row(post, one) for one in list(brought)[:MOST_FILES]]
    return Attachment.objects.bulk_create(rows)


def bytes_of(attachment: Attachment) -> bytes:
    """The file. FileNotFoundError if it is not kept."""
    if not attachment.digest:
        raise FileNotFoundError(attachment.name)
    return _file(attachment.digest).read_bytes()


def forget(posts: Iterable[Post]) -> None:
    """What these posts brought goes with them; a file that another post brought too stays for it."""
    rows = Attachment.objects.filter(post__in=list(posts))
    digests = set(rows.exclude(digest="").values_list("digest", flat=True))
    rows.delete()
    for digest in digests:
        transaction.on_commit(partial(_delete_unless_needed, digest))


def safe_name(name: str) -> str:
    """A name for a file as a download: one line, no path, nothing that turns letters around."""
    plain = "".join(c for c in clean_text(name) if unicodedata.category(c)[0] != "C")
    plain = plain.replace("\\", "/").rpartition("/")[2].strip(" .")
    if len(plain) > 150:
        stem, dot, ending = plain.rpartition(".")
        plain = f"{stem[:130]}{dot}{ending[:18]}" if dot and stem else plain[:150]
    return plain or UNNAMED


# --- one file ----------------------------------------------------------------------------------------


def _row(post: Post, brought: base.Attachment) -> Attachment:
    size, digest = brought.left_out or len(brought.data), ""
    if brought.data and len(brought.data) <= MOST_BYTES:
        digest = hashlib.sha256(brought.data).hexdigest()
        _write(digest, brought.data)
        # Its last other bringer may be forgotten before we commit: then the file is gone, and comes back.
        transaction.on_commit(partial(_write_again, digest, brought.data))
    return Attachment(
        post=post,
        name=safe_name(brought.name),
        mime=clean_text(brought.mime, 100).lower(),
        size=min(size, 2**31 - 1),
        digest=digest,
    )


def _write(digest: str, data: bytes) -> None:
    """Whole or not at all: written beside its place, and moved there."""
    file = _file(digest)
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=file.parent, suffix=".draft")
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    Path(draft).replace(file)


def _write_again(digest: str, data: bytes) -> None:
    with _alone():
        _write(digest, data)


def _delete_unless_needed(digest: str) -> None:
    with _alone():
        if not Attachment.objects.filter(digest=digest).exists():
            _file(digest).unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Between the question whether a file is needed and its end, no other process may need it again."""
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _file(digest: str) -> Path:
    return Path(settings.ATTACHMENTS) / digest[:2] / digest[2:]
