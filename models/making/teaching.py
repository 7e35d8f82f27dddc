"""Teaching the encoder: its three upper layers learn all labels at once, the lower three stay as they were.

A text teaches only what it is labelled for. Sources differ in size by ten, so each has a weight: ours,
written for this, counts most; comments on everything count least.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from goodword.understanding.encoder import tokens_of
from models.making.data import Row
from models.making.labels import YES_OR_NO, answers, feelings

FROZEN_LAYERS = 3
EPOCHS = 2
BATCH = 32
RATE_OF_LAYERS, RATE_OF_HEADS = 8e-5, 2e-3
SOFT = 0.05  # no label is quite certain
WEIGHT_OF_ANSWERS = 2.0  # beside the feelings
STAY = 0.5  # so that posts that meant the same before still do: grouping needs it
SEED = 1


class Taught(torch.nn.Module):
    """The encoder with a head for each label on the mean of its word vectors."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.before = copy.deepcopy(inner).requires_grad_(False).eval()
        for part in (inner.embeddings, *inner.encoder.layer[:FROZEN_LAYERS]):
            part.requires_grad_(False)
        self.loosen = torch.nn.Dropout(0.1)
        self.heads = torch.nn.Linear(inner.config.hidden_size, 3 + len(YES_OR_NO))

    def forward(self, words: Any, is_word: Any) -> tuple[Any, Any]:
        """The score of each label, and how far each text's meaning moved: from 0, not at all, to 2."""
        now = _mean(self.inner, words, is_word)
        with torch.no_grad():
            before = _mean(self.before, words, is_word)
        return self.heads(self.loosen(now)), 1 - torch.nn.functional.cosine_similarity(now, before)


def _mean(encoder: Any, words: Any, is_word: Any) -> Any:
    found = encoder(input_ids=words, attention_mask=is_word).last_hidden_state
    weight = is_word.unsqueeze(-1).to(found.dtype)
    return (found * weight).sum(1) / weight.sum(1)


def teach(inner: Any, tokenizer: Any, rows: Sequence[Row], weights: Sequence[float]) -> Any:
    """The encoder, having learnt from these rows; `weights` says how much each counts."""
    torch.manual_seed(SEED)
    net = Taught(inner).train()
    layers = [p for name, p in net.named_parameters() if p.requires_grad and not name.startswith("heads")]
    rates = [RATE_OF_LAYERS, RATE_OF_HEADS]
    learner = torch.optim.AdamW(
        [{"params": layers, "lr": rates[0]}, {"params": net.heads.parameters(), "lr": rates[1]}]
    )
    steps = EPOCHS * (len(rows) // BATCH + 2)
    pace = torch.optim.lr_scheduler.OneCycleLR(learner, rates, total_steps=steps, pct_start=0.1)
    lesson = _Lesson(rows, weights)
    for epoch in range(EPOCHS):
        for at, words, is_word in _batches(tokenizer, rows, np.random.default_rng(SEED + epoch)):
            with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast, and no worse
                said, moved = net(words, is_word)
            loss = lesson.loss(said.float(), at) + STAY * moved.float().mean()
            learner.zero_grad()
            loss.backward()
            learner.step()
            pace.step()
        print(f"epoch {epoch + 1} of {EPOCHS}: {float(loss.detach()):.3f}", flush=True)
    return net.inner.eval()


class _Lesson:
    """What should have been said of each row, and how wrong what was said is."""

    def __init__(self, rows: Sequence[Row], weights: Sequence[float]) -> None:
        felt = feelings(rows)
        counts = np.bincount(felt[felt >= 0], minlength=3)
        self.felt = torch.tensor(felt)
        self.answers = torch.tensor(answers(rows))
        self.weights = torch.tensor(list(weights), dtype=torch.float32)
        self.classes = torch.tensor(np.sqrt(counts.sum() / 3 / counts), dtype=torch.float32)

    def loss(self, said: Any, at: np.ndarray) -> Any:
        weight = self.weights[at]
        felt, told = self.felt[at], self.answers[at]
        known = felt >= 0
        of_feelings = torch.nn.functional.cross_entropy(
            said[:, :3][known], felt[known], weight=self.classes, label_smoothing=SOFT, reduction="none"
        )
        asked = ~torch.isnan(told)
        soft = told.nan_to_num(0.0) * (1 - 2 * SOFT / 5) + SOFT / 5
        of_answers = torch.nn.functional.binary_cross_entropy_with_logits(said[:, 3:], soft, reduction="none")
        of_answers = (of_answers * asked).sum(1) / asked.sum(1).clamp(min=1)
        total = (of_feelings * weight[known]).sum() + WEIGHT_OF_ANSWERS * (of_answers * weight).sum()
        return total / weight.sum()


def _batches(tokenizer: Any, rows: Sequence[Row], chance: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Rows of about the same length together, in a new order each time."""
    order = chance.permutation(len(rows))
    block = BATCH * 50
    batches = []
    for start in range(0, len(order), block):
        near = sorted(order[start : start + block], key=lambda at: len(rows[at].text))
        batches += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
    for number in chance.permutation(len(batches)):
        at = np.array(batches[number])
        words, is_word = tokens_of(tokenizer, [rows[i].text for i in at])
        yield at, torch.tensor(words), torch.tensor(is_word)
