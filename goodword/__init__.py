"""Goodword: a brand's people earn word of mouth by being social. Start reading at pipeline.py."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def _newest_version() -> str:
    """The changelog is the one place that states the version."""
    heading = re.search(r"^## (\d+\.\d+\.\d+)", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), re.M)
    return heading.group(1) if heading else "0.0.0"


__version__ = _newest_version()
