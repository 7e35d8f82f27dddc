"""What does the environment say? What cannot be used is told in a sentence, before anything starts."""

from __future__ import annotations

import math
import os
from pathlib import Path
from urllib.parse import urlsplit


class CannotStart(ValueError):
    """Something outside of us is not as it must be; the text says what to write instead."""


def folder(path: Path) -> Path:
    """The folder, made where it is missing, for its owner alone."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotStart(
            f"The folder {path} cannot be made: {error.strerror}. See GOODWORD_HOME."
        ) from error
    return path


def address(name: str, default: str) -> str:
    """The web address in this variable, without a slash at its end."""
    given = os.environ.get(name) or default
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise CannotStart(f"{name} is {given!r}. Write what people type, such as https://goodword.example.")
    return given.rstrip("/")


def seconds(name: str, default: float) -> float:
    given = os.environ.get(name) or str(default)
    try:
        found = float(given)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found >= 0):
        raise CannotStart(f"{name} is {given!r}. Write a number of seconds, such as {default:g}.")
    return found
