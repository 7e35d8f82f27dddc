"""Everything else that is done with a conversation; each act can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.conversations import acts, reading
from goodword.conversations.models import Act, Assignment, Conversation, Mute, Note, Resolution, Snooze
from goodword.conversations.seeing import acts_seen_by
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.team.reader import zone_of
from goodword.web import whose
from goodword.web.conversation import conversation_of
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

UNDOABLE: dict[str, type[Act]] = {
    "note": Note,
    "assignment": Assignment,
    "snooze": Snooze,
    "resolution": Resolution,
    "mute": Mute,
}
MORNING = 9  # o'clock: "tomorrow" and "next week" mean the start of the working day


@may(Permission.ANSWER)
@require_POST
def create_note(request: HttpRequest, conversation: int) -> HttpResponse:
    noted = conversation_of(request, conversation)
    try:
        made = acts.note(noted, teammate_of(request), request.POST.get("text", ""), now=timezone.now())
    except acts.NotPossible as refused:
        trouble(request, str(refused))
    else:
        toast(request, _("Noted, for your team only."), undo=_undo(made))
    return redirect("conversation", noted.pk)


@may(Permission.ANSWER)
@require_POST
def create_assignment(request: HttpRequest, conversation: int) -> HttpResponse:
    assigned, me = conversation_of(request, conversation), teammate_of(request)
    to = _teammate(request)
    try:
        made = acts.assign(assigned, me, to, now=timezone.now())
    except acts.NotPossible as refused:
        trouble(request, str(refused))
        return redirect("conversation", assigned.pk)
    if to is None:
        said = _("Nobody has it now.")
    elif to.pk == me.pk:
        said = _("It is yours.")
    else:
        said = _("%(name)s has it now.") % {"name": to.name}
    toast(request, said, undo=_undo(made))
    return redirect("conversation", assigned.pk)


@may(Permission.ANSWER)
@require_POST
def create_snooze(request: HttpRequest, conversation: int) -> HttpResponse:
    snoozed, me, now = conversation_of(request, conversation), teammate_of(request), timezone.now()
    try:
        until = _until(request.POST.get("until", ""), now, zone_of(me.user, me.brand))
        made = acts.snooze(snoozed, me, until, now=now)
    except acts.NotPossible as refused:
        trouble(request, str(refused))
        return redirect("conversation", snoozed.pk)
    toast(request, _("It comes back when its time has come, or when they write again."), undo=_undo(made))
    return _on_to_the_next(request, snoozed)


@may(Permission.ANSWER)
@require_POST
def create_resolution(request: HttpRequest, conversation: int) -> HttpResponse:
    resolved = conversation_of(request, conversation)
    how = request.POST.get("how", Resolution.How.RESOLVED)
    if how not in Resolution.How.values:
        raise Http404
    made = acts.resolve(resolved, teammate_of(request), how, now=timezone.now())
    toast(
        request,
        _("%(how)s: %(name)s") % {"how": made.get_how_display(), "name": resolved.profile.shown_name},
        undo=_undo(made),
    )
    return _on_to_the_next(request, resolved)


@may(Permission.ANSWER)
@require_POST
def create_reopening(request: HttpRequest, conversation: int) -> HttpResponse:
    reopened = conversation_of(request, conversation)
    acts.reopen(reopened, teammate_of(request), now=timezone.now())
    toast(request, _("Back in the inbox."))
    return redirect("conversation", reopened.pk)


@may(Permission.ANSWER)
@require_POST
def create_mute(request: HttpRequest, conversation: int) -> HttpResponse:
    muted = conversation_of(request, conversation)
    what = request.POST.get("what", "")
    if what not in Mute.What.values:
        raise Http404
    try:
        made = acts.mute(muted, teammate_of(request), what, request.POST.get("word", ""), now=timezone.now())
    except acts.NotPossible as refused:
        trouble(request, str(refused))
    else:
        toast(request, _muted(made), undo=_undo(made))
    return redirect("conversation", muted.pk)


@may(Permission.ANSWER)
@require_POST
def undo(request: HttpRequest, kind: str, act: int) -> HttpResponse:
    if kind not in UNDOABLE:
        raise Http404
    mine = acts_seen_by(teammate_of(request), UNDOABLE[kind])
    undone = get_object_or_404(mine.select_related("conversation__brand"), pk=act)
    acts.undo(undone, teammate_of(request), now=timezone.now())
    toast(request, _("Undone."))
    return redirect("conversation", undone.conversation_id)


def _muted(made: Mute) -> str:
    match made.what:
        case Mute.What.AUTHOR:
            said = _("New posts by %(name)s are only counted from now on.")
        case Mute.What.WORD:
            said = _("New posts with “%(word)s” are only counted from now on.")
        case _:
            said = _("New posts of this thread are only counted from now on.")
    return said % {"name": made.profile.shown_name if made.profile else "", "word": made.word}


def _undo(act: Act) -> str:
    return reverse("undo", args=[type(act).__name__.lower(), act.pk])


def _on_to_the_next(request: HttpRequest, done: Conversation) -> HttpResponse:
    following = reading.next_after(done, whose.listed_for(request, teammate_of(request)))
    return redirect("conversation", following.pk) if following else redirect("inbox")


def _teammate(request: HttpRequest) -> Teammate | None:
    given = request.POST.get("to", "")
    if not given:
        return None
    if not given.isdecimal():
        raise Http404
    team = Teammate.objects.active().filter(brand=teammate_of(request).brand)
    return get_object_or_404(team.select_related("user"), pk=int(given[:18]))


def _until(wish: str, now: datetime, zone: ZoneInfo) -> datetime:
    """ "hour", "tomorrow", "week", or a local date and time as the browser's field gives it."""
    here = now.astimezone(zone)
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    match wish:
        case "hour":
            return now + timedelta(hours=1)
        case "tomorrow":
            return morning + timedelta(days=1)
        case "week":
            return morning + timedelta(days=7 - here.weekday())
    try:
        return datetime.fromisoformat(wish).replace(tzinfo=zone)
    except ValueError as error:
        raise acts.NotPossible(_("Choose until when.")) from error
