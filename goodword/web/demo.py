"""How does an owner get a demo to try things in, and get rid of it with one click?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.demo import brand as demo
from goodword.demo.removal import NotADemo
from goodword.demo.removal import remove_demo as remove_it
from goodword.team.authority import Permission
from goodword.team.membership import make_owner
from goodword.team.models import Brand, Teammate, User
from goodword.web.toasts import toast, trouble
from goodword.web.who import BRAND_IN_SESSION, may, teammate_of


@may(Permission.MANAGE)
@require_POST
def make_demo(request: HttpRequest) -> HttpResponse:
    """Make the demo brand, or go to the one that this owner has already."""
    user = teammate_of(request).user
    brand = _brands_of(user).filter(is_demo=True).first() or demo.make_demo(
        timezone.now(), demo.DEFAULT, owner=user
    )
    request.session[BRAND_IN_SESSION] = brand.pk
    return redirect("inbox")


@may(Permission.MANAGE)
@require_POST
def remove_demo(request: HttpRequest) -> HttpResponse:
    """The demo is gone; its owner goes on with a brand of their own, which is made if they have none."""
    me = teammate_of(request)
    user = me.user
    try:
        remove_it(me.brand)
    except NotADemo as why:
        trouble(request, str(why))
        return redirect("inbox")
    request.session.pop(BRAND_IN_SESSION, None)
    toast(request, _("The demo is gone, with everything in it."))
    if _brands_of(user).exists():
        return redirect("inbox")
    brand = Brand.objects.create(name=_("Our brand"))
    make_owner(brand, user.email, now=timezone.now())
    return redirect("brand")


def _brands_of(user: User) -> QuerySet[Brand]:
    return Brand.objects.filter(teammates__in=Teammate.objects.active().filter(user=user)).order_by("pk")
