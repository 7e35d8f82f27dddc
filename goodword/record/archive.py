"""One file that holds many, in which no bit can turn without being noticed: how is it written and read?

It is a tar, compressed by zstd, so that any machine can open it without us (`tar --zstd -xf FILE`). The
last member lists every other with its SHA-256; behind it, in a frame that zstd passes over, stands the
SHA-256 of all bytes before: that one also covers the few bits which neither tar nor zstd looks at.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

import zstandard

LEVEL = 3  # of 1 to 22: above it a backup takes twice as long to become a tenth smaller
BLOCK = 1 << 20  # bytes held at once
LIST = "manifest.json"  # the last member
LONGEST_LIST = 256 << 20  # bytes: what a list of a million files takes
WIDEST_WINDOW = 1 << 27  # bytes that a reader keeps to look back into: no file may ask for more

SEAL = struct.Struct("<II32s")  # a skippable frame of zstd: its mark, the length of what follows, the hash
SEAL_MARK = 0x184D2A57


class Damaged(Exception):
    """This file is not whole, or is none of ours; the text says in which way."""


# --- writing -----------------------------------------------------------------------------------------


class Writer:
    """Puts members into `file`, one after the other, and seals it."""

    def __init__(self, file: BinaryIO) -> None:
        self._hashing = _Hashing(file)
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        self._packed = compressor.stream_writer(cast(Any, self._hashing), closefd=False)
        self._tar = tarfile.TarFile.open(  # closed by finish()
            fileobj=cast(Any, self._packed), mode="w|", bufsize=BLOCK
        )
        self._members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, data: bytes) -> None:
        self._tar.addfile(_entry(name, len(data)), io.BytesIO(data))
        self._members[name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def add_file(self, name: str, file: BinaryIO, size: int) -> None:
        """The first `size` bytes of `file`. OSError when it has fewer."""
        hashing = _Hashing(file)
        self._tar.addfile(_entry(name, size), cast(Any, hashing))
        self._members[name] = {"size": size, "sha256": hashing.hexdigest()}

    def finish(self, about: dict[str, Any]) -> None:
        """Write the list of all members, with `about`, and the seal."""
        listed = json.dumps({**about, "members": self._members}).encode()
        self._tar.addfile(_entry(LIST, len(listed)), io.BytesIO(listed))
        self._tar.close()
        self._packed.close()  # type: ignore[no-untyped-call]
        self._hashing.file.write(SEAL.pack(SEAL_MARK, 32, self._hashing.digest()))


class _Hashing:
    """Passes bytes on, either way, and keeps their hash."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._hash = hashlib.sha256()

    def write(self, data: Any) -> int:
        self._hash.update(data)
        return self.file.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> bytes:
        return self._hash.digest()

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


# --- reading -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    name: str
    size: int
    file: IO[bytes]

    def read(self) -> bytes:
        return self.file.read()


@contextmanager
def members(path: Path) -> Iterator[Iterator[Member]]:
    """The members in their order; each can be read only before the next is asked for. Raises Damaged."""
    with path.open("rb") as file, _saying_damaged():
        unpacked = zstandard.ZstdDecompressor(max_window_size=WIDEST_WINDOW).stream_reader(file)
        with tarfile.open(fileobj=cast(Any, unpacked), mode="r|", bufsize=BLOCK) as tar:
            yield _members(tar)


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    for entry in tar:
        opened = tar.extractfile(entry) if entry.isreg() else None
        if opened is None or not _is_harmless(entry.name):
            raise Damaged("it holds something that no backup holds")
        yield Member(entry.name, entry.size, opened)


def _is_harmless(name: str) -> bool:
    """It leads nowhere but down."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name


@contextmanager
def _saying_damaged() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zstandard.ZstdError, EOFError, UnicodeError, struct.error) as error:
        raise Damaged(str(error) or type(error).__name__) from error


def verified(path: Path, look: Callable[[Member, bytes], None] = lambda member, data: None) -> dict[str, Any]:
    """The list of the file, once every byte of it has been read again and found as it was written.

    `look` is shown each member that is small enough to be held (`LONGEST_LOOK`). Raises Damaged.
    """
    _check_seal(path)
    found: dict[str, dict[str, Any]] = {}
    listed: dict[str, Any] | None = None
    with members(path) as all_of_them:
        for member in all_of_them:
            if listed is not None:
                raise Damaged("there is more behind its end")
            if member.name == LIST:
                listed = _list_of(member)
            else:
                found[member.name] = _told(member, look)
    if listed is None or listed.get("members") != found:
        raise Damaged("its members are not those of its list")
    return listed


LONGEST_LOOK = 64 << 20  # bytes: a portion of rows is far smaller


def _told(member: Member, look: Callable[[Member, bytes], None]) -> dict[str, Any]:
    if member.size <= LONGEST_LOOK:
        data = member.read()
        look(member, data)
        return {"size": member.size, "sha256": hashlib.sha256(data).hexdigest()}
    hashing = hashlib.sha256()
    while block := member.file.read(BLOCK):
        hashing.update(block)
    return {"size": member.size, "sha256": hashing.hexdigest()}


def _list_of(member: Member) -> dict[str, Any]:
    if member.size > LONGEST_LIST:
        raise Damaged("its list is longer than any")
    try:
        listed = json.loads(member.read())
    except ValueError as error:
        raise Damaged("its list cannot be read") from error
    if not isinstance(listed, dict):
        raise Damaged("its list is none")
    return listed


def _check_seal(path: Path) -> None:
    size = path.stat().st_size - SEAL.size
    if size <= 0:
        raise Damaged("it is too short to be one")
    hashing = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(BLOCK, size))):
            hashing.update(block)
            size -= len(block)
        mark, length, kept = SEAL.unpack(file.read(SEAL.size))
    if mark != SEAL_MARK or length != 32:
        raise Damaged("its end is missing")
    if kept != hashing.digest():
        raise Damaged("its bytes are not those that were written")
