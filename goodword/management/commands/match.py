"""`goodword match`: a file of queries and a file of posts in, a file of matches out."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword.matching import Expression, Matcher, QuerySyntaxError, parse, underlined
from goodword.matching.files import BadRow, Report, match_file, query_row, rows

SOME_ROWS_REFUSED = 1
CALLED_WRONGLY = 2


class Command(BaseCommand):
    help = gettext_noop(  # argparse wants a str
        "Say of each post which queries it meets, and where in its text. Nothing is stored."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queries", type=Path, required=True, help=_("one query a line: its id, a tab, the query")
        )
        parser.add_argument("--in", dest="posts", type=Path, required=True, help=_("JSONL of id and text"))
        parser.add_argument(
            "--out", dest="matches", type=Path, required=True, help=_("JSONL that is written anew")
        )
        parser.add_argument("--json", action="store_true", help=_("print what was done as one JSON object"))

    def handle(self, *_args: Any, **options: Any) -> None:
        queries, posts, matches = options["queries"], options["posts"], options["matches"]
        if matches.resolve() in (posts.resolve(), queries.resolve()):
            raise _wrong_call(_("The matches cannot be written over the queries or the posts."))
        try:
            matcher = Matcher(_read_queries(queries))
            report = match_file(matcher, posts, matches, self._refuse)
        except OSError as trouble:
            names = {"file": trouble.filename or posts, "trouble": trouble.strerror}
            raise _wrong_call(_("%(file)s cannot be used: %(trouble)s.") % names) from trouble
        self._tell(report, as_json=options["json"])
        if report.refused:
            sys.exit(SOME_ROWS_REFUSED)

    def _refuse(self, row: int, reason: str) -> None:
        self.stderr.write(_in_row(row, _(reason)))

    def _tell(self, report: Report, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            sentence = _("%(read)s posts read: %(matched)s met a query, %(refused)s refused.")
            self.stdout.write(sentence % asdict(report))


def _read_queries(file: Path) -> dict[str, Expression]:
    """All queries, or one error that tells all that is wrong with them."""
    queries: dict[str, Expression] = {}
    wrong: list[str] = []
    with file.open("rb") as lines:
        for number, row in rows(lines):
            try:
                query_id, query = query_row(row)
            except BadRow as bad:
                wrong.append(_in_row(number, _(str(bad))))
                continue
            if query_id in queries:
                wrong.append(_in_row(number, _("This id was already given to a query above.")))
                continue
            try:
                queries[query_id] = parse(query)
            except QuerySyntaxError as error:
                wrong.append(f"{_in_row(number, str(error))}\n{underlined(query, error)}")
    if wrong:
        raise _wrong_call("\n".join(wrong))
    if not queries:
        raise _wrong_call(_("There is no query in %(file)s.") % {"file": file})
    return queries


def _in_row(row: int, reason: str) -> str:
    return _("Row %(row)s: %(reason)s") % {"row": row, "reason": reason}


def _wrong_call(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=CALLED_WRONGLY)
