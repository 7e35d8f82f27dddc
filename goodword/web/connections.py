"""Where do we listen, does it work, and how is another account connected?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodword.channels.base import Channel, ChannelError, Field, channels
from goodword.listening import connecting
from goodword.listening.connecting import Findings, Incomplete, NotConnected
from goodword.listening.health import Finding, health_of
from goodword.listening.models import Connection
from goodword.listening.seeing import connections_seen_by
from goodword.store.vault import WrongKey
from goodword.team.authority import Permission
from goodword.team.reader import translated
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of


@dataclass(frozen=True)
class Standing:
    """A connection, and how it stands now."""

    connection: Connection
    health: Finding

    @classmethod
    def of(cls, connection: Connection, now: datetime) -> Standing:
        return cls(connection, health_of(connection, now))


@may(Permission.READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = _connections(request).order_by("made_at", "pk")
    return render(
        request,
        "connections.html",
        {"standings": [Standing.of(row, now) for row in rows], "kinds": _connectable()},
    )


@may(Permission.READ)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    found: Findings | None = connecting.findings_of(connection)
    return render(
        request,
        "connection.html",
        {
            "standing": Standing.of(connection, timezone.now()),
            "found": found,
            "gaps": connection.gaps.order_by("-until")[:5],
            "fields": [field for field in connection.kind.fields if not field.secret],
            "signs_in": _signs_in(connection.kind),
            "troubles": connection.kind.troubles(connection.cursor),
            "unread": connection.quarantined.filter(read_at=None).order_by("-at").defer("raw")[:20],
            "takes_notices_at": connection.kind.takes_notices_at(connection.handle),
        },
    )


@sensitive_post_parameters()
@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest, channel: str) -> HttpResponse:
    """The form of a channel, and its sending: on success the new connection says what it found."""
    kind = _kind(channel)
    given = _defaults(kind) if request.method != "POST" else _given(request, kind)
    if request.method != "POST":
        return _form(request, kind, given)
    try:
        connection, _health = connecting.connect(teammate_of(request), kind, given, now=timezone.now())
    except (Incomplete, NotConnected, ChannelError) as error:
        return _form(request, kind, given, error)
    toast(request, _("%(name)s is connected.") % {"name": connection.name})
    return redirect("connection", connection.pk)


@sensitive_post_parameters()
@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    kind = connection.kind
    if request.method != "POST":
        return _form(request, kind, _defaults(kind) | connection.settings, connection=connection)
    given = _given(request, kind)
    try:
        connecting.sign_in_again(connection, teammate_of(request), given, now=timezone.now())
    except (Incomplete, NotConnected, ChannelError) as error:
        return _form(request, kind, given, error, connection=connection)
    toast(request, _("Signed in again: listening goes on.") if _signs_in(kind) else _("Saved."))
    return redirect("connection", connection.pk)


@may(Permission.MANAGE)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    try:
        connecting.look_again(connection, teammate_of(request), now=timezone.now())
    except (ChannelError, WrongKey) as error:
        trouble(request, translated(str(error)))
    else:
        toast(request, _("%(name)s works.") % {"name": connection.name})
    return redirect("connection", connection.pk)


@may(Permission.MANAGE)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    connecting.pause(connection, teammate_of(request), now=timezone.now())
    toast(request, _("Paused: nothing is heard from %(name)s.") % {"name": connection.name})
    return redirect("connection", connection.pk)


@may(Permission.MANAGE)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    connecting.resume(connection, teammate_of(request), now=timezone.now())
    toast(request, _("Listening to %(name)s again.") % {"name": connection.name})
    return redirect("connection", connection.pk)


@may(Permission.MANAGE)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    connection = _connection(request, pk)
    connecting.remove(connection, teammate_of(request), now=timezone.now())
    gone = _("%(name)s was removed and its password forgotten.")
    toast(
        request,
        (gone if _signs_in(connection.kind) else _("%(name)s was removed.")) % {"name": connection.name},
    )
    return redirect("connections")


# --- what they share -------------------------------------------------------------------------------


def _connections(request: HttpRequest) -> QuerySet[Connection]:
    return connections_seen_by(teammate_of(request)).filter(removed_at=None)


def _connection(request: HttpRequest, pk: int) -> Connection:
    return get_object_or_404(Connection, pk=pk, brand=teammate_of(request).brand, removed_at=None)


def _connectable() -> list[type[Channel]]:
    return [kind for kind in channels().values() if kind.connectable]


def _kind(key: str) -> type[Channel]:
    kind = channels().get(key)
    if kind is None or not kind.connectable:
        raise Http404
    return kind


def _defaults(kind: type[Channel]) -> dict[str, str]:
    return {field.name: field.default for field in kind.fields}


def _given(request: HttpRequest, kind: type[Channel]) -> dict[str, str]:
    """What is chosen from a list comes several times, and is kept one a line."""
    return {field.name: "\n".join(request.POST.getlist(field.name)) for field in kind.fields}


def _form(
    request: HttpRequest,
    kind: type[Channel],
    given: Mapping[str, str],
    error: Exception | None = None,
    *,
    connection: Connection | None = None,
) -> HttpResponse:
    """Secrets are never sent back to the browser, not even those just typed."""
    shown = {field.name: "" if field.secret else given.get(field.name, "") for field in kind.fields}
    return render(
        request,
        "connect.html",
        {
            "kind": kind,
            "fields": [(field, _input_kind(field), shown[field.name]) for field in kind.fields],
            "errors": error.errors if isinstance(error, Incomplete) else {},
            "sentence": translated(str(error)) if error and not isinstance(error, Incomplete) else "",
            "connection": connection,
            "signs_in": _signs_in(kind),
        },
        status=422 if error else 200,
    )


def _signs_in(kind: type[Channel]) -> bool:
    """Some places ask nobody who they are: there is nothing to sign in with."""
    return any(field.secret for field in kind.fields)


def _input_kind(field: Field) -> str:
    """A web socket's address is no `url` for every browser: such fields take any text."""
    return "password" if field.secret else "text"
