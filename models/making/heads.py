"""The heads: from lessons to the small files that both stages read.

    python -m models.making.heads

First fragments are chosen by how much they tell, then every label learns a weight for each; the same for
the encoder's numbers. Then the posts set apart for it say how much each stage counts, how sure a score is,
and from where on a label is given.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from goodword.understanding.encoder import WIDTH, Encoder
from goodword.understanding.fragments import SPREAD, Found, Fragments
from goodword.understanding.language import language_of
from goodword.understanding.own_words import own_words, without_addresses
from goodword.understanding.signs import SIGNS
from goodword.understanding.words import DENIED, words_of
from models.making.data import CLASSES, Row
from models.making.labels import LABELS, YES_OR_NO, answers, feelings
from models.making.places import MODELS
from models.making.sources import lessons, scales

LONGEST_PIECE = 5  # letters and borders of a piece of a word
MOST_WORDS = 3
SEEN_AT_LEAST = 3
CHOSEN_FOR_FEELING, CHOSEN_FOR_ANSWER = 9_000, 2_500  # fragments for each label
LOOSE_FIRST, LOOSE_FULL = 0.5, 0.3  # the inverse of how strongly weights are held back
EIGHT_BITS = 127
NEVER = -5.0  # the score of what nothing was learnt about
ALIKE = 64  # numbers that tell how alike two posts are


def main(folder: Path = MODELS, without: Collection[str] = ()) -> None:
    rows, weights = lessons(without)
    make(rows, np.array(weights), scales(without), folder)


def make(rows: Sequence[Row], weights: np.ndarray, scaled: Sequence[Row], folder: Path) -> None:
    """Learn from rows, scale on others, and write `heads/` in a folder that holds an encoder."""
    heads = folder / "heads"
    heads.mkdir(parents=True, exist_ok=True)
    first = _first(rows, weights)
    encoder = Encoder(folder)
    full = _full(encoder, rows, weights)
    _write(heads, first, full)
    scores_first = np.array([_first_scores(first, row.text) for row in scaled])
    scores_full = encoder.vectors([row.text for row in scaled]) @ full["weights"] + full["always"]
    scaling = {
        "first": _scaled(scores_first, scaled),
        "full": _mixed(scores_first, scores_full, scaled),
    }
    (heads / "scales.json").write_text(json.dumps({"labels": LABELS, **scaling}, indent=1) + "\n")


# --- the first stage -------------------------------------------------------------------------------


def _first(rows: Sequence[Row], weights: np.ndarray) -> Fragments:
    held = [_fragments_of(_own(row.text)) for row in rows]
    chosen = _chosen(held, rows)
    print(f"{len(chosen)} fragments", flush=True)
    blank = np.zeros((len(chosen), len(LABELS)), np.int8)
    finder = Fragments(
        chosen, blank, np.ones(len(LABELS)), np.zeros((len(SIGNS), len(LABELS))), np.zeros(len(LABELS))
    )
    matrix = _matrix(finder, rows)
    learnt, always = _learn(matrix, rows, weights, LOOSE_FIRST)
    of_fragments, of_signs = learnt[: len(chosen)], learnt[len(chosen) :]
    size = np.maximum(np.abs(of_fragments).max(0), 1e-6) / EIGHT_BITS
    return Fragments(
        chosen,
        np.round(of_fragments / size).astype(np.int8),
        size.astype(np.float32),
        of_signs.astype(np.float32),
        always.astype(np.float32),
    )


def _own(text: str) -> str:
    return own_words(without_addresses(text))


def _fragments_of(own: str) -> set[str]:
    """Every piece of a word, word, and two or three words that stand in a post's line."""
    line = words_of(own)
    words = line.line[1:-1].split(" ")
    plain = words[: len(line.plain)]
    found = {f" {word} " for word in words}
    for word in plain:
        bordered = f" {word} "
        for length in range(2, LONGEST_PIECE + 1):
            found.update(bordered[at : at + length] for at in range(len(bordered) - length + 1))
    for length in range(2, MOST_WORDS + 1):
        found.update(f" {' '.join(plain[at : at + length])} " for at in range(len(plain) - length + 1))
    return {fragment for fragment in found if fragment.strip(f" {DENIED}")}


