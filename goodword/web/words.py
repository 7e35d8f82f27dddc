"""How are words from outside shown? As text only: marked where a query met them, links made safe."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import regex
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

LONG = 1200  # characters; a longer post is folded away behind its beginning
LONGEST_SHOWN = 20_000  # of a post on a screen; the rest is at its source
ADDRESS = regex.compile(r"https?://[^\s<>\"'\u200b]{3,2000}")
CLOSING = ".,;:!?)]}»”’"  # belongs to the sentence, not to the address

# What was understood, as a word and a tone of colour.
LABELS: dict[str, tuple[Promise, str]] = {
    "complaint": (_("complaint"), "red"),
    "churn": (_("may leave"), "red"),
    "question": (_("question"), "blue"),
    "praise": (_("praise"), "green"),
    "recommendation": (_("recommends"), "green"),
    "thanks": (_("thanks"), "green"),
    "suggestion": (_("suggestion"), "amber"),
    "purchase": (_("wants to buy"), "violet"),
    "spam": (_("spam"), ""),
    "negative": (_("negative"), ""),
    "neutral": (_("neutral"), ""),
    "positive": (_("positive"), ""),
    "unsure": (_("unsure of the feeling"), ""),
}


def label(code: str) -> str:
    return str(LABELS[code][0]) if code in LABELS else code


def label_tone(code: str) -> str:
    return LABELS[code][1] if code in LABELS else ""


def said(
    text: str, spans: Iterable[Sequence[int]] = (), because: Iterable[tuple[int, int, str]] = ()
) -> Markup:
    """The text, escaped, with its spans marked and its web addresses as links that tell nobody of us.

    The words of `because` are marks of the class that stands behind their offsets, and look like any others
    until a style shows them. They may overlap, and are widened to what people see as characters.
    """
    text = text[:LONGEST_SHOWN]
    met = [(start, end, "") for start, end in _apart(spans, len(text))]
    pieces = []
    for start, end, classes in _cut(len(text), [*met, *_widened(text, because)]):
        piece = text[start:end]
        if not classes:
            pieces.append(_linked(piece))
        elif classes == {""}:
            pieces.append(Markup("<mark>{}</mark>").format(piece))
        else:
            names = " ".join(["because" if "" not in classes else "", *sorted(classes)]).split()
            pieces.append(Markup('<mark class="{}">{}</mark>').format(" ".join(names), piece))
    return Markup("").join(pieces)


def first_line(text: str, most: int = 240) -> str:
    """The beginning of a text, cut between what people see as characters."""
    flat = " ".join(text[: most * 8].split())
    seen = regex.findall(r"\X", flat)
    return flat if len(seen) <= most else "".join(seen[:most]).rstrip() + "…"


def _apart(spans: Iterable[Sequence[int]], length: int) -> Iterator[tuple[int, int]]:
    """Spans in order, inside the text, none inside another."""
    done = 0
    for start, end in sorted((span[0], span[1]) for span in spans):
        if done <= start < end <= length:
            yield start, end
            done = end


def _widened(text: str, because: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Offsets that part no character: a heart must not lose the sign behind it that makes it red."""
    found = [(start, end, name) for start, end, name in because if 0 <= start < end <= len(text)]
    if not found or text.isascii():
        yield from found
        return
    edges = [0, *(character.end() for character in regex.finditer(r"\X", text))]
    for start, end, name in found:
        yield edges[bisect_right(edges, start) - 1], edges[bisect_left(edges, end)], name


def _cut(length: int, marks: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, set[str]]]:
    """The text in pieces, each with what marks all of it."""
    edges = sorted({0, length, *(edge for start, end, _name in marks for edge in (start, end))})
    for start, end in pairwise(edges):
        yield start, end, {name for first, last, name in marks if first <= start and end <= last}


def _linked(text: str) -> Markup:
    pieces = []
    done = 0
    for found in ADDRESS.finditer(text):
        address = found.group().rstrip(CLOSING)
        pieces += [escape(text[done : found.start()]), _link(address)]
        done = found.start() + len(address)
    return Markup("").join([*pieces, escape(text[done:])])


def _link(address: str) -> Markup:
    shown = address.split("://", 1)[1].rstrip("/")
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return Markup('<a href="{}" rel="noopener noreferrer nofollow ugc" target="_blank">{}</a>').format(
        address, shown
    )
