"""How do the posts of a file come in? In batches, so that a stopped import is simply started again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.db import transaction

from goodword.channels import base
from goodword.channels.file import post_of
from goodword.channels.file.columns import Columns, Meaning, Places
from goodword.channels.file.rows import Row, Table, table_in
from goodword.channels.file.sentences import BadMapping, BadRow, NoTable
from goodword.listening.ingest import kept_id, take_in
from goodword.listening.models import Post
from goodword.listening.roots import place_in_threads
from goodword.sentence import Sentence, counted
from goodword.team.models import Brand

# What is fresher is work like any post we hear; what is older arrives as read and against no clock:
# an archive must not become an inbox of a thousand.
FRESH = timedelta(days=3)

# Rows kept in one transaction: large enough to be quick, small enough that others get to write, too.
BATCH = 500
SAMPLE = 200  # rows in which the columns are looked for; JSON rows need not have all of them
SHOWN = 3  # rows of a preview

CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class CannotImport(Exception):
    """Nothing was imported; the text is one plain sentence that says why."""


Numbered = tuple[int, base.Post]  # a row's number in the file, and the post that it tells of


@dataclass(frozen=True)
class Refused:
    row: int  # data rows are counted from 1: neither the header nor empty lines count
    reason: str


@dataclass
class Report:
    """What came of an import, or would come of it."""

    read: int = 0
    new: int = 0
    known: int = 0
    history: int = 0  # of the new ones: older than FRESH
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """The result in words, for a terminal or a screen."""
        said: list[str] = [
            counted("%(num)s row was read.", "%(num)s rows were read.", num=self.read),
            counted("%(num)s post is new.", "%(num)s posts are new.", num=self.new),
        ]
        if self.history:
            said.append(
                counted(
                    "%(num)s of them is older than %(days)s days: it counts as read, and no clock runs.",
                    "%(num)s of them are older than %(days)s days: they count as read, and no clock runs.",
                    num=self.history,
                    days=FRESH.days,
                )
            )
        if self.known:
            said.append(counted("%(num)s was known already.", "%(num)s were known already.", num=self.known))
        if self.refused:
            refused = len(self.refused)
            said.append(counted("%(num)s row was refused.", "%(num)s rows were refused.", num=refused))
        return [*said, *self.notes]


@dataclass(frozen=True)
class Preview:
    """What a file looks like before it is imported."""

    names: list[str]
    means: dict[str, Meaning]  # what each column is taken for
    rows: list[Row]
    notes: list[str]
    missing: str  # a sentence: what has to be said before it can be imported; "" when nothing


def preview(path: Path, mapping: Mapping[str, Meaning | None] | None = None) -> Preview:
    """The first rows, and what their columns are taken for. Raises CannotImport."""
    table, sample = _look_into(path)
    names = list(dict.fromkeys(name for row in sample for name in row))
    places = Columns(mapping or {}).places(names)
    means = {name: meaning for meaning, found in places.items() for name in found}
    notes = list(table.notes)
    return Preview(names, means, sample[:SHOWN], notes, _missing(places, names))


def import_posts(
    brand: Brand,
    path: Path,
    *,
    now: datetime,
    channel: str = "file",
    mapping: Mapping[str, Meaning | None] | None = None,
    dry_run: bool = False,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Take in every post of the file, as said on `channel`; the same file again changes nothing.

    `progress` is called after each batch. A dry run reports the same and keeps nothing. Raises
    CannotImport before anything was taken in.
    """
    check_channel(channel)
    columns = Columns(mapping or {})
    table = _check(path, columns)
    report = Report(notes=list(table.notes))
    intake = _DryIntake(brand, channel, now) if dry_run else _Intake(brand, channel, now)
    rows = enumerate(table.rows(), start=1)
    while batch := list(islice(rows, BATCH)):
        intake.take(list(_posts_of(batch, columns, now, report)), report)
        report.read += len(batch)
        if progress:
            progress(report)
    return report


def check_channel(channel: str) -> None:
    """Raises CannotImport unless posts can be kept under this name."""
    if not CHANNEL_NAME.fullmatch(channel):
        wrong = Sentence(
            "“%(channel)s” is no name for a channel: small letters, digits, - and _ are.", channel=channel
        )
        raise CannotImport(wrong)


