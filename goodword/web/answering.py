"""Answering: reply and thank, and what may still be decided about an answer once it is written."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.channels.base import Picture, channel_named, stable_key
from goodword.conversations import acts, claims, outbox, reading, replying, threads
from goodword.conversations.models import Conversation, Delivery
from goodword.conversations.seeing import within_sight
from goodword.conversations.wrong_brand import another_brand_in
from goodword.listening.models import Post
from goodword.listening.pictures import MAX_UPLOAD, NotAPicture, picture_from_upload
from goodword.listening.seeing import posts_seen_by
from goodword.team.authority import Permission
from goodword.web.conversation import conversation_of, shown
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

DECISIONS = {"arrived": outbox.it_arrived, "again": outbox.send_again, "drop": outbox.drop}


@may(Permission.ANSWER)
@require_POST
def create_reply(request: HttpRequest, conversation: int) -> HttpResponse:
    """Take the words as typed. Whatever stands against it, they are shown again, not lost."""
    answered = conversation_of(request, conversation)
    post = post_of(request, answered)
    if warning := _names_another_brand(request):
        return _again(request, answered, status=409, mixed_up=warning)
    try:
        if post is None:
            raise replying.NotAnswered(_("There is nothing here any more that could be answered."))
        reply = replying.reply(
            post,
            teammate_of(request),
            request.POST.get("text", ""),
            key=key_of(request),
            now=timezone.now(),
            picture=_picture(request),
            seen_until=_seen(request),
            anyway="anyway" in request.POST,
        )
    except replying.SomebodyElse as other:
        return _again(request, answered, status=409, collision=str(other))
    except (replying.NotAnswered, NotAPicture) as refused:
        return _again(request, answered, status=422, trouble=str(refused))
    toast(
        request,
        _("Your reply to %(name)s goes out now.") % {"name": post.author.shown_name},
        undo=reverse("withdraw", args=[reply.delivery_id]),
    )
    return redirect(_taken(request, reverse("conversation", args=[answered.pk])))


@may(Permission.ANSWER)
@require_POST
def create_thanks(request: HttpRequest, conversation: int) -> HttpResponse:
    thanked = conversation_of(request, conversation)
    post = post_of(request, thanked)
    try:
        if post is None:
            raise replying.NotAnswered(_("There is nothing here any more that could be thanked for."))
        thanks = replying.thank(post, teammate_of(request), key=key_of(request), now=timezone.now())
    except replying.NotAnswered as refused:
        trouble(request, str(refused))
    else:
        toast(
            request,
            _("You liked what %(name)s said.") % {"name": post.author.shown_name},
            undo=reverse("withdraw", args=[thanks.delivery_id]),
        )
    return redirect("conversation", thanked.pk)


@may(Permission.ANSWER)
@require_POST
def create_claim(request: HttpRequest, conversation: int) -> HttpResponse:
    """I am writing: others see it. Answers who is writing, if it is somebody else."""
    claimed = conversation_of(request, conversation)
    me = teammate_of(request)
    if "release" in request.POST:
        claims.release(claimed, me)
        return JsonResponse({"by": None})
    claim = claims.claim(claimed, me, now=timezone.now())
    return JsonResponse({"by": None if claim.by_id == me.pk else claim.by.name})


@may(Permission.READ)
@require_POST
def create_length(request: HttpRequest, conversation: int) -> HttpResponse:
    """How long is this text, as the channel counts?"""
    channel = channel_named(conversation_of(request, conversation).channel)
    return render(
        request,
        "_length.html",
        {"length": channel.length(request.POST.get("text", "").strip()), "channel": channel},
    )


@may(Permission.ANSWER)
@require_POST
def withdraw(request: HttpRequest, delivery: int) -> HttpResponse:
    """Undo before it went out; a moment later it can only be taken back at the channel."""
    undone, me, now = delivery_of(request, delivery), teammate_of(request), timezone.now()
    answered = threads.find(undone.post)
    assert answered
    if replying.withdraw(undone, me, now=now):
        toast(request, _not_sent(undone))
        return shown(request, conversation_of(request, answered.pk), text=undone.text)
    return _take_back(request, undone, answered)


@may(Permission.ANSWER)
@require_POST
def take_back(request: HttpRequest, delivery: int) -> HttpResponse:
    sent = delivery_of(request, delivery)
    answered = threads.find(sent.post)
    assert answered
    return _take_back(request, sent, answered)


@may(Permission.ANSWER)
@require_POST
def decide(request: HttpRequest, delivery: int) -> HttpResponse:
    """A person decides about what may have been sent, was held back, or was refused."""
    undecided = delivery_of(request, delivery)
    decision = DECISIONS.get(request.POST.get("decision", ""))
    try:
        if decision:
            decision(undecided, teammate_of(request), now=timezone.now())
    except replying.NotAnswered as refused:
        trouble(request, str(refused))
    answered = threads.find(undecided.post)
    assert answered
    return redirect("conversation", answered.pk)


@may(Permission.ANSWER)
@require_POST
def pick_up(request: HttpRequest, post: int) -> HttpResponse:
    """Take a post into the inbox that was only counted."""
    seen = posts_seen_by(teammate_of(request)).readable()
    counted = get_object_or_404(seen.filter(is_ours=False), pk=post)
    picked_up = acts.pick_up(counted, teammate_of(request), now=timezone.now())
    return redirect("conversation", picked_up.pk)


def delivery_of(request: HttpRequest, pk: int) -> Delivery:
    mine = within_sight(Delivery.objects.all(), teammate_of(request))
    return get_object_or_404(mine.select_related("post__author", "connection"), pk=pk)


def _take_back(request: HttpRequest, sent: Delivery, answered: Conversation) -> HttpResponse:
    try:
        replying.ask_to_take_back(sent, teammate_of(request), now=timezone.now())
    except replying.NotAnswered as refused:
        trouble(request, str(refused))
    else:
        toast(request, _("It is being taken back."))
    return redirect("conversation", answered.pk)


def _not_sent(undone: Delivery) -> str:
    """The words come back into the box; a browser lets nobody fill in a picture."""
    if undone.picture_mime:
        return _("It was not sent. The picture has to be chosen again.")
    return _("It was not sent.")


def _names_another_brand(request: HttpRequest) -> str:
    """Asked once; who means it sends it all the same."""
    me = teammate_of(request)
    other = None if "meant" in request.POST else another_brand_in(request.POST.get("text", ""), me)
    if other is None:
        return ""
    names = {"other": other.name, "brand": me.brand.name}
    return _("This names %(other)s, and you answer for %(brand)s. Send it all the same?") % names


def _again(request: HttpRequest, answered: Conversation, *, status: int, **more: Any) -> HttpResponse:
    typed = {"text": request.POST.get("text", ""), "key": key_of(request), "meant": "meant" in request.POST}
    return shown(request, answered, status=status, **typed, **more)


def post_of(request: HttpRequest, answered: Conversation) -> Post | None:
    """The post that was on screen when the answer was written, or the one that waits."""
    given = request.POST.get("post", "")
    if given.isdecimal() and len(given) < 19:
        seen = within_sight(answered.posts, teammate_of(request)).filter(is_ours=False)
        return seen.select_related("author", "connection").filter(pk=int(given)).first()
    return reading.to_answer(answered, teammate_of(request))


def key_of(request: HttpRequest) -> str:
    """Names this act. Bound to the teammate: another's key cannot be guessed into it."""
    return stable_key(str(teammate_of(request).pk), request.POST.get("key") or uuid.uuid4().hex)


def _seen(request: HttpRequest) -> datetime | None:
    """The newest answer that was on screen; a form without a script or an old client says nothing."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _picture(request: HttpRequest) -> Picture | None:
    upload = request.FILES.get("picture")
    if upload is None:
        return None
    alt = request.POST.get("alt", "").strip()
    if not alt:
        raise NotAPicture(_("Describe the picture in a few words for those who cannot see it."))
    data, mime = picture_from_upload(upload.read(MAX_UPLOAD + 1))
    return Picture(data, mime, alt)


def _taken(request: HttpRequest, address: str) -> str:
    from goodword.web.answering_there import taken

    return taken(request, address)
