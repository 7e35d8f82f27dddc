"""`goodword check`: what works and what is missing, in plain words."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.channels.base import ChannelError
from goodword.listening.connecting import look_again
from goodword.listening.health import Finding, findings
from goodword.listening.models import Connection
from goodword.management.ready import add_brand_argument, brand_for, database_ready
from goodword.record.machine import machine_findings
from goodword.store.vault import WrongKey
from goodword.team import letters, postbox
from goodword.team.models import Brand
from goodword.team.reader import translated

SOMETHING_MISSING = 1


class Command(BaseCommand):
    help = "Say what works and what is missing. Signs in to each connection and sends nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_brand_argument(parser)
        parser.add_argument("--offline", action="store_true", help="do not sign in to the connections")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        database_ready()
        brand = brand_for(options)
        found = [] if options["offline"] else [*_refused(brand), *_mail_server()]
        found += findings(brand, now=timezone.now())
        found += machine_findings(now=timezone.now())
        for finding in sorted(found, key=lambda finding: finding.works):
            self._say(finding)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found)))
        if missing := sum(not finding.works for finding in found):
            raise CommandError(
                ngettext("%(n)s thing is missing.", "%(n)s things are missing.", missing) % {"n": missing},
                returncode=SOMETHING_MISSING,
            )

    def _say(self, finding: Finding) -> None:
        self.stdout.write(
            f"{_('works') if finding.works else _('MISSING')}  {finding.about}: {finding.sentence}"
        )
        if finding.to_do:
            self.stdout.write(f"         {finding.to_do}")


def _refused(brand: Brand) -> Sequence[Finding]:
    """Sign in to every connection that listens; what each finds is kept, and said with the rest."""
    listening = Connection.objects.filter(brand=brand, removed_at=None, state=Connection.State.ON)
    refused = []
    for connection in listening:
        try:
            look_again(connection, by=None, now=timezone.now())
        except (ChannelError, WrongKey) as error:
            about = f"{connection.kind.name} · {connection.name}"
            refused.append(Finding(about, translated(str(error)), works=False, page="connections"))
    return refused


def _mail_server() -> Sequence[Finding]:
    """Sign in there, too; no letter is sent."""
    if not letters.may_write() or not (trouble := postbox.knock()):
        return []
    sentence = _("The mail server does not take letters: %(trouble)s") % {"trouble": trouble}
    return [Finding(_("Letters"), sentence, works=False, to_do=_("Check GOODWORD_MAIL."))]


def _as_json(found: Sequence[Finding]) -> dict[str, list[dict[str, str]]]:
    def rows(works: bool) -> list[dict[str, str]]:
        return [
            {"about": finding.about, "sentence": finding.sentence, "to_do": finding.to_do}
            for finding in found
            if finding.works is works
        ]

    return {"works": rows(True), "missing": rows(False)}
