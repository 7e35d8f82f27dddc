"""How is a brand that was handed over taken into this install, with numbers of its own here?

Nobody can get more by a file than a new brand of their own: every key in it is followed only within the
file, nothing in it is sent, and nobody may sign in by it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from goodword.channels.email.layout import made_safe
from goodword.listening.models import Post
from goodword.record import archive
from goodword.record.archive import Damaged, Member
from goodword.record.belongings import belongings
from goodword.record.contents import Progress
from goodword.record.handing import FILES, PEOPLE, ROWS, Handover, file_of
from goodword.record.renumbering import Newcomers, Numbers, renumbered
from goodword.store import loading, schema
from goodword.store.columns import Column, Table
from goodword.team.authority import write_down
from goodword.team.membership import make_owner
from goodword.team.models import AuditEntry, Brand, Teammate, User

TOOK_OVER = "took a brand over"
LARGEST_FILE = 64 << 20  # bytes; no attachment that is kept is larger


class CannotTakeOver(Exception):
    """Nothing was taken in; the text says why."""


@dataclass
class Taken:
    brand: Brand
    is_new: bool
    rows: int = 0
    teammates: list[str] = field(default_factory=list)  # addresses of those who are not in the team yet


def take_over(
    file: Path,
    *,
    owner: User,
    keep_team: bool,
    now: datetime,
    progress: Progress = lambda done, total: None,
) -> Taken:
    """A new brand with everything in the file, owned by `owner`; taking it over again changes nothing.

    `keep_team`: teammates whose addresses sign in here already are in its team at once, in their old
    roles; all others, and all without it, are in it only as the authors of what they did, until they are
    invited. Raises CannotTakeOver.
    """
    about, listed = _whole(file)
    try:
        return _take_over(file, about, listed, owner, Newcomers(about.origin, now, keep_team), progress)
    except DatabaseError as error:
        raise CannotTakeOver(_("The file holds something that cannot be read.")) from error


def _take_over(
    file: Path,
    about: Handover,
    listed: dict[str, Any],
    owner: User,
    newcomers: Newcomers,
    progress: Progress,
) -> Taken:
    now = newcomers.now
    with transaction.atomic():
        _one_at_a_time()
        known = AuditEntry.objects.filter(verb=TOOK_OVER, detail__origin=about.origin).first()
        if known:
            return Taken(known.brand, is_new=False)
        taking = _Taking(listed, newcomers, progress)
        brand = taking.everything(file)
        make_owner(brand, owner.email, now=now)
        mine = Teammate.objects.get(brand=brand, user=owner)
        write_down(brand, mine, TOOK_OVER, brand, now=now, origin=about.origin, made_at=about.made_at)
    absent = Teammate.objects.filter(brand=brand).exclude(removed_at=None).select_related("user")
    return Taken(brand, True, taking.rows, sorted(teammate.user.email for teammate in absent))


def _whole(file: Path) -> tuple[Handover, dict[str, Any]]:
    try:
        listed = archive.verified(file)
        about = Handover(**listed["about"])
        theirs = {(str(app), str(name)) for app, name in about.migrations}
        if not isinstance(listed["columns"], dict) or not isinstance(listed["counts"], dict):
            raise TypeError
    except (Damaged, KeyError, TypeError, ValueError) as error:
        told = {"trouble": str(error)} if isinstance(error, Damaged) else {"trouble": _("it is another one")}
        raise CannotTakeOver(
            _("This file is damaged, or no brand that was handed over: %(trouble)s.") % told
        ) from error
    except OSError as error:
        raise CannotTakeOver(str(error)) from error
    if theirs != set(schema.applied()):
        raise CannotTakeOver(
            _(
                "This brand comes from Goodword %(theirs)s, and this install is not of the same version. "
                "Bring both to the newest one, and hand it over again."
            )
            % {"theirs": about.version}
        )
    return about, listed


def _one_at_a_time() -> None:
    """Two that take the same file at once: on SQLite, the transaction itself sees to it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TOOK_OVER])


class _Taking:
    """One file, on its way in."""

    def __init__(self, listed: dict[str, Any], newcomers: Newcomers, progress: Progress) -> None:
        self.newcomers, self.progress = newcomers, progress
        self.numbers = Numbers()
        self.counts: dict[str, int] = listed["counts"]
        self.ours = {one.table.name: one for one in belongings()}
        self.tables = {name: self._known(name, told) for name, told in listed["columns"].items()}
        self.rows = 0

    def _known(self, name: str, told: list[list[str]]) -> Table:
        table = Table(name, tuple(Column(*map(str, column)) for column in told), frozenset())
        if name not in self.ours or set(table.columns) != set(self.ours[name].table.columns):
            raise CannotTakeOver(
                _("The file holds a table %(name)s that is not known here.") % {"name": name}
            )
        return table

    def everything(self, file: Path) -> Brand:
        try:
            with archive.members(file) as all_of_them:
                for part, run in groupby(all_of_them, _part):
                    self._take(part, run)
            brand = Brand.objects.get(pk=self.numbers.only_one(Brand))
        except (ValueError, TypeError, LookupError, AttributeError, Damaged) as error:
            raise CannotTakeOver(_("The file holds something that cannot be read.")) from error
        _distrust_layouts(brand)
        return brand

    def _take(self, part: str, run: Iterator[Member]) -> None:
        if part == PEOPLE:
            for number, told in json.loads(next(run).read()).items():
                self._know(int(number), str(told["email"]).lower()[:254], str(told["name"])[:100])
        elif part.startswith(ROWS):
            table = self.tables[part.removeprefix(ROWS)]
            fresh = loading.fresh_numbers(table, self.counts[table.name])
            rows = renumbered(self.ours[table.name], table, _rows(run), fresh, self.numbers, self.newcomers)
            self.rows += loading.load(table, rows)
            self.progress(self.rows, sum(self.counts.values()))
        elif part == FILES:
            for member in run:
                _put_file(member)

    def _know(self, number: int, email: str, name: str) -> None:
        """Who wrote what stays known by name and address; nobody can sign in by this."""
        user = User.objects.filter(email=email).first()
        if user and user.is_active:
            self.newcomers.known_here.add(user.pk)
        self.numbers.name(User, number, (user or User.objects.create_user(email, name=name)).pk)


def _distrust_layouts(brand: Brand) -> None:
    """The file says that they are safe; so might a forged one."""
    laid_out = Post.objects.filter(brand=brand).exclude(html="")
    for post in laid_out.only("pk", "html").iterator(chunk_size=200):
        safe = made_safe(post.html)
        if safe != post.html:
            Post.objects.filter(pk=post.pk).update(html=safe)


def _part(member: Member) -> str:
    if member.name.startswith(ROWS):
        return member.name.rpartition("/")[0]
    return FILES if member.name.startswith(FILES) else member.name


def _rows(run: Iterator[Member]) -> Iterator[list[Any]]:
    for member in run:
        for line in member.read().splitlines():
            yield json.loads(line)


def _put_file(member: Member) -> None:
    """Under the digest that its bytes really have: a file cannot take the place of another."""
    if member.size > LARGEST_FILE:
        raise Damaged("a file in it is larger than any that is kept")
    data = member.read()
    digest = hashlib.sha256(data).hexdigest()
    if member.name != f"{FILES}{digest}":
        raise Damaged("a file in it is not the one that it says")
    place = file_of(digest)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f"{secrets.token_hex(4)}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
