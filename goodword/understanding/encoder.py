"""The second stage's reader: a small transformer that turns a text into numbers that stand for its meaning.

all-MiniLM-L6-v2, its upper half taught our labels (models/README.md). It runs on one core; texts of about the
same length are read together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from goodword.understanding.own_words import without_addresses

# Tokens; a post has thirty. The time grows with the square of it.
LONGEST = 128
TOGETHER = 16
WIDTH = 768  # 384 of the last layer, 384 of the third

# Of an article or an attack only so much is cut into tokens.
READ_CHARS = 1_500


class Encoder:
    """Reads texts with the file `encoder.onnx` and the tokenizer beside it."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = prepared(Tokenizer.from_file(str(folder / "tokenizer.json")))

    def vectors(self, texts: Sequence[str]) -> Any:
        """(texts, WIDTH) numbers, in the order of the texts."""
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), TOGETHER):
            at = order[start : start + TOGETHER]
            words, is_word = tokens_of(self._tokenizer, [texts[one] for one in at])
            vectors[at] = self._session.run(["meaning"], {"words": words, "is_word": is_word})[0]
        return vectors


def prepared(tokenizer: Any, longest: int = LONGEST) -> Any:
    tokenizer.enable_truncation(longest)
    tokenizer.enable_padding()
    return tokenizer


def tokens_of(tokenizer: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    """The numbers of the tokens, padded to the longest, and which of them are any."""
    read = tokenizer.encode_batch([_readable(text) for text in texts])
    words = np.array([one.ids for one in read], np.int64)
    return words, np.array([one.attention_mask for one in read], np.int64)


def _readable(text: str) -> str:
    """Without links and handles, which mean nothing, and without what no tokenizer takes."""
    text = without_addresses(text[:READ_CHARS])
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
