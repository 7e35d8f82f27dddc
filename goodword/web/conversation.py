"""A conversation: its thread, why it stands where it stands, and the person at the other end."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from goodword.channels.base import Cap, channel_named
from goodword.conversations import acts, claims, reading, replying, triage
from goodword.conversations.models import Conversation, Mute, Resolution
from goodword.conversations.seeing import as_seen_by, conversations_seen_by
from goodword.notifying import reading as news
from goodword.team.authority import Permission
from goodword.web import people, whose
from goodword.web.who import may, teammate_of

SEEN = "X-Seen"  # the page is not hidden behind others: what is renewed there is read


@may(Permission.READ)
@require_safe
def show(request: HttpRequest, conversation: int) -> HttpResponse:
    found = conversation_of(request, conversation)
    news.read_conversation(teammate_of(request), found, now=timezone.now())
    return shown(request, found)


@may(Permission.READ)
@require_safe
def show_thread(request: HttpRequest, conversation: int) -> HttpResponse:
    """The thread alone, to be renewed in an open page without touching what is being typed."""
    found = conversation_of(request, conversation)
    if SEEN in request.headers:
        news.read_conversation(teammate_of(request), found, now=timezone.now())
    return render(request, "_thread.html", opened(request, found))


def conversation_of(request: HttpRequest, pk: int) -> Conversation:
    """The conversation, if I may see it: others are not found, whether they exist or not."""
    me = teammate_of(request)
    mine = conversations_seen_by(me).select_related(
        "profile__person", "brand", "assignee__user", "connection"
    )
    found = get_object_or_404(mine, pk=pk)
    as_seen_by(me, [found])
    return found


def shown(
    request: HttpRequest, conversation: Conversation, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The whole screen with this conversation open; `more` brings back what was typed and refused."""
    from goodword.web.inbox import listed

    context = listed(request, conversation) | opened(request, conversation) | {"pane": "thread"} | more
    return render(request, "inbox.html", context, status=status)


def opened(request: HttpRequest, conversation: Conversation | None) -> dict[str, Any]:
    """What the thread pane and the person pane show."""
    if conversation is None:
        return {"conversation": None}
    me, now = teammate_of(request), timezone.now()
    most = reading.WHOLE_THREAD if "whole" in request.GET else reading.THREAD
    items = reading.thread(conversation, me, most=most)
    post = reading.to_answer(conversation, me)
    channel = channel_named(conversation.channel)
    following = reading.next_after(conversation, whose.listed_for(request, me))
    return {
        "conversation": conversation,
        "channel": channel,
        "items": items,
        "older": reading.older_than_shown(conversation, me, most),
        "is_whole": most == reading.WHOLE_THREAD,
        "place": reading.place_in_line(conversation, me),
        "why": triage.why(conversation, now),
        "explained": triage.explained(conversation),
        "post": post,
        "may_reply": post and replying.may_do(Cap.REPLY, post),
        "may_like": post and replying.may_do(Cap.LIKE, post),
        "may_picture": Cap.PICTURE in channel.caps,
        "may_take_back": Cap.TAKE_BACK in channel.caps,
        "writing": claims.claim_of_another(conversation, me, now=now),
        "newest_answer": reading.newest_answer_at(items),
        "following": following,
        "teammates": acts.who_may_take(conversation),
        "hows": Resolution.How.choices,
        "mute_kinds": Mute.What,
        "key": uuid.uuid4().hex,
        "now": now,
        "text": "",
        "trouble": "",
        "collision": "",
        "mixed_up": "",
        "meant": False,
        "there": {"text": "", "url": "", "at": "", "trouble": ""},
    } | people.beside(conversation.profile, me)
