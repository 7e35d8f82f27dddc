"""Is the brand named in the post, and how does the author speak of it rather than of something else?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from goodword.understanding.analysis import Evidence, Sentiment
from goodword.understanding.own_words import brand_pattern

# Where a writer turns from one thing to another.
_CLAUSE_END = regex.compile(
    r"[.!?;\n]+(?=\s|$)|,?\s(?:but|while|whereas|although|though)\s", regex.IGNORECASE
)
# "Better than Lumo": what is said of the other is the opposite of what is meant of the brand.
_COMPARED_WITH = regex.compile(r"\bthan\s+(?:the\s+|my\s+|an?\s+)?$", regex.IGNORECASE)
# How far before the name a comparison can stand.
_LOOK_BACK = 20
# Who names a brand more often than this is not comparing but shouting.
READ_MENTIONS = 5


def brand_mentions(text: str, names: Sequence[str]) -> list[Evidence]:
    """Where the brand is named: by word, @handle or #tag."""
    if not names:
        return []
    return [Evidence(*found.span(), "brand") for found in brand_pattern(tuple(names)).finditer(text)]


def towards_brand(
    words: str,
    mentions: Sequence[Evidence],
    whole: Sentiment,
    sentiment_of: Callable[[str], Sentiment | None],
) -> Sentiment | None:
    """The sentiment of the first clause that names the brand and has feeling in it.

    None where the brand is not named. Where no such clause has feeling (`sentiment_of` it is None), that
    of the whole post. `words` are the author's own, with the brand's names blanked.
    """
    if not mentions:
        return None
    for mention in mentions[:READ_MENTIONS]:
        start, end = _clause_around(words, mention)
        said = sentiment_of(words[start:end])
        if said is not None:
            return _opposite(said) if _is_compared_with(words, start, mention) else said
    return whole


def _clause_around(words: str, mention: Evidence) -> tuple[int, int]:
    start, end = 0, len(words)
    for border in _CLAUSE_END.finditer(words):
        if border.end() <= mention.start:
            start = border.end()
        elif border.start() >= mention.end:
            end = border.end()
            break
    return start, end


def _is_compared_with(words: str, start: int, mention: Evidence) -> bool:
    return bool(_COMPARED_WITH.search(words[max(start, mention.start - _LOOK_BACK) : mention.start]))


def _opposite(sentiment: Sentiment) -> Sentiment:
    return Sentiment(sentiment.positive, sentiment.neutral, sentiment.negative)
