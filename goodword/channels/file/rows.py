"""What rows does a file hold? JSON lines, a JSON array or CSV: found out by looking inside.

Rows are read one after the other, so that a file may be larger than the memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from goodword.channels.file.columns import Columns
from goodword.channels.file.encodings import encoding_of
from goodword.channels.file.sentences import BadRow, NoTable

Row = dict[str, Any]
Form = Literal["csv", "lines", "array"]

# A cell of more than this is a quote that was never closed: refuse it, or it swallows the file.
LONGEST_CELL = 4_000_000
# Characters of one row; a "line" without end must not fill the memory.
LONGEST_ROW = 16_000_000
DELIMITERS = (",", ";", "\t", "|")
HEAD = 64 * 1024  # characters that are looked at to find the form and the delimiter

csv.field_size_limit(LONGEST_CELL)  # the default of 131,072 refuses posts that people really write


@dataclass(frozen=True)
class Table:
    """A file of rows, and how it has to be read. `notes` are sentences for whoever imports it."""

    path: Path
    form: Form
    encoding: str
    delimiter: str = ""
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row | BadRow]:
        """Each data row, in order: as a mapping, or as the reason why it is none."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as text:
            match self.form:
                case "csv":
                    yield from _csv_rows(text, self.delimiter)
                case "lines":
                    yield from _json_lines(text)
                case "array":
                    yield from _json_array(text)


def table_in(path: Path) -> Table:
    """The table that the file holds. NoTable says in one sentence why it holds none."""
    if path.is_dir():
        raise NoTable("%(file)s is a folder, not a file.", file=path.name)
    if not path.is_file():
        raise NoTable("There is no file %(file)s.", file=path.name)
    try:
        encoding, notes = encoding_of(path)
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            head = text.read(HEAD)
    except OSError as trouble:
        raise NoTable(
            "The file %(file)s cannot be read: %(why)s.", file=path.name, why=trouble.strerror or ""
        ) from trouble
    if not head.strip():
        raise NoTable("The file %(file)s is empty.", file=path.name)
    form = _form_of(head)
    return Table(path, form, encoding, _delimiter_of(head) if form == "csv" else "", notes)


def _form_of(head: str) -> Form:
    begin = "".join(head.split(maxsplit=2)[:2])[:2]
    lines = [line for line in head.splitlines() if line.strip()]
    # The first row may be a broken one: a later whole object shows what the others are.
    if begin.startswith("{") or ((_is_json(lines[0]) or begin[0] != "[") and any(map(_is_object, lines[1:]))):
        return "lines"
    return "array" if begin in ("[{", "[]") else "csv"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _is_object(line: str) -> bool:
    return line.lstrip().startswith("{") and _is_json(line)


# --- CSV -------------------------------------------------------------------------------------------


def _csv_rows(text: TextIO, delimiter: str) -> Iterator[Row | BadRow]:
    cells = csv.reader(_lines(text), delimiter=delimiter)
    header = _header(cells)
    # The first of two columns of one name holds: what stands further right is an addition.
    columns = {name: header.index(name) for name in header if name}
    while True:
        try:
            row = next(cells)
        except StopIteration:
            return
        except csv.Error:
            yield BadRow("A cell of this row is longer than any post: a quote may never be closed.")
            continue
        if not any(row):
            continue  # an empty line
        if any(row[len(header) :]):
            yield BadRow("This row has more cells than the file has columns.")
        else:
            yield {name: row[place] for name, place in columns.items() if place < len(row)}


def _header(cells: Iterator[list[str]]) -> list[str]:
    try:
        header = next((row for row in cells if any(row)), [])
        if header and header[0].casefold().startswith("sep="):  # Excel's own first line
            header = next((row for row in cells if any(row)), [])
    except csv.Error as trouble:
        raise NoTable("The first row of this file does not name columns.") from trouble
    return [name.strip().lstrip("\ufeff") for name in header]


def _delimiter_of(head: str) -> str:
    """The one under which most column names are recognised; among equals, most columns."""
    columns = Columns()

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            header = _header(csv.reader(iter(head.splitlines(keepends=True)), delimiter=delimiter))
        except NoTable:
            return 0, 0
        return len(columns.places(tuple(header))), len(header)

    return max(DELIMITERS, key=worth)


# --- JSON ------------------------------------------------------------------------------------------


def _json_lines(text: TextIO) -> Iterator[Row | BadRow]:
    for line in _lines(text):
        if not line.strip():
            continue
        if len(line) >= LONGEST_ROW:
            yield BadRow("This row is too long.")
            continue
        try:
            yield _object(json.loads(line))
        except (ValueError, RecursionError):
            yield BadRow("This row is not valid JSON.")


def _json_array(text: TextIO) -> Iterator[Row | BadRow]:
    read_value = json.JSONDecoder().raw_decode
    text.read(len(_blank(text)) + 1)  # up to and with the opening bracket
    waiting, want = "", HEAD
    while True:
        more = text.read(want)
        waiting = (waiting + more).lstrip(" \t\r\n,")
        if waiting.startswith("]"):
            return
        while waiting:
            try:
                value, end = read_value(waiting)
            except (ValueError, RecursionError):
                break
            if end == len(waiting) and more:
                break  # a number or word may go on in what was not read yet
            yield _object(value)
            waiting, want = waiting[end:].lstrip(" \t\r\n,"), HEAD
            if waiting.startswith("]"):
                return
        if not more or len(waiting) > LONGEST_ROW:
            yield BadRow("This row is not valid JSON, and the rows after it cannot be found.")
            return
        want *= 2  # a long row is tried again a few times only


def _blank(text: TextIO) -> str:
    """What stands before the array; the text is left at its beginning."""
    head = text.read(HEAD)
    text.seek(0)
    return head[: len(head) - len(head.lstrip())]


def _object(value: Any) -> Row | BadRow:
    if not isinstance(value, dict):
        return BadRow("This row is not a JSON object.")
    if not any(isinstance(item, dict) for item in value.values()):
        return value
    flat: Row = {}
    for name, item in value.items():
        if isinstance(item, dict):  # {"author": {"name": ...}} has a column author.name
            flat |= {f"{name}.{inner}": one for inner, one in item.items()}
        else:
            flat[name] = item
    return flat


def _lines(text: TextIO) -> Iterator[str]:
    """Each line, cut where it is longer than any row may be."""
    while line := text.readline(LONGEST_ROW):
        yield line
        while len(line) == LONGEST_ROW and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_ROW)
