"""What works and what is missing, in plain words: on the screen, and for `goodword check`?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.channels.base import Cap
from goodword.listening.connecting import findings_of
from goodword.listening.models import Connection, Post, Query, Step
from goodword.store import vault
from goodword.team import letters, postbox
from goodword.team.models import Brand
from goodword.team.reader import number, translated

# A poll comes every half minute; ten missed ones are no chance any more.
SILENT_AFTER = timedelta(minutes=5)
# A post is understood within a second of being heard; the worker is off, or far behind.
STUCK_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """One thing that works, or one that is missing together with what to do about it."""

    about: str
    sentence: str
    works: bool
    to_do: str = ""
    page: str = ""  # name of the view where it can be mended


def findings(brand: Brand, *, now: datetime) -> list[Finding]:
    """All that can be said without asking a network; ordered as one would set things up."""
    return [
        _database(),
        _keys(brand),
        *_queries(brand),
        *_connections(brand, now),
        _worker(brand, now),
        _letters(now),
    ]


def _database() -> Finding:
    about = _("Database")
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return _missing(
            about,
            _("The database does not answer: %(trouble)s") % {"trouble": error},
            _("Check DATABASE_URL, and that the database server runs."),
        )
    if waiting:
        return _missing(
            about,
            _("The database is older than this version of Goodword."),
            _("Start Goodword anew with: goodword run"),
        )
    return _good(
        about, _("The database answers and is up to date (%(kind)s).") % {"kind": connection.display_name}
    )


def _keys(brand: Brand) -> Finding:
    about = _("Keys")
    locked = Connection.objects.filter(brand=brand, removed_at=None).exclude(secrets="")
    try:
        for secrets in locked.values_list("secrets", flat=True):
            vault.unlock(secrets)
    except vault.WrongKey as error:
        return _missing(
            about,
            translated(str(error)),
            _("Keep a copy of the folder keys together with each backup."),
            "connections",
        )
    if _readable_by_others(Path(settings.KEYS)):
        return _missing(
            about,
            _("Other accounts on this machine can read the keys of Goodword."),
            _("Let only its owner read the folder: chmod 700 %(folder)s") % {"folder": settings.KEYS},
        )
    return _good(about, _("The keys are there, and open what was locked with them."))


def _readable_by_others(folder: Path) -> bool:
    return any(path.stat().st_mode & 0o077 for path in folder.iterdir() if not path.name.startswith("."))


def _queries(brand: Brand) -> Iterator[Finding]:
    kinds = list(Query.objects.filter(brand=brand, removed_at=None).values_list("kind", flat=True))
    if not kinds:
        yield _missing(
            _("Queries"),
            _("There is no query yet: only what is addressed to you is heard."),
            _("Add the name of your brand as the first one."),
            "queries",
        )
    elif Query.Kind.BRAND not in kinds:
        yield _missing(
            _("Queries"),
            _("No query is of the kind “our brand”."),
            _("Add the name of your brand, so that praise and complaints without an @ are heard."),
            "queries",
        )
    else:
        yield _good(
            _("Queries"),
            ngettext("%(n)s query is listened for.", "%(n)s queries are listened for.", len(kinds))
            % {"n": len(kinds)},
        )


def _connections(brand: Brand, now: datetime) -> Iterator[Finding]:
    rows = list(Connection.objects.filter(brand=brand, removed_at=None).order_by("made_at", "pk"))
    if not rows:
        yield _missing(
            _("Connections"),
            _("No place is connected yet, so nothing can be heard."),
            _("Connect the first account."),
            "connections",
        )
    for row in rows:
        yield health_of(row, now)
        yield from _last_look(row)


def health_of(row: Connection, now: datetime) -> Finding:
    """How a connection stands, in one sentence."""
    place = _(row.kind.name)
    about = f"{place} · {row.name}"
    if row.state == Connection.State.PAUSED:
        return _missing(
            about, _("Paused: nothing is heard."), _("Resume it when you are ready."), "connections"
        )
    if row.state == Connection.State.NEEDS_LOGIN:
        return _missing(
            about,
            translated(row.trouble) or _("The sign-in was refused."),
            _("Sign in again."),
            "connections",
        )
    if row.trouble:
        return _missing(about, translated(row.trouble), _("Goodword tries again by itself."), "connections")
    if Cap.HEAR not in row.kind.caps:
        return _good(about, _("Connected."))
    if now - (row.heard_at or row.made_at) > SILENT_AFTER:
        return _missing(
            about,
            _("Nobody has listened to %(place)s for more than five minutes.") % {"place": place},
            _("Start the listener with: goodword run, or goodword listen"),
            "connections",
        )
    if parts := row.kind.troubles(row.cursor):
        return _missing(
            about,
            ngettext(
                "%(n)s part of this connection cannot be read; the others can.",
                "%(n)s parts of this connection cannot be read; the others can.",
                len(parts),
            )
            % {"n": len(parts)},
            _("Goodword tries again by itself. The page of the connection names what is wrong."),
            "connections",
        )
    if row.heard_at is None:
        return _good(about, _("Connected a moment ago; the first look comes now."))
    return _good(about, _("Listening to %(place)s.") % {"place": place})


def _last_look(row: Connection) -> Iterator[Finding]:
    found = findings_of(row)
    for sentence in found.missing if found else ():
        yield _missing(f"{_(row.kind.name)} · {row.name}", translated(sentence), "", "connections")


def _worker(brand: Brand, now: datetime) -> Finding:
    about = _("Worker")
    waiting = Post.objects.filter(brand=brand).exclude(step=Step.DONE)
    stuck = waiting.filter(heard_at__lt=now - STUCK_AFTER, tries=0).count()
    failing = waiting.filter(tries__gt=0).count()
    if stuck:
        return _missing(
            about,
            ngettext(
                "%(n)s post was heard, but nothing has looked at it yet.",
                "%(n)s posts were heard, but nothing has looked at them yet.",
                stuck,
            )
            % {"n": number(stuck)},
            _("Start the worker with: goodword run, or goodword work"),
        )
    if failing:
        return _missing(
            about,
            ngettext(
                "%(n)s post could not be understood or placed.",
                "%(n)s posts could not be understood or placed.",
                failing,
            )
            % {"n": number(failing)},
            _("Goodword tries again by itself; the reason is in its log."),
        )
    return _good(about, _("Everything that was heard has been understood and placed."))


def _letters(now: datetime) -> Finding:
    about = _("Letters")
    if not letters.may_write():
        return _good(
            about, _("No mail server is set: invitations and sign-in links are handed over by a person.")
        )
    trouble = postbox.trouble(now)
    if trouble is None:
        return _good(
            about, _("Letters to your team go out through %(host)s.") % {"host": settings.EMAIL_HOST}
        )
    if trouble.waiting:
        sentence = ngettext(
            "%(n)s letter to your team could not be sent yet: %(trouble)s",
            "%(n)s letters to your team could not be sent yet: %(trouble)s",
            trouble.waiting,
        )
        to_do = _("Goodword tries again by itself. Check GOODWORD_MAIL and GOODWORD_MAIL_FROM.")
    else:
        sentence = ngettext(
            "%(n)s letter to your team was not sent in the last seven days: %(trouble)s",
            "%(n)s letters to your team were not sent in the last seven days: %(trouble)s",
            trouble.refused,
        )
        to_do = _("Check the e-mail addresses of your team.")
    count = trouble.waiting or trouble.refused
    return _missing(about, sentence % {"n": count, "trouble": translated(trouble.words)}, to_do, "team")


def _good(about: str, sentence: str) -> Finding:
    return Finding(about, sentence, works=True)


def _missing(about: str, sentence: str, to_do: str, page: str = "") -> Finding:
    return Finding(about, sentence, works=False, to_do=to_do, page=page)
