"""`goodword restore FILE`: makes an empty home what it was when the backup was made."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goodword.management.commands.backup import given_passphrase
from goodword.management.ready import CALLED_WRONGLY
from goodword.management.telling import told_now_and_then
from goodword.record.archive import Damaged
from goodword.record.backup import check
from goodword.record.restore import CannotRestore, Restored, head_of, restore

DAMAGED = 1


class Command(BaseCommand):
    help = gettext_noop("Bring back everything from a backup, into an empty home.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help=_("only read it whole; nothing is changed"))
        parser.add_argument(
            "--passphrase-file", type=Path, help=_("where the passphrase of the keys in it stands")
        )
        parser.add_argument("--json", action="store_true", help=_("end with one line of JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"].absolute()
        try:
            about = head_of(file)
            if options["check"]:
                check(file)
                said = _("%(file)s is whole: made %(at)s by Goodword %(version)s.")
                self.stdout.write(said % {"file": file, "at": about.made_at, "version": about.version})
                return
            passphrase = self._passphrase(options["passphrase_file"]) if about.has_keys else ""
            progress = told_now_and_then(self.stderr.write, _("%(done)s of %(total)s rows"))
            done = restore(file, now=timezone.now(), passphrase=passphrase, progress=progress)
        except Damaged as error:
            raise CommandError(
                _("%(file)s is damaged: %(trouble)s. Take another one.") % {"file": file, "trouble": error},
                returncode=DAMAGED,
            ) from error
        except CannotRestore as why:
            raise CommandError(str(why), returncode=CALLED_WRONGLY) from why
        except (DatabaseError, OSError) as error:
            told = {"trouble": str(error).strip().split("\n")[0]}
            raise CommandError(
                _("The restore stopped: %(trouble)s. Give the same command again once that is mended.")
                % told,
                returncode=DAMAGED,
            ) from error
        self._tell(done, as_json=options["json"])

    def _passphrase(self, file: Path | None) -> str:
        given = given_passphrase(file)
        if not given and sys.stdin.isatty():
            given = getpass.getpass(_("Passphrase of the keys (empty: without them): "))
        return given

    def _tell(self, done: Restored, *, as_json: bool) -> None:
        for sentence in _sentences(done):
            self.stdout.write(sentence)
        if as_json:
            self.stdout.write(
                json.dumps(
                    {
                        "made_at": done.about.made_at,
                        "rows": done.rows,
                        "files": done.files,
                        "forgotten": done.forgotten,
                        "keys": done.keys,
                        "opens_secrets": done.opens_secrets,
                    }
                )
            )


def _sentences(done: Restored) -> list[str]:
    said = [
        _("Restored as of %(at)s: %(rows)s rows and %(files)s files.")
        % {"at": done.about.made_at, "rows": f"{done.rows:,}", "files": f"{done.files:,}"}
    ]
    if done.forgotten:
        said.append(
            ngettext(
                "%(n)s post or author that was deleted since then was deleted again.",
                "%(n)s posts and authors that were deleted since then were deleted again.",
                done.forgotten,
            )
            % {"n": done.forgotten}
        )
    if not done.opens_secrets:
        said.append(
            _(
                "Missing: the key that opens the passwords of connections. Copy the folder keys of the old "
                "home to %(keys)s, or sign in to each connection again."
            )
            % {"keys": settings.KEYS}
        )
    said.append(_("Everybody signs in anew. Start with: goodword run"))
    return said
