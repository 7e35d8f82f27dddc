"""Who is answered first, and why?

Each conversation in which somebody waits has a time by which an answer is due: what people expect of
the channel. Reasons give it a head start in minutes. Sorted by "due minus head starts", the order
needs no recomputing as time passes, and each place in it can be said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.channels.base import Visibility, channel_named
from goodword.conversations import threads
from goodword.conversations.models import Conversation, State, Wait
from goodword.listening.models import Post
from goodword.team.hours import hours_of
from goodword.team.models import Brand

# Head starts in minutes: how much sooner than its due time would a considerate team answer this?
# The numbers are ours, to be argued with; docs/architecture.md says how they were weighed.
HEAD_STARTS = {
    "churn": 60,  # the last moment at which an answer can keep somebody
    "complaint": 45,  # an upset person tells others, and more of them with each hour
    "purchase": 30,  # who is about to buy decides soon, with us or without
    "question": 20,
    "suggestion": 5,
    "praise": 5,
    "recommendation": 5,
}
ADDRESSED = 15  # they turned to us: silence is seen as an answer
DIRECT = 15  # only we can answer
FOLLOWED_UP = 30  # they asked again, since nobody answered
LEFT_WAITING = 30  # the last time, nobody answered them at all
BEHIND_THE_WAITING = timedelta(days=30)
AGAIN_EACH, AGAIN_MOST = 15, 45  # for each earlier conversation of these weeks
AGAIN_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Factor:
    """One reason for a place in the order; `minutes` is its head start."""

    code: str
    minutes: int
    count: int = 0


def rank(posts: Sequence[Post], now: datetime) -> None:
    """The pipeline's step: renew the place of each conversation that these posts belong to."""
    conversations = list(threads.conversations_of(posts).values())
    quiet = _where_nobody_waits(conversations)
    for conversation in set(conversations) - set(quiet):
        renew(conversation)
    for conversation in quiet:
        _behind_all(conversation)
    Conversation.objects.bulk_update(quiet, ["waiting_since", "due_at", "rank_at", "factors"])


def _where_nobody_waits(conversations: Sequence[Conversation]) -> list[Conversation]:
    """The resolved ones, asked for at once: the past of a mailbox brings thousands."""
    resolved = [one for one in conversations if one.state == State.RESOLVED]
    waiting = Wait.objects.filter(conversation__in=resolved, ended_at=None).exclude(due_at=None)
    busy = set(waiting.values_list("conversation", flat=True))
    return [one for one in resolved if one.pk not in busy]


def _behind_all(conversation: Conversation) -> None:
    conversation.waiting_since = conversation.due_at = None
    conversation.rank_at = conversation.latest_at + BEHIND_THE_WAITING
    conversation.factors = []


def renew(conversation: Conversation) -> None:
    """Place it by the one who waits longest; where nobody waits, behind all who do."""
    wait = threads.waiting(conversation).select_related("post__author", "post__analysis").first()
    if wait is None:
        _behind_all(conversation)
    else:
        factors = reasons(conversation, wait)
        conversation.profile = wait.post.author
        assert wait.due_at
        conversation.waiting_since = wait.counted_from or wait.since
        conversation.due_at = wait.due_at
        conversation.factors = [asdict(factor) for factor in factors]
        conversation.rank_at = wait.due_at - timedelta(minutes=sum(factor.minutes for factor in factors))
    conversation.save(update_fields=["profile", "waiting_since", "due_at", "rank_at", "factors"])


def reasons(conversation: Conversation, wait: Wait) -> list[Factor]:
    """Why this deserves an answer sooner, strongest meaning first."""
    post = wait.post
    analysis = getattr(post, "analysis", None)
    decisions = analysis.decisions if analysis else []
    found = [Factor(name, minutes) for name, minutes in HEAD_STARTS.items() if name in decisions]
    if post.visibility == Visibility.DIRECT:
        found.append(Factor("direct", 0 if channel_named(post.channel).private else DIRECT))
    elif post.addressed:
        found.append(Factor("addressed", ADDRESSED))
    return [*found, *_history_of(conversation, wait)]


