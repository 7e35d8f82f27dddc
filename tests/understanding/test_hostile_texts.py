"""No text makes the first stage fail or hang."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.understanding.analysis import analyse

MEGABYTE = 1_000_000
SECONDS = 1.0


@pytest.mark.parametrize(
    "piece",
    [
        "a", " ", "\x00", "\ud800", "\u202e", "😍", ":) ", "good ", "not ", "where is my ",
        "can't recommend ", "?", '"', '"a b c" ', "«a", "@a", "@a.", "http://", "a@", "a.a@a.", "RT @a ",
        "> ", "&gt;", "\n", "but ", "Lumo ", "than lumo ", "<script>", "ß", "́", "이", "ا", "- ", "a'", "#a ",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_less_than_a_second(piece: str) -> None:
    analyse("warm up the models, please")
    text = piece * (MEGABYTE // len(piece))
    started = time.process_time()
    analyse(text, brand_names=["Lumo"], declared_language="en")
    assert time.process_time() - started < SECONDS


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.one_of(st.none(), st.text(max_size=10)),
    st.lists(st.text(max_size=10), max_size=3),
)
def test_any_text_is_understood_and_evidence_stays_inside_it(
    text: str, declared: str | None, names: list[str]
) -> None:
    said = analyse(text, declared_language=declared, brand_names=names)
    assert all(0 <= evidence.start < evidence.end <= len(text) for evidence in said.evidence)
    assert 0 <= said.language_probability <= 1
