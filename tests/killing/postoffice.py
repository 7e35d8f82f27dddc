"""A place that survives while we are killed: what it accepts is a line in a file.

It takes its time before and after it accepts, as a network does, so that a kill may fall anywhere: before
our words arrived, after they arrived and before we know it, and after.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goodword.channels import base
from goodword.channels.base import Draft, Sent
from tests.fakechannel import Place

SLOW = 0.004  # seconds, at most, before and after it accepts
TROUBLES = 0.25  # of all requests end badly


@dataclass
class PostOffice(Place):
    """`is_idempotent`: a second try with the same key is not posted again."""

    file: Path = Path()
    has_troubles: bool = False
    chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.file.touch()
        self.answers = Accepted(self.file)  # type: ignore[assignment]

    def receives(self, draft: Draft) -> Sent:
        self.chance.seed(os.urandom(8))  # a forked child would repeat what its parent throws
        time.sleep(self.chance.uniform(0, SLOW))
        self._is_down_before()
        if not (self.is_idempotent and draft.key in self.answers):
            _add_a_line(self.file, draft.key)
        time.sleep(self.chance.uniform(0, SLOW))
        self._fails_after()
        return _sent(draft.key)

    def arrived(self) -> Counter[str]:
        """How often each key was posted."""
        return Counter(self.file.read_text().split())

    def _is_down_before(self) -> None:
        if self.has_troubles and self.chance.random() < TROUBLES / 2:
            raise base.Unreachable("The post office is closed.")

    def _fails_after(self) -> None:
        if self.has_troubles and self.chance.random() < TROUBLES / 2:
            raise self.chance.choice(
                [base.Unclear("It fell silent."), RuntimeError("500 Internal Server Error")]
            )


class Accepted(Mapping[str, Sent]):
    """What arrived, as its file says now."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __getitem__(self, key: str) -> Sent:
        if key in self._file.read_text().split():
            return _sent(key)
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(set(self._file.read_text().split()))

    def __len__(self) -> int:
        return len(set(self))


def _sent(key: str) -> Sent:
    reference: dict[str, Any] = {"post": f"answer/{key}"}
    return Sent(f"answer/{key}", f"https://fake.example/answer/{key}", reference)


def _add_a_line(file: Path, key: str) -> None:
    """One write: it is there whole, or not at all, and two at once do not mix."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND)
    os.write(handle, f"{key}\n".encode())
    os.close(handle)
