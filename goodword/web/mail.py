"""What came with a mail: its files, how it was laid out, and the mails that could not be read."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from goodword.channels.base import ChannelError
from goodword.listening import attachments, quarantine
from goodword.listening.models import Attachment, Quarantined
from goodword.listening.seeing import post_is_seen, posts_seen_by
from goodword.store.vault import WrongKey
from goodword.team.authority import Permission
from goodword.team.reader import translated
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

# A stranger's page within ours: it runs nothing, loads nothing, sends nothing and leads nowhere by itself.
LAYOUT_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    ]
)
FILE_POLICY = "default-src 'none'; sandbox"
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light">'
    "<title>{title}</title><style>body{{margin:12px;font:15px/1.5 system-ui,sans-serif;color:#222;"
    "background:#fff;overflow-wrap:anywhere}}img,table{{max-width:100%}}</style></head><body>{body}</body></html>"
)


@may(Permission.READ)
@require_safe
def attachment(request: HttpRequest, attachment: int) -> HttpResponse:
    """A file as a download, whatever it claims to be: no browser opens it within our pages."""
    seen = Attachment.objects.filter(post_is_seen(teammate_of(request), "post__"), post__gone_at=None)
    row = get_object_or_404(seen.filter(post__author__gone_at=None), pk=attachment)
    try:
        data = attachments.bytes_of(row)
    except OSError as error:
        raise Http404 from error
    return _download(data, row.name)


@may(Permission.READ)
@require_safe
@xframe_options_sameorigin
def layout(request: HttpRequest, post: int) -> HttpResponse:
    """A mail as its author laid it out, in a frame that trusts nothing in it."""
    seen = posts_seen_by(teammate_of(request)).readable().exclude(html="")
    row = get_object_or_404(seen, pk=post)
    page = PAGE.format(title=_("As it was laid out"), body=row.html)
    return HttpResponse(
        page,
        headers={"Content-Security-Policy": LAYOUT_POLICY, "Referrer-Policy": "no-referrer"},
    )


@may(Permission.MANAGE)
@require_safe
def unread_bytes(request: HttpRequest, aside: int) -> HttpResponse:
    row = _aside(request, aside)
    return _download(bytes(row.raw), f"mail-{row.pk}.eml")


@may(Permission.MANAGE)
@require_POST
def try_again(request: HttpRequest, aside: int) -> HttpResponse:
    row = _aside(request, aside)
    try:
        read = quarantine.try_again(row, teammate_of(request), now=timezone.now())
    except (ChannelError, WrongKey) as error:
        trouble(request, translated(str(error)))
    else:
        if read:
            toast(request, _("It could be read, and is kept like any other."))
        else:
            trouble(request, _("It still cannot be read."))
    return redirect("connection", row.connection_id)


@may(Permission.MANAGE)
@require_POST
def drop(request: HttpRequest, aside: int) -> HttpResponse:
    row = _aside(request, aside)
    quarantine.drop(row, teammate_of(request), now=timezone.now())
    toast(request, _("It was deleted."))
    return redirect("connection", row.connection_id)


def _aside(request: HttpRequest, pk: int) -> Quarantined:
    mine = Quarantined.objects.filter(connection__brand=teammate_of(request).brand, read_at=None)
    return get_object_or_404(mine.select_related("connection__brand"), pk=pk)


def _download(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": FILE_POLICY,
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
