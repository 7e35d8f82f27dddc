"""`make models`: from data to the files that the product reads. Takes about ten minutes on two cores."""

from __future__ import annotations

import hashlib

from models.making import data, encoder, heads
from models.making.places import MODELS

SHIPPED = (
    "encoder.onnx",
    "tokenizer.json",
    "heads/fragments.txt",
    "heads/first.npz",
    "heads/full.npz",
    "heads/scales.json",
)


def main() -> None:
    if not data.is_there():
        raise SystemExit(f"The data is not here: {data.DATA}")
    encoder.main()
    heads.main()
    sums = (f"{hashlib.sha256((MODELS / name).read_bytes()).hexdigest()}  {name}\n" for name in SHIPPED)
    (MODELS / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()
