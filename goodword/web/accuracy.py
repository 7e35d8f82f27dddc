"""How often were we right here? By label and by language, each number with its interval and its posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from goodword.listening.models import Post
from goodword.listening.seeing import posts_seen_by, sees_all
from goodword.metrics import accuracy
from goodword.metrics.accuracy import Asked, Judged, Kind, Rate
from goodword.team import reader
from goodword.team.authority import Permission
from goodword.team.models import Teammate
from goodword.web import checking, metric_rows
from goodword.web.telling import language_name
from goodword.web.who import may, teammate_of
from goodword.web.words import label

PAGE = 50
WIDTH = 100.0  # of the drawing of an interval, in its own units

MEANING: dict[Kind, Promise] = {
    "whole": gettext_lazy(
        "Of the posts that were drawn by chance and checked: in how many was nothing wrong that we said, and "
        "nothing missing?"
    ),
    "feeling": gettext_lazy("Of the checked posts whose feeling we told: of how many was it that one?"),
    "said": gettext_lazy("Of the checked posts of which we said so: of how many was it true?"),
    "there": gettext_lazy("Of the checked posts of which it is true: of how many had we said so?"),
    "passing": gettext_lazy(
        "Posts of which somebody put a label right in passing. Right are those where we had said the same."
    ),
}


@dataclass(frozen=True)
class Number:
    """A rate as one reads it; `share` is empty where too few were checked."""

    share: str
    interval: str
    counts: str
    href: str
    low: float  # the interval, as it is drawn
    wide: float


@dataclass(frozen=True)
class Line:
    """A line of a table: what it is about, and its two numbers."""

    name: str
    code: str
    first: Number | None
    second: Number | None


@dataclass(frozen=True)
class Row:
    """A post behind a number."""

    post: Post
    href: str
    is_right: bool
    wrongly: str  # the labels that we gave it, and should not have
    missed: str  # and those that we should have


@may(Permission.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    me = teammate_of(request)
    all_judged = accuracy.judged(me)
    context = {
        "whole": _number(Asked("whole"), all_judged),
        "labels": [_of_label(name, all_judged) for name in accuracy.labels_of(all_judged)],
        "languages": [_of_language(name, all_judged) for name in accuracy.languages_of(all_judged)],
        "steps": accuracy.calibration(all_judged),
        "passing": len(Asked("passing").answers(all_judged)),
        "passing_href": _address(Asked("passing")),
        "meaning": MEANING,
        "too_few": accuracy.TOO_FEW,
        "tells_from": accuracy.TELLS_FROM,
        "round": checking.round_of(request),
        "drawn": accuracy.DRAWN,
        "can_draw": accuracy.to_check(me, timezone.now()).exists(),
        "is_part": not sees_all(me),
    }
    return render(request, "accuracy.html", context)


@may(Permission.READ)
@require_safe
def show_posts(request: HttpRequest) -> HttpResponse:
    """The posts behind one number, newest first."""
    me = teammate_of(request)
    asked, only = _asked(request), request.GET.get("only", "")
    all_judged = accuracy.judged(me)
    answers = asked.answers(all_judged)
    wanted = {"yes": [True], "no": [False]}.get(only, [True, False])
    chosen = [post for post in sorted(answers, reverse=True) if answers[post] in wanted]
    at = _page_number(request, len(chosen))
    context = {
        "title": _title(asked),
        "meaning": MEANING[asked.of],
        "told": _number(asked, all_judged),
        "rate": asked.rate(all_judged),
        "rows": _rows(me, chosen[at * PAGE : (at + 1) * PAGE], answers, all_judged),
        "only": only if only in ("yes", "no") else "",
        "here": lambda **more: _address(asked, **{name: str(value) for name, value in more.items()}),
        "before": at or None,
        "after": at + 2 if (at + 1) * PAGE < len(chosen) else None,
    }
    return render(request, "accuracy_posts.html", context)


# --- numbers ---------------------------------------------------------------------------------------


def _of_label(name: str, all_judged: Sequence[Judged]) -> Line:
    said, there = Asked("said", label=name), Asked("there", label=name)
    return Line(label(name), name, _number(said, all_judged), _number(there, all_judged))


def _of_language(code: str, all_judged: Sequence[Judged]) -> Line:
    whole, feeling = Asked("whole", language=code), Asked("feeling", language=code)
    return Line(_language(code), code, _number(whole, all_judged), _number(feeling, all_judged))


def _language(code: str) -> str:
    return _("no language told") if code == "und" else language_name(code)


def _number(asked: Asked, all_judged: Sequence[Judged]) -> Number | None:
    """None where there is nothing to count."""
    rate = asked.rate(all_judged)
    if not rate.of:
        return None
    low, high = rate.interval if rate.is_enough else (0.0, 0.0)
    return Number(
        share=reader.share(rate.share) if rate.is_enough else "",
        interval=_interval(low, high) if rate.is_enough else "",
        counts=counts(rate),
        href=_address(asked),
        low=round(WIDTH * low, 1),
        wide=round(WIDTH * (high - low), 1),
    )


def counts(rate: Rate) -> str:
    return _("%(counted)s of %(all)s") % {"counted": reader.number(rate.right), "all": reader.number(rate.of)}


def _interval(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": reader.share(low), "high": reader.share(high)}


# --- posts -----------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> Asked:
    of, name = request.GET.get("of", "whole"), request.GET.get("label", "")
    needs_label = of in ("said", "there")
    if of not in get_args(Kind) or (name not in accuracy.LABELS if needs_label else name):
        raise Http404
    return Asked(of, label=name, language=request.GET.get("language", ""))  # type: ignore[arg-type]


def _title(asked: Asked) -> str:
    words = {"label": label(asked.label), "language": _language(asked.language)}
    match asked.of:
        case "said":
            return _("When we said “%(label)s”") % words
        case "there":
            return _("When it was “%(label)s”") % words
        case "feeling":
            return _("When we told the feeling: %(language)s") % words
        case "passing":
            return _("Put right in passing")
        case _:
            return _("Checked posts: %(language)s") % words if asked.language else _("Checked posts")


def _address(asked: Asked, **more: str) -> str:
    query = {"of": asked.of, "label": asked.label, "language": asked.language} | more
    chosen = {name: value for name, value in query.items() if value}
    return f"{reverse('accuracy_posts')}?{urlencode(chosen)}"


def _page_number(request: HttpRequest, posts: int) -> int:
    """From 0 on; the last one where a later one is asked for."""
    given = request.GET.get("page", "")
    asked = int(given[:9]) - 1 if given.isdecimal() else 0
    return max(0, min(asked, (posts - 1) // PAGE))


def _rows(
    me: Teammate, chosen: Sequence[int], answers: dict[int, bool], all_judged: Sequence[Judged]
) -> list[Row]:
    found = posts_seen_by(me).select_related("author__person").in_bulk(chosen)
    posts = [found[pk] for pk in chosen if pk in found]
    hrefs = metric_rows.addresses_of(posts)
    of_post: defaultdict[int, list[Judged]] = defaultdict(list)
    for one in all_judged:
        of_post[one.post].append(one)
    return [
        Row(
            post,
            hrefs[post.pk],
            answers[post.pk],
            wrongly=_listed(one.wrongly for one in of_post[post.pk]),
            missed=_listed(one.missed for one in of_post[post.pk]),
        )
        for post in posts
    ]


def _listed(labels: Iterable[str]) -> str:
    return reader.listed([label(name) for name in labels if name])
