"""Which language is this?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import regex

UNDETERMINED = "und"

# The first lines tell; more only costs time.
READ_CHARS = 600

# One letter is a grade or a typo. Two can be a word of Chinese.
FEWEST_LETTERS = 2

# Under this, guesses about rated English posts went wrong more often than once in fifty.
FLOOR = 0.40

# What people mostly write in on the channels we hear. Any of the model's 140 languages can be
# found; these are only taken to be more frequent, or "so good" would be Somali.
COMMON = frozenset(
    {"ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it"}
    | {"ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "th", "tr", "uk", "vi", "zh"}
)
COMMON_ODDS = 20.0

# Devices declare the language of their menus, which is often not that of the post: a hint, not a fact.
DECLARED_ODDS = 10.0

_SAME_LANGUAGE = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "fil": "tl", "cmn": "zh"}
_NO_LANGUAGE = {"zxx", "und"}
_LETTER = regex.compile(r"\p{L}")


@dataclass(frozen=True)
class Language:
    code: str
    probability: float


def language_of(text: str, declared: str | None = None) -> Language:
    """The likeliest language, or `und` for emoji, for too few letters and where nothing stands out.

    Give it the text without addresses: handles and links are in no language.
    """
    text = text[:READ_CHARS]
    if len(_LETTER.findall(text)) < FEWEST_LETTERS:
        return Language(UNDETERMINED, 0.0)
    code, probability = _likeliest(_identifier().rank(text), primary_code(declared))
    if code in _NO_LANGUAGE or probability < FLOOR:
        return Language(UNDETERMINED, probability)
    return Language(code, probability)


def primary_code(declared: str | None) -> str | None:
    """`pt-BR` and `pt_br` are `pt`; old and sibling codes get the name the model uses."""
    if not declared:
        return None
    code = declared.replace("_", "-").split("-")[0].strip().lower()
    return _SAME_LANGUAGE.get(code, code)


def _likeliest(ranking: list[tuple[str, float]], declared: str | None) -> tuple[str, float]:
    total, best, most = 0.0, UNDETERMINED, 0.0
    for code, probability in ranking:
        if code in COMMON:
            probability *= COMMON_ODDS
        if code == declared:
            probability *= DECLARED_ODDS
        total += probability
        if probability > most:
            best, most = code, probability
    return (_SAME_LANGUAGE.get(best, best), most / total) if total else (UNDETERMINED, 0.0)


@cache
def _identifier() -> Any:
    """The model, read from the package's own files on first need (half a second, once)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
