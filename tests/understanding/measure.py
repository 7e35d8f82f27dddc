"""How well is everything understood? Prints the tables of docs/models.md.

    python -m tests.understanding.measure                  the shipped files, on texts they have not met
    python -m tests.understanding.measure --stage first    the first stage alone
    python -m tests.understanding.measure FOLDER SOURCE    files made without a source, on that source

Our own posts are in models/posts. The public data lies beside the project and is not part of it. Every
interval is the middle 95 % of a thousand samples drawn with replacement, the same for both sides of a
difference.
"""

from __future__ import annotations

import argparse
import html
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np

from goodword.understanding import trained
from goodword.understanding.analysis import INTENTS, Analysis, Said, Stage, analyse, analyse_many
from goodword.understanding.language import language_of
from goodword.understanding.own_words import without_addresses
from models.making import data, sources
from models.making.data import CLASSES, Row

SAMPLES = 1_000
BINS = 15
SURE_HALF = 0.5
DATA = data.DATA

# VADER's authors call a post positive from here on, and negative below its opposite.
VADER_BORDER = 0.05


# Every source whole, for files that were made without it.
WHOLE: dict[str, Callable[[], Iterable[Row]]] = {
    "own": lambda: (row for row in data.own_posts() if row.language == "en"),
    "tweets": lambda: clean(data.rated_tweets()),
    "reviews": lambda: clean(data.rated_reviews()),
    "sentences": lambda: clean(data.review_sentences()),
    "comments": lambda: clean(data.comments("test")),
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("folder", nargs="?", help="files made without a source")
    asked.add_argument("source", nargs="?", choices=[*WHOLE], help="that source")
    asked.add_argument("--stage", choices=["first", "full"], default="full")
    given = asked.parse_args()
    stage: Stage = given.stage
    if given.folder:
        os.environ[trained.FOLDER] = given.folder
        sentiment_table({given.source: list(WHOLE[given.source]())}, stage)
        return
    english = [row for row in sources.own("test") if row.language == "en"]
    tables = {"own posts": english}
    if data.is_there():
        tables["comments"] = list(clean(data.comments("test")))
    sentiment_table(tables, stage)
    by_language_table(stage)
    answers_table(stage)
    language_table()
    faithfulness(english, stage)
    speed_table(english)


def clean(rows: Iterable[Row]) -> Iterable[Row]:
    return (replace(row, text=html.unescape(row.text)) for row in rows)


def understood(rows: Sequence[Row], stage: Stage) -> list[Analysis]:
    return analyse_many(
        [Said(row.text, row.language, (row.brand,) if row.brand else ()) for row in rows], stage
    )


# --- sentiment ---------------------------------------------------------------------------------------


def sentiment_table(tables: dict[str, list[Row]], stage: Stage) -> None:
    print(f"sentiment ({stage})      posts  macro recall  above VADER      accuracy  surest half    ECE")
    for name, rows in tables.items():
        told = [row for row in rows if row.sentiment]
        truth = np.array([CLASSES.index(str(row.sentiment)) for row in told])
        likely = np.array([three(one) for one in understood(told, stage)])
        said, vader = likely.argmax(1), np.array([vader_says(row.text) for row in told])
        recall = _interval(macro_recall, said, truth)
        above = _interval(lambda s, v, t: macro_recall(s, t) - macro_recall(v, t), said, vader, truth)
        right = 100 * (said == truth).mean()
        sure, error = 100 * surest(likely, truth), 100 * calibration_error(likely.max(1), said == truth)
        print(f"{name:22} {len(told):6}  {recall:>12}  {above:>14}  {right:8.1f}  {sure:11.1f}  {error:5.1f}")


def by_language_table(stage: Stage) -> None:
    """Of every language of ours: the claim rests on this, so it is measured before it is claimed."""
    print("\nsentiment, own test posts     posts  macro recall")
    for language in ("en", "de", "fr", "es", "pt"):
        rows = [row for row in sources.own("test") if row.language == language]
        truth = np.array([CLASSES.index(str(row.sentiment)) for row in rows])
        said = np.array([three(one) for one in _unmuted(rows, stage)]).argmax(1)
        print(f"{language:28} {len(rows):6}  {_interval(macro_recall, said, truth):>12}")


def _unmuted(rows: Sequence[Row], stage: Stage) -> list[Analysis]:
    """What would be said if every language were claimed."""
    with patch("goodword.understanding.trained_stages.MEASURED_LANGUAGES", {row.language for row in rows}):
        return understood(rows, stage)


def three(analysis: Analysis) -> tuple[float, float, float]:
    s = analysis.sentiment
    return s.negative, s.neutral, s.positive


def macro_recall(said: Any, truth: Any) -> float:
    return 100 * float(np.mean([(said[truth == c] == c).mean() for c in range(3) if (truth == c).any()]))


def surest(said: Any, truth: Any) -> float:
    order = np.argsort(-said.max(1))[: int(len(truth) * SURE_HALF)]
    return float((said[order].argmax(1) == truth[order]).mean())


def calibration_error(sure: Any, right: Any) -> float:
    """The mean distance between how sure and how often right, in 15 bins (Naeini 2015)."""
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    return float(sum(abs(sure[at == b].sum() - right[at == b].sum()) for b in range(BINS)) / len(sure))


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def vader_says(text: str) -> int:
    compound = _vader().polarity_scores(text)["compound"]
    return 2 if compound >= VADER_BORDER else 0 if compound <= -VADER_BORDER else 1


# --- what the author wants ---------------------------------------------------------------------------


def answers_table(stage: Stage) -> None:
    print(f"\n{'answers':30} {'posts':>6} {'yes':>5}  precision  recall    F1             ECE")
    ours = sources.own("test")
    analyses = understood(ours, stage)
    for name in INTENTS:
        truth = np.array([name in row.yes for row in ours])
        likely = np.array([one.intents[name] for one in analyses])
        decided = np.array([name in one.decisions for one in analyses])
        _answers_row(f"{name}, own posts", truth, likely, decided)
    for name, field in (("needs_answer", "needs_answer"), ("hostile", "hostility")):
        truth = np.array([name in row.yes for row in ours])
        likely = np.array([getattr(one, field) for one in analyses])
        _answers_row(f"{name}, own posts", truth, likely, likely >= 0.5)
    if data.is_there():
        comments = list(clean(data.comments("test")))
        analyses = understood(comments, stage)
        for name in ("praise", "thanks"):
            truth = np.array([name in row.yes for row in comments])
            likely = np.array([one.intents[name] for one in analyses])
            decided = np.array([name in one.decisions for one in analyses])
            _answers_row(f"{name}, comments", truth, likely, decided)


def _answers_row(name: str, truth: Any, likely: Any, decided: Any) -> None:
    hits = (truth & decided).sum()
    precision, recall = 100 * hits / max(decided.sum(), 1), 100 * hits / max(truth.sum(), 1)
    balanced, error = _interval(f1, decided, truth), 100 * calibration_error(likely, truth)
    print(
        f"{name:30} {len(truth):6} {truth.sum():5}  {precision:9.1f}  {recall:6.1f}"
        f"  {balanced:>12}  {error:5.1f}"
    )


def f1(decided: Any, truth: Any) -> float:
    return 200 * float((decided & truth).sum()) / max(float(decided.sum() + truth.sum()), 1.0)


# --- language, reasons, speed --------------------------------------------------------------------------


def language_table() -> None:
    rows = list(data.own_posts())
    told = [
        (language_of(without_addresses(row.text)).code == row.language, row)
        for row in rows
        if _has_words(row)
    ]
    short = [right for right, row in told if len(without_addresses(row.text).strip()) < 40]
    print(
        f"\nlanguage of {len(told)} own posts with words: {100 * np.mean([r for r, _ in told]):.1f}"
        f", of {len(short)} under 40 characters: {100 * np.mean(short):.1f}"
    )


def _has_words(row: Row) -> bool:
    return row.kind != "emoji" and any(letter.isalpha() for letter in without_addresses(row.text))


def faithfulness(rows: Sequence[Row], stage: Stage) -> None:
    """Does taking away the two strongest words shown lower the probability more than taking two others?"""
    chance = np.random.default_rng(1)
    better = tried = 0
    for row, one in zip(rows, understood(rows, stage), strict=True):
        label = one.label
        if label in ("unsure", "neutral") or getattr(one.sentiment, label) < 0.7:
            continue
        strong = [e for e in one.evidence if e.of == label][:2]
        words = list(data.regex.finditer(r"\w+", row.text))
        others = [m.span() for m in words if all(m.end() <= e.start or m.start() >= e.end for e in strong)]
        if len(strong) < 1 or len(others) < len(strong):
            continue
        taken = [others[i] for i in chance.choice(len(others), len(strong), replace=False)]
        p = [
            getattr(analyse(_without(row.text, spans), declared_language="en", stage=stage).sentiment, label)
            for spans in ([(e.start, e.end) for e in strong], taken)
        ]
        better += p[0] < p[1]
        tried += 1
    share = 100 * better / max(tried, 1)
    print(f"explanations: in {share:.1f} % of {tried} sure posts the words shown matter more than others")


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def speed_table(rows: Sequence[Row]) -> None:
    texts = [row.text for row in rows]
    if data.is_there():
        texts = [row.text for row in clean(data.rated_tweets())][:2000]
    readers: list[Callable[[Sequence[str]], object]] = [
        lambda some: [_vader().polarity_scores(text) for text in some],
        lambda some: analyse_many([Said(text) for text in some], "first"),
        lambda some: analyse_many([Said(text) for text in some], "full"),
    ]
    vader, first, full = speeds(readers, texts)
    print(
        f"posts a CPU-second: VADER {vader:,.0f}, first stage {first:,.0f} (1/{vader / first:.1f}),"
        f" full {full:,.0f} (1/{vader / full:.1f})"
    )


def speeds(
    readers: Sequence[Callable[[Sequence[str]], object]], texts: Sequence[str], turns: int = 20
) -> list[float]:
    """Texts a CPU-second of each. They take turns, so that a busy machine is busy for all of them."""
    for read in readers:
        read(texts[:2])  # loads its model
    spent = [0.0] * len(readers)
    for turn in range(turns):
        for number, read in enumerate(readers):
            some = texts[turn::turns]
            started = time.process_time()
            read(some)
            spent[number] += time.process_time() - started
    return [len(texts) / seconds for seconds in spent]


def _interval(measure: Callable[..., float], *arrays: Any) -> str:
    chance, n = np.random.default_rng(0), len(arrays[0])
    drawn = []
    for _ in range(SAMPLES):
        at = chance.integers(0, n, n)
        drawn.append(measure(*(array[at] for array in arrays)))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{measure(*arrays):.1f} [{low:.1f}, {high:.1f}]"


if __name__ == "__main__":
    main()
