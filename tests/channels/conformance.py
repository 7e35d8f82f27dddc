"""Does a channel do what its `caps` claim? One suite for all, against places that can be made to misbehave.

A place is a file in `tests/channels/places/` with the `KEYS` of the channels that can talk there, and
`open_place(key, request)`, a context manager that yields a `Place`: the one in memory, a folder, or a
real network on this machine. Costly ones carry MARKS.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Protocol, TypeVar
from uuid import uuid4

import pytest

from goodword.channels import base
from goodword.channels.base import Cap, Channel, Draft, Event, Seen, Watch

PATIENCE = 20.0  # seconds until what was said must be heard; a network of several servers takes a few
T = TypeVar("T")


class Place(Protocol):
    """What the suite needs of a place. Ids are native ids, as the channel tells them."""

    channel: Channel  # opened for an account of the brand
    # Which of goes_down, asks_to_wait, revokes_login, loses_answers this place can be made to do.
    can_misbehave: ClassVar[frozenset[str]]

    def says(self, words: str, to: str = "") -> str:
        """Somebody says it to the brand (below the post `to`, if given)."""

    def edits(self, native_id: str, words: str) -> None: ...
    def deletes(self, native_id: str) -> None: ...

    def texts_of_ours(self) -> list[str]:
        """What of ours another person can read there, oldest first."""

    def likes_of_ours(self) -> list[str]:
        """Which posts we like, as another person sees it."""

    def goes_down(self) -> None: ...
    def asks_to_wait(self) -> None: ...
    def revokes_login(self) -> None: ...
    def loses_answers(self) -> None: ...
    def comes_back(self) -> None: ...


@dataclass(frozen=True)
class Check:
    run: Callable[[Place], None]
    caps: frozenset[Cap]  # it applies where all of these are claimed
    misbehaviour: str = ""  # and where the place can be made to do this

    @property
    def name(self) -> str:
        return self.run.__name__

    def applies_to(self, channel: type[Channel]) -> bool:
        return self.caps <= channel.caps


CHECKS: list[Check] = []


def claims(*caps: Cap, when_it: str = "") -> Callable[[Callable[[Place], None]], Callable[[Place], None]]:
    def register(run: Callable[[Place], None]) -> Callable[[Place], None]:
        CHECKS.append(Check(run, frozenset(caps), when_it))
        return run

    return register


def run(check: Check, place: Place) -> None:
    """Run one check; skips aloud what this place cannot be made to do."""
    if check.misbehaviour and check.misbehaviour not in place.can_misbehave:
        pytest.skip(f"{type(place).__name__} cannot be made so: {check.misbehaviour}")
    check.run(place)


# --- what it hears ---------------------------------------------------------------------------------


@claims(Cap.HEAR)
def what_was_said_before_we_listened_is_history(place: Place) -> None:
    said = place.says(words("before"))
    events, _cursor = hear(place, None, lambda heard: said in ids(heard))
    assert [event.history for event in seen(events) if event.post.native_id == said] == [True]


@claims(Cap.HEAR)
def what_is_said_to_us_is_heard_with_its_author_and_time(place: Place) -> None:
    cursor = listening(place)
    text = words("Does it whistle? ☕ Schön!")
    said = place.says(text)
    events, _cursor = hear(place, cursor, lambda heard: said in ids(heard))
    event = next(event for event in seen(events) if event.post.native_id == said)
    assert not event.history
    assert text in event.post.text
    assert event.post.addressed
    assert not event.post.ours
    assert event.post.author.native_id
    assert event.post.at.utcoffset() == UTC.utcoffset(None)


@claims(Cap.HEAR)
def an_answer_below_a_post_names_its_thread(place: Place) -> None:
    cursor = listening(place)
    first = place.says(words("first"))
    second = place.says(words("second"), to=first)
    events, _cursor = hear(place, cursor, lambda heard: {first, second} <= ids(heard))
    post = next(event.post for event in seen(events) if event.post.native_id == second)
    assert (post.parent, post.root) == (first, first)


@claims(Cap.HEAR, Cap.READ_ADDRESS)
def the_address_of_a_post_leads_to_it_and_a_strangers_leads_nowhere(place: Place) -> None:
    heard = heard_post(place)
    assert heard.url
    found = place.channel.read_address(heard.url)
    assert found is not None
    assert (found.native_id, found.author.native_id) == (heard.native_id, heard.author.native_id)
    assert (found.text, found.root) == (heard.text, heard.root)
    for foreign in ("https://example.com/", "javascript:alert(1)", "no address", ""):
        assert place.channel.read_address(foreign) is None


@claims(Cap.HEAR, Cap.RESUME)
def what_is_said_while_we_are_away_is_heard_afterwards(place: Place) -> None:
    cursor = listening(place)
    while_away = {place.says(words("away")) for _ in range(3)}
    events, _cursor = hear(place, cursor, lambda heard: while_away <= ids(heard))
    assert not any(event.history for event in seen(events) if event.post.native_id in while_away)
    assert not [event for event in events if isinstance(event, base.Gap)]


@claims(Cap.HEAR, Cap.RESUME)
def reading_again_from_an_old_cursor_tells_the_same_posts(place: Place) -> None:
    cursor = listening(place)
    said = place.says(words("twice"))
    once, _cursor = hear(place, cursor, lambda heard: said in ids(heard))
    again, _cursor = hear(place, cursor, lambda heard: said in ids(heard))
    told = [next(e.post for e in seen(events) if e.post.native_id == said) for events in (once, again)]
    assert (told[0].text, told[0].author.native_id, told[0].root) == (
        told[1].text,
        told[1].author.native_id,
        told[1].root,
    )


@claims(Cap.HEAR, Cap.EDITS)
def an_edit_is_heard(place: Place) -> None:
    cursor = listening(place)
    said = place.says(words("with a slpi"))
    _events, cursor = hear(place, cursor, lambda heard: said in ids(heard))
    text = words("with a slip")
    place.edits(said, text)
    hear(place, cursor, lambda heard: any(_is_edit(event, said, text) for event in heard), keeping=said)


@claims(Cap.HEAR, Cap.DELETES)
def a_delete_is_heard(place: Place) -> None:
    cursor = listening(place)
    said = place.says(words("regretted"))
    _events, cursor = hear(place, cursor, lambda heard: said in ids(heard))
    place.deletes(said)
    hear(place, cursor, lambda heard: any(_is_gone(event, said) for event in heard), keeping=said)


# --- what it sends ---------------------------------------------------------------------------------


@claims(Cap.REPLY)
def a_reply_arrives_once_exactly_as_written(place: Place) -> None:
    text = words("It does! Zwölf Töne 🎶, und »echt«.")
    sent = place.channel.send(draft_to(place, text))
    assert sent.native_id
    assert eventually(place.texts_of_ours) == [text]


@claims(Cap.REPLY, Cap.HEAR)
def our_reply_is_heard_as_ours_and_not_as_a_new_voice(place: Place) -> None:
    draft = draft_to(place, words("ours"))
    cursor = listening(place)
    sent = place.channel.send(draft)
    later = place.says(words("later"))
    events, _cursor = hear(place, cursor, lambda heard: later in ids(heard))
    assert all(event.post.ours for event in seen(events) if event.post.native_id == sent.native_id)


@claims(Cap.REPLY, Cap.LOOK_UP)
def it_can_tell_whether_a_reply_arrived(place: Place) -> None:
    draft = draft_to(place, words("looked up"))
    assert place.channel.sent_already(draft.key, draft) is None
    sent = place.channel.send(draft)
    found = eventually(lambda: place.channel.sent_already(draft.key, draft))
    assert found.native_id == sent.native_id


@claims(Cap.REPLY)
def overlong_text_is_known_before_it_is_sent(place: Place) -> None:
    most = place.channel.max_length
    if most is None:
        pytest.skip("this channel takes texts of any length")
    assert place.channel.length("") == 0
    assert place.channel.length("a long story. " * most * 20) > most


@claims(Cap.REPLY, Cap.TAKE_BACK)
def our_reply_can_be_taken_back(place: Place) -> None:
    sent = place.channel.send(draft_to(place, words("hasty")))
    eventually(place.texts_of_ours)
    place.channel.take_back(sent)
    eventually(lambda: not place.texts_of_ours())


@claims(Cap.LIKE)
def a_like_arrives(place: Place) -> None:
    post = heard_post(place)
    place.channel.like(post.reference, key())
    assert eventually(place.likes_of_ours) == [post.native_id]


@claims()
def what_it_cannot_do_it_refuses_with_a_reason(place: Place) -> None:
    author = base.Author("somebody")
    post = base.Post("1", author, "Hello", _some_time(), ours=True)
    for action in {Cap.REPLY, Cap.LIKE, Cap.TAKE_BACK} - place.channel.caps:
        permission = place.channel.can(action, post)
        assert not permission
        assert permission.reason


@claims()
def signing_in_says_who_we_are_there(place: Place) -> None:
    health = place.channel.check()
    assert health.native_id
    assert health.works


# --- when the place misbehaves ---------------------------------------------------------------------


@claims(Cap.REPLY, when_it="goes_down")
def a_place_that_is_down_gets_nothing_and_later_the_same_draft_once(place: Place) -> None:
    draft = draft_to(place, words("patient"))
    place.goes_down()
    with pytest.raises(base.Unreachable) as trouble:
        place.channel.send(draft)
    assert_reads_like_a_sentence(trouble.value)
    place.comes_back()
    assert not place.texts_of_ours()
    place.channel.send(draft)
    assert eventually(place.texts_of_ours) == [draft.text]


@claims(Cap.HEAR, when_it="goes_down")
def a_place_that_is_down_says_so_and_is_heard_when_it_is_back(place: Place) -> None:
    cursor = listening(place)
    place.goes_down()
    with pytest.raises(base.ChannelError) as trouble:
        place.channel.check()
    assert_reads_like_a_sentence(trouble.value)
    place.comes_back()
    said = place.says(words("back again"))
    hear(place, cursor, lambda heard: said in ids(heard))


@claims(Cap.REPLY, when_it="asks_to_wait")
def a_place_that_asks_to_wait_gets_nothing_and_says_until_when(place: Place) -> None:
    draft = draft_to(place, words("slowly"))
    place.asks_to_wait()
    with pytest.raises(base.RateLimited) as trouble:
        place.channel.send(draft)
    assert_reads_like_a_sentence(trouble.value)
    assert trouble.value.until.utcoffset() is not None
    place.comes_back()
    assert not place.texts_of_ours()


@claims(Cap.REPLY, when_it="revokes_login")
def a_revoked_login_is_told_apart_from_trouble_that_passes(place: Place) -> None:
    draft = draft_to(place, words("locked out"))
    place.revokes_login()
    for attempt in (place.channel.check, lambda: place.channel.send(draft)):
        with pytest.raises(base.NeedsLogin) as trouble:
            attempt()
        assert_reads_like_a_sentence(trouble.value)
    assert not place.texts_of_ours()


@claims(Cap.REPLY, when_it="loses_answers")
def a_reply_whose_answer_is_lost_is_unclear_and_not_failed(place: Place) -> None:
    draft = draft_to(place, words("into the dark"))
    place.loses_answers()
    with pytest.raises(base.Unclear) as trouble:
        place.channel.send(draft)
    assert_reads_like_a_sentence(trouble.value)
    place.comes_back()
    assert eventually(place.texts_of_ours) == [draft.text]
    if Cap.LOOK_UP in place.channel.caps:
        assert eventually(lambda: place.channel.sent_already(draft.key, draft))


# --- how the suite listens -------------------------------------------------------------------------


def listening(place: Place) -> str:
    """Listen for the first time; the cursor from which on everything is news."""
    _events, cursor = hear(place, None, lambda heard: True)
    return cursor


def hear(
    place: Place, cursor: str | None, enough: Callable[[list[Event]], bool], keeping: str = ""
) -> tuple[list[Event], str]:
    """Listen until it is `enough` and a checkpoint follows. AssertionError when it never is.

    `keeping` is a post that we have: edits and deletes are passed on of those only.
    """
    deadline, heard = time.monotonic() + PATIENCE, []
    is_over = False
    watch = Watch(
        interested=lambda text: True,
        knows_post=lambda native_id: native_id == keeping,
        knows_author=lambda native_id: False,
        kept=lambda after, limit: [(1, keeping)] if keeping and not after else [],
        stopped=lambda: is_over or time.monotonic() > deadline,
    )
    while time.monotonic() < deadline:
        for event in place.channel.listen(watch, cursor):
            heard.append(event)
            if isinstance(event, base.Checkpoint):
                cursor = event.cursor
                is_over = enough(heard)
            if is_over:
                break
        if is_over and cursor is not None:
            return heard, cursor
        time.sleep(min(place.channel.poll_every.total_seconds(), 0.2))
    raise AssertionError(f"not heard within {PATIENCE} s; heard were {heard}")


def heard_post(place: Place) -> base.Post:
    """A post that somebody said to us, as the channel told it: with what is needed to answer it."""
    said = place.says(words("question"))
    events, _cursor = hear(place, None, lambda heard: said in ids(heard))
    return next(event.post for event in seen(events) if event.post.native_id == said)


def draft_to(place: Place, text: str) -> Draft:
    return Draft(text, heard_post(place).reference, key())


def seen(events: Iterable[Event]) -> Iterator[Seen]:
    return (event for event in events if isinstance(event, Seen))


def ids(events: Iterable[Event]) -> set[str]:
    return {event.post.native_id for event in seen(events)}


def eventually(look: Callable[[], T]) -> T:
    """What another person sees may lag behind: look until there is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, f"nothing to be seen within {PATIENCE} s"
        time.sleep(0.1)
    return found


def words(text: str) -> str:
    """Different each time: some places take the same text for a slip of the finger."""
    return f"{text} ({uuid4().hex[:8]})"


def key() -> str:
    return uuid4().hex


def assert_reads_like_a_sentence(trouble: Exception) -> None:
    sentence = str(trouble)
    assert sentence[:1].isupper(), sentence
    assert sentence.endswith((".", "!", "?")), sentence


def _is_edit(event: Event, native_id: str, text: str) -> bool:
    return isinstance(event, base.Edited) and event.post.native_id == native_id and text in event.post.text


def _is_gone(event: Event, native_id: str) -> bool:
    return isinstance(event, base.Gone) and event.native_id == native_id


def _some_time() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)
