import unicodedata

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goodword.matching import folding
from goodword.matching.folding import fold, tokens

ANY_TEXT = st.text(st.characters(codec=None), max_size=25)
TRICKY = st.text(
    st.sampled_from("aé\u0301\u0327ßİﬁ…ㄱㅏᄀ\u1161\u11a8か\u3099ｶﾞ가각\u00ad\u200b\ufe0f\u093fא\u05b0ͅ㍿ﷺ"),
    max_size=25,
)


def law(text):
    """Folding as one would write it without a thought for places or speed."""
    apart = unicodedata.normalize("NFKD", regex.sub(r"[\ud800-\udfff]", "\ufffd", text).casefold())
    kept = "".join(c for c in apart if not folding._DROPPED.match(c))
    return unicodedata.normalize("NFC", kept).casefold()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CAFÉ", "cafe"),
        ("cafe\u0301", "café"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ﬁsh", "fish"),
        ("Ｇｏｏｄ", "good"),
        ("ap\u00adple", "apple"),
        ("ap\u200bple", "apple"),
        ("ap\u202eple", "apple"),
        ("❤\ufe0f", "❤"),
        ("ｶﾞ", "ガ"),
        ("か\u3099", "が"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_what_reads_the_same_folds_the_same(one, other):
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("क", "कि"), ("ก", "กั")])
def test_the_marks_of_one_script_are_letters_to_its_readers(one, other):
    assert fold(one).text != fold(other).text


@settings(max_examples=150)
@given(ANY_TEXT | TRICKY)
@example("e" + "\u0301" * 29 + "\u00adx")
def test_quick_folding_equals_the_law(text):
    assert fold(text).text == law(text)


@settings(max_examples=150)
@given(ANY_TEXT | TRICKY)
def test_each_folded_character_comes_from_a_place_that_folds_to_it(text):
    folded = fold(text)
    for i, character in enumerate(folded.text):
        start, end = folded.as_given(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert character in law(text[start:end])


def test_places_never_go_backwards():
    folded = fold("ﬁe\u0301\u00adｶﾞ…ßc\u200bx")
    starts = [folded.as_given(i, i + 1)[0] for i in range(len(folded.text))]
    assert starts == sorted(starts)


def test_an_accent_belongs_to_its_letter_and_what_is_not_seen_to_none():
    assert fold("e\u0301\u200bx").as_given(0, 1) == (0, 2)
    assert fold("e\u200bx").as_given(0, 1) == (0, 1)


@pytest.mark.slow
def test_the_list_of_what_joins_the_character_before_it_is_complete():
    second_halves = {
        chr(int(decomposition.split()[1], 16))
        for decomposition in map(unicodedata.decomposition, map(chr, range(0x30000)))
        if decomposition and not decomposition.startswith("<") and len(decomposition.split()) == 2
    }
    hangul = {chr(c) for c in range(0x1160, 0x1200)}
    missing = []
    for character in map(chr, range(0x30000)):
        first = unicodedata.normalize("NFKD", character.casefold())[0]
        joins = unicodedata.combining(first) or first in second_halves or first in hangul
        vanishes = not law(character)
        if (joins or vanishes) and not folding._ANY_JOINING.match(character):
            missing.append(hex(ord(character)))
    assert missing == []


def leads_and_words(text):
    return [token.lead + token.word for token in tokens(fold(text).text)]


def test_a_token_is_a_word_or_a_run_with_its_lead():
    assert leads_and_words("Hello, #World @you_2!") == ["hello", "#world", "@you_2"]
    assert leads_and_words("foo@apple.com ##x ＃y a#b") == ["foo", "apple", "com", "#x", "#y", "a", "b"]
    assert leads_and_words("iPhoneを買った2台 #東京・大阪") == [
        "iphone",
        "を買った",
        "2",
        "台",
        "#東京",
        "大阪",
    ]
    assert leads_and_words("शुक्रिया ขอบคุณครับ") == ["शुक्रिया", "ขอบคุณครับ"]


def test_a_text_of_rarities_does_not_fill_the_memory():
    _ = fold("".join(map(chr, range(0x10000, 0x40000))) + "ß").as_given(0, 1)
    assert len(folding._FOLDED) <= folding._KEPT_CHARACTERS
