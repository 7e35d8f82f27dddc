"""Answered in the native app, or face to face: the words are kept here as the reply that they are."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.conversations import given_there
from goodword.conversations.models import Reply
from goodword.conversations.replying import NotAnswered
from goodword.team.authority import Permission
from goodword.web.answering import key_of, post_of
from goodword.web.conversation import conversation_of, shown
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of


@may(Permission.ANSWER)
@require_POST
def create(request: HttpRequest, conversation: int) -> HttpResponse:
    """Keep the words as typed. Whatever stands against it, they are shown again, not lost."""
    answered, me, now = conversation_of(request, conversation), teammate_of(request), timezone.now()
    post = post_of(request, answered)
    typed = request.POST.get("text", "")
    try:
        if post is None:
            raise NotAnswered(_("There is nothing here any more that could be answered."))
        url, at = request.POST.get("url", ""), moment_of(request.POST.get("at", ""))
        reply = given_there.answered_there(post, me, typed, key=key_of(request), now=now, at=at, url=url)
    except NotAnswered as refused:
        there = {"text": typed, "url": request.POST.get("url", ""), "at": request.POST.get("at", "")}
        return shown(request, answered, status=422, there=there | {"trouble": str(refused)})
    toast(
        request,
        _("Your answer to %(name)s is kept.") % {"name": post.author.shown_name},
        undo=reverse("undo_answer_there", args=[answered.pk, reply.pk]),
    )
    return redirect(taken(request, reverse("conversation", args=[answered.pk])))


@may(Permission.ANSWER)
@require_POST
def undo(request: HttpRequest, conversation: int, reply: int) -> HttpResponse:
    """It was not so; the words come back into the box."""
    answered = conversation_of(request, conversation)
    mine = Reply.objects.filter(conversation=answered).exclude(given_there=None)
    undone = get_object_or_404(mine.select_related("sent_post__brand", "conversation__brand"), pk=reply)
    given_there.undo(undone, teammate_of(request), now=timezone.now())
    toast(request, _("It does not count as answered any more."))
    there = {"text": undone.text, "url": "", "at": "", "trouble": ""}
    return shown(request, conversation_of(request, conversation), there=there)


def moment_of(local: str) -> datetime | None:
    """The date and time of a form, in the time zone of whom it was shown to; None for an empty field."""
    if not local.strip():
        return None
    try:
        at = parse_datetime(local)
        if at is None:
            raise ValueError(local)
        return timezone.make_aware(at) if timezone.is_naive(at) else at
    except (ValueError, OverflowError):
        raise NotAnswered(_("That is no date and time that we can read.")) from None


def taken(request: HttpRequest, address: str) -> str:
    """Where to go on; the page there knows that the draft with this key was taken, and forgets it."""
    key = request.POST.get("key", "")
    return f"{address}#taken-{key}" if key.isalnum() else address
