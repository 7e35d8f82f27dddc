"""Is what was said found again: the same on both databases, whatever is typed?"""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.store import search
from goodword.store.models import Entry
from tests.fakechannel import NOON

pytestmark = pytest.mark.django_db

OPERATORS = [
    '"',
    "'",
    "*",
    "kettle*",
    "(",
    ")",
    ":",
    "text:kettle",
    "-kettle",
    "^kettle",
    "{a}",
    "%",
    "_",
    "\\",
    ":*",
    "&",
    "!",
    "|",
    "<->",
    "+",
    "~",
    "NOT",
    "OR",
    "AND",
]
HOSTILE = [
    *OPERATORS,
    'NEAR("a" "b")',
    "a AND",
    "NOT NOT",
    "'; DROP TABLE store_entry; --",
    "\x00",
    "ke\x00ttle",
    "\u202ekettle",
    "🫖",
    "﷽" * 300,
    "a" * 5000,
    "kettle " * 500,
]


def _keep(text: str, ref: int = 1, brand: int = 1, kind: Entry.Kind = Entry.Kind.POST) -> None:
    search.remember(brand, kind, ref, text, NOON)


def _found(words: str, brand: int = 1) -> list[int]:
    return [hit.ref for hit in search.search(brand, words)]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_query_breaks_it_and_no_text_either(words: str) -> None:
    _keep(f"the kettle {words}")
    _found(words)
    assert _found("kettle") == [1]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Ärger mit dem Kessel", "arger"),
        ("CAFÉ", "café"),
        ("write to help@kettle.example today", "kettle"),
        ("https://shop.kettle.example/blue-one?x=1", "blue"),
        ("a well-known kettle", "known"),
        ("it cost 3.50 €", "50"),
        ("kettle/teapot", "teapot"),
        ("#kettlelove", "#kettlelove"),
        ("@kettleandco", "@kettleandco"),
        ("don't", "don't"),
        ("湯沸かし器", "湯沸かし器"),
        ("हिन्दी केतली", "केतली"),
        ("straße", "STRASSE"),
        ("whistling", "whis"),
    ],
)
def test_what_was_said_is_found_on_both_databases(said: str, asked: str) -> None:
    _keep(said)
    assert _found(asked) == [1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.randoms(use_true_random=False))
def test_each_word_of_a_text_finds_it(text: str, chance: object) -> None:
    text = text.encode("utf-8", "replace").decode()
    with transaction.atomic():
        _keep(text)
        for word in text.split():
            if any(letter.isalnum() for letter in search._fold(word)):
                assert _found(word) == [1], word
        transaction.set_rollback(True)


def test_every_word_must_be_there_and_the_newest_comes_first() -> None:
    for ref, text in enumerate(["blue kettle", "red kettle", "blue pot"], start=1):
        _keep(text, ref)
    assert _found("kettle") == [2, 1]
    assert _found("blue kettle") == [1]
    assert _found("blue green") == []


def test_one_brand_does_not_find_what_another_heard() -> None:
    _keep("our kettle", 1, brand=1)
    _keep("their kettle", 2, brand=2)
    assert _found("kettle", brand=2) == [2]


def test_what_is_indexed_anew_is_found_by_its_new_words_only_and_what_is_forgotten_not_at_all() -> None:
    _keep("red kettle")
    _keep("blue kettle")
    assert (_found("red"), _found("blue")) == ([], [1])
    search.forget(Entry.Kind.POST, [1])
    assert _found("blue") == []


def test_kinds_and_times_narrow_it() -> None:
    _keep("kettle", 1)
    _keep("kettle", 1, kind=Entry.Kind.NOTE)
    assert [hit.kind for hit in search.search(1, "kettle", kinds=["note"])] == ["note"]
    assert search.search(1, "kettle", since=NOON.replace(year=2027)) == []
