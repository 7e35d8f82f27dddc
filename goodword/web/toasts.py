"""How does a screen say what just happened, and offer to undo it?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def toast(request: HttpRequest, sentence: str, undo: str = "") -> None:
    """Say `sentence` on the next page; `undo` is the address to which the Undo button posts."""
    messages.success(request, sentence, extra_tags=undo)


def trouble(request: HttpRequest, sentence: str) -> None:
    """Say that it did not work; it stays until somebody closes it."""
    messages.error(request, sentence)
