"""Which of our team's own chats hears what happens here?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodword.notifying import chats
from goodword.notifying.kinds import FOR_CHATS
from goodword.notifying.models import ChatHook
from goodword.store.vault import WrongKey
from goodword.team.authority import Permission
from goodword.team.reader import translated
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

FRESH_IN_SESSION = "fresh_chat_secret"  # shown once, on the page behind the form


@may(Permission.MANAGE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    mine = ChatHook.objects.filter(brand=teammate_of(request).brand).order_by("made_at", "pk")
    return render(request, "chat_hooks.html", {"chats": mine, "kinds": _kinds()})


@sensitive_post_parameters("address")
@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    given = _given(request)
    if request.method != "POST":
        return _form(request, None, given)
    try:
        chat, secret = chats.add(teammate_of(request), given, now=timezone.now())
    except chats.NotPossible as refused:
        return _form(request, None, given, str(refused))
    if chat.flavour == ChatHook.Flavour.SIGNED:
        request.session[FRESH_IN_SESSION] = secret
    toast(request, _("%(name)s hears from now on. Send a test to be sure.") % {"name": chat.name})
    return redirect("chat_hook", chat.pk)


@sensitive_post_parameters("address")
@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    chat = _chat(request, pk)
    if request.method != "POST":
        known = chats.Given(chat.name, chat.flavour, "", chat.kinds, chat.carries)
        return _form(request, chat, known)
    given = _given(request)
    try:
        chats.change(chat, teammate_of(request), given, now=timezone.now())
    except (chats.NotPossible, WrongKey) as refused:
        return _form(request, _chat(request, pk), given, str(refused))
    toast(request, _("Saved."))
    return redirect("chat_hook", chat.pk)


@may(Permission.MANAGE)
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    chat = _chat(request, pk)
    try:
        chats.test(chat, teammate_of(request), now=timezone.now())
    except (chats.NotReached, WrongKey) as error:
        trouble(request, translated(str(error)))
    else:
        toast(request, _("%(name)s took it. Look whether it is there.") % {"name": chat.name})
    return redirect("chat_hook", chat.pk)


@may(Permission.MANAGE)
@require_POST
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _switch(request, pk, ChatHook.State.ON)


@may(Permission.MANAGE)
@require_POST
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _switch(request, pk, ChatHook.State.OFF)


@may(Permission.MANAGE)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    chat = _chat(request, pk)
    chats.remove(chat, teammate_of(request), now=timezone.now())
    toast(request, _("%(name)s hears nothing any more.") % {"name": chat.name})
    return redirect("chat_hooks")


def _switch(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    chats.switch(_chat(request, pk), teammate_of(request), state, now=timezone.now())
    return redirect("chat_hook", pk)


def _chat(request: HttpRequest, pk: int) -> ChatHook:
    found = chats.chat_of(teammate_of(request).brand, pk)
    if found is None:
        raise Http404
    return found


def _given(request: HttpRequest) -> chats.Given:
    if request.method != "POST":
        kinds = [str(kind) for kind in FOR_CHATS]
        return chats.Given("", ChatHook.Flavour.SLACK, "", kinds, ChatHook.Carries.LINK)
    said: Callable[[str], str] = lambda name: request.POST.get(name, "")  # noqa: E731
    kinds = request.POST.getlist("kinds")
    return chats.Given(said("name"), said("flavour"), said("address"), kinds, said("carries"))


def _form(request: HttpRequest, chat: ChatHook | None, given: chats.Given, refused: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "chat": chat,
        "given": given,
        "refused": refused,
        "kinds": _kinds(),
        "flavours": ChatHook.Flavour.choices,
        "carries": ChatHook.Carries.choices,
        "secret": request.session.pop(FRESH_IN_SESSION, "") if chat else "",
    }
    return render(request, "chat_hook.html", context, status=422 if refused else 200)


def _kinds() -> list[tuple[str, str]]:
    return [(str(kind), str(kind.label)) for kind in FOR_CHATS]
