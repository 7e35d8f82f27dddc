"""Does the playground deliver nowhere, count as phones do, and do its people answer believably?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.channels.base import (
    Account,
    Author,
    Cap,
    Checkpoint,
    Draft,
    NeedsLogin,
    Post,
    Refused,
    Seen,
    Sent,
    Unreachable,
    Watch,
)
from goodword.channels.playground import (
    ANSWERS,
    LATEST,
    MOST_ANSWERS,
    Bluesky,
    Playground,
    TextMessages,
    answer_back,
    parse_line,
    reference_of,
    segments,
)

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ASKED = Post("p1", Author("uma", "uma", "Uma"), "Where is my kettle?", NOW, root="p1", addressed=True)
TO_UMA = reference_of(ASKED, mood="complaint", language="en")


class Standing(Bluesky):
    """Bluesky of the playground, at a time that a test says."""

    at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def place(tmp_path: Path) -> Standing:
    return Standing(Account({"spool": str(tmp_path / "spool")}))


def key_of(*, answers: bool) -> str:
    """The first key whose draft is answered, or is not."""
    drafts = (Draft("We are on it.", TO_UMA, f"key {number}") for number in range(200))
    return next(d.key for d in drafts if bool(answer_back(d, Sent("s"), NOW)) == answers)


def heard(place: Playground, cursor: str = "0") -> tuple[list[Post], str]:
    events = list(place.listen(Watch(), cursor))
    last = events[-1]
    assert isinstance(last, Checkpoint)
    return [event.post for event in events if isinstance(event, Seen)], last.cursor


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_text_messages_are_counted_as_a_phone_company_does(text: str, count: int) -> None:
    assert segments(text) == TextMessages.length(text) == count


@given(st.text(max_size=700))
def test_a_longer_text_never_takes_fewer_messages(text: str) -> None:
    assert segments(text) <= segments(text + "a") <= segments(text) + 1


def test_an_answer_is_heard_when_it_is_due_and_not_before(place: Standing) -> None:
    place.send(Draft("We are on it.", TO_UMA, key_of(answers=True)))
    posts, cursor = heard(place)
    assert posts == []
    place.at = NOW + timedelta(seconds=LATEST + 1)
    posts, cursor = heard(place, cursor)
    assert [(post.author.name, post.root, post.addressed) for post in posts] == [("Uma", "p1", True)]
    assert heard(place, cursor) == ([], cursor)


def test_about_half_of_the_people_answer_back() -> None:
    drafts = [Draft("We are on it.", TO_UMA, f"draft {number}") for number in range(400)]
    assert 150 < sum(answer_back(draft, Sent("s"), NOW) is not None for draft in drafts) < 250


def test_the_same_draft_gets_the_same_answer() -> None:
    draft = Draft("We are on it.", TO_UMA, key_of(answers=True))
    assert answer_back(draft, Sent("s"), NOW) == answer_back(draft, Sent("s"), NOW)


@pytest.mark.parametrize("language", sorted(ANSWERS))
def test_people_answer_in_their_language_and_to_what_they_are_asked(language: str) -> None:
    draft = Draft("Which one is it?", {**TO_UMA, "language": language}, key_of(answers=True))
    answer = answer_back(draft, Sent("s"), NOW)
    assert answer is not None
    assert answer.text in ANSWERS[language]["asked"]
    told = answer_back(replace(draft, text="A new one is on its way."), Sent("s"), NOW)
    assert told is not None
    assert told.text in ANSWERS[language]["complaint"]


def test_nobody_goes_on_for_ever() -> None:
    draft = Draft("Glad to hear it.", {**TO_UMA, "answers": MOST_ANSWERS}, key_of(answers=True))
    assert answer_back(draft, Sent("s"), NOW) is None


def test_a_reply_sent_twice_is_there_once(place: Standing, tmp_path: Path) -> None:
    draft = Draft("We are on it.", TO_UMA, key_of(answers=False))
    assert place.sent_already(draft.key) is None
    assert place.send(draft) == place.send(draft) == place.sent_already(draft.key)
    spool = tmp_path / "spool" / "playground-bluesky.jsonl"
    assert spool.read_text().count("We are on it.") == 1


def test_what_is_too_long_is_refused_and_not_kept(place: Standing) -> None:
    with pytest.raises(Refused):
        place.send(Draft("a" * 301, TO_UMA, "long"))
    assert place.sent_already("long") is None


def test_a_connection_without_a_folder_says_what_to_do() -> None:
    with pytest.raises(NeedsLogin, match="anew"):
        Bluesky().check()


def test_a_folder_that_cannot_be_written_is_safe_to_try_again(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file stands here")
    with pytest.raises(Unreachable, match="nothing was sent"):
        Bluesky(Account({"spool": str(tmp_path / "spool")})).send(Draft("Hello", TO_UMA, "k"))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"kind": "seen"}',
        b"\xff\x00",
        b'{"kind": "seen", "at": 3, "post": {}}',
        b"[" * 5000,
    ],
)
def test_a_broken_line_tells_nothing_and_stops_nothing(line: bytes, place: Standing, tmp_path: Path) -> None:
    assert parse_line(line) == (None, None)
    place.check()
    with (tmp_path / "spool" / "playground-bluesky.jsonl").open("ab") as spool:
        spool.write(line + b"\n")
    place.person_says(ASKED)
    posts, _cursor = heard(place)
    assert [post.text for post in posts] == [ASKED.text]


def test_a_line_that_is_still_being_written_is_heard_next_time(place: Standing, tmp_path: Path) -> None:
    place.person_says(ASKED)
    path = tmp_path / "spool" / "playground-bluesky.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert heard(place) == ([], "0")
    path.write_bytes(whole)
    assert len(heard(place)[0]) == 1


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u202eabc", "<b>x</b>", "x" * 290])
def test_hostile_words_come_back_as_they_were_sent(text: str, place: Standing) -> None:
    place.person_says(replace(ASKED, text=text))
    assert [post.text for post in heard(place)[0]] == [text]


def test_only_our_own_words_can_be_taken_back() -> None:
    assert not Bluesky.can(Cap.TAKE_BACK, ASKED)
    assert Bluesky.can(Cap.TAKE_BACK, replace(ASKED, ours=True))
