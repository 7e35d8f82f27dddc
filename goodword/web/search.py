"""Search: posts, people, notes and replies that hold these words, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodword.conversations.models import Conversation, Note, Reply
from goodword.listening.models import Post
from goodword.people.models import Profile
from goodword.store.search import Hit, search
from goodword.team.authority import Permission
from goodword.team.models import Brand
from goodword.web.who import may, teammate_of

KINDS = {"post": _("Posts"), "person": _("People"), "note": _("Notes"), "reply": _("Replies")}
PERIODS = {"": _("Any time"), "7": _("Last 7 days"), "30": _("Last 30 days"), "365": _("Last year")}
MOST = 60


@dataclass(frozen=True)
class Found:
    kind: str
    row: Any  # a Post, Profile, Note or Reply
    at: datetime
    conversation: int | None = None


@may(Permission.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    period = request.GET.get("period", "")
    period = period if period in PERIODS else ""
    since = timezone.now() - timedelta(days=int(period)) if period else None
    brand = teammate_of(request).brand
    hits = search(brand.pk, words, kinds=[kind] if kind else [], since=since, limit=MOST)
    context = {
        "words": words,
        "kind": kind,
        "kinds": KINDS,
        "period": period,
        "periods": PERIODS,
        "found": _rows(brand, hits),
    }
    return render(request, "search.html", context)


def _rows(brand: Brand, hits: list[Hit]) -> list[Found]:
    """The rows behind the hits, in their order; a row that has just gone is left out."""
    wanted = {kind: [hit.ref for hit in hits if hit.kind == kind] for kind in KINDS}
    rows: dict[tuple[str, int], Any] = {}
    for post in Post.objects.readable().filter(brand=brand, pk__in=wanted["post"]).select_related("author"):
        rows["post", post.pk] = post
    for profile in Profile.objects.filter(brand=brand, pk__in=wanted["person"]).select_related("person"):
        rows["person", profile.pk] = profile
    for note in _of(brand, Note, wanted["note"]):
        rows["note", note.pk] = note
    for reply in _of(brand, Reply, wanted["reply"]):
        rows["reply", reply.pk] = reply
    known = [(hit, rows[hit.kind, hit.ref]) for hit in hits if (hit.kind, hit.ref) in rows]
    threads = _conversations(brand, [row for hit, row in known if hit.kind == "post"])
    return [Found(hit.kind, row, hit.at, _leads_to(hit.kind, row, threads)) for hit, row in known]


def _of(brand: Brand, kind: type[Note] | type[Reply], refs: list[int]) -> Any:
    mine = kind._default_manager.filter(conversation__brand=brand, pk__in=refs, undone_at=None)
    return mine.select_related("by__user", "conversation__profile")


def _conversations(brand: Brand, posts: list[Post]) -> dict[tuple[str, str], int]:
    found = Conversation.objects.filter(brand=brand, root__in={post.root for post in posts})
    return {(channel, root): pk for channel, root, pk in found.values_list("channel", "root", "pk")}


def _leads_to(kind: str, row: Any, threads: dict[tuple[str, str], int]) -> int | None:
    if kind == "post":
        return threads.get((row.channel, row.root))
    return row.conversation_id if kind in ("note", "reply") else None
