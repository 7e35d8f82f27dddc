"""Do people who wait for us get an answer, how soon, and was it as soon as promised?

The row that counts is the Wait. Three sorts of it are in no metric: history whose answers we may not
know (`counts`), what was not for us (spam, let them talk), and what its author deleted.
"""

from __future__ import annotations

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from goodword.conversations.models import Wait
from goodword.conversations.threads import ANSWER_ENDS
from goodword.metrics.evidence import Different, Evidence, Percentile, Share
from goodword.metrics.metric import Better, Unit, metric
from goodword.metrics.period import Period
from goodword.team.hours import Timetable

NOT_ANSWERABLE = (Wait.End.NOT_OURS, Wait.End.GONE)
ANSWERED = Q(ended_how__in=ANSWER_ENDS)
# Old rows may say only that somebody answered elsewhere: we know that they did and not when.
ANSWERED_IN_WORDS = Q(ended_how=Wait.End.REPLY, answer__isnull=False)


@metric(
    _("Reply rate"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    formula=_(
        "Waits that a person of ours ended with an answer / all waits that began in the period. "
        "A like counts where it is answer enough. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def reply_rate(period: Period) -> Evidence:
    """Of those who waited for an answer from us, how many got one from a person?"""
    return Share(
        rows=answerable(period),
        at="since",
        counted=ANSWERED,
        counted_are=_("answered"),
        others_are=_("not answered"),
    )


@metric(
    _("Time to first reply, median"),
    unit=Unit.SECONDS,
    better=Better.LOWER,
    formula=_(
        "The median, over first waits answered in words, of the time from the post to our answer, around the "
        "clock. Those who still wait have no time yet: they stand among the rows. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def first_reply_median(period: Period) -> Evidence:
    """Half of those who began a conversation had their first answer within this time."""
    return _time_to_reply(answerable(period).filter(is_first=True), percent=50)


@metric(
    _("Time to first reply, 9 of 10"),
    unit=Unit.SECONDS,
    better=Better.LOWER,
    formula=_(
        "The 90th percentile (p90), over first waits answered in words, of the time from the post to our "
        "answer, around the clock; between two rows it is interpolated on a straight line, as in a "
        "spreadsheet's PERCENTILE.INC. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def first_reply_p90(period: Period) -> Evidence:
    """Nine of ten of those who began a conversation had their first answer within this time."""
    return _time_to_reply(answerable(period).filter(is_first=True), percent=90)


@metric(
    _("First reply in opening hours, median"),
    unit=Unit.SECONDS,
    better=Better.LOWER,
    formula=_(
        "The median, over first waits answered in words, of the opening hours between post and answer: "
        "those in force when it was said. Where no opening hours are set, it is the time around the clock. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def first_reply_open_median(period: Period) -> Evidence:
    """Half of those who began a conversation waited at most this much of the time in which we are there."""
    rows = answerable(period).filter(is_first=True)
    return _time_to_reply(rows, percent=50, timetable=Timetable.of(period.brand))


@metric(
    _("Time to reply, median"),
    unit=Unit.SECONDS,
    better=Better.LOWER,
    formula=_(
        "The median, over all waits answered in words, of the time from the post to our answer, around the "
        "clock. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def reply_median(period: Period) -> Evidence:
    """Half of all answers, first and later ones, came within this time."""
    return _time_to_reply(answerable(period), percent=50)


@metric(
    _("Within the promise"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    formula=_(
        "Waits answered by the time their channel promises / waits that were answered, or whose promised "
        "time has passed. Left out: whose time still runs, what a teammate closed before it had passed, "
        "what is not for us or deleted, and all history."
    ),
)
def within_promise(period: Period) -> Evidence:
    """How often did people have their answer as soon as they may expect it where they asked?"""
    in_time = ANSWERED & Q(ended_at__lte=F("due_at"))
    nobody_answered_until_then = Q(due_at__lt=period.now) & (Q(ended_at=None) | Q(ended_at__gt=F("due_at")))
    return Share(
        rows=answerable(period).exclude(due_at=None).filter(ANSWERED | nobody_answered_until_then),
        at="since",
        counted=in_time,
        counted_are=_("in time"),
        others_are=_("too late"),
    )


@metric(
    _("Unanswered questions"),
    unit=Unit.PEOPLE,
    better=Better.LOWER,
    formula=_(
        "Different people among the waits of the period that began with a question and have no answer. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def unanswered_questions(period: Period) -> Evidence:
    """How many people asked us something and have no answer until now?"""
    return Different(
        rows=_about(answerable(period), "question"),
        at="since",
        counted=~ANSWERED,
        counted_are=_("not answered"),
        others_are=_("answered"),
        what="post__author__person",
    )


@metric(
    _("Praise acknowledged"),
    unit=Unit.SHARE,
    better=Better.HIGHER,
    formula=_(
        "Waits that began with praise or a recommendation and ended with our reply or like / all of them. "
        "Left out: what is not for us or deleted, and history whose answers we may not know."
    ),
)
def praise_acknowledged(period: Period) -> Evidence:
    """Of those who spoke up for us, how many heard a word or saw a like from a person of ours?"""
    return Share(
        rows=_about(answerable(period), "praise", "recommendation"),
        at="since",
        counted=ANSWERED,
        counted_are=_("acknowledged"),
        others_are=_("not acknowledged"),
    )


def answerable(period: Period) -> QuerySet[Wait]:
    """Everybody who began to wait in the period, and to whom an answer of ours was due or given."""
    began = Wait.objects.filter(since__gte=period.start, since__lt=period.end)
    ours = began.filter(conversation__brand=period.brand, counts=True)
    return ours.exclude(ended_how__in=NOT_ANSWERABLE)


def _time_to_reply(rows: QuerySet[Wait], percent: int, timetable: Timetable | None = None) -> Evidence:
    return Percentile(
        rows=rows,
        at="since",
        counted=ANSWERED_IN_WORDS,
        counted_are=_("answered in words"),
        others_are=_("not answered in words"),
        percent=percent,
        until="ended_at",
        timetable=timetable,
    )


def _about(waits: QuerySet[Wait], *decisions: str) -> QuerySet[Wait]:
    """Those whose first post was understood as one of these. As text: SQLite cannot look into a list."""
    said = waits.annotate(decisions=Cast("post__analysis__decisions", TextField()))
    wanted = Q()
    for decision in decisions:
        wanted |= Q(decisions__contains=f'"{decision}"')
    return said.filter(wanted)