def _chosen(held: Sequence[set[str]], rows: Sequence[Row]) -> list[str]:
    """The fragments that tell most of each label: by the z-score of their log odds."""
    seen = Counter(fragment for fragments in held for fragment in fragments)
    names = sorted(fragment for fragment, times in seen.items() if times >= SEEN_AT_LEAST)
    number = {name: at for at, name in enumerate(names)}
    places = [[number[f] for f in fragments if f in number] for fragments in held]
    there = sparse.csr_matrix(
        (
            np.ones(sum(map(len, places)), np.float32),
            np.concatenate([np.array(p, np.int32) for p in places]),
            np.cumsum([0, *map(len, places)]),
        ),
        shape=(len(rows), len(names)),
    )
    felt, told = feelings(rows), answers(rows)
    best: set[int] = set()
    for c in range(len(CLASSES)):
        best |= _telling(there[felt >= 0], felt[felt >= 0] == c, CHOSEN_FOR_FEELING)
    for column in range(len(YES_OR_NO)):
        known = ~np.isnan(told[:, column])
        if known.any():
            best |= _telling(there[known], told[known, column] == 1, CHOSEN_FOR_ANSWER)
    return [names[at] for at in sorted(best)]


def _telling(there: Any, is_it: np.ndarray, most: int) -> set[int]:
    inside = np.asarray(there[is_it].sum(0)).ravel() + 0.5
    outside = np.asarray(there[~is_it].sum(0)).ravel() + 0.5
    yes, no = is_it.sum() + 1.0, (~is_it).sum() + 1.0
    odds = np.log(inside / (yes - inside + 0.5)) - np.log(outside / (no - outside + 0.5))
    spread = np.sqrt(1 / inside + 1 / outside)
    z = np.abs(odds / spread)
    z[inside + outside < SEEN_AT_LEAST + 1] = 0
    order = np.argsort(-z)[:most]
    return set(order[z[order] > 1.0].tolist())


def _matrix(finder: Fragments, rows: Sequence[Row]) -> Any:
    at, values, borders, signs = [], [], [0], []
    for row in rows:
        found = _find(finder, row.text)
        n = len(found.numbers)
        at.append(found.numbers)
        values.append(np.full(n, SPREAD / np.sqrt(max(n, 1)), np.float32))
        borders.append(borders[-1] + n)
        signs.append(found.signs)
    fragments = sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(at), borders), shape=(len(rows), len(finder.fragments))
    )
    return sparse.hstack([fragments, sparse.csr_matrix(np.array(signs))]).tocsr()


def _first_scores(first: Fragments, text: str) -> Any:
    return first.scores(_find(first, text))


def _find(finder: Fragments, text: str) -> Found:
    return finder.find(text, _own(text), language_of(without_addresses(text)))


# --- the second stage ------------------------------------------------------------------------------


