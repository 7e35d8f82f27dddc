"""Both stages stay fast, and as good as docs/models.md says they are."""

import pytest

from goodword.understanding import trained
from goodword.understanding.analysis import Said, analyse_many
from models.making import data, sources
from models.making.data import CLASSES

from . import measure

# Measures: a busy machine and much data, not the quick suite.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not trained.has(trained.FULL_STAGE), reason="the trained files are not here"),
]
needs_data = pytest.mark.skipif(not data.is_there(), reason=f"the data is not here: {data.DATA}")

# docs/models.md has the figures; who else uses the processor and its caches can double them.
SLOWEST_FIRST_TO_VADER, SLOWEST_FULL_TO_VADER = 1 / 20, 1 / 100

SENTENCES = [
    "Where is my order? It was due on Monday and nobody answers my letters.",
    "I love this lamp, the warm light is wonderful and it was delivered in two days!",
    "Not happy: the switch broke after a week, and @lumo has not replied. See https://example.org/lamp",
    "Does anybody know whether the blue one comes back before the holidays? Thanks a lot!",
    "The shop at the corner opens at nine and closes at five on weekdays.",
]


def test_they_are_not_much_slower_than_vader_alone() -> None:
    texts = [f"{sentence} {n}" for n in range(60) for sentence in SENTENCES]
    vader, first, full = measure.speeds(
        [
            lambda some: [measure.vader_says(text) for text in some],
            lambda some: analyse_many([Said(text) for text in some], "first"),
            lambda some: analyse_many([Said(text) for text in some], "full"),
        ],
        texts,
    )
    assert first / vader > SLOWEST_FIRST_TO_VADER
    assert full / vader > SLOWEST_FULL_TO_VADER


def test_on_posts_nobody_learnt_from_it_is_far_above_vader() -> None:
    rows = [row for row in sources.own("test") if row.language == "en"]
    truth = measure.np.array([CLASSES.index(str(row.sentiment)) for row in rows])
    said = measure.np.array([measure.three(one) for one in measure.understood(rows, "full")]).argmax(1)
    vader = measure.np.array([measure.vader_says(row.text) for row in rows])
    assert measure.macro_recall(said, truth) > measure.macro_recall(vader, truth) + 8


@needs_data
@pytest.mark.parametrize(("wanted", "balanced"), [("thanks", 88), ("praise", 68)])
def test_intents_are_found_as_often_as_the_docs_say(wanted: str, balanced: float) -> None:
    rows = list(measure.clean(data.comments("test")))[::3]
    decided = measure.np.array([wanted in one.decisions for one in measure.understood(rows, "full")])
    truth = measure.np.array([wanted in row.yes for row in rows])
    assert measure.f1(decided, truth) > balanced
