"""Is what a teammate writes down a post like any other, named only with leave, and gone when removed?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from goodword.channels import base
from goodword.channels.by_hand import Counter, InPerson, Letter, Telephone, author_named
from goodword.conversations import acts, by_hand, given_there, triage
from goodword.conversations.acts import NotPossible
from goodword.conversations.by_hand import Met
from goodword.conversations.models import Conversation, State, Wait
from goodword.listening import ingest
from goodword.listening.models import Post
from goodword.metrics.period import Period
from goodword.metrics.responses import first_reply_median, reply_rate
from goodword.metrics.word_of_mouth import people_heard, posts_heard, talk_without_us
from goodword.people.models import Consent, Person, Profile
from goodword.store.search import search
from goodword.team.models import AuditEntry
from tests.world import ADA, World

MINUTE = timedelta(minutes=1)
PAGE = "https://reddit.com/r/kettles/comments/ab/x"


def noted(
    world: World, text: str = "The lid of my kettle is loose.", place: type[InPerson] = Counter, **more: Any
) -> Post:
    met = more.pop("met", Met())
    more = {"needs_answer": False, "key": base.stable_key(text), "now": world.now} | more
    post, _is_new = by_hand.heard_in_person(world.bo.teammate, place, text, met, **more)
    world.works()
    return Post.objects.get(pk=post.pk)


def said_there(world: World, text: str = "My kettle broke. Any idea?", **more: Any) -> base.Post:
    more = {"native_id": PAGE, "author": author_named("@jo", PAGE, ""), "at": world.now, "url": PAGE} | more
    return base.Post(text=text, **more)


def logged(world: World, said: base.Post, channel: str = "reddit", needs_answer: bool = True) -> Post:
    post, _is_new = by_hand.heard(world.bo.teammate, channel, said, needs_answer=needs_answer, now=world.now)
    world.works()
    return Post.objects.get(pk=post.pk)


def this_week(world: World) -> Period:
    return Period.week_of(world.brand, world.now.date(), world.now + MINUTE)


# --- said to one of us -----------------------------------------------------------------------------


def test_a_note_counts_like_what_was_said_on_line_and_is_no_work(world: World) -> None:
    post = noted(world)
    assert (post.channel, post.heard_by, post.is_mention) == ("counter", world.bo.teammate, True)
    assert post.analysis.label == "negative", "understood like any post"
    assert not Conversation.objects.exists()
    assert posts_heard.number(this_week(world)) == people_heard.number(this_week(world)) == 1
    assert not talk_without_us.number(this_week(world)), "they said it to us"
    assert reply_rate.number(this_week(world)) is None
    assert [hit.ref for hit in search(world.brand.pk, "lid loose")] == [post.pk]
    assert AuditEntry.objects.filter(verb="wrote down a post", by=world.bo.teammate).count() == 1


def test_whoever_waits_for_a_call_is_work_due_as_promised_there(world: World) -> None:
    post = noted(world, place=Telephone, needs_answer=True)
    conversation = world.conversation_of(post)
    assert (conversation.state, conversation.due_at) == (State.OPEN, world.now + Telephone.reply_within)
    given_there.answered_there(
        post, world.bo.teammate, "Called her: a new lid is on its way.", key="k", now=world.passes(MINUTE)
    )
    world.works()
    assert reply_rate.number(this_week(world)) == 1.0
    assert first_reply_median.number(this_week(world)) == 60


def test_it_stays_as_the_teammate_decided_however_often_it_is_placed(world: World) -> None:
    counted, work = noted(world), noted(world, "When do you open?", needs_answer=True)
    for post in (counted, work):
        Post.objects.filter(pk=post.pk).update(step="heard")
    world.works()
    assert not Wait.objects.filter(post=counted).exists()
    assert Wait.objects.filter(post=work, ended_at=None).exists()


def test_what_is_picked_up_by_hand_stays_work_when_it_is_placed_anew(world: World) -> None:
    post = world.hears(ADA, "A kettle is a kettle.", addressed=False)
    acts.pick_up(post, world.bo.teammate, now=world.now)
    world.edits(post, "A kettle is a kettle, as I said.")
    assert Wait.objects.filter(post=post, ended_at=None).exists()


def test_a_double_click_is_one_note(world: World) -> None:
    assert noted(world) == noted(world)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \r\n\t"])
def test_a_note_needs_words(world: World, text: str) -> None:
    with pytest.raises(NotPossible, match="a few words"):
        noted(world, text)
    assert not Post.objects.exists()


def test_two_whom_nobody_knows_are_two(world: World) -> None:
    one, other = noted(world, "Lovely."), noted(world, "Too loud.")
    assert one.author.person_id != other.author.person_id
    assert one.author.shown_name == other.author.shown_name == "Somebody at the counter"
    assert not Consent.objects.exists()


def test_a_name_is_kept_with_their_leave_and_who_heard_it(world: World) -> None:
    post = noted(world, met=Met("Ada Moreau", "+33 1 2345", agreed=True))
    assert (post.author.name, post.author.handle) == ("Ada Moreau", "+33 1 2345")
    kept = {consent.purpose: consent for consent in Consent.objects.filter(profile=post.author)}
    assert set(kept) == {"name", "contact"}
    assert all(c.given and c.by == world.bo.teammate and c.at == world.now for c in kept.values())
    assert "Bo" in kept["name"].how


def test_who_is_reached_in_the_same_way_is_the_same(world: World) -> None:
    one = noted(world, "First.", met=Met("Ada", "+33 1 2345", agreed=True))
    other = noted(world, "Second.", met=Met("", "+33 12345", agreed=True))
    third = noted(world, "Third.", met=Met("Ada", "", agreed=True))
    assert one.author == other.author
    assert third.author != one.author, "of a name alone nobody can tell"


@pytest.mark.parametrize(
    ("met", "sentence"),
    [
        (Met("Ada", "", agreed=False), "only if they agreed"),
        (Met("", "ada@example.com", agreed=False), "only if they agreed"),
        (Met(" ", "\t", agreed=True), "write it, or take the tick away"),
    ],
)
def test_no_name_without_leave_and_no_leave_without_a_name(world: World, met: Met, sentence: str) -> None:
    with pytest.raises(NotPossible, match=sentence):
        noted(world, met=met)
    assert not Post.objects.exists()
    assert not Profile.objects.exists()


def test_what_came_by_letter_or_telephone_is_between_us(world: World) -> None:
    assert noted(world, "a", Letter).visibility == noted(world, "b", Telephone).visibility == "direct"
    assert noted(world, "c", Counter).visibility == "public"
    assert not Conversation.objects.exists(), "counted, as the teammate said"


def test_a_viewer_writes_nothing_down(world: World) -> None:
    with pytest.raises(PermissionDenied):
        by_hand.heard_in_person(
            world.olga.teammate, Counter, "x", Met(), needs_answer=False, key="k", now=world.now
        )
    with pytest.raises(PermissionDenied):
        by_hand.heard(world.olga.teammate, "reddit", said_there(world), needs_answer=False, now=world.now)


# --- logged by its address -------------------------------------------------------------------------


def test_a_logged_page_is_work_whose_clock_begins_now(world: World) -> None:
    post = logged(world, said_there(world, at=world.now - timedelta(hours=30)))
    conversation = world.conversation_of(post)
    assert conversation.state == State.OPEN
    assert conversation.waiting_since == world.now
    assert conversation.profile.handle == "jo"
    assert triage.explained(conversation)


def test_the_same_address_again_changes_nothing_and_asking_for_an_answer_picks_it_up(world: World) -> None:
    first = logged(world, said_there(world), needs_answer=False)
    assert not Conversation.objects.exists()
    again, is_new = by_hand.heard(
        world.cy.teammate, "reddit", said_there(world, "Other words"), needs_answer=True, now=world.now
    )
    assert (again, is_new) == (first, False)
    assert Post.objects.get().text == first.text
    assert Post.objects.get().heard_by == world.bo.teammate
    assert world.conversation_of(first).state == State.OPEN


def test_a_review_of_last_year_does_not_spoil_the_time_to_reply(world: World) -> None:
    post = logged(world, said_there(world, at=world.now - timedelta(days=365)))
    assert not Wait.objects.get(post=post).counts
    fresh = said_there(world, native_id=f"{PAGE}2", at=world.now - timedelta(days=1))
    assert Wait.objects.get(post=logged(world, fresh)).counts


def test_what_a_channel_knows_is_answered_from_here(world: World) -> None:
    """Read through the channel: it is the very post that the channel would hear."""
    said = world.place.says(ADA, "Is the kettle any good?", at=world.now)
    post, _new = by_hand.heard(
        world.bo.teammate, "fake", said, needs_answer=True, now=world.now, connection=world.connection
    )
    world.listens()
    assert Post.objects.count() == 1
    world.bo.replies(post, "It is!")
    assert world.conversation_of(post).state == State.PENDING


def test_our_own_words_are_not_logged_as_somebody_elses(world: World) -> None:
    with pytest.raises(NotPossible, match="by yourselves"):
        logged(world, said_there(world, ours=True))


# --- removed ---------------------------------------------------------------------------------------


def test_removed_it_leaves_nothing_but_the_audit_trail(world: World) -> None:
    post = noted(world, met=Met("Ada Moreau", "+33", agreed=True), needs_answer=True)
    by_hand.remove(post, world.bo.teammate, now=world.now)
    world.works()
    left = [Post, Profile, Person, Conversation, Wait, Consent]
    assert {model.__name__: model._default_manager.count() for model in left} == dict.fromkeys(
        [model.__name__ for model in left], 0
    )
    assert search(world.brand.pk, "ada") == search(world.brand.pk, "lid") == []
    assert posts_heard.number(this_week(world)) is None
    assert AuditEntry.objects.filter(verb="removed a post", by=world.bo.teammate).count() == 1


def test_others_of_the_same_author_stay(world: World) -> None:
    first = logged(world, said_there(world))
    second = logged(world, said_there(world, "And another thing.", native_id=f"{PAGE}2"))
    by_hand.remove(first, world.bo.teammate, now=world.now)
    world.works()
    assert list(Post.objects.all()) == [second]
    assert Conversation.objects.get().root == second.root


def test_what_was_done_about_it_stays_with_a_tombstone(world: World) -> None:
    post = logged(world, said_there(world))
    acts.note(world.conversation_of(post), world.cy.teammate, "I know them.", now=world.now)
    by_hand.remove(post, world.bo.teammate, now=world.now)
    world.works()
    post.refresh_from_db()
    assert (post.text, post.gone_why) == ("", by_hand.REMOVED)
    assert Wait.objects.get().ended_how == Wait.End.GONE
    assert world.conversation_of(post).note_rows.count() == 1


@pytest.mark.parametrize("with_note", [False, True])
def test_a_mistake_may_be_logged_again_in_other_words(world: World, with_note: bool) -> None:
    post = logged(world, said_there(world, "Worng words."))
    if with_note:
        acts.note(world.conversation_of(post), world.cy.teammate, "A slip?", now=world.now)
    by_hand.remove(post, world.bo.teammate, now=world.now)
    again = logged(world, said_there(world, "Right words."))
    assert again.text == "Right words."
    assert world.conversation_of(again).state == State.OPEN


def test_what_was_deleted_at_its_source_is_not_logged_again(world: World) -> None:
    said = world.place.says(ADA, "A kettle!", at=world.now, addressed=True)
    post = world.takes_in(base.Seen(said))
    world.deletes(post)
    with pytest.raises(NotPossible, match="deleted where it was said"):
        by_hand.heard(world.bo.teammate, "fake", said, needs_answer=False, now=world.now)


def test_only_who_wrote_it_down_or_an_owner_removes_it(world: World) -> None:
    post = noted(world)
    heard = world.hears(ADA, "Lovely kettle!")
    for member, what in [(world.cy, post), (world.eve, post), (world.dana, heard)]:
        with pytest.raises(NotPossible, match="or an owner"):
            by_hand.remove(what, member.teammate, now=world.now)
    with pytest.raises(PermissionDenied):
        by_hand.remove(post, world.olga.teammate, now=world.now)
    by_hand.remove(post, world.dana.teammate, now=world.now)
    assert list(Post.objects.all()) == [heard]


HOSTILE = ["\x00\ud800", "\u202eevil", "<script>alert(1)</script>", "a" * 1_000_000, "https://" * 5_000]


@pytest.mark.parametrize("text", HOSTILE, ids=["nul", "rtl", "html", "long", "addresses"])
def test_hostile_words_and_names_are_text(world: World, text: str) -> None:
    post = noted(world, text, met=Met(text, text, agreed=True), needs_answer=True)
    assert len(post.text) <= base.MAX_TEXT
    assert len(post.author.name) <= 300
    by_hand.remove(post, world.bo.teammate, now=world.now)


def test_nothing_of_another_brand_is_met(world: World) -> None:
    ingest.take_in(world.other_brand, "reddit", [base.Seen(said_there(world))], now=world.now, keep_all=True)
    post = logged(world, said_there(world))
    assert post.brand == world.brand
    assert Post.objects.count() == 2
