"""Which backups are there, when is the next one made, and how does an owner make one now?

They are not downloaded here: each holds every brand of the install, and the page says where it lies.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goodword.record import machine, nightly, shelf
from goodword.record.shelf import Backup, Why
from goodword.team.authority import Permission, write_down
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "backups.html", shown())
    me = teammate_of(request)
    if not nightly.state().running:
        nightly.begin(Why.BY_HAND)
        write_down(me.brand, me, "began a backup", now=timezone.now())
    toast(request, _("A backup is being made. You may leave this page."))
    return redirect("backups")


def shown() -> dict[str, Any]:
    now = timezone.now()
    folder = Path(settings.BACKUPS)
    return {
        "backups": [_row(backup) for backup in shelf.backups_in(folder)],
        "folder": folder,
        "state": nightly.state(),
        "next_one": nightly.next_one(now) if settings.MAKES_BACKUPS else None,
        "finding": machine.backups(now),
        "keys": settings.KEYS,
    }


def _row(backup: Backup) -> dict[str, Any]:
    return {"at": backup.made_at, "why": REASONS[backup.why], "size": filesizeformat(backup.size)}


REASONS = {
    Why.NIGHTLY: gettext_lazy("made by night"),
    Why.BY_HAND: gettext_lazy("made by hand"),
    Why.UPGRADE: gettext_lazy("made before an upgrade"),
}
