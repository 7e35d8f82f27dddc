"""How does somebody bring posts in from a file? Upload, look at what the columns mean, import."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from goodword.channels.base import channels
from goodword.channels.file.columns import Meaning
from goodword.listening.importing import (
    CannotImport,
    Preview,
    Report,
    check_channel,
    import_posts,
    preview,
)
from goodword.listening.seeing import is_narrowed
from goodword.team.authority import Permission, write_down
from goodword.team.models import Teammate
from goodword.team.reader import translated
from goodword.web import uploads
from goodword.web.toasts import toast
from goodword.web.uploads import Progress, Upload
from goodword.web.who import may, teammate_of

logger = logging.getLogger(__name__)

MOST_COLUMNS = 100  # that the form asks about; further ones mean what their names say
MOST_SHOWN = 200  # refused rows on the page of the result

MEANINGS = {
    "": gettext_lazy("not used"),
    Meaning.TEXT: gettext_lazy("the text"),
    Meaning.TITLE: gettext_lazy("the title"),
    Meaning.AT: gettext_lazy("the time it was said"),
    Meaning.AUTHOR: gettext_lazy("the author’s handle"),
    Meaning.AUTHOR_NAME: gettext_lazy("the author’s name"),
    Meaning.AUTHOR_ID: gettext_lazy("the author’s id"),
    Meaning.AUTHOR_URL: gettext_lazy("the author’s page"),
    Meaning.AVATAR: gettext_lazy("the author’s picture"),
    Meaning.FOLLOWERS: gettext_lazy("how many follow the author"),
    Meaning.ID: gettext_lazy("the id of the post"),
    Meaning.URL: gettext_lazy("the address of the post"),
    Meaning.COMMENTS_URL: gettext_lazy(
        "the address of the discussion; the other address is what it links to"
    ),
    Meaning.PARENT: gettext_lazy("the id of the post it answers"),
    Meaning.ROOT: gettext_lazy("the id of the thread"),
    Meaning.INBOUND: gettext_lazy("said to us (yes) or by us (no)"),
    Meaning.VISIBILITY: gettext_lazy("whether it is public or direct"),
    Meaning.LANGUAGE: gettext_lazy("the language"),
}


@may(Permission.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a file; what comes is put aside until somebody has looked at it."""
    _check_that_it_would_be_seen(request)
    if request.method != "POST":
        return _choose(request)
    file = request.FILES.get("file")
    if file is None:
        return _choose(request, _("Choose a file first."))
    upload = uploads.keep(teammate_of(request).brand, file)
    try:
        preview(upload.file)
    except CannotImport as refusal:
        upload.forget()
        return _choose(request, translated(str(refusal)))
    return redirect("import", upload.token)


@may(Permission.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The first rows and what they mean; then how far it has come; then what came of it."""
    upload = _upload(request, token)
    progress = upload.progress()
    if progress.state in ("running", "done"):
        return render(request, "import_progress.html", {"upload": upload, "progress": progress})
    try:
        seen = preview(upload.file, _mapping(request, preview(upload.file)))
    except CannotImport as refusal:
        upload.forget()
        return _choose(request, translated(str(refusal)))
    if request.method != "POST":
        return _look(request, upload, progress, seen)
    if seen.missing:
        return _look(request, upload, progress, seen, translated(seen.missing))
    return _begin(request, upload, progress, seen)


@may(Permission.ANSWER)
@require_POST
def remove(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing of the file is kept."""
    _upload(request, token).forget()
    toast(request, _("The file was removed."))
    return redirect("import_new")


def _check_that_it_would_be_seen(request: HttpRequest) -> None:
    """Rows of a file belong to no account: who is narrowed to some would never see what they imported."""
    if is_narrowed(teammate_of(request)):
        raise PermissionDenied(_("You see only some accounts of this brand. An owner can import a file."))


def _upload(request: HttpRequest, token: str) -> Upload:
    upload = uploads.find(token, teammate_of(request).brand)
    if upload is None:
        raise Http404
    return upload


def _choose(request: HttpRequest, error: str = "") -> HttpResponse:
    return render(request, "import.html", {"error": error}, status=422 if error else 200)


def _look(
    request: HttpRequest, upload: Upload, progress: Progress, seen: Preview, error: str = ""
) -> HttpResponse:
    columns = [
        (number, name, seen.means.get(name, ""), [str(row.get(name) or "")[:80] for row in seen.rows])
        for number, name in enumerate(seen.names[:MOST_COLUMNS])
    ]
    said = {
        "upload": upload,
        "progress": progress,
        "columns": columns,
        "meanings": MEANINGS.items(),
        "notes": [translated(note) for note in seen.notes],
        "missing": translated(seen.missing),
        "error": error,
        "channel": request.POST.get("channel", "file"),
        "channels": channels(),
    }
    return render(request, "import_preview.html", said, status=422 if error else 200)


def _mapping(request: HttpRequest, seen: Preview) -> dict[str, Meaning | None]:
    """What the form says of each column; nothing where there is no form yet."""
    chosen = {
        name: request.POST.get(f"means-{number}") for number, name in enumerate(seen.names[:MOST_COLUMNS])
    }
    return {name: _meaning(said) for name, said in chosen.items() if said is not None}


def _meaning(said: str) -> Meaning | None:
    return Meaning(said) if said in list(Meaning) else None


def _begin(request: HttpRequest, upload: Upload, progress: Progress, seen: Preview) -> HttpResponse:
    channel = request.POST.get("channel", "").strip().lower() or "file"
    try:
        check_channel(channel)
    except CannotImport as refusal:
        return _look(request, upload, progress, seen, translated(str(refusal)))
    upload.note(Progress("running"))
    # In a thread, so that a long import neither holds up the page nor ends with it. Whoever starts it
    # twice, or again after a restart, changes nothing: posts are kept once.
    work = threading.Thread(
        target=_import,
        args=(upload, teammate_of(request), channel, _mapping(request, seen)),
        name=f"import-{upload.token}",
        daemon=True,
    )
    work.start()
    return redirect("import", upload.token)


def _import(upload: Upload, by: Teammate, channel: str, mapping: Mapping[str, Meaning | None]) -> None:
    now = timezone.now()
    read = 0

    def progress(report: Report) -> None:
        nonlocal read
        read = report.read
        upload.note(Progress("running", read))

    try:
        report = import_posts(
            by.brand, upload.file, now=now, channel=channel, mapping=mapping, progress=progress
        )
        write_down(by.brand, by, "imported posts", now=now, file=upload.name, new=report.new)
        upload.note(_result(report))
        upload.forget_file()
    except Exception as error:
        logger.exception("an import stopped")
        upload.note(Progress("stopped", read, [str(error)] if isinstance(error, CannotImport) else []))
    finally:
        connection.close()


def _result(report: Report) -> Progress:
    refused: list[dict[str, Any]] = [asdict(one) for one in report.refused[:MOST_SHOWN]]
    return Progress("done", report.read, report.sentences(), refused, len(report.refused))
