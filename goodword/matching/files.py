"""How is a whole file of posts matched, one row at a time, so that bad rows are named and cost no other?"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .matcher import Matcher

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # spreadsheets put one in front


class BadRow(ValueError):
    """This row cannot be used; `str(bad)` is a sentence that says why."""


@dataclass(frozen=True)
class Report:
    """How many posts were read, met a query, were refused."""

    read: int
    matched: int
    refused: int


def rows(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The rows that are not empty, with their number as editors count."""
    for number, line in enumerate(lines, start=1):
        row = (line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line).strip(b"\r\n")
        if row.strip():
            yield number, row


def query_row(row: bytes) -> tuple[str, str]:
    """Id and query of a row `id<TAB>query`. Raises BadRow."""
    query_id, tab, query = _decoded(row).partition("\t")
    if not tab:
        raise BadRow("This row has no tab between its id and its query.")
    if not query_id.strip():
        raise BadRow("This row has no id before its tab.")
    return query_id.strip(), query


def match_file(
    matcher: Matcher[str], posts: Path, matches: Path, refuse: Callable[[int, str], None]
) -> Report:
    """Write a line for each post of a JSONL file that meets a query.

    `refuse` is told the number of each bad row and a sentence why. OSError where a file cannot be used.
    """
    read = matched = refused = 0
    with posts.open("rb") as lines, matches.open("w", encoding="ascii", newline="\n") as out:
        for number, row in rows(lines):
            read += 1
            try:
                post_id, text = _post(row)
            except BadRow as bad:
                refused += 1
                refuse(number, str(bad))
                continue
            spans = matcher.match(text)
            if spans:
                matched += 1
                # ASCII escapes carry anything an id may hold, lone surrogates too.
                out.write(json.dumps({"id": post_id, "queries": list(spans), "spans": spans}) + "\n")
    return Report(read, matched, refused)


def _post(row: bytes) -> tuple[str | int, str]:
    post = _json_object(row)
    post_id, text = post.get("id"), post.get("text")
    if not isinstance(post_id, str | int) or isinstance(post_id, bool):
        raise BadRow("This row has no id, which is a text or a whole number.")
    if not isinstance(text, str):
        raise BadRow("This row has no text.")
    return post_id, text


def _json_object(row: bytes) -> dict[str, Any]:
    text = _decoded(row)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRow("This row is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BadRow("This row is not a JSON object.")
    return value


def _decoded(row: bytes) -> str:
    try:
        return row.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRow("This row is not written in UTF-8.") from None
