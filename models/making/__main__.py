"""`make models`: from data to the files that the product reads. Takes about ten minutes on two cores."""

from __future__ import annotations

import hashlib

from goodword.understanding.trained import CHECKSUMS, FULL_STAGE
from models.making import data, encoder, heads
from models.making.places import MODELS


def main() -> None:
    if not data.is_there():
        raise SystemExit(f"The data is not here: {data.DATA}")
    encoder.main()
    heads.main()
    list_files()


def list_files() -> None:
    """Write down what the files are, so that nothing damaged answers."""
    sums = (f"{hashlib.sha256((MODELS / name).read_bytes()).hexdigest()}  {name}\n" for name in FULL_STAGE)
    (MODELS / CHECKSUMS).write_text("".join(sums))


if __name__ == "__main__":
    main()
