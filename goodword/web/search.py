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

from goodword.conversations.models import Note, Reply
from goodword.conversations.seeing import acts_seen_by, conversations_seen_by, profiles_seen_by
from goodword.listening.models import Post
from goodword.listening.seeing import posts_seen_by, sees_all
from goodword.store.search import Hit, search
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.web.who import may, teammate_of

KINDS = {"post": _("Posts"), "person": _("People"), "note": _("Notes"), "reply": _("Replies")}
PERIODS = {"": _("Any time"), "7": _("Last 7 days"), "30": _("Last 30 days"), "365": _("Last year")}
MOST = 60
LOOKED_THROUGH = 1_000  # hits, for somebody from whom a part is hidden


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
    me = teammate_of(request)
    context = {
        "words": words,
        "kind": kind,
        "kinds": KINDS if me.reads_notes else {key: name for key, name in KINDS.items() if key != "note"},
        "period": period,
        "periods": PERIODS,
        "found": _found(me, words, kinds=[kind] if kind else [], since=since),
    }
    return render(request, "search.html", context)


def _found(me: Teammate, words: str, *, kinds: list[str], since: datetime | None) -> list[Found]:
    """What I may see of it. Where much is hidden from me, more is looked through, up to a limit."""
    limit = MOST if sees_all(me) else LOOKED_THROUGH
    return _rows(me, search(me.brand_id, words, kinds=kinds, since=since, limit=limit))[:MOST]


def _rows(me: Teammate, hits: list[Hit]) -> list[Found]:
    """The rows behind the hits, in their order; a row that has just gone, or is hidden, is left out."""
    wanted = {kind: [hit.ref for hit in hits if hit.kind == kind] for kind in KINDS}
    rows: dict[tuple[str, int], Any] = {}
    for post in posts_seen_by(me).readable().filter(pk__in=wanted["post"]).select_related("author"):
        rows["post", post.pk] = post
    for profile in profiles_seen_by(me).filter(pk__in=wanted["person"]).select_related("person"):
        rows["person", profile.pk] = profile
    for note in _acts(me, Note, wanted["note"]):
        rows["note", note.pk] = note
    for reply in _acts(me, Reply, wanted["reply"]):
        rows["reply", reply.pk] = reply
    known = [(hit, rows[hit.kind, hit.ref]) for hit in hits if (hit.kind, hit.ref) in rows]
    threads = _conversations(me, [row for hit, row in known if hit.kind == "post"])
    return [Found(hit.kind, row, hit.at, _leads_to(hit.kind, row, threads)) for hit, row in known]


def _acts(me: Teammate, kind: type[Note] | type[Reply], refs: list[int]) -> Any:
    mine = acts_seen_by(me, kind).filter(pk__in=refs, undone_at=None)
    return mine.select_related("by__user", "conversation__profile")


def _conversations(me: Teammate, posts: list[Post]) -> dict[tuple[str, str], int]:
    found = conversations_seen_by(me).filter(root__in={post.root for post in posts})
    return {(channel, root): pk for channel, root, pk in found.values_list("channel", "root", "pk")}


def _leads_to(kind: str, row: Any, threads: dict[tuple[str, str], int]) -> int | None:
    if kind == "post":
        return threads.get((row.channel, row.root))
    return row.conversation_id if kind in ("note", "reply") else None