def _history_of(conversation: Conversation, wait: Wait) -> list[Factor]:
    author, since = wait.post.author, wait.since
    found = []
    more = conversation.posts.filter(author=author, at__gt=since, gone_at=None, is_mention=True).count()
    if more:
        found.append(Factor("followed_up", FOLLOWED_UP, more + 1))
    others = Wait.objects.filter(post__author__person=author.person_id).exclude(conversation=conversation)
    recent = others.filter(since__gte=since - AGAIN_WITHIN, since__lt=since)
    times = recent.values("conversation").distinct().count()
    if times:
        found.append(Factor("again", min(AGAIN_EACH * times, AGAIN_MOST), times + 1))
    last = others.filter(since__lt=since, counts=True).order_by("-since").first()
    if last and (last.ended_at is None or last.ended_how == Wait.End.NO_REPLY):
        found.append(Factor("left_waiting", LEFT_WAITING))
    return found


# --- in words --------------------------------------------------------------------------------------


def why(conversation: Conversation, now: datetime) -> list[str]:
    """The reasons as short phrases: "asks a question", "waiting 22 of 30 minutes", ..."""
    factors = [Factor(**factor) for factor in conversation.factors]
    phrases = [words_for(factor) for factor in factors]
    if conversation.waiting_since and conversation.due_at:
        place = sum(
            factor.code in HEAD_STARTS or factor.code in ("addressed", "direct") for factor in factors
        )
        phrases[place:place] = _clock(
            conversation.brand, conversation.waiting_since, conversation.due_at, now
        )
    elif conversation.state == State.OPEN:
        phrases.append(_("nobody waits here: it stands behind all who do"))
    return phrases


def explained(conversation: Conversation) -> list[dict[str, Any]]:
    """Each reason with its head start, for the reader who wants to know exactly."""
    return [
        {"words": words_for(factor), "minutes": factor.minutes}
        for factor in (Factor(**item) for item in conversation.factors)
    ]


def words_for(factor: Factor) -> str:
    said = {
        "churn": _("thinks of leaving"),
        "complaint": _("complains"),
        "purchase": _("wants to buy"),
        "question": _("asks a question"),
        "suggestion": _("suggests something"),
        "praise": _("praises you"),
        "recommendation": _("recommends you"),
        "addressed": _("addressed you"),
        "direct": _("wrote to you privately"),
        "left_waiting": _("got no answer last time"),
    }
    if factor.code == "followed_up":
        return ngettext("wrote %(count)s time", "wrote %(count)s times", factor.count) % {
            "count": factor.count
        }
    if factor.code == "again":
        return again(factor.count)
    return said.get(factor.code, factor.code)


def again(times: int) -> str:
    ordinals = {2: _("second time this month"), 3: _("third time this month"), 4: _("fourth time this month")}
    return ordinals.get(times) or _("%(count)s times this month") % {"count": times}


def _clock(brand: Brand, since: datetime, due: datetime, now: datetime) -> list[str]:
    """How much of the time promised has passed; it passes only while our people are there."""
    hours = hours_of(brand, since)
    said = [_waiting(hours.between(since, due), hours.between(since, now))]
    if now < due and not hours.is_open(now):
        said.append(_("the clock rests until you open"))
    return said


def _waiting(within: timedelta, since: timedelta) -> str:
    promised = round(within.total_seconds() / 60)
    waited = int(since.total_seconds() // 60)
    if promised < 120 and waited < 120:
        return _("waiting %(waited)s of %(promised)s minutes") % {"waited": waited, "promised": promised}
    if waited < 120:
        said = ngettext(
            "waiting %(waited)s minute of %(promised)s hours",
            "waiting %(waited)s minutes of %(promised)s hours",
            waited,
        )
        return said % {"waited": waited, "promised": round(promised / 60)}
    if promised < 120:
        return _("waiting %(waited)s hours, promised within %(promised)s minutes") % {
            "waited": waited // 60,
            "promised": promised,
        }
    if waited <= promised:
        return _("waiting %(waited)s of %(promised)s hours") % {
            "waited": waited // 60,
            "promised": round(promised / 60),
        }
    if waited < 60 * 48:
        return _("waiting %(waited)s hours, promised within %(promised)s hours") % {
            "waited": waited // 60,
            "promised": round(promised / 60),
        }
    return _("waiting %(waited)s days, promised within %(promised)s hours") % {
        "waited": waited // 1440,
        "promised": round(promised / 60),
    }
