"""How good is the first stage, measured on public data?

    python -m tests.understanding.measure           prints the table of docs/models.md
    python -m tests.understanding.measure --fit     prints the numbers that sentiment.py carries

The data lies beside the project and is not part of it. Half of the rated posts (the even rows) fits
the sentiment; the figures are of the other half, and of reviews, which fitted nothing.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from goodword.understanding.analysis import analyse
from goodword.understanding.language import language_of
from goodword.understanding.sentiment import MEASURED_LANGUAGES, feelings_in, sentiment_of

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
CLASSES = ("negative", "neutral", "positive")
NEUTRAL_WITHIN = 0.5  # of a rating from -4 to 4
PRAISING = frozenset({"admiration", "gratitude", "love"})
ASKING = frozenset({"curiosity", "confusion"})

Rated = list[tuple[str, str]]  # text, class
Told = list[tuple[str, bool]]  # text, does it mean the intent?


def rated(name: str) -> Rated:
    rows = (line.rstrip("\n").split("\t") for line in _lines(f"vader-gt/{name}_GroundTruth.txt"))
    return [(text, _class_of(float(mean))) for _, mean, text in rows]


def reviews() -> Rated:
    found: Rated = []
    for name in ("amazon_cells", "imdb", "yelp"):
        for line in _lines(f"uci-sentences/{name}_labelled.txt"):
            text, _, label = line.strip().rpartition("\t")
            if label in "01" and text:
                found.append((text, "positive" if label == "1" else "negative"))
    return found


def emotions(meant: frozenset[str]) -> Told:
    names = [line.strip() for line in _lines("goemotions/labels.txt")]
    rows = (line.rstrip("\n").split("\t") for line in _lines("goemotions/test.tsv"))
    return [(text, bool({names[int(i)] for i in labels.split(",")} & meant)) for text, labels, _ in rows]


def requests(path: str, column: str) -> list[tuple[str, str]]:
    rows = csv.DictReader(_lines(path))
    kind = "intent" if column == "utterance" else "category"
    return [(row[column], row[kind]) for row in rows]


def main() -> None:
    if not DATA.is_dir():
        sys.exit(f"The data is not here: {DATA}")
    if "--fit" in sys.argv:
        fit()
    else:
        measure()


def measure() -> None:
    print("sentiment               posts  macro recall  accuracy  claimed  right when claimed   ECE")
    _sentiment_row("rated posts", rated("tweets")[1::2])
    _sentiment_row("rated reviews", rated("amazonReviewSnippets"))
    _sentiment_row("review sentences", reviews())
    print("\nintent                                        posts  precision  recall     F1")
    _intent_row("praise on comments", "praise", emotions(PRAISING))
    _intent_row("thanks on comments", "thanks", emotions(frozenset({"gratitude"})))
    _intent_row("question on comments (curious, confused)", "question", emotions(ASKING))
    bank = requests("banking77/test.csv", "text")
    _intent_row("question on bank requests", "question", [(text, True) for text, _ in bank])
    shop = requests("bitext-cs/Bitext_Sample_Customer_Service_Testing_Dataset.csv", "utterance")
    _intent_row("question on shop requests", "question", [(text, True) for text, _ in shop])
    _intent_row("complaint on review sentences", "complaint", [(t, c == "negative") for t, c in reviews()])
    _intent_row("praise on review sentences", "praise", [(t, c == "positive") for t, c in reviews()])
    _language_row()
    _speed_rows()


# --- sentiment ---------------------------------------------------------------------------------------


def _sentiment_row(name: str, rows: Rated) -> None:
    """All rows are taken as English, which they are; `unsure` counts as its likeliest class."""
    said = [(sentiment_of(text, "en", feelings_in(text)), truth) for text, truth in rows]
    guesses = [(max(CLASSES, key=lambda c: getattr(s, c)), truth) for s, truth in said]
    claimed = [(s.label, truth) for s, truth in said if not s.abstain]
    confident = [max(s.negative, s.neutral, s.positive) for s, _ in said]
    ece = _calibration_error(confident, [guess == truth for guess, truth in guesses])
    print(
        f"{name:22} {len(rows):6} {_macro_recall(guesses):13.1%} {_right(guesses):9.1%}"
        f" {len(claimed) / len(rows):8.1%} {_right(claimed):19.1%} {ece:5.1%}"
    )


def _macro_recall(guesses: Sequence[tuple[str, str]]) -> float:
    classes = sorted({truth for _, truth in guesses})
    return sum(_right([g for g in guesses if g[1] == c]) for c in classes) / len(classes)


def _right(guesses: Sequence[tuple[str, str]]) -> float:
    return sum(guess == truth for guess, truth in guesses) / max(len(guesses), 1)


def _calibration_error(confident: Sequence[float], right: Sequence[bool], bins: int = 15) -> float:
    error = 0.0
    for b in range(bins):
        inside = [i for i, p in enumerate(confident) if b / bins < p <= (b + 1) / bins]
        error += abs(sum(confident[i] for i in inside) - sum(right[i] for i in inside))
    return error / len(confident)


def fit() -> None:
    """Softmax regression on VADER's compound score of the rated posts."""
    import numpy as np
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    posts = rated("tweets")[::2]
    compound = np.array([vader.polarity_scores(text)["compound"] for text, _ in posts])
    truth = np.eye(3)[[CLASSES.index(c) for _, c in posts]]
    parts = [np.ones_like(compound), compound.clip(0), (-compound).clip(0), compound != 0]
    features = np.stack(parts, axis=1).astype(float)
    rows = np.zeros((4, 3))
    for _ in range(20_000):
        powers = np.exp(features @ rows)
        rows -= features.T @ (powers / powers.sum(1, keepdims=True) - truth) / len(posts) + 1e-4 * rows
    for name, row in zip(("_ALWAYS", "_PER_POSITIVE", "_PER_NEGATIVE", "_IF_ANY"), rows, strict=True):
        print(name, "=", tuple(round(float(value), 2) for value in row))


