"""To which of my brands does this request belong? For people who serve several.

Two tabs may show two brands, so the session alone does not know. What the address names decides first
(a conversation belongs to one brand), then the brand for which a form was shown, then the one that the
address asks for, then the brand looked at last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goodword.conversations.models import Act, Assignment, Delivery, Mute, Note, Reply, Resolution, Snooze
from goodword.conversations.seeing import acts_seen_by, conversations_seen_by, people_seen_by, within_sight
from goodword.listening.models import Attachment, Post
from goodword.team.models import Brand, Teammate
from goodword.web.letting_in import owes_second_factor

BRAND_IN_SESSION = "brand"
LEFT_IN_SESSION = "brand_left"  # told once on the next page: "You are now in ..."
FORM_FIELD = "for_brand"  # in every form: the brand it was shown for
ALL_FIELD = "from_all"  # in every form of a page that lists all brands
ALL = "all"

ACTS: dict[str, type[Act]] = {
    kind.__name__.lower(): kind for kind in (Note, Assignment, Snooze, Resolution, Mute)
}
LISTS = ("/inbox/", "/conversations/")  # where one comes from and goes back to


class NotMine(Exception):
    """The form was shown for a brand to which the one who sends it does not belong, or no longer."""


def memberships(request: HttpRequest) -> list[Teammate]:
    """All of the signed-in person's, longest first: asked anew at each request, so who was removed is out."""
    if not request.user.is_authenticated or owes_second_factor(request):
        return []
    if not hasattr(request, "_memberships"):
        mine = Teammate.objects.active().filter(user=request.user).select_related("brand", "user")
        request._memberships = list(mine.order_by("joined_at", "pk"))  # type: ignore[attr-defined]
    return cast("list[Teammate]", request._memberships)  # type: ignore[attr-defined]


def memberships_now(request: HttpRequest) -> list[Teammate]:
    """The same, where one request lasts for hours."""
    request.__dict__.pop("_memberships", None)
    return memberships(request)


def teammate_looking(request: HttpRequest) -> Teammate | None:
    """For pages and parts of pages that name nothing of a brand."""
    mine = memberships(request)
    return _of(mine, request.GET.get("brand")) or _looked_at_last(request)


def teammate_meant(request: HttpRequest, names: Mapping[str, Any]) -> Teammate | None:
    """As whom somebody asks for this address; `names` is what stands in it. Raises NotMine."""
    mine = memberships(request)
    if request.method == "POST" and FORM_FIELD in request.POST:
        form = _of(mine, request.POST[FORM_FIELD])
        if form is None:
            raise NotMine
        return _of_the_thing(mine, names) or form
    return _of_the_thing(mine, names) or teammate_looking(request)


def settle(request: HttpRequest, me: Teammate) -> None:
    """From now on this brand is the one looked at; if it was another, the next page says so.

    Parts of pages that renew themselves in another tab settle nothing.
    """
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return
    before = _looked_at_last(request)
    if before is None or before.pk == me.pk:
        return
    request.session[BRAND_IN_SESSION] = me.brand_id
    if not is_among_all(request):
        request.session[LEFT_IN_SESSION] = before.brand_id


def look_in(request: HttpRequest, brand_id: int) -> None:
    """This one page shows something of another of my brands."""
    request.teammate = _of(memberships(request), brand_id)  # type: ignore[attr-defined]


def brand_just_left(request: HttpRequest) -> Brand | None:
    """The brand looked at before this page, if it changed by itself: said once, then forgotten."""
    left = _of(memberships(request), request.session.pop(LEFT_IN_SESSION, None))
    return left.brand if left else None


def choose(request: HttpRequest, brand_id: int) -> None:
    """Somebody asks for this brand by name: there is nothing to tell them."""
    request.session[BRAND_IN_SESSION] = brand_id
    request.session.pop(LEFT_IN_SESSION, None)


# --- the inbox over all brands ---------------------------------------------------------------------


def is_among_all(request: HttpRequest) -> bool:
    """Does one go through the list of all one's brands?"""
    asked = request.GET.get("brand") == ALL or (request.method == "POST" and ALL_FIELD in request.POST)
    return asked and len(memberships(request)) > 1


def listed_for(request: HttpRequest, me: Teammate) -> list[Teammate]:
    """Whose lists are shown as one: mine in this brand, or in all of my brands."""
    return memberships(request) if is_among_all(request) else [me]


def asks_for(request: HttpRequest, me: Teammate) -> str:
    """What a link says of the brand, so that the next page is of the same; empty for who has but one."""
    if len(memberships(request)) < 2:
        return ""
    return ALL if is_among_all(request) else str(me.brand_id)


def back_among_all(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whoever came from the list of all brands goes on in it after each act."""
    place = response.headers.get("Location", "")
    if place.startswith(LISTS) and "?" not in place and is_among_all(request):
        response.headers["Location"] = f"{place}?brand={ALL}"
    return response


# --- what every form carries -----------------------------------------------------------------------


def _form_fields(request: HttpRequest, me: Teammate) -> SafeString:
    fields = format_html('<input type="hidden" name="{}" value="{}">', FORM_FIELD, me.brand_id)
    if is_among_all(request):
        fields += format_html('<input type="hidden" name="{}" value="1">', ALL_FIELD)
    return csrf_input(request) + fields


# Lazy, as Django's own is: a page without a form sets no cookie.
form_fields = lazy(_form_fields, SafeString, str)


# --- finding it ------------------------------------------------------------------------------------


def _of(mine: list[Teammate], brand_id: object) -> Teammate | None:
    return next((one for one in mine if str(one.brand_id) == str(brand_id)), None)


def _looked_at_last(request: HttpRequest) -> Teammate | None:
    mine = memberships(request)
    return _of(mine, request.session.get(BRAND_IN_SESSION) or ALL) or next(iter(mine), None)


def _of_the_thing(mine: list[Teammate], names: Mapping[str, Any]) -> Teammate | None:
    """Me in the brand to which what the address names belongs, if I may see it there.

    Where I may not, nothing is said: the brand I look at answers as if there were no such thing.
    """
    if len(mine) < 2 or not names:
        return None
    return next((me for me in mine if _is_seen(me, names)), None)


def _is_seen(me: Teammate, names: Mapping[str, Any]) -> bool:
    match names:
        case {"conversation": int(pk)}:
            return conversations_seen_by(me).filter(pk=pk).exists()
        case {"delivery": int(pk)}:
            return within_sight(Delivery.objects.all(), me).filter(pk=pk).exists()
        case {"post": int(pk)}:
            return within_sight(Post.objects.all(), me).filter(pk=pk).exists()
        case {"attachment": int(pk)}:
            return within_sight(Attachment.objects.all(), me).filter(pk=pk).exists()
        case {"reply": int(pk)}:
            return acts_seen_by(me, Reply).filter(pk=pk).exists()
        case {"person": int(pk)}:
            return people_seen_by(me).filter(pk=pk).exists()
        case {"kind": str(kind), "act": int(pk)} if kind in ACTS:
            return acts_seen_by(me, ACTS[kind]).filter(pk=pk).exists()
    return False
