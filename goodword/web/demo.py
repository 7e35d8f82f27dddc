"""How does an owner get a demo to try things in, and get rid of it with one click?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.conversations import beginning
from goodword.demo import making
from goodword.demo.removal import NotADemo
from goodword.demo.removal import remove_demo as remove_it
from goodword.team.authority import Permission
from goodword.team.membership import make_owner
from goodword.team.models import Brand, Teammate, User
from goodword.web import whose
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of


@may(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def make_demo(request: HttpRequest) -> HttpResponse:
    """Go to the demo that this owner has already, or have one made; how far that is, until it stands."""
    me = teammate_of(request)
    brand = _brands_of(me.user).filter(is_demo=True).first()
    if brand is None and request.method == "POST":
        making.begin(me.user, now=timezone.now())
        return redirect("make_demo")
    if brand is None:
        making_now = making.progress()
        return render(request, "demo_making.html", {"making": making_now, "alone": True})
    if request.method == "POST" or making.ended():
        beginning.look_around(me, now=timezone.now())
        whose.choose(request, brand.pk)
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
    request.session.pop(whose.BRAND_IN_SESSION, None)
    toast(request, _("The demo is gone, with everything in it."))
    if _brands_of(user).exists():
        return redirect("inbox")
    brand = Brand.objects.create(name=_("Our brand"))
    make_owner(brand, user.email, now=timezone.now())
    return redirect("start_brand")


def _brands_of(user: User) -> QuerySet[Brand]:
    return Brand.objects.filter(teammates__in=Teammate.objects.active().filter(user=user)).order_by("pk")
