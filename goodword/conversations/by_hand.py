"""How does a teammate keep what was said where Goodword has no ears, and take it away again?

It becomes a post like any other: understood, placed and ranked, found by search, counted by every metric.
Only that a teammate heard it, and whether somebody waits for an answer, is theirs to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels import base
from goodword.channels.base import Visibility, channel_named, clean_text, stable_key
from goodword.channels.by_hand import SOMEBODY, InPerson
from goodword.conversations import threads, triage
from goodword.conversations.acts import NotPossible
from goodword.conversations.models import Conversation, Reply
from goodword.listening import ingest, understanding
from goodword.listening.forgetting import forget_post
from goodword.listening.models import Connection, Post
from goodword.people.models import Consent, Person, Profile
from goodword.sentence import Sentence
from goodword.store import search
from goodword.store.models import Entry
from goodword.team.authority import Permission, may, require, write_down
from goodword.team.models import Teammate

REMOVED = "removed"  # why a post is gone that a teammate took away: it was a mistake, and may come again
LONGEST_NAME = 200  # characters of a name, a telephone number, an e-mail address


@dataclass(frozen=True)
class Met:
    """Who said it, as far as they agreed that we keep it."""

    name: str = ""
    contact: str = ""  # how to reach them
    agreed: bool = False


def heard(
    by: Teammate,
    channel: str,
    said: base.Post,
    *,
    needs_answer: bool,
    now: datetime,
    connection: Connection | None = None,
) -> tuple[Post, bool]:
    """The post as it is kept, and whether it is new. Raises NotPossible with a sentence.

    What needs an answer is work from now on: nobody of ours could know of it before.
    """
    require(by, Permission.ANSWER)
    if not said.text.strip() and not said.title.strip():
        raise NotPossible(_("Write what they said: a few words are enough."))
    if said.ours:
        raise NotPossible(_("This was said by yourselves: there is nobody to listen to."))
    with transaction.atomic():
        known = find(by, channel, said.native_id)
        if known and known.gone_at:
            _begin_anew(known)
        elif known:
            if needs_answer and not threads.find(known):
                _pick_up(known, now)
            return known, False
        ingest.take_in(by.brand, channel, [base.Seen(said)], now=now, connection=connection, keep_all=True)
        post = find(by, channel, said.native_id)
        if post is None:
            raise NotPossible(_("Its author has left that place for good, and is forgotten here, too."))
        post.heard_by, post.needs_answer = by, needs_answer
        post.save(update_fields=["heard_by", "needs_answer"])
        understanding.understand([post], now)  # at once: who wrote it down sees why it stands where it stands
        if needs_answer:
            _pick_up(post, now)
        write_down(by.brand, by, "wrote down a post", post, now=now, channel=channel)
    return post, True


def heard_in_person(
    by: Teammate,
    place: type[InPerson],
    text: str,
    met: Met,
    *,
    needs_answer: bool,
    key: str,
    now: datetime,
) -> tuple[Post, bool]:
    """What somebody said to one of us. `key` names this act: a double click is one.

    Nobody is named unless they agreed, and that they did is kept with who heard it. Raises NotPossible.
    """
    require(by, Permission.ANSWER)
    met = _as_agreed(met)
    said = base.Post(
        native_id=f"said:{key}",
        author=_author(place, met, key),
        text=clean_text(text.replace("\r\n", "\n")).strip(),
        at=now,
        visibility=Visibility.DIRECT if place.private else Visibility.PUBLIC,
        addressed=True,
    )
    with transaction.atomic():
        post, is_new = heard(by, place.key, said, needs_answer=needs_answer, now=now)
        if is_new and met.agreed:
            _keep_consent(post.author, place, met, by, now)
    return post, is_new


def may_remove(post: Post, by: Teammate) -> bool:
    """A mistake is undone by who made it, or by an owner."""
    if post.heard_by_id is None or post.brand_id != by.brand_id or not may(by, Permission.ANSWER):
        return False
    return post.heard_by_id == by.pk or may(by, Permission.MANAGE)


def remove(post: Post, by: Teammate, *, now: datetime) -> None:
    """It was a mistake, or shall not be kept: nothing of it stays but the audit trail.

    Where a colleague has done something about it, that stays, and a tombstone says that words are missing.
    """
    require(by, Permission.ANSWER)
    if not may_remove(post, by):
        raise NotPossible(_("Only who wrote it down, or an owner, can remove it."))
    with transaction.atomic():
        conversation = threads.find(post)
        forget_post(post.brand, post.channel, post.native_id, REMOVED, now=now)
        write_down(by.brand, by, "removed a post", post, now=now, channel=post.channel)
        if not _has_acts(conversation):
            _leave_no_trace(post, conversation)


def find(by: Teammate, channel: str, native_id: str) -> Post | None:
    kept = Post.objects.filter(brand=by.brand, channel=channel, native_id=ingest.kept_id(native_id))
    return kept.select_related("brand", "author").first()


# --- who said it -----------------------------------------------------------------------------------


def _as_agreed(met: Met) -> Met:
    name, contact = (clean_text(text, LONGEST_NAME).strip() for text in (met.name, met.contact))
    if (name or contact) and not met.agreed:
        raise NotPossible(_("Keep a name only if they agreed. Tick that they did, or leave it empty."))
    if met.agreed and not name and not contact:
        raise NotPossible(_("They agreed that you keep their name: write it, or take the tick away."))
    return replace(met, name=name, contact=contact)


def _author(place: type[InPerson], met: Met, key: str) -> base.Author:
    """One author for each who is not known: nobody can tell that two of them are one, or are not."""
    if not met.agreed:
        return base.Author(SOMEBODY + key, name=_(place.somebody))
    # Whoever can be reached in the same way is the same, at this place.
    native_id = stable_key("met", met.contact.casefold().replace(" ", "")) if met.contact else f"met:{key}"
    return base.Author(native_id, handle=met.contact, name=met.name)


def _keep_consent(profile: Profile, place: type[InPerson], met: Met, by: Teammate, now: datetime) -> None:
    how = Sentence("%(place)s: said so to %(name)s", place=Sentence(place.name), name=by.name)
    purposes = [Consent.Purpose.NAME, *([Consent.Purpose.CONTACT] if met.contact else [])]
    Consent.objects.bulk_create(
        Consent(profile=profile, purpose=purpose, given=True, how=how, by=by, at=now) for purpose in purposes
    )


# --- keeping and removing --------------------------------------------------------------------------


def _pick_up(post: Post, now: datetime) -> None:
    triage.renew(threads.pick_up(post, now=now))


def _begin_anew(tombstone: Post) -> None:
    """What was taken away as a mistake may be written down again; what was deleted there may not."""
    if tombstone.gone_why != REMOVED:
        raise NotPossible(_("It was deleted where it was said, so it is forgotten here, too."))
    if Reply.objects.filter(post=tombstone).exists():
        raise NotPossible(_("It was answered and then removed: open its conversation instead."))
    tombstone.delete()


def _has_acts(conversation: Conversation | None) -> bool:
    if conversation is None:
        return False
    acts = [
        relation for relation in Conversation._meta.related_objects if relation.field.name == "conversation"
    ]
    kept = [relation.related_model for relation in acts if relation.related_model is not None]
    return any(
        model._base_manager.filter(conversation=conversation).exists()
        for model in kept
        if hasattr(model, "undone_at")
    )


def _leave_no_trace(post: Post, conversation: Conversation | None) -> None:
    author = post.author
    post.delete()
    if conversation and not conversation.posts.exists():
        conversation.delete()
    if author.posts.exists() or author.orders.exists() or channel_named(author.channel).connectable:
        return
    search.forget(Entry.Kind.PERSON, [author.pk])
    person_id = author.person_id
    author.delete()
    Person.objects.filter(pk=person_id, profiles=None).delete()
