"""`goodword handover export FILE` and `import FILE`: a brand moves to another install."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword.management.ready import CALLED_WRONGLY, add_brand_argument, brand_for, database_ready
from goodword.management.telling import told_now_and_then
from goodword.record.handing import hand_over
from goodword.record.taking import CannotTakeOver, Taken, take_over
from goodword.team.authority import write_down
from goodword.team.models import Role, Teammate, User


class Command(BaseCommand):
    help = gettext_noop("Hand a brand over to another install (export FILE), or take one over (import FILE).")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["export", "import"])
        parser.add_argument("file", type=Path)
        add_brand_argument(parser)
        parser.add_argument("--owner", help=_("import: the e-mail address of who will own it here"))
        parser.add_argument(
            "--keep-team",
            action="store_true",
            help=_("import: teammates who sign in here already are in its team at once"),
        )
        parser.add_argument("--json", action="store_true", help=_("end with one line of JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        database_ready()
        progress = told_now_and_then(self.stderr.write, _("%(done)s of %(total)s rows"))
        if options["what"] == "export":
            self._export(options, progress)
        else:
            self._import(options, progress)

    def _export(self, options: dict[str, Any], progress: Any) -> None:
        brand, file, now = brand_for(options), options["file"].absolute(), timezone.now()
        try:
            counts = hand_over(brand, file, now=now, progress=progress)
        except OSError as error:
            told = {"file": file, "trouble": error.strerror or str(error)}
            raise CommandError(
                _("%(file)s cannot be written: %(trouble)s.") % told, returncode=CALLED_WRONGLY
            ) from error
        write_down(brand, None, "handed the brand over", brand, now=now)
        self.stderr.write(
            _("The passwords of its connections are not in the file: sign in to each of them anew there.")
        )
        self._end(options, {"path": str(file), "rows": sum(counts.values())}, str(file))

    def _import(self, options: dict[str, Any], progress: Any) -> None:
        try:
            taken = take_over(
                options["file"],
                owner=_owner(options["owner"]),
                keep_team=options["keep_team"],
                now=timezone.now(),
                progress=progress,
            )
        except CannotTakeOver as why:
            raise CommandError(str(why), returncode=CALLED_WRONGLY) from why
        for sentence in sentences(taken):
            self.stderr.write(sentence)
        told = {"brand": taken.brand.pk, "name": taken.brand.name, "new": taken.is_new, "rows": taken.rows}
        self._end(options, told, taken.brand.name)

    def _end(self, options: dict[str, Any], told: dict[str, Any], plainly: str) -> None:
        self.stdout.write(json.dumps(told) if options["json"] else plainly)


def sentences(taken: Taken) -> list[str]:
    """What came of it, and what remains to be done."""
    if not taken.is_new:
        return [_("%(brand)s was taken over before: nothing was changed.") % {"brand": taken.brand}]
    said = [
        _("%(brand)s is here. Its connections are paused: sign in to each, then resume it.")
        % {"brand": taken.brand}
    ]
    if taken.teammates:
        said.append(
            _("Not in its team yet: %(addresses)s. Invite them on the page Team.")
            % {"addresses": ", ".join(taken.teammates)}
        )
    return said


def _owner(email: str | None) -> User:
    """Who is named, or the first owner of this install."""
    if email:
        found = User.objects.filter(email=email.lower()).first()
        if found is None:
            raise CommandError(
                _("Nobody here signs in as %(email)s. Make them an owner first: goodword owner %(email)s")
                % {"email": email},
                returncode=CALLED_WRONGLY,
            )
        return found
    first = Teammate.objects.active().filter(role=Role.OWNER).order_by("joined_at", "pk").first()
    if first is None:
        raise CommandError(
            _("There is nobody to own it yet. Say who with --owner EMAIL, after: goodword owner EMAIL"),
            returncode=CALLED_WRONGLY,
        )
    return first.user
