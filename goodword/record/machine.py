"""Is what Goodword stands on as it must be: its parts, address, disk, database, clock and backups?"""

from __future__ import annotations

import ipaddress
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from goodword.listening.health import Finding
from goodword.record import nightly, shelf
from goodword.store import alive
from goodword.team.models import AuditEntry
from goodword.understanding import trained

LEAST_FREE = 500_000_000  # bytes: below this a busy day of pictures may fill the disk
CLOCK_OFF = timedelta(minutes=5)


def machine_findings(*, now: datetime) -> list[Finding]:
    """What is true of the whole install, whichever brand looks."""
    return [
        *_parts(now),
        _understanding(),
        _address(),
        *_proxy(),
        *_hosts(),
        _home(),
        _room(),
        _durability(),
        _clock(now),
        backups(now),
    ]


def _parts(now: datetime) -> Iterator[Finding]:
    if alive.is_alive("worker", now=now):
        yield _good(_("Worker"), _("The worker runs."))
    else:
        yield _missing(
            _("Worker"),
            _("The worker does not run: nothing is sent, understood or put aside."),
            _("Start it with: goodword run, or goodword work"),
        )
    if alive.is_alive("listener", now=now):
        yield _good(_("Listener"), _("The listener runs."))
    else:
        yield _missing(
            _("Listener"),
            _("The listener does not run: nothing new is heard."),
            _("Start it with: goodword run, or goodword listen"),
        )


def _understanding() -> Finding:
    about = _("Understanding")
    remedy = _("Put the folder models of this version beside the code, or name its place in GOODWORD_MODELS.")
    changed = trained.damaged()
    if not changed:
        return _good(about, _("The trained files are there, as they were made."))
    told = _(
        "Posts are understood by rules alone: these trained files are missing, or not as they were made: "
        "%(files)s."
    )
    return _missing(about, told % {"files": ", ".join(changed)}, remedy)


def _address() -> Finding:
    about, told = _("Address"), {"address": settings.URL}
    if settings.HTTPS:
        return _good(about, _("People reach Goodword at %(address)s, by HTTPS.") % told)
    if is_local(settings.URL):
        return _good(about, _("Goodword is reached at %(address)s, on this machine only.") % told)
    return _missing(
        about,
        _("People reach Goodword at %(address)s: passwords and private messages travel in the open.") % told,
        _("Put a proxy with HTTPS before it, and set GOODWORD_URL to https://... (docs/serve.md says how)."),
    )


def is_local(url: str) -> bool:
    """Does this address never leave the machine?"""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _proxy() -> Iterator[Finding]:
    if not settings.HTTPS:
        return
    about = _("Proxy")
    if settings.TRUSTED_PROXIES:
        networks = ", ".join(map(str, settings.TRUSTED_PROXIES))
        yield _good(about, _("Believed is only what proxies at %(networks)s say.") % {"networks": networks})
    else:
        yield _missing(
            about,
            _(
                "No proxy is trusted: everybody seems to come from the same address, and wrong passwords of "
                "one lock out all."
            ),
            _("Set GOODWORD_TRUSTED_PROXY to the address of your proxy, or to 1 if it runs on this machine."),
        )


def _hosts() -> Iterator[Finding]:
    if any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        yield _missing(
            _("Host names"),
            _("Goodword answers to names that it does not know."),
            _("Name each in GOODWORD_ALLOWED_HOSTS, without a star."),
        )


def _home() -> Finding:
    about, told = _("Home"), {"folder": settings.HOME}
    try:
        with tempfile.NamedTemporaryFile(dir=settings.HOME, prefix=".try"):
            pass
    except OSError as error:
        return _missing(
            about,
            _("Goodword cannot write to its home: %(trouble)s.") % {"trouble": error.strerror},
            _("Let the account that runs Goodword own the folder %(folder)s.") % told,
        )
    return _good(about, _("Everything lies in %(folder)s.") % told)


def _room() -> Finding:
    about = _("Room")
    free = shutil.disk_usage(settings.HOME).free
    newest = next(iter(shelf.backups_in(Path(settings.BACKUPS))), None)
    needed = max(LEAST_FREE, 3 * newest.size if newest else 0)
    told = {"free": filesizeformat(free), "needed": filesizeformat(needed)}
    if free < needed:
        return _missing(
            about,
            _("Only %(free)s are free on the disk.") % told,
            _("Make room: with less than %(needed)s, the next backups may not fit.") % told,
        )
    return _good(about, _("%(free)s are free on the disk.") % told)


def _durability() -> Finding:
    """What was acknowledged must survive a power cut."""
    about = _("Power cuts")
    if connection.vendor == "sqlite":
        safe = _asked("PRAGMA synchronous") in ("2", "3") and _asked("PRAGMA journal_mode") == "wal"
        to_do = _("Do not change the settings of the database file.")
    else:
        safe = "off" not in (_asked("SHOW fsync"), _asked("SHOW synchronous_commit"))
        to_do = _("Set fsync and synchronous_commit of PostgreSQL to on.")
    if safe:
        return _good(about, _("What was saved survives a power cut."))
    return _missing(about, _("The database may lose what it has acknowledged in a power cut."), to_do)


def _asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _clock(now: datetime) -> Finding:
    about = _("Clock")
    newest = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest and newest - now > CLOCK_OFF:
        return _missing(
            about,
            _("The clock of this machine went back: the newest act lies in the future."),
            _("Let the machine set its clock by the network, and look again."),
        )
    return _good(about, _("The clock runs forward."))


def backups(now: datetime) -> Finding:
    """The last good one, the next one, and what stands in its way."""
    about = _("Backups")
    there = shelf.backups_in(Path(settings.BACKUPS))
    trouble = nightly.state().trouble
    if trouble:
        return _missing(about, _("The last backup failed: %(trouble)s") % {"trouble": trouble}, "", "backups")
    if not settings.MAKES_BACKUPS and not there:
        return _good(about, _("You see to backups yourself (GOODWORD_NO_BACKUP)."))
    if not there:
        began = nightly.began_at()
        if began and now - began > nightly.TOO_OLD:
            return _missing(
                about, _("No backup was ever made."), _("Make one with: goodword backup"), "backups"
            )
        return _good(about, _("The first backup is made in the coming night."))
    newest = there[0]
    told = {"age": timesince(newest.made_at, now), "size": filesizeformat(newest.size)}
    if settings.MAKES_BACKUPS and now - newest.made_at > nightly.TOO_OLD:
        return _missing(
            about,
            _("The last good backup is %(age)s old.") % told,
            _("The worker makes one each night: does the machine run then?"),
            "backups",
        )
    return _good(about, _("The last good backup is %(age)s old (%(size)s).") % told)


def _good(about: str, sentence: str) -> Finding:
    return Finding(about, sentence, works=True)


def _missing(about: str, sentence: str, to_do: str, page: str = "") -> Finding:
    return Finding(about, sentence, works=False, to_do=to_do, page=page)
