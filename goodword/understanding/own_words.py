"""Which words of a post are the author's own, and not an address or somebody else's words?

Everything else is replaced by spaces, one for each character, so that every offset found in the own
words is an offset in the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

# A quotation of a word or two is a way of speaking ("so called", a product's name).
WORDS_OF_A_QUOTATION = 3

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "＇": "'"})  # "don’t" is "don't" to every lexicon

_ADDRESS = regex.compile(
    r"""  https?://\S+ | www\.\S+
        | [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+          # e-mail
        | (?<!\w)@[\w-]+(?:\.[\w-]+)*(?:@[\w.-]+)?   # handle, with or without its server
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_RETWEET = regex.compile(r"(?:^|(?<=\s))(?:RT|QT)\b:?\s*(?:@|:).*", regex.DOTALL)
_QUOTED_LINE = regex.compile(r"^[ \t]*(?:>|&gt;).*$", regex.MULTILINE)
_QUOTATION = regex.compile(r"""(?:"[^"\n]*"|[“„][^“”„\n]*[”“]|«[^«»\n]*»|»[^«»\n]*«|「[^」\n]*」)""")
_QUOTATION_MARKS = '"“„«»「'
_WORD = regex.compile(r"\w+")


def without_addresses(text: str) -> str:
    """The text with links, e-mail addresses, handles and retweets blanked; same length."""
    if not text.isascii():
        text = text.translate(_STRAIGHT)
    # Most posts have none of these, and looking for a character costs a hundredth of a pattern.
    if "RT" in text or "QT" in text:
        text = _RETWEET.sub(_blank, text)
    if "@" in text or "://" in text or "www." in text.lower():
        text = _ADDRESS.sub(_blank, text)
    return text


def own_words(text: str, brand_names: Sequence[str] = ()) -> str:
    """What `without_addresses` left, with quotations and the brand's names blanked too; same length.

    The names go, since a shop called "Best Lamps" is not praised by being called.
    """
    if ">" in text or "&gt;" in text:
        text = _QUOTED_LINE.sub(_blank, text)
    if any(mark in text for mark in _QUOTATION_MARKS):
        text = _QUOTATION.sub(_blank_if_long, text)
    if brand_names:
        text = brand_pattern(tuple(brand_names)).sub(_blank, text)
    return text


@lru_cache(maxsize=1024)
def brand_pattern(names: tuple[str, ...]) -> regex.Pattern[str]:
    """Finds the brand's names as whole words, also as @handle, #tag and possessive."""
    listed = "|".join(regex.escape(name) for name in sorted(names, key=len, reverse=True) if name.strip())
    return regex.compile(rf"(?<!\w)[@#]?(?:{listed or '(?!)'})(?!\w)", regex.IGNORECASE)


def _blank(match: regex.Match[str]) -> str:
    return " " * len(match[0])


def _blank_if_long(match: regex.Match[str]) -> str:
    return _blank(match) if len(_WORD.findall(match[0])) >= WORDS_OF_A_QUOTATION else match[0]
