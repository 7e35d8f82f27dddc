"""Where does a file wait while somebody looks at it, and how far has its import come?

In a folder of its own under GOODWORD_HOME/uploads: no table holds what has not been imported yet, and
nothing stays of it afterwards but the result, for a day.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from goodword.sentence import packed, unpacked
from goodword.team.models import Brand

KEPT = timedelta(days=1)  # then an upload that nobody imported, or its result, is swept away
SILENT = 60.0  # seconds without a batch: the process that imported it is gone
LONGEST_NAME = 60  # characters: at four bytes each, what a file system allows

TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Progress:
    """How far an import has come; written after each batch."""

    state: str = "waiting"  # waiting | running | done | stopped
    read: int = 0
    said: list[str] = field(default_factory=list)  # the result, in sentences
    refused: list[dict[str, Any]] = field(default_factory=list)  # the first of them
    refused_count: int = 0
    at: float = 0.0
    made: int = 0  # the brand that came of it


@dataclass(frozen=True)
class Upload:
    token: str

    @property
    def folder(self) -> Path:
        return _uploads() / self.token

    @property
    def file(self) -> Path:
        """What was uploaded, under its own name."""
        return next(iter((self.folder / "file").iterdir()), self.folder / "file" / "gone")

    @property
    def place(self) -> Path:
        """Where a file of its name goes."""
        return self.folder / "file" / _safe(self.name)

    @property
    def name(self) -> str:
        return str(self._about()["name"])

    def belongs_to(self, brand: Brand) -> bool:
        return bool(self._about().get("brand") == brand.pk)

    def progress(self) -> Progress:
        """As last written; an import that has fallen silent was interrupted."""
        try:
            progress = _as_told(json.loads((self.folder / "progress.json").read_text()))
        except FileNotFoundError:
            return Progress()
        if progress.state == "running" and time.time() - progress.at > SILENT:
            return Progress("stopped", progress.read)
        return progress

    def note(self, progress: Progress) -> None:
        """Write whole or not at all: the page may read at the same moment."""
        draft = self.folder / f"progress.{secrets.token_hex(4)}"
        draft.write_text(json.dumps({**_as_written(progress), "at": time.time()}))
        draft.replace(self.folder / "progress.json")

    def forget_file(self) -> None:
        shutil.rmtree(self.folder / "file", ignore_errors=True)

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = json.loads((self.folder / "about.json").read_text())
        return about


def keep(brand: Brand, uploaded: UploadedFile[Any]) -> Upload:
    """Put the uploaded file aside for this brand; a large one lies on the disk already, and is moved."""
    upload = room(brand, uploaded.name or "")
    place = upload.place
    if isinstance(uploaded, TemporaryUploadedFile):
        shutil.move(uploaded.temporary_file_path(), place)
    else:
        with place.open("wb") as file:
            file.writelines(uploaded.chunks())
    return upload


def room(brand: Brand, name: str) -> Upload:
    """A folder of its own for a file of this name, which belongs to the brand."""
    _sweep()
    upload = Upload(secrets.token_hex(16))
    (upload.folder / "file").mkdir(parents=True, mode=0o700)
    (upload.folder / "about.json").write_text(json.dumps({"brand": brand.pk, "name": name}))
    return upload


def find(token: str, brand: Brand) -> Upload | None:
    """The brand's upload of that token."""
    upload = Upload(token)
    if not TOKEN.fullmatch(token) or not (upload.folder / "about.json").exists():
        return None
    return upload if upload.belongs_to(brand) else None


def _as_written(progress: Progress) -> dict[str, Any]:
    refused = [{**one, "reason": packed(one["reason"])} for one in progress.refused]
    return {**asdict(progress), "said": [packed(sentence) for sentence in progress.said], "refused": refused}


def _as_told(written: dict[str, Any]) -> Progress:
    refused = [{**one, "reason": unpacked(one["reason"])} for one in written["refused"]]
    return Progress(
        **{**written, "said": [unpacked(sentence) for sentence in written["said"]], "refused": refused}
    )


def _uploads() -> Path:
    return Path(settings.UPLOADS)


def _sweep() -> None:
    for folder in _uploads().glob("*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)[-LONGEST_NAME:].lstrip(".") or "file"
