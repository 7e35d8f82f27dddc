"""Log this address: what somebody said on a page that no channel of ours hears."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword.channels import base
from goodword.channels.addresses import address_in, normal_address
from goodword.channels.base import clean_text
from goodword.channels.by_hand import author_named, place_of
from goodword.conversations import by_hand, given_there, threads
from goodword.conversations.acts import NotPossible
from goodword.conversations.replying import NotAnswered
from goodword.conversations.seeing import may_see
from goodword.listening import addresses
from goodword.listening.addresses import Behind
from goodword.listening.models import Connection, Post
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.team.reader import translated
from goodword.web.answering_there import moment_of, taken
from goodword.web.said import written_down
from goodword.web.telling import channel_name
from goodword.web.toasts import toast
from goodword.web.who import may, teammate_of

LONGEST_PREFILL = 5_000  # characters that an address may bring into the form
# What the bookmark runs on the page one looks at. It opens ours with its address, title and marked words.
BOOKMARK = (
    "javascript:(()=>{{const q=new URLSearchParams({{url:location.href,title:document.title,"
    "text:String(getSelection()).slice(0,1500)}});open({address}+'?'+q,'_blank','noopener')}})()"
)


@may(Permission.ANSWER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The form, with what the bookmark or a phone's share sheet brought. Nothing is kept or asked yet."""
    shared = {name: clean_text(request.GET.get(name, ""), LONGEST_PREFILL) for name in ("title", "text")}
    url = request.GET.get("url", "").strip()
    address = url if normal_address(url) else address_in(url, shared["text"], shared["title"])
    if not address:
        return _form(request, Behind(""), {"url": url, **shared})
    text = shared["text"].replace(address, "").strip()  # phones put the address into the text
    known = addresses.known_at(teammate_of(request).brand, address)
    behind = Behind(normal_address(address), place_of(address), known)
    return _form(request, behind, {"url": address, "title": shared["title"], "text": text})


@may(Permission.ANSWER)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """What lies behind the address: a post to be confirmed, or a guess to be corrected."""
    me, typed = teammate_of(request), request.POST.dict()
    behind = addresses.look_behind(me.brand, typed.get("url", ""), timezone.now())
    if not behind.address:
        return _form(request, behind, typed, _("That is no web address. It begins with https://."))
    if behind.known:
        toast(request, _("You have this already."))
        return redirect(_place_of(behind.known, me))
    return _form(request, behind, _guessed(behind, typed), translated(behind.trouble))


@may(Permission.ANSWER)
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Keep it. Whatever stands against it, what was typed is shown again, not lost."""
    me, typed, now = teammate_of(request), request.POST.dict(), timezone.now()
    address = typed.get("url", "").strip()
    behind = Behind(normal_address(address), place_of(address))
    try:
        channel, said, connection = (
            _as_read(me, address, now) if "is_read" in typed else _as_typed(typed, now)
        )
        needs_answer = typed.get("answer") == "yes"
        post, is_new = by_hand.heard(
            me, channel, said, needs_answer=needs_answer, now=now, connection=connection
        )
    except (NotPossible, NotAnswered) as refused:
        return _form(request, behind, typed, str(refused), status=422)
    if is_new:
        toast(request, _("It is logged."), undo=reverse("remove_post", args=[post.pk]))
    else:
        toast(request, _("You have this already."))
    return redirect(taken(request, _place_of(post, me)))


def _as_read(me: Teammate, address: str, now: datetime) -> tuple[str, base.Post, Connection | None]:
    """The channel is asked again: what a browser brings back is not the word of the place."""
    behind = addresses.look_behind(me.brand, address, now)
    if behind.known and behind.post is None:
        raise NotPossible(_("You have this already."))
    if behind.post is None:
        raise NotPossible(translated(behind.trouble) or _("It cannot be read any more: type what they said."))
    return behind.channel, behind.post, behind.connection


def _as_typed(typed: Mapping[str, str], now: datetime) -> tuple[str, base.Post, None]:
    address, text = typed.get("url", "").strip(), typed.get("text", "")
    native_id = normal_address(address)
    if not native_id:
        raise NotPossible(_("That is no web address. It begins with https://."))
    at = moment_of(typed.get("at", "")) or now
    if at > now + given_there.A_MINUTE:
        raise NotPossible(_("That time is still to come. Say when it was said, or leave it empty for now."))
    channel = place_of(address)
    somebody = _("Somebody on %(place)s") % {"place": channel_name(channel)}
    said = base.Post(
        native_id=native_id,
        author=author_named(typed.get("who", ""), native_id, somebody),
        text=clean_text(text.replace("\r\n", "\n")).strip(),
        title=clean_text(typed.get("title", ""), 500).strip(),
        at=min(at, now),
        url=address,
        addressed="addressed" in typed,
    )
    return channel, said, None


def _guessed(behind: Behind, typed: Mapping[str, str]) -> dict[str, str]:
    """What the page says of itself, where nobody typed anything yet."""
    page = behind.page
    at = timezone.localtime(page.at).strftime("%Y-%m-%dT%H:%M") if page.at else ""
    guess = {"who": page.author, "title": page.title, "text": page.text, "at": at}
    return {**typed, **{name: typed.get(name, "").strip() or told for name, told in guess.items()}}


def _place_of(post: Post, me: Teammate) -> str:
    """Where one goes on: its conversation, else whoever said it, as far as one may see them."""
    conversation = threads.find(post)
    if conversation and may_see(me, conversation):
        return reverse("conversation", args=[conversation.pk])
    return reverse("person", args=[post.author.person_id]) if post.heard_by_id is None else reverse("log")


def _form(
    request: HttpRequest, behind: Behind, typed: Mapping[str, str], error: str = "", status: int = 200
) -> HttpResponse:
    fields = {name: typed.get(name, "") for name in ("url", "who", "title", "text", "at")}
    me = teammate_of(request)
    conversation = threads.find(behind.known) if behind.known else None
    context: dict[str, Any] = {
        "behind": behind,
        "typed": fields,
        "addressed": "addressed" in typed,
        "only_count": typed.get("answer") == "no",
        "error": error,
        "key": base.stable_key(str(me.pk), behind.address or fields["url"]),
        "known_at": _place_of(behind.known, me) if behind.known else "",
        "known_conversation": conversation,
        "place": channel_name(behind.channel) if behind.channel else "",
        "bookmark": bookmark(request),
        "lately": written_down(me),
    }
    return render(request, "log.html", context, status=status)


def bookmark(request: HttpRequest) -> str:
    """The address of the bookmark: dragged to the bookmarks bar, it logs whatever page one looks at."""
    address = request.build_absolute_uri(reverse("log"))
    return quote(BOOKMARK.format(address=json.dumps(address)), safe="(){}=>,.?:;'+!&/")
