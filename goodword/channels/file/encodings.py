"""In which encoding is a file written? UTF-8 as a rule; what spreadsheets write is found out, and told."""

from __future__ import annotations

import codecs
from pathlib import Path

from goodword.channels.file.sentences import NoTable

CHUNK = 1024 * 1024
HEAD = 8192

UTF16 = "The file is written in UTF-16, and was read as such."
WINDOWS = "The file is not written in UTF-8. It was read as Windows-1252 (Latin-1)."
DAMAGED = "Some characters of the file are damaged. Each of them is shown as �."

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx, ods and other zip files; old xls
# Text has a stray control character now and then; pictures and programs are full of them.
MOST_CONTROLS = 0.1
UTF16_NULS = 0.3  # Latin text in UTF-16 has a zero byte beside nearly every letter


def encoding_of(path: Path) -> tuple[str, tuple[str, ...]]:
    """The encoding, and what the reader should be told of it. NoTable when it is no text at all."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(SPREADSHEETS):
        raise NoTable("The file %(file)s is a spreadsheet or an archive: save it as CSV.", file=path.name)
    marked = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), "")
    wide = marked if marked.startswith(("utf-16", "utf-32")) else _unmarked_utf16(head)
    if wide:
        return wide, (UTF16,)
    if _controls(head) > MOST_CONTROLS:
        raise NoTable("The file %(file)s holds no text: JSON lines or CSV is wanted.", file=path.name)
    if _is_utf8(path):
        return marked or "utf-8", ()
    if _mostly_utf8(path):
        return marked or "utf-8", (DAMAGED,)
    return "windows-1252", (WINDOWS,)


def _unmarked_utf16(head: bytes) -> str:
    half = len(head) // 2
    if half and head[1::2].count(0) > UTF16_NULS * half and head[::2].count(0) == 0:
        return "utf-16-le"
    if half and head[::2].count(0) > UTF16_NULS * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


def _controls(head: bytes) -> float:
    return sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) / max(len(head), 1)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(path: Path) -> bool:
    """One broken line in a file that is UTF-8 otherwise must not garble all the others."""
    good = bad = 0
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as text:
        while chunk := text.read(CHUNK):
            strange = [c for c in chunk if c > "\x7f"]
            broken = sum("\udc80" <= c <= "\udcff" for c in strange)
            bad, good = bad + broken, good + len(strange) - broken
    return good > bad