def _full(encoder: Encoder, rows: Sequence[Row], weights: np.ndarray) -> dict[str, np.ndarray]:
    vectors = encoder.vectors([row.text for row in rows]) * SPREAD
    learnt, always = _learn(vectors, rows, weights, LOOSE_FULL)
    return {
        "weights": (learnt * SPREAD).astype(np.float32),
        "always": always.astype(np.float32),
        **_alike(vectors[:, : WIDTH // 2]),
    }


def _alike(upper: np.ndarray) -> dict[str, np.ndarray]:
    """The directions in which meanings differ most, and the middle of all meanings along them.

    The lower layer tells words and not meanings: it has no part in this.
    """
    middle = upper.mean(0)
    _, _, directions = np.linalg.svd(upper - middle, full_matrices=False)
    lower = np.zeros((WIDTH - upper.shape[1], ALIKE))
    return {
        "alike": np.vstack([directions[:ALIKE].T, lower]).astype(np.float32),
        "middle": (middle @ directions[:ALIKE].T / SPREAD).astype(np.float32),
    }


# --- both ------------------------------------------------------------------------------------------


def _learn(matrix: Any, rows: Sequence[Row], weights: np.ndarray, loose: float) -> tuple[Any, Any]:
    """(features, labels) weights and what is added always."""
    felt, told = feelings(rows), answers(rows)
    known = felt >= 0
    model = LogisticRegression(C=loose, max_iter=400)
    model.fit(matrix[known], felt[known], sample_weight=weights[known] * _evened(felt[known]))
    learnt, always = [model.coef_.T], [model.intercept_]
    for column in range(len(YES_OR_NO)):
        known = ~np.isnan(told[:, column])
        if len(set(told[known, column].tolist())) < 2:  # a source was left out that alone speaks of it
            learnt.append(np.zeros((matrix.shape[1], 1)))
            always.append(np.array([NEVER]))
            continue
        model = LogisticRegression(C=2 * loose, max_iter=400)
        model.fit(matrix[known], told[known, column], sample_weight=weights[known])
        learnt.append(model.coef_.T)
        always.append(model.intercept_)
    return np.hstack(learnt), np.concatenate(always)


def _evened(felt: np.ndarray) -> np.ndarray:
    """Rare feelings count more: half the way to all counting the same."""
    counts = np.bincount(felt, minlength=3)
    return np.sqrt(counts.sum() / 3 / counts)[felt]


# --- how sure --------------------------------------------------------------------------------------


def _scaled(scores: np.ndarray, rows: Sequence[Row]) -> dict[str, Any]:
    felt, told = feelings(rows), answers(rows)
    known = felt >= 0
    heads = {}
    for column, name in enumerate(YES_OR_NO):
        asked = ~np.isnan(told[:, column])
        times, plus = _platt(scores[asked, 3 + column], told[asked, column])
        p = 1 / (1 + np.exp(-(times * scores[asked, 3 + column] + plus)))
        heads[name] = {"times": times, "plus": plus, "from": _threshold(name, p, told[asked, column] == 1)}
    return {"feeling": _temperature(scores[known, :3], felt[known]), "heads": heads}


def _mixed(first: np.ndarray, full: np.ndarray, rows: Sequence[Row]) -> dict[str, Any]:
    """How much of the first stage stays in the second: the share with the least loss, for each label."""
    felt, told = feelings(rows), answers(rows)
    shares = np.linspace(0, 1, 11)
    known = felt >= 0
    mix = [min(shares, key=lambda s: _feeling_loss(_blend(first, full, s)[known, :3], felt[known]))] * 3
    for column in range(len(YES_OR_NO)):
        asked = ~np.isnan(told[:, column])
        at, truth = 3 + column, told[asked, column]
        mix.append(min(shares, key=lambda s: _answer_loss(_blend(first, full, s)[asked, at], truth)))
    share = np.array(mix)
    return {**_scaled(_blend(first, full, share), rows), "share_of_first": share.round(2).tolist()}


def _blend(first: np.ndarray, full: np.ndarray, share: Any) -> np.ndarray:
    return share * first + (1 - share) * full


def _feeling_loss(scores: np.ndarray, felt: np.ndarray) -> float:
    return _nll(scores * _temperature(scores, felt), felt)


def _nll(scores: np.ndarray, felt: np.ndarray) -> float:
    high = scores - scores.max(1, keepdims=True)
    return float(-(high[np.arange(len(felt)), felt] - np.log(np.exp(high).sum(1))).mean())


def _temperature(scores: np.ndarray, felt: np.ndarray) -> float:
    tried = np.linspace(0.3, 3.0, 109)
    return float(min(tried, key=lambda t: _nll(scores * t, felt)))


def _answer_loss(scores: np.ndarray, truth: np.ndarray) -> float:
    times, plus = _platt(scores, truth)
    z = times * scores + plus
    return float((np.logaddexp(0, z) - truth * z).mean())


def _platt(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Two numbers that make probabilities of scores, held back towards changing nothing."""

    def loss(numbers: np.ndarray) -> float:
        z = numbers[0] * scores + numbers[1]
        held_back = 2.0 * ((numbers[0] - 1) ** 2 + 0.25 * numbers[1] ** 2)
        return float((np.logaddexp(0, z) - truth * z).sum() + held_back)

    times, plus = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return round(float(times), 4), round(float(plus), 4)


# A missed question or complaint costs more than one looked at in vain, so these pass sooner. What is shown
# as a label should be right more often than wrong.
MISSING_COSTS = {"question": 1.6, "complaint": 1.2, "needs_answer": 1.3}
LEAST = {"question": 0.25, "complaint": 0.40, "needs_answer": 0.35}
LEAST_OF_OTHERS, MOST = 0.40, 0.75


def _threshold(name: str, p: np.ndarray, truth: np.ndarray) -> float:
    """Where the F-measure is best, of scores smoothed a little; 0.5 where there is too little to tell."""
    if truth.sum() < 10:
        return 0.5
    beta = MISSING_COSTS.get(name, 1.0) ** 2

    def measure(border: float) -> float:
        said = p >= border
        hits = float((said & truth).sum())
        return (1 + beta) * hits / max(beta * truth.sum() + said.sum(), 1)

    tried = np.arange(LEAST.get(name, LEAST_OF_OTHERS) - 0.03, MOST + 0.03, 0.01)
    values = np.convolve([measure(t) for t in tried], np.ones(7) / 7, mode="same")[3:-3]
    return round(float(tried[3:-3][values.argmax()]), 2)


def _write(heads: Path, first: Fragments, full: dict[str, np.ndarray]) -> None:
    (heads / "fragments.txt").write_text(
        "\n".join(f.replace("\n", "\\n") for f in first.fragments) + "\n", "utf-8"
    )
    np.savez_compressed(
        heads / "first.npz",
        weights=first.weights,
        scales=first.scales,
        of_signs=first.of_signs,
        always=first.always,
    )
    np.savez_compressed(heads / "full.npz", **{k: v.astype(np.float16) for k, v in full.items()})


if __name__ == "__main__":
    main()
