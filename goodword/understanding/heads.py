"""From scores to probabilities and decisions: how sure is a score, and from where on is a label given?

The numbers were found on posts that had taught nothing (models/making/heads.py); heads/scales.json holds
them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from goodword.understanding import trained
from goodword.understanding.analysis import Sentiment, Stage
from goodword.understanding.fragments import Fragments

CLASSES = 3  # negative, neutral, positive: the first labels of every matrix
NEUTRAL = 1


@dataclass(frozen=True)
class Scales:
    """One stage's numbers; arrays are in the order of `labels` from the fourth on."""

    labels: Sequence[str]  # those that are answered by yes or no
    feeling: float  # scores of the three classes times this
    times: Any
    plus: Any
    decided_from: Mapping[str, float]
    share_of_first: Any  # of the first stage's scores in the second's, for every label

    def sentiment(self, scores: Any) -> Sentiment:
        felt = scores[:CLASSES]
        negative, neutral, positive = (math.exp(v) for v in (felt - felt.max()) * self.feeling)
        total = negative + neutral + positive
        return Sentiment(negative / total, neutral / total, positive / total)

    def answers(self, scores: Any) -> dict[str, float]:
        """How likely each label is."""
        likely = 1 / (1 + np.exp(-(scores[CLASSES:] * self.times + self.plus)))
        return dict(zip(self.labels, likely.tolist(), strict=True))


@cache
def scales(stage: Stage) -> Scales:
    read = json.loads((trained.folder() / "heads" / "scales.json").read_text("utf-8"))
    labels, of = read["labels"][CLASSES:], read[stage]
    heads = [of["heads"][label] for label in labels]
    return Scales(
        labels=labels,
        feeling=of["feeling"],
        times=np.array([head["times"] for head in heads]),
        plus=np.array([head["plus"] for head in heads]),
        decided_from={label: head["from"] for label, head in zip(labels, heads, strict=True)},
        share_of_first=np.array(of.get("share_of_first", 1.0)),
    )


@cache
def fragments() -> Fragments:
    folder = trained.folder() / "heads"
    lines = (folder / "fragments.txt").read_text("utf-8").split("\n")[:-1]
    with np.load(folder / "first.npz", allow_pickle=False) as arrays:
        return Fragments(
            [line.replace("\\n", "\n") for line in lines],
            **{name: arrays[name] for name in ("weights", "scales", "of_signs", "always")},
        )


@dataclass(frozen=True)
class FullWeights:
    """What is made of the encoder's numbers."""

    weights: Any  # (numbers, labels)
    always: Any  # (labels,)
    alike: Any  # (numbers, 64): the directions along which posts are compared
    middle: Any  # (64,): where most posts lie along them

    def scores(self, vectors: Any) -> Any:
        return vectors @ self.weights + self.always

    def alike_bytes(self, vectors: Any) -> list[bytes]:
        """64 signed bytes for each; directions alone count, so each is as long as eight bits allow."""
        placed = vectors @ self.alike - self.middle
        longest = np.abs(placed).max(1, keepdims=True)
        return [row.tobytes() for row in np.round(placed / np.maximum(longest, 1e-9) * 127).astype(np.int8)]


@cache
def full_weights() -> FullWeights:
    with np.load(trained.folder() / "heads" / "full.npz", allow_pickle=False) as arrays:
        return FullWeights(
            **{name: arrays[name].astype(np.float32) for name in ("weights", "always", "alike", "middle")}
        )
