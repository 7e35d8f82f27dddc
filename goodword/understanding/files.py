"""How is a whole file of posts understood, so that a killed run resumes and bad rows are named?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from goodword.sentence import Sentence
from goodword.understanding.analysis import Analysis, Said, Sentiment, Stage, analyse_many

# Of posts of about the same length the second stage reads many at once; this many are sorted for it, and
# lost and done again after a kill.
TOGETHER = 256

# Six digits are more than any model knows, and keep the files comparable by eye.
DIGITS = 6


class BadRow(ValueError):
    """This row is no post; the sentence says why."""


class _Row(NamedTuple):
    number: int  # counted from 1, as editors do
    line: bytes
    end: int  # bytes of the file up to here


@dataclass(frozen=True)
class Refused:
    row: int  # counted from 1, as editors do
    reason: str


@dataclass(frozen=True)
class Report:
    read: int
    new: int
    known: int  # already in the output: from an earlier run, or the same id again
    refused: tuple[Refused, ...]


def understand_file(
    posts: Path,
    analyses: Path,
    stage: Stage = "first",
    *,
    progress: Callable[[int], None] = lambda bytes_done: None,
) -> Report:
    """Append the analysis of each post in `posts` that `analyses` does not hold yet.

    Every line is written whole and at once; a line that an earlier run left unfinished is removed and
    done again. `progress` is told how many bytes of `posts` are done. OSError where a file cannot be
    read or written.
    """
    with posts.open("rb") as lines, analyses.open("a+b") as out:
        known = _ids_already_in(out)
        read = new = 0
        refused: list[Refused] = []
        for batch in _batches(_rows(lines)):
            read += len(batch)
            fresh = list(_fresh(batch, known, refused))
            for row, analysis in zip(fresh, _analyses(fresh, stage), strict=True):
                out.write(_line(row["id"], analysis))
            out.flush()
            new += len(fresh)
            progress(batch[-1].end)
    return Report(read, new, read - new - len(refused), tuple(refused))


def as_json(post_id: str | int, analysis: Analysis) -> dict[str, Any]:
    """One post's analysis with the keys that scripts rely on."""
    row: dict[str, Any] = {
        "id": post_id,
        "language": analysis.language,
        "language_probability": round(analysis.language_probability, DIGITS),
        "sentiment": _rounded(analysis.sentiment),
        "label": analysis.label,
        "abstain": analysis.abstain,
        "intents": {intent: round(p, DIGITS) for intent, p in analysis.intents.items()},
        "decisions": list(analysis.decisions),
        "evidence": [evidence._asdict() for evidence in analysis.evidence],
        "needs_answer": round(analysis.needs_answer, DIGITS),
        "hostility": round(analysis.hostility, DIGITS),
        "model": analysis.model,
    }
    if analysis.brand_sentiment is not None:
        row["brand_sentiment"] = _rounded(analysis.brand_sentiment)
    return row


def _rows(lines: BinaryIO) -> Iterator[_Row]:
    end = 0
    for number, line in enumerate(lines, start=1):
        end += len(line)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield _Row(number, line, end)


def _batches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while batch := list(islice(rows, TOGETHER)):
        yield batch


def _fresh(batch: Iterable[_Row], known: set[str], refused: list[Refused]) -> Iterator[dict[str, Any]]:
    """The posts that are not in the output yet; bad rows are put with the `refused`."""
    for row in batch:
        try:
            post = _post(row.line)
        except BadRow as bad:
            refused.append(Refused(row.number, str(bad)))
            continue
        key = json.dumps(post["id"])
        if key not in known:
            known.add(key)
            yield post


def _post(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRow("This row is not written in UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadRow("This row is not valid JSON.") from None
    if not isinstance(row, dict):
        raise BadRow("This row is not a JSON object.")
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise BadRow("This row has no id, which is a text or a whole number.")
    if not isinstance(row.get("text"), str):
        raise BadRow("This row has no text.")
    for field in ("language", "brand"):
        if not isinstance(row.get(field), str | None):
            raise BadRow(Sentence("The field %(field)s of this row is not a text.", field=field))
    return row


def _analyses(rows: Sequence[dict[str, Any]], stage: Stage) -> list[Analysis]:
    return analyse_many([_said(row) for row in rows], stage)


def _said(row: dict[str, Any]) -> Said:
    brand = (row.get("brand") or "").strip()
    return Said(row["text"], row.get("language"), (brand.lstrip("@#"),) if brand else ())


def _line(post_id: str | int, analysis: Analysis) -> bytes:
    # ASCII escapes carry anything an id may hold, lone surrogates too.
    return (json.dumps(as_json(post_id, analysis)) + "\n").encode("ascii")


def _ids_already_in(out: BinaryIO) -> set[str]:
    """The ids of the whole lines; cuts off an unfinished last one."""
    out.seek(0)
    known = set()
    whole = 0
    for line in out:
        if not line.endswith(b"\n"):
            out.truncate(whole)
            break
        whole += len(line)
        try:
            known.add(json.dumps(json.loads(line)["id"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # a line that is not ours is left alone, and is nobody's analysis
    out.seek(whole)
    return known


def _rounded(sentiment: Sentiment) -> dict[str, float]:
    return {name: round(p, DIGITS) for name, p in asdict(sentiment).items()}
