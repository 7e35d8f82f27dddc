"""Which words speak for which intent? One line a cue, one file a language; to teach a new one, add it there.

A block begins with `[intent, weight]`, or `[intent, weight, negated: other]` where a negation just
before the cue makes it speak for another intent (or for `nothing`). In a cue, words are parted by
spaces; `a/b` is either word; `*` any one word; a leading `^` allows it only where a sentence or
clause begins. Case and accents do not matter. What stands under `[nothing]` hushes the cues inside
it: "no thanks" thanks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from goodword.understanding.cues import english, french, german, portuguese, spanish

NOTHING = "nothing"
WEIGHTS = {
    "certain": 0.90,  # nearly always means it
    "likely": 0.65,  # enough to decide, alone
    "hint": 0.35,  # two of these decide, one does not
}

# Words that may stand before an opener: "Hey, so where is my order".
OPENERS = frozenset(
    {
        "hi",
        "hey",
        "hello",
        "dear",
        "so",
        "and",
        "but",
        "ok",
        "okay",
        "um",
        "well",
        "please",
        "pls",
        "also",
        "yo",
    }
    | {"hallo", "moin", "und", "aber", "also", "bitte"}
    | {"hola", "y", "pero", "oye"}
    | {"bonjour", "salut", "et", "mais", "svp"}
    | {"ola", "oi", "e", "mas"}
)


@dataclass(frozen=True)
class Cue:
    words: str
    intent: str
    weight: float
    language: str
    negated: str | None = None  # what it speaks for after a negation; None: negation does not matter


def _cues(language: str, blocks: str) -> Iterator[Cue]:
    intent, weight, negated = NOTHING, 1.0, None
    for line in filter(None, map(str.strip, blocks.splitlines())):
        if line.startswith("["):
            intent, weight, negated = _heading(line)
        else:
            yield Cue(line, intent, weight, language, negated)


def _heading(line: str) -> tuple[str, float, str | None]:
    intent, *rest = (part.strip() for part in line.strip("[]").split(","))
    if intent == NOTHING:
        return NOTHING, 1.0, None
    negated = rest[1].removeprefix("negated:").strip() if len(rest) > 1 else None
    return intent, WEIGHTS[rest[0]], negated


CUES: tuple[Cue, ...] = (
    *_cues("en", english.CUES),
    *_cues("de", german.CUES),
    *_cues("es", spanish.CUES),
    *_cues("fr", french.CUES),
    *_cues("pt", portuguese.CUES),
)
LANGUAGES = frozenset(cue.language for cue in CUES)
