"""`goodword seed`: a simulated brand; the same numbers and date, the same rows."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword.demo import brand as demo
from goodword.demo.brand import DEFAULT, NotPossible, Plan
from goodword.demo.removal import remove_demo
from goodword.management.ready import CALLED_WRONGLY, database_ready
from goodword.team.models import Brand


class Command(BaseCommand):
    help = gettext_noop(  # argparse wants a str
        "Make a simulated brand with half a year of talk. The same numbers and date give the same rows."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=DEFAULT.people)
        parser.add_argument(
            "--posts", type=int, default=DEFAULT.posts, help=_("of people; our answers come on top")
        )
        parser.add_argument("--seed", type=int, default=DEFAULT.seed)
        parser.add_argument(
            "--until", type=_moment, help=_("where the half year ends (default: today 00:00 UTC)")
        )
        parser.add_argument("--replace", action="store_true", help=_("remove a demo of other numbers first"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            plan = Plan(options["people"], options["posts"], options["seed"])
        except NotPossible as why:
            raise CommandError(str(why), returncode=CALLED_WRONGLY) from why
        until = options["until"] or datetime.combine(timezone.now().date(), time(), UTC)
        database_ready()
        there = demo.find_demo()
        if there and demo.made_from(there) == (plan, until):
            self.stdout.write(_("This demo is there already: nothing to do."))
            return
        if there:
            self._make_room(there, replace=options["replace"])
        brand = demo.make_demo(until, plan, progress=self.stdout.write)
        self.stdout.write(
            _("%(brand)s is ready. Run goodword owner EMAIL to sign in to it.") % {"brand": brand}
        )

    def _make_room(self, there: Brand, *, replace: bool) -> None:
        if not replace:
            sentence = _("There is a demo of other numbers, %(brand)s. Give --replace to remove it first.")
            raise CommandError(sentence % {"brand": there}, returncode=CALLED_WRONGLY)
        remove_demo(there)


def _moment(text: str) -> datetime:
    """A date, or a date and time; UTC where it does not say otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("Write a date such as 2026-09-30.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
