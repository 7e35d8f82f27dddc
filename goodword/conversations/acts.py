"""What else can a teammate do with a conversation? Note, assign, snooze, resolve, mute: all undoable."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels.base import clean_text
from goodword.conversations import threads, triage
from goodword.conversations.models import (
    Act,
    Assignment,
    Conversation,
    Mute,
    Note,
    Resolution,
    Snooze,
    State,
    Wait,
)
from goodword.conversations.seeing import may_see
from goodword.listening.models import Post
from goodword.matching.syntax import as_phrase, parse
from goodword.matching.trouble import QuerySyntaxError
from goodword.store import search
from goodword.store.models import Entry
from goodword.team.authority import Permission, may, require, write_down
from goodword.team.models import Teammate

LONGEST_NOTE = 10_000

A = TypeVar("A", bound=Act)


class NotPossible(Exception):
    """The act makes no sense; the text is a sentence for the one who tried."""


def note(conversation: Conversation, by: Teammate, text: str, *, now: datetime) -> Note:
    text = clean_text(text, LONGEST_NOTE).strip()
    if not text:
        raise NotPossible(_("An empty note says nothing: write a word or two."))
    with transaction.atomic():
        made = _did(Note(conversation=conversation, by=by, at=now, text=text), "noted")
        search.remember(conversation.brand_id, Entry.Kind.NOTE, made.pk, text, now)
    return made


def assign(conversation: Conversation, by: Teammate, to: Teammate | None, *, now: datetime) -> Assignment:
    require(by, Permission.ANSWER)
    if to and (to.brand_id != conversation.brand_id or to.removed_at):
        raise NotPossible(_("That person is not on this team."))
    if to and not _may_take(to, conversation):
        raise NotPossible(_("%(name)s may not answer here. An owner can change that.") % {"name": to.name})
    with transaction.atomic():
        made = _did(
            Assignment(conversation=conversation, by=by, at=now, to=to, before=conversation.assignee),
            "assigned",
        )
        _set(conversation, assignee=to)
    return made


def who_may_take(conversation: Conversation) -> list[Teammate]:
    """Those to whom it can be assigned: who may answer, and sees this conversation."""
    team = Teammate.objects.active().filter(brand=conversation.brand_id).select_related("user")
    return [teammate for teammate in team if _may_take(teammate, conversation)]


def snooze(conversation: Conversation, by: Teammate, until: datetime, *, now: datetime) -> Snooze:
    if until <= now:
        raise NotPossible(_("That time has passed. Choose a later one."))
    with transaction.atomic():
        made = _did(Snooze(conversation=conversation, by=by, at=now, until=until), "snoozed")
        _set(conversation, state=State.SNOOZED, snoozed_until=until)
    return made


def resolve(conversation: Conversation, by: Teammate, how: str, *, now: datetime) -> Resolution:
    """Done, let them talk, not for us, or spam: nobody waits here any more."""
    with transaction.atomic():
        made = _did(
            Resolution(
                conversation=conversation,
                by=by,
                at=now,
                how=Resolution.How(how),
                state_before=conversation.state,
            ),
            "resolved",
        )
        open_waits = list(conversation.waits.filter(ended_at=None))
        made.waits.set(open_waits)
        ended_how = Wait.End.NO_REPLY if made.how == Resolution.How.RESOLVED else Wait.End.NOT_OURS
        Wait.objects.filter(pk__in=[w.pk for w in open_waits]).update(ended_at=now, ended_how=ended_how)
        _set(conversation, state=State.RESOLVED, snoozed_until=None)
        triage.renew(conversation)
    return made


def reopen(conversation: Conversation, by: Teammate, *, now: datetime) -> None:
    """Back into the inbox: by undoing how it was resolved, or because a teammate thinks it belongs there."""
    require(by, Permission.ANSWER)
    latest = conversation.resolution_rows.filter(undone_at=None).order_by("-at", "-pk").first()
    with transaction.atomic():
        if latest and conversation.state == State.RESOLVED:
            undo(latest, by, now=now)
        _set(conversation, state=State.OPEN, snoozed_until=None)
        write_down(conversation.brand, by, "reopened", conversation, now=now)
        triage.renew(conversation)


def pick_up(post: Post, by: Teammate, *, now: datetime) -> Conversation:
    """Take a post into the inbox that the rules had only counted, or that is history."""
    require(by, Permission.ANSWER)
    with transaction.atomic():
        conversation = threads.pick_up(post, now=now)
        triage.renew(conversation)
        write_down(by.brand, by, "picked up", conversation, now=now)
    return conversation


def mute(conversation: Conversation, by: Teammate, what: str, word: str = "", *, now: datetime) -> Mute:
    """No new work from this author, this thread, or posts with this word; all are still counted."""
    word = clean_text(word, 200).strip()
    if what == Mute.What.WORD:
        _check_word(word)
    with transaction.atomic():
        return _did(
            Mute(
                conversation=conversation,
                brand=conversation.brand,
                by=by,
                at=now,
                what=Mute.What(what),
                profile=conversation.profile if what == Mute.What.AUTHOR else None,
                word=word if what == Mute.What.WORD else "",
            ),
            "muted",
        )


def _check_word(word: str) -> None:
    try:
        parse(as_phrase(word))
    except QuerySyntaxError as error:
        raise NotPossible(_("Write the word that should be muted, with letters or digits.")) from error


def undo(act: Act, by: Teammate, *, now: datetime) -> None:
    """What was, is again. Undoing twice changes nothing."""
    require(by, Permission.ANSWER)
    with transaction.atomic():
        undone = type(act)._default_manager.filter(pk=act.pk, undone_at=None)
        if not undone.update(undone_at=now, undone_by=by):
            return
        if isinstance(act, Mute) and act.conversation is None:
            write_down(act.brand, by, "undid", act, now=now)
            return
        match act:
            case Note():
                search.forget(Entry.Kind.NOTE, [act.pk])
            case Assignment() if act.conversation.assignee_id == act.to_id:  # else somebody chose anew
                _set(act.conversation, assignee=act.before)
            case Snooze() if act.conversation.snoozed_until == act.until:
                waits = threads.waiting(act.conversation).exists()
                _set(act.conversation, state=State.OPEN if waits else State.PENDING, snoozed_until=None)
            case Resolution():
                _undo_resolution(act)
        triage.renew(act.conversation)
        write_down(act.conversation.brand, by, "undid", act, now=now)


def _undo_resolution(act: Resolution) -> None:
    waits = act.waits.filter(ended_how__in=[Wait.End.NO_REPLY, Wait.End.NOT_OURS])
    waits.update(ended_at=None, ended_how="")
    still_waiting = threads.waiting(act.conversation).exists()
    if act.conversation.state == State.RESOLVED:
        state = State.OPEN if still_waiting else act.state_before
        _set(act.conversation, state=state, snoozed_until=None)


def _may_take(teammate: Teammate, conversation: Conversation) -> bool:
    return may(teammate, Permission.ANSWER) and may_see(teammate, conversation)


def _did(act: A, verb: str) -> A:
    require(act.by, Permission.ANSWER)
    act.save()
    write_down(act.conversation.brand, act.by, verb, act, now=act.at, conversation=act.conversation.pk)
    return act


def _set(conversation: Conversation, **changes: object) -> None:
    for name, value in changes.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(changes))
