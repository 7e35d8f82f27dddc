"""The first stage stays fast, and as good as docs/models.md says it is."""

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from goodword.understanding.analysis import analyse
from goodword.understanding.sentiment import feelings_in

from . import measure

# Measures: a busy machine and much data, not the quick suite.
pytestmark = pytest.mark.slow

# Measured 0.16 to 0.24, by who else uses the processor's caches: the language model is 28 MB.
SLOWEST_TO_VADER = 1 / 8

needs_data = pytest.mark.skipif(not measure.DATA.is_dir(), reason=f"the data is not here: {measure.DATA}")

SENTENCES = [
    "Where is my order? It was due on Monday and nobody answers my letters.",
    "I love this lamp, the warm light is wonderful and it was delivered in two days!",
    "Not happy: the switch broke after a week, and @lumo has not replied. See https://example.org/lamp",
    "Does anybody know whether the blue one comes back before the holidays? Thanks a lot!",
    "The shop at the corner opens at nine and closes at five on weekdays.",
]


def test_it_is_not_much_slower_than_vader_alone() -> None:
    texts = [f"{sentence} {n}" for n in range(60) for sentence in SENTENCES]
    vader, first = measure.speeds([SentimentIntensityAnalyzer().polarity_scores, analyse], texts)
    assert first / vader > SLOWEST_TO_VADER


@needs_data
def test_where_no_word_has_feeling_vader_finds_none_either() -> None:
    vader = SentimentIntensityAnalyzer()
    calm = [text for text, _ in measure.rated("tweets") if not feelings_in(text)]
    assert len(calm) > 100
    assert {vader.polarity_scores(text)["compound"] for text in calm} == {0.0}


@needs_data
@pytest.mark.parametrize(
    ("wanted", "rows", "precision", "recall"),
    [
        ("thanks", lambda: measure.emotions(frozenset({"gratitude"})), 0.90, 0.80),
        ("praise", lambda: measure.emotions(measure.PRAISING), 0.54, 0.68),
        ("complaint", lambda: [(text, c == "negative") for text, c in measure.reviews()], 0.94, 0.40),
    ],
)
def test_intents_are_found_as_often_as_the_docs_say(wanted, rows, precision, recall) -> None:
    found = measure.precision_and_recall(wanted, rows()[::3])
    assert found[0] > precision
    assert found[1] > recall
