"""Which language is this?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import regex

UNDETERMINED = "und"

# The first sentences tell; this is half the work of the first stage, and grows with every letter.
READ_CHARS = 160

# Under this a guess is a coin's toss. Of our own posts (but those of the test) 98 % are told right so, and
# 92 % of those under forty characters; with a floor of 0.4 it is 97 and 90.
FLOOR = 0.15

# What people mostly write in on the channels we hear. Any of the model's 140 languages can be
# found; these are only taken to be more frequent, or "so good" would be Somali.
COMMON = frozenset(
    {"ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it"}
    | {"ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "th", "tr", "uk", "vi", "zh"}
)
COMMON_ODDS = 100.0

# Devices declare the language of their menus, which is often not that of the post: a hint, not a fact.
DECLARED_ODDS = 10.0

_SAME_LANGUAGE = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "fil": "tl", "cmn": "zh"}
_NO_LANGUAGE = {"zxx", "und"}
# One letter is a grade or a typo. Two can be a word of Chinese.
_LETTERS = regex.compile(r"\p{L}\P{L}*\p{L}")


@dataclass(frozen=True)
class Language:
    code: str
    probability: float


def language_of(text: str, declared: str | None = None) -> Language:
    """The likeliest language, or `und` for emoji, for too few letters and where nothing stands out.

    Give it the text without addresses: handles and links are in no language.
    """
    text = text[:READ_CHARS]
    if not _LETTERS.search(text):
        return Language(UNDETERMINED, 0.0)
    identifier = _identifier()
    # `rank()` answers the same, sorted, and takes twice as long; this is its inside.
    likely = identifier._decide(text) * _odds(primary_code(declared))
    best = int(likely.argmax())
    code = _SAME_LANGUAGE.get(identifier.nb_classes[best], identifier.nb_classes[best])
    probability = float(likely[best] / likely.sum())
    if code in _NO_LANGUAGE or probability < FLOOR:
        return Language(UNDETERMINED, probability)
    return Language(code, probability)


def primary_code(declared: str | None) -> str | None:
    """`pt-BR` and `pt_br` are `pt`; old and sibling codes get the name the model uses."""
    if not declared:
        return None
    code = declared.replace("_", "-").split("-")[0].strip().lower()
    return _SAME_LANGUAGE.get(code, code)


@lru_cache(maxsize=256)  # anybody can declare anything
def _odds(declared: str | None) -> Any:
    import numpy as np

    codes = _identifier().nb_classes
    common = np.where([code in COMMON for code in codes], COMMON_ODDS, 1.0)
    return common * np.where(
        [_SAME_LANGUAGE.get(code, code) == declared for code in codes], DECLARED_ODDS, 1.0
    )


@cache
def _identifier() -> Any:
    """The model, read from the package's own files on first need (half a second, once)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
