"""`goodword import posts FILE`: brings in what another tool, an archive or a person wrote down."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword import pipeline
from goodword.channels.file.columns import mapping_in
from goodword.channels.file.sentences import BadMapping
from goodword.listening.importing import CannotImport, Report, import_posts
from goodword.management.ready import CALLED_WRONGLY, add_brand_argument, brand_for, database_ready

SOME_ROWS_REFUSED = 1
TELL_EVERY = 2.0  # seconds between two lines of progress
MOST_TOLD = 20  # refused rows that a terminal shows; the JSON names them all


class Command(BaseCommand):
    help = gettext_noop(  # argparse wants a str
        "Import the rows of a file (JSON lines or CSV). The same file again changes nothing, so an "
        "import that was stopped is started again."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=list(IMPORTS), help=_("what the rows are"))
        parser.add_argument("file", type=Path)
        add_brand_argument(parser)
        parser.add_argument("--channel", default="file", help=_("where it was said, such as hackernews"))
        parser.add_argument(
            "--map", default="", metavar="THEIRS=OURS,...", help=_("what their columns are called here")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("say what would happen, keep nothing"))
        parser.add_argument("--json", action="store_true", help=_("print the result as one JSON object"))

    def handle(self, *_args: Any, **options: Any) -> None:
        database_ready()
        try:
            report = IMPORTS[options["what"]](self, options)
        except BadMapping as bad:
            raise CommandError(str(bad), returncode=CALLED_WRONGLY) from bad
        except CannotImport as refusal:
            raise CommandError(str(refusal), returncode=CALLED_WRONGLY) from refusal
        self._tell(report, options)
        if report.refused:
            sys.exit(SOME_ROWS_REFUSED)

    def posts(self, options: dict[str, Any]) -> Report:
        """Take the posts in, and then along the pipeline: the inbox is complete when this returns."""
        now = timezone.now()
        report = import_posts(
            brand_for(options),
            options["file"],
            now=now,
            channel=options["channel"],
            mapping=mapping_in(options["map"]),
            dry_run=options["dry_run"],
            progress=self._now_and_then(_("%(n)s rows read"), lambda report: report.read),
        )
        if not options["dry_run"]:
            pipeline.advance_all(
                now,
                progress=self._now_and_then(
                    _("%(n)s steps done to understand and place them"), lambda made: made
                ),
            )
        return report

    def _now_and_then(self, sentence: str, number: Callable[[Any], int]) -> Callable[[Any], None]:
        told_at = time.monotonic()

        def tell(done: Any) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= TELL_EVERY:
                told_at = time.monotonic()
                self.stderr.write(sentence % {"n": f"{number(done):,}"})

        return tell

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        for refused in report.refused[:MOST_TOLD]:
            self.stderr.write(
                _("Row %(row)s: %(reason)s") % {"row": refused.row, "reason": refused.reason},
            )
        if len(report.refused) > MOST_TOLD:
            more = len(report.refused) - MOST_TOLD
            self.stderr.write(_("And %(n)s more; --json names them all.") % {"n": more})
        if options["dry_run"]:
            self.stderr.write(_("This was a trial: nothing was kept."))
        if options["json"]:
            for note in report.notes:
                self.stderr.write(note)
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write("\n".join(report.sentences()))


# What can be imported, and how: `orders` will be a second line.
IMPORTS: dict[str, Callable[[Command, dict[str, Any]], Report]] = {"posts": Command.posts}
