"""A teammate says with one click what is true of a post, and may take it back."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword import pipeline
from goodword.conversations import threads
from goodword.listening import corrections
from goodword.listening.models import Correction, Post
from goodword.listening.seeing import posts_seen_by
from goodword.team.authority import Permission
from goodword.web.toasts import toast, trouble
from goodword.web.who import may, teammate_of


@may(Permission.ANSWER)
@require_POST
def correct(request: HttpRequest, post: int) -> HttpResponse:
    me = teammate_of(request)
    corrected = get_object_or_404(posts_seen_by(me).select_related("brand"), pk=post)
    label_of, value = request.POST.get("label_of", ""), request.POST.get("value", "")
    if label_of not in Correction.Of.values:
        raise Http404
    try:
        with transaction.atomic():
            kept = corrections.correct(me, corrected, label_of, value, now=timezone.now())
            pipeline.place_anew([corrected])
    except corrections.NotCorrectable as refused:
        trouble(request, str(refused))
    else:
        toast(
            request,
            _("Thank you. That holds from now on."),
            undo=reverse("take_back_correction", args=[kept.pk]),
        )
    return _back_to(corrected)


@may(Permission.ANSWER)
@require_POST
def take_back(request: HttpRequest, correction: int) -> HttpResponse:
    me = teammate_of(request)
    mine = Correction.objects.filter(post__in=posts_seen_by(me)).select_related("post__brand")
    kept = get_object_or_404(mine, pk=correction)
    with transaction.atomic():
        corrections.withdraw(me, kept, now=timezone.now())
        pipeline.place_anew([kept.post])
    toast(request, _("Undone."))
    return _back_to(kept.post)


def _back_to(post: Post) -> HttpResponse:
    conversation = threads.find(post)
    if conversation is None:
        return redirect("inbox")
    return redirect(f"{reverse('conversation', args=[conversation.pk])}#post-{post.pk}")
