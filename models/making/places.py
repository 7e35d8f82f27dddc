"""Where does everything lie that models are made from, and where do they go?"""

from __future__ import annotations

from pathlib import Path

MODELS = Path(__file__).resolve().parents[1]
POSTS = MODELS / "posts"
ENCODER = MODELS / "encoder.onnx"
TOKENIZER = MODELS / "tokenizer.json"
HEADS = MODELS / "heads"

DATA = MODELS.parents[1] / "shared" / "data"  # beside the project, never in it