# --- intents -----------------------------------------------------------------------------------------


def precision_and_recall(intent: str, rows: Told) -> tuple[float, float]:
    decided = [(intent in analyse(text).decisions, truth) for text, truth in rows]
    hits = sum(said and truth for said, truth in decided)
    said, true = sum(said for said, _ in decided), sum(truth for _, truth in decided)
    return hits / max(said, 1), hits / max(true, 1)


def _intent_row(name: str, intent: str, rows: Told) -> None:
    precision, recall = precision_and_recall(intent, rows)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{name:44} {len(rows):6} {precision:10.1%} {recall:7.1%} {f1:6.1%}")


# --- language and speed ------------------------------------------------------------------------------


def _language_row() -> None:
    codes = [language_of(text).code for text, _ in rated("tweets")]
    told = [code for code in codes if code != "und"]
    right = sum(code in MEASURED_LANGUAGES for code in told) / len(told)
    print(f"\nEnglish posts: language told for {len(told) / len(codes):.1%}, of these right {right:.1%}")


def _speed_rows() -> None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    texts = [text for text, _ in rated("tweets")]
    vader, first = speeds([SentimentIntensityAnalyzer().polarity_scores, analyse], texts)
    print(
        f"posts a CPU-second: VADER alone {vader:,.0f}, first stage {first:,.0f}, ratio {first / vader:.2f}"
    )


def speeds(readers: Sequence[Callable[[str], object]], texts: Sequence[str], turns: int = 20) -> list[float]:
    """Texts a CPU-second of each. They take turns, so that a busy machine is busy for all of them."""
    for read in readers:
        read(texts[0])  # loads its model
    spent = [0.0] * len(readers)
    for turn in range(turns):
        for number, read in enumerate(readers):
            started = time.process_time()
            for text in texts[turn::turns]:
                read(text)
            spent[number] += time.process_time() - started
    return [len(texts) / seconds for seconds in spent]


# --- reading -----------------------------------------------------------------------------------------


def _class_of(mean: float) -> str:
    if mean <= -NEUTRAL_WITHIN:
        return "negative"
    return "positive" if mean >= NEUTRAL_WITHIN else "neutral"


def _lines(path: str) -> Iterable[str]:
    return (DATA / path).read_text("utf-8", errors="replace").splitlines()


if __name__ == "__main__":
    main()
