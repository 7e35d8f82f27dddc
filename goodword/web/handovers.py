"""How does an owner hand their brand over to another install, and take one over from another?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from goodword.record.handing import hand_over
from goodword.record.taking import CannotTakeOver, Taken, take_over
from goodword.team.authority import Permission, write_down
from goodword.team.models import Teammate
from goodword.web import uploads, whose
from goodword.web.proof import needs_proof
from goodword.web.uploads import Progress, Upload
from goodword.web.who import may, teammate_of

logger = logging.getLogger(__name__)


# --- away ------------------------------------------------------------------------------------------


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def hand(request: HttpRequest) -> HttpResponse:
    """What goes along, what stays here; then it is written, while one may leave the page."""
    if request.method != "POST":
        return render(request, "handover.html", {"upload": None, "progress": Progress()})
    me = teammate_of(request)
    upload = uploads.room(me.brand, f"{slugify(me.brand.name) or 'brand'}.goodword")
    upload.note(Progress("running"))
    write_down(me.brand, me, "handed the brand over", me.brand, now=timezone.now())
    _in_background(upload, lambda: _hand(upload, me))
    return redirect("handover", upload.token)


@may(Permission.MANAGE)
@require_safe
def handed(request: HttpRequest, token: str) -> HttpResponse:
    upload = _upload(request, token)
    return render(request, "handover.html", {"upload": upload, "progress": upload.progress()})


@may(Permission.MANAGE)
@needs_proof
@require_safe
def file(request: HttpRequest, token: str) -> HttpResponse | FileResponse:
    """The file itself: a whole brand, so whoever asks proves once more who they are."""
    upload = _upload(request, token)
    if upload.progress().state != "done" or not upload.file.exists():
        return redirect("handover", token)
    return FileResponse(
        upload.file.open("rb"),
        as_attachment=True,
        filename=upload.name,
        content_type="application/octet-stream",
    )


def _hand(upload: Upload, me: Teammate) -> Progress:
    def progress(done: int, _total: int) -> None:
        upload.note(Progress("running", done))

    counts = hand_over(me.brand, upload.place, now=timezone.now(), progress=progress)
    return Progress("done", sum(counts.values()))


# --- here ------------------------------------------------------------------------------------------


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _choose(request)
    brought = request.FILES.get("file")
    if brought is None:
        return _choose(request, _("Choose a file first."))
    me, keep_team = teammate_of(request), bool(request.POST.get("keep_team"))
    upload = uploads.keep(me.brand, brought)
    upload.note(Progress("running"))
    _in_background(upload, lambda: _take(upload, me, keep_team))
    return redirect("takeover", upload.token)


@may(Permission.MANAGE)
@require_safe
def taken(request: HttpRequest, token: str) -> HttpResponse:
    upload = _upload(request, token)
    progress = upload.progress()
    context = {"upload": upload, "progress": progress, "taken_brand": _brand_of(request, progress)}
    return render(request, "takeover.html", context | {"error": ""})


def _take(upload: Upload, me: Teammate, keep_team: bool) -> Progress:
    def progress(done: int, _total: int) -> None:
        upload.note(Progress("running", done))

    try:
        came = take_over(
            upload.file, owner=me.user, keep_team=keep_team, now=timezone.now(), progress=progress
        )
    except CannotTakeOver as why:
        return Progress("stopped", 0, [str(why)])
    finally:
        upload.forget_file()
    return Progress("done", came.rows, sentences(came), made=came.brand.pk)


def sentences(came: Taken) -> list[str]:
    """What came of it, and what remains to be done."""
    if not came.is_new:
        return [_("%(brand)s was taken over before: nothing was changed.") % {"brand": came.brand}]
    said = [
        _("%(brand)s is here. Its connections are paused: sign in to each, then resume it.")
        % {"brand": came.brand}
    ]
    if came.teammates:
        addresses = {"addresses": ", ".join(came.teammates)}
        said.append(_("Not in its team yet: %(addresses)s. Invite them on the page Team.") % addresses)
    return said


def _choose(request: HttpRequest, error: str = "") -> HttpResponse:
    context = {"upload": None, "progress": Progress(), "taken_brand": None, "error": error}
    return render(request, "takeover.html", context, status=422 if error else 200)


def _brand_of(request: HttpRequest, progress: Progress) -> Any:
    """The brand that came of it, for whoever is in its team."""
    mine = (me for me in whose.memberships(request) if me.brand_id == progress.made)
    return next((me.brand for me in mine), None)


# --- both ------------------------------------------------------------------------------------------


def _upload(request: HttpRequest, token: str) -> Upload:
    upload = uploads.find(token, teammate_of(request).brand)
    if upload is None:
        raise Http404
    return upload


def _in_background(upload: Upload, work: Callable[[], Progress]) -> None:
    """In a thread, so that it neither holds up the page nor ends with it."""

    def run() -> None:
        try:
            upload.note(work())
        except Exception:
            logger.exception("a hand-over stopped")
            upload.note(Progress("stopped"))
        finally:
            connection.close()

    threading.Thread(target=run, name=f"handover-{upload.token}", daemon=True).start()
