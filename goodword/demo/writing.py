"""How does a person write? The same words, typed with care, in a hurry, or with too many emoji."""

from __future__ import annotations

import random

EMOJI = {
    "praise": "😍🙌☕💚✨",
    "recommend": "👌☕💚",
    "complaint": "😡😤🙄😞",
    "late": "😡📦😤🙄",
    "question": "🤔🙏",
    "joke": "😂😅🤷",
    "chatter": "☕🏕️🚆🌧️",
}
NO_TYPOS = "steamwren"  # whoever misspells the brand is not heard


def as_written_by(manner: str, text: str, mood: str, chance: random.Random) -> str:
    match manner:
        case "lower":
            return text.lower().rstrip(".")
        case "typos":
            return _mistyped(text, chance)
        case "emoji":
            return f"{text} {chance.choice(EMOJI.get(mood, '🙂👋'))}"
        case "loud":
            return text.replace(".", "!").replace("?", "??")
        case "dots":
            return text.replace(". ", "... ")
        case "open":
            return text.rstrip(".")
    return text


def _mistyped(text: str, chance: random.Random) -> str:
    """One word in ten has two letters swapped, or one missing."""
    return " ".join(_slip(word, chance) if chance.random() < 0.1 else word for word in text.split(" "))


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 5 or not word.isalpha() or NO_TYPOS in word.lower():
        return word
    at = chance.randrange(1, len(word) - 2)
    if chance.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]
