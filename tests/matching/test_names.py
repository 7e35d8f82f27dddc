"""Does a text that has a brand's name mean the brand?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.matching import Matcher, parse
from goodword.matching.names import Doubt, doubt_of, is_ordinary_word, query_for, words_to_leave_out

ORDINARY = [
    "I have no notion of what they want.",
    "The notion that kettles whistle is old.",
    "We moved our wiki to Notion last year.",
    "It gives you a notion of it.",
]


def test_people_who_write_a_word_in_small_letters_within_sentences_use_it_as_a_word() -> None:
    assert is_ordinary_word("Notion", ORDINARY)
    assert not is_ordinary_word("Steamwren", ["my Steamwren leaks", "love my steamwren", "Steamwren again"])


def test_a_name_that_is_no_word_is_meant_however_carelessly_it_is_written() -> None:
    assert doubt_of("Steamwren", "my steamwren whistles", is_ordinary=False) is None


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("We moved to Notion last year.", None),
        ("ask @notion about it", None),
        ("#notion tips", None),
        ("no notion of it", Doubt.SMALL_LETTERS),
        ("Notion of time is relative.", Doubt.FIRST_WORD),
        ("Read this. Notion of time is relative.", Doubt.FIRST_WORD),
        ("see https://notion.example/page", Doubt.ONLY_IN_A_LINK),
        ("they were in commotion", Doubt.ONLY_IN_A_LINK),
    ],
)
def test_what_may_be_the_ordinary_word_is_doubted_with_a_reason(text: str, doubt: Doubt | None) -> None:
    assert doubt_of("Notion", text, is_ordinary=True) == doubt


def test_a_name_of_two_words_is_found_written_as_one() -> None:
    assert query_for("Kettle & Co") == '"kettle co" OR kettleco'
    assert doubt_of("Steam Wren", "my SteamWren and my steam-wren", is_ordinary=False) is None


@pytest.mark.parametrize("name", ["", "   ", "&!", "“”"])
def test_a_name_without_a_letter_or_digit_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        query_for(name)


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=150)
def test_whatever_a_brand_is_called_it_can_be_listened_for(name: str) -> None:
    try:
        query = query_for(name)
    except ValueError:
        return
    parse(query)


NAMES = ["Kettle & Co", "AND", "not", "near", "Ben & Jerry's", "7-Eleven", "Größe", "茶壶"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_listened_for_meets_a_post_that_names_the_brand(name: str) -> None:
    assert Matcher({1: query_for(name)}).match(f"I like {name} a lot")


def test_words_that_only_posts_about_something_else_share_are_offered_to_be_left_out() -> None:
    others = ["no notion of philosophy here", "a philosophy of notion", "Aristotle’s notion, philosophy"]
    ours = ["Notion is a wiki", "I write in Notion"]
    assert words_to_leave_out(others, ours, "Notion") == ["philosophy"]


def test_a_word_that_a_post_about_us_has_is_never_left_out() -> None:
    assert words_to_leave_out(["the wiki notion"] * 3, ["Notion, my wiki"], "Notion") == []


def test_hostile_texts_neither_raise_nor_hang() -> None:
    for text in ("\x00" * 100_000, "notion " * 50_000, "(" * 100_000, "a\u202e" * 50_000, "\ud800notion"):
        is_ordinary_word("Notion", [text])
        doubt_of("Notion", text, is_ordinary=True)
        words_to_leave_out([text, text], [text], "Notion")