def _posts_of(
    batch: Sequence[tuple[int, Row | BadRow]], columns: Columns, now: datetime, report: Report
) -> Iterator[Numbered]:
    places_of = lru_cache(maxsize=1000)(columns.places)
    for number, row in batch:
        try:
            if isinstance(row, BadRow):
                raise row
            yield number, post_of(row, places_of(tuple(row)), now)
        except BadRow as bad:
            report.refused.append(Refused(number, str(bad)))


class _Intake:
    """Keeps batches of posts."""

    def __init__(self, brand: Brand, channel: str, now: datetime) -> None:
        self.brand, self.channel, self.now = brand, channel, now

    def take(self, rows: list[Numbered], report: Report) -> None:
        with transaction.atomic():
            self._keep(rows, report)

    def _keep(self, rows: list[Numbered], report: Report) -> None:
        # As in take_in: nobody else may find the same posts new, or move their threads, meanwhile.
        Brand.objects.select_for_update(no_key=True).get(pk=self.brand.pk)
        ids = [kept_id(post.native_id) for _number_of_row, post in rows]
        there = Post.objects.filter(brand=self.brand, channel=self.channel, native_id__in=ids)
        known = set(there.values_list("native_id", flat=True))
        authors = dict(there.filter(gone_at=None).values_list("native_id", "author__native_id"))
        posts = list(_not_of_others(rows, authors, report))
        placed = place_in_threads(self.brand, self.channel, posts)
        events = [base.Seen(post, history=self._is_history(post)) for post in placed]
        taken = take_in(self.brand, self.channel, events, now=self.now, keep_all=True)
        report.new += taken.new
        report.known += taken.known
        report.history += len({kept_id(event.post.native_id) for event in events if event.history} - known)

    def _is_history(self, post: base.Post) -> bool:
        return post.at < self.now - FRESH


class _DryIntake(_Intake):
    """Does the same and takes it back, batch by batch: a long trial must not keep others from writing."""

    def __init__(self, brand: Brand, channel: str, now: datetime) -> None:
        super().__init__(brand, channel, now)
        self.taken_back: set[str] = set()

    def take(self, rows: list[Numbered], report: Report) -> None:
        fresh = [row for row in rows if row[1].native_id not in self.taken_back]
        report.known += len(rows) - len(fresh)
        with transaction.atomic():
            self._keep(fresh, report)
            transaction.set_rollback(True)
        self.taken_back.update(post.native_id for _number_of_row, post in fresh)


def _not_of_others(rows: list[Numbered], authors: dict[str, str], report: Report) -> Iterator[base.Post]:
    """Two lists may both number their rows from 1: nobody's post is taken for one of somebody else."""
    for number, post in rows:
        author = kept_id(post.author.native_id)
        if authors.setdefault(kept_id(post.native_id), author) == author:
            yield post
        else:
            report.refused.append(
                Refused(
                    number,
                    Sentence("Another author’s post has this id. Give this list a channel name of its own."),
                )
            )


def _check(path: Path, columns: Columns) -> Table:
    table, sample = _look_into(path)
    names = list(dict.fromkeys(name for row in sample for name in row))
    absent = [name for name in columns.mapping if name not in names]
    if absent:
        raise CannotImport(
            Sentence(
                "The file has no column “%(column)s”. Its columns are: %(columns)s.",
                column=absent[0],
                columns=", ".join(names),
            )
        )
    missing = _missing(columns.places(names), names)
    if missing:
        raise CannotImport(missing)
    return table


def _look_into(path: Path) -> tuple[Table, list[Row]]:
    try:
        table = table_in(path)
        sample = [row for row in islice(table.rows(), SAMPLE) if not isinstance(row, BadRow)]
    except (NoTable, BadMapping) as told:
        raise CannotImport(str(told)) from told
    if not sample:
        raise CannotImport(
            Sentence(
                "The file %(file)s holds no rows: JSON lines or CSV with a header is wanted.", file=path.name
            )
        )
    return table, sample


def _missing(places: Places, names: Sequence[str]) -> str:
    """What no column tells, though a post cannot be without it."""
    columns = ", ".join(names)
    if not places.keys() & {Meaning.TEXT, Meaning.TITLE}:
        return Sentence(
            "No column is known to hold the text. Say which one does: %(columns)s.", columns=columns
        )
    if Meaning.AT not in places:
        return Sentence(
            "No column is known to hold the time. Say which one does: %(columns)s.", columns=columns
        )
    if not places.keys() & {Meaning.AUTHOR, Meaning.AUTHOR_ID, Meaning.AUTHOR_NAME}:
        return Sentence(
            "No column is known to hold the author. Say which one does: %(columns)s.", columns=columns
        )
    return ""
