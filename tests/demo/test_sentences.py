"""Is there enough to say, in every language, without a gap in a sentence?"""

from __future__ import annotations

import random
import re

import pytest

from goodword.demo.sentences import LANGUAGES, grammar_of, pair, say, ways_to_say
from goodword.demo.talk import ABOUT_US, OURS, PAIRS, TO_US


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_sentence_can_be_said_to_its_end(language: str) -> None:
    chance = random.Random(1)
    for what, lines in grammar_of(language).items():
        for _line in lines:
            text = say(what, language, chance, you="Ada")
            assert not re.search(r"[{}\[\]]", text), (what, text)


@pytest.mark.parametrize(
    "what", ["complaint", "late", "question", "praise", "recommend", "purchase", "suggestion"]
)
def test_there_are_hundreds_of_ways_to_say_what_people_want(what: str) -> None:
    assert ways_to_say(what, "en") > 500


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_question_has_its_own_answer(language: str) -> None:
    grammar = grammar_of(language)
    for asked, answered in PAIRS.values():
        if asked in grammar and answered in grammar:
            assert len(grammar[asked]) == len(grammar[answered])
            pair(asked, answered, language, random.Random(1))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_our_people_know_what_to_say_in_every_language(language: str) -> None:
    wanted = {mood for mood in (*TO_US, *ABOUT_US) if mood in grammar_of(language)} - {"mixed"}
    for mood in wanted & OURS.keys():
        paired = PAIRS.get(mood, ("", ""))[1] in grammar_of(language)
        assert paired or OURS[mood] in grammar_of(language)


def test_a_thing_named_twice_in_a_sentence_is_the_same_thing() -> None:
    texts = {
        say("complaint", "en", random.Random(seed), pain="the {kettle} and the {kettle}")
        for seed in range(50)
    }
    assert texts
    assert not any(
        "Wren One and the Wren Fold" in text or "Wren Fold and the Wren One" in text for text in texts
    )
