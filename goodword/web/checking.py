"""Ten posts by chance, one after the other: is what we understood right?"""

from __future__ import annotations

from dataclasses import dataclass
from random import SystemRandom

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword import pipeline
from goodword.conversations import threads
from goodword.listening import corrections
from goodword.listening.corrections import FEELINGS, NO, SENTIMENT, YES
from goodword.listening.models import Analysis, Post, PostQuerySet
from goodword.listening.seeing import posts_seen_by
from goodword.metrics import accuracy
from goodword.team.authority import Permission
from goodword.understanding.analysis import INTENTS
from goodword.web.labels import tells_feeling
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of

IN_SESSION = "checking"


@dataclass(frozen=True)
class Round:
    """The posts that were drawn, and those of them that are done with: checked, or skipped."""

    brand: int
    posts: list[int]
    done: list[int]

    @property
    def left(self) -> list[int]:
        return [pk for pk in self.posts if pk not in self.done]

    def keep(self, request: HttpRequest) -> None:
        request.session[IN_SESSION] = {"brand": self.brand, "posts": self.posts, "done": self.done}


def round_of(request: HttpRequest) -> Round | None:
    """The one that was begun for the brand on screen, and is not over."""
    kept = request.session.get(IN_SESSION)
    if not kept or kept["brand"] != teammate_of(request).brand_id:
        return None
    begun = Round(**kept)
    return begun if begun.left else None


@may(Permission.ANSWER)
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    me = teammate_of(request)
    drawn = accuracy.draw(me, SystemRandom(), now=timezone.now())
    if not drawn:
        trouble(
            request, _("Nothing to check: all posts of the last 90 days were checked, or none was heard.")
        )
        return redirect("accuracy")
    Round(me.brand_id, drawn, []).keep(request)
    return redirect("checking")


@may(Permission.ANSWER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The next post of the round; with ?post= one of it that was checked before."""
    begun = round_of(request)
    post = _shown(request, begun) if begun else None
    if begun is None or post is None:
        return redirect("accuracy")
    at = begun.posts.index(post.pk)
    context = {
        "post": post,
        "decided": [name for name in INTENTS if name in post.analysis.decisions],
        "intents": INTENTS,
        "feelings": FEELINGS if tells_feeling(post.analysis) else (),
        "conversation": threads.find(post),
        "at": at + 1,
        "all": len(begun.posts),
        "before": begun.posts[at - 1] if at else None,
    }
    return render(request, "checking.html", context)


@may(Permission.ANSWER)
@require_POST
def answer(request: HttpRequest, post: int) -> HttpResponse:
    checked = get_object_or_404(_readable(request), pk=post)
    begun = round_of(request)
    if begun is None or checked.pk not in begun.posts:
        # Who could choose the posts would choose the striking ones, and the rate would be of these.
        trouble(request, _("Only posts that were drawn by chance are checked. Draw ten, and begin."))
        return redirect("accuracy")
    if request.POST.get("answer") != "skip":
        try:
            _check(request, checked)
        except corrections.NotCorrectable as refused:
            trouble(request, str(refused))
            return redirect("checking")
    Round(begun.brand, begun.posts, [*begun.done, checked.pk]).keep(request)
    if round_of(request):
        return redirect("checking")
    toast(request, _("Those were all of them. Thank you."))
    return redirect("accuracy")


def _check(request: HttpRequest, post: Post) -> None:
    truth = _truth(request, post.analysis)
    with transaction.atomic():
        corrections.check(teammate_of(request), post, truth, now=timezone.now())
        pipeline.place_anew([post])


def _truth(request: HttpRequest, analysis: Analysis) -> dict[str, str]:
    """Of each label, whether it is true. Raises NotCorrectable."""
    labels = request.POST.getlist("labels")
    truth = {intent: YES if intent in labels else NO for intent in INTENTS}
    if not tells_feeling(analysis):
        return truth
    feeling = request.POST.get("feeling", "")
    if feeling not in FEELINGS:
        raise corrections.NotCorrectable(_("Choose the feeling, too; or skip this post."))
    return truth | {SENTIMENT: feeling}


def _shown(request: HttpRequest, begun: Round) -> Post | None:
    asked = request.GET.get("post", "")
    wanted = [int(asked)] if asked in map(str, begun.posts) else begun.left
    posts = _readable(request).in_bulk(wanted)  # some may be deleted since they were drawn
    return next((posts[pk] for pk in wanted if pk in posts), None)


def _readable(request: HttpRequest) -> PostQuerySet:
    seen = posts_seen_by(teammate_of(request)).readable().filter(analysis__isnull=False)
    return seen.select_related("analysis", "author__person", "brand").prefetch_related("corrections")
