"""The tables of cues say only what the reader of cues understands."""

import regex

from goodword.understanding.analysis import INTENTS
from goodword.understanding.cues import CUES, LANGUAGES, NOTHING
from goodword.understanding.intents import THRESHOLDS
from goodword.understanding.phrases import find_cues, fold
from goodword.understanding.words import words_of

ONE_WORD = regex.compile(r"\*|\w+(?:'\w+)*")


def test_every_cue_is_made_of_words() -> None:
    for cue in CUES:
        for part in cue.words.removeprefix("^").split():
            for word in part.split("/"):
                assert ONE_WORD.fullmatch(word), cue


def test_every_cue_speaks_for_an_intent_there_is() -> None:
    for cue in CUES:
        assert cue.intent in (*INTENTS, NOTHING), cue
        assert cue.negated in (None, *INTENTS, NOTHING), cue
        assert 0 < cue.weight <= 1


def test_every_intent_has_a_threshold_and_cues_in_every_language() -> None:
    assert set(THRESHOLDS) == set(INTENTS)
    for language in LANGUAGES:
        assert {cue.intent for cue in CUES if cue.language == language} >= set(INTENTS)


def test_every_cue_is_found_when_its_words_are_said() -> None:
    lost = []
    for cue in CUES:
        said = " ".join(part.split("/")[0] for part in cue.words.removeprefix("^").split())
        words = words_of(said.replace("*", "xyz"))
        found = {one.intent for one in find_cues(words, frozenset({cue.language}))}
        if cue.intent not in (*found, NOTHING):
            lost.append(cue)
    assert lost == []


def test_case_and_accents_do_not_matter() -> None:
    assert fold("DÓNDE") == fold("donde")
    assert fold("Weiß") == "weiss"
