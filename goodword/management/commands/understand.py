"""`goodword understand`: a file of posts in, a file of analyses out."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from goodword.management.telling import told_now_and_then
from goodword.understanding.files import Report, understand_file

SOME_ROWS_REFUSED = 1
CALLED_WRONGLY = 2


class Command(BaseCommand):
    help = "Say of each post in a file what its language is and what its author wants."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Says of each post its language, sentiment and what its author wants. Posts whose id the output "
            "already holds are skipped, so a run that was stopped can be started again."
        )
        parser.add_argument(
            "--in", dest="posts", type=Path, required=True, help=_("JSONL of id, text, language?, brand?")
        )
        parser.add_argument(
            "--out", dest="analyses", type=Path, required=True, help=_("JSONL that analyses are added to")
        )
        parser.add_argument(
            "--stage",
            choices=["first", "full"],
            default="full",
            help=_("how thorough: first is about eight times as fast, full is nearer the truth"),
        )
        parser.add_argument("--json", action="store_true", help=_("print what was done as one JSON object"))

    def handle(self, *_args: Any, **options: Any) -> None:
        posts, analyses = options["posts"], options["analyses"]
        if posts.resolve() == analyses.resolve():
            raise CommandError(
                _("The posts and the analyses cannot be the same file."), returncode=CALLED_WRONGLY
            )
        try:
            report = understand_file(posts, analyses, options["stage"], progress=self._progress(posts))
        except OSError as trouble:
            sentence = _("%(file)s cannot be used: %(trouble)s.")
            names = {"file": trouble.filename or posts, "trouble": trouble.strerror}
            raise CommandError(sentence % names, returncode=CALLED_WRONGLY) from trouble
        self._tell(report, as_json=options["json"])
        if report.refused:
            sys.exit(SOME_ROWS_REFUSED)

    def _progress(self, posts: Path) -> Callable[[int], None]:
        total = posts.stat().st_size
        tell = told_now_and_then(self.stderr.write, _("%(done)s of %(total)s bytes understood"))
        return lambda done: tell(done, total)

    def _tell(self, report: Report, as_json: bool) -> None:
        for refused in report.refused:
            self.stderr.write(
                _("Row %(row)s: %(reason)s") % {"row": refused.row, "reason": _(refused.reason)}
            )
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            sentence = _("%(read)s rows read: %(new)s understood, %(known)s known, %(refused)s refused.")
            self.stdout.write(sentence % {**asdict(report), "refused": len(report.refused)})
