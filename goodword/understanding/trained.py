"""Where do the trained files lie, and are they there?

They are apart from the code (models/README.md says how they were made). Without them the rules answer.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

FOLDER = "GOODWORD_MODELS"  # names another folder than the one beside the code
CHECKSUMS = "SHA256SUMS"
FIRST_STAGE = ("heads/fragments.txt", "heads/first.npz", "heads/scales.json")
FULL_STAGE = (*FIRST_STAGE, "heads/full.npz", "encoder.onnx", "tokenizer.json")


@cache
def folder() -> Path:
    given = os.environ.get(FOLDER)
    return Path(given) if given else Path(__file__).resolve().parents[2] / "models"


@cache
def has(files: tuple[str, ...]) -> bool:
    """Are they all there, as they were made? What is damaged must not answer."""
    return all((folder() / name).is_file() for name in files) and not set(files) & set(damaged())


def damaged() -> list[str]:
    """The files that are not what their list says, or the list; reads all of them, which takes a moment."""
    listed = folder() / CHECKSUMS
    if not listed.is_file():
        return [CHECKSUMS, *FULL_STAGE]
    rows = (line.split(maxsplit=1) for line in listed.read_text("utf-8").splitlines() if line.strip())
    digests = {name: digest for digest, name in rows}
    return [name for name in FULL_STAGE if not _is(folder() / name, digests.get(name, ""))]


@cache
def version() -> str:
    """Ten letters that change whenever a trained file does."""
    found = hashlib.sha256()
    for name in FULL_STAGE:
        path = folder() / name
        if path.is_file():
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:10]


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest
