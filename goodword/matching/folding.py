"""What is the same to a reader? Text without its case, accents, widths and ligatures, and its tokens.

Folding changes lengths (ß, ﬁ, a soft hyphen), so a folded text remembers where each of its characters
came from: spans are always told in code points of the text as given.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

# Marks that any letter of any script can carry. The marks of one script alone (Devanagari vowels, kana
# voicing) are letters to its readers and stay.
_ACCENTS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# Nothing is seen of these: soft hyphen, zero-width characters, direction marks, variation selectors.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
_DROPPED = regex.compile(f"[{_ACCENTS}{_UNSEEN}]")
# All that vanishes or may melt into the character before it (a test holds this list complete).
_JOINING = r"\p{M}\u1160-\u11ff\u3131-\u318e\uff9e\uff9f\uffa0-\uffdc" + _UNSEEN
_ANY_JOINING = regex.compile(f"[{_JOINING}]")
# At most thirty marks on a letter (the Unicode "stream-safe" bound): sorting a million would take hours.
_CLUSTER = regex.compile(f"[^{_JOINING}]?[{_JOINING}]{{1,30}}")
_SURROGATES = regex.compile(r"[\ud800-\udfff]")  # halves of characters: no UTF-8 can carry them

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han; and Hangul, where
# particles are written onto the word.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
_SPACED_LETTER = rf"[^\W{_UNSPACED}]"
# The @ of foo@apple.com leads no handle: a lead stands where a word could begin.
_TOKEN = regex.compile(
    rf"((?<!{_SPACED_LETTER})[#@])?(?:({_SPACED_LETTER}+)|((?:(?=\w)[{_UNSPACED}])+))",
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; the character at i came from `starts[i]` up to `ends[i]` of the text as given."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def as_given(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the text as given of a non-empty span of the folded text."""
        return self.starts[start], self.ends[end - 1]


class Token(NamedTuple):
    """A word of a folded text, or a run in a script without spaces. One token is one position."""

    lead: str  # "#", "@" or ""
    word: str
    start: int  # of the word: the lead is the character before it
    end: int
    spaced: bool  # False: a word looked for may stand anywhere in it


def fold(text: str) -> Folded:
    """Fold a text of any kind and any size; never raises."""
    if text.isascii():
        return _same_places(text.lower())
    if not _ANY_JOINING.search(text):
        folded = text.translate(_FOLDED)
        if len(folded) == len(text):  # nothing vanishes here, so each became exactly one
            return _same_places(folded)
    return _fold_by_clusters(text)


def tokens(folded: str) -> Iterator[Token]:
    """The tokens of a folded text, in order."""
    for found in _TOKEN.finditer(folded):
        lead, spaced, run = found.groups("")
        word = spaced or run
        end = found.end()
        yield Token(lead, word, end - len(word), end, bool(spaced))


def _same_places(folded: str) -> Folded:
    return Folded(folded, range(len(folded)), range(1, len(folded) + 1))


def _fold_by_clusters(text: str) -> Folded:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(folded: str, first: Sequence[int], last: Sequence[int], base: int) -> None:
        parts.append(folded)
        starts.extend([base + offset for offset in first])
        ends.extend([base + offset for offset in last])

    done = 0
    for cluster in _CLUSTER.finditer(text):
        add(*_fold_plain(text[done : cluster.start()]), done)
        add(*_fold_cluster(cluster.group()), cluster.start())
        done = cluster.end()
    add(*_fold_plain(text[done:]), done)
    return Folded("".join(parts), starts, ends)


def _fold_plain(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Fold a stretch in which no character touches another: each has its own place."""
    folded = text.translate(_FOLDED)
    if len(folded) == len(text):
        return folded, range(len(text)), range(1, len(text) + 1)
    places = [place for place, character in enumerate(text) for _ in _FOLDED[ord(character)]]
    return folded, places, [place + 1 for place in places]


@lru_cache(maxsize=65_536)  # a language has some thousand of them
def _fold_cluster(cluster: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Fold a character together with what joins it."""
    folded = _fold_exactly(cluster)
    each = [_FOLDED[ord(character)] for character in cluster]
    if folded == "".join(each):
        places = [place for place, one in enumerate(each) for _ in one]
        return folded, places, [_end_with_marks(cluster, each, place) for place in places]
    # Some melted into one: each of the results stands for the whole.
    end = len(cluster.rstrip("".join(_DROPPED.findall(cluster)))) or len(cluster)
    return folded, [0] * len(folded), [end] * len(folded)


def _end_with_marks(cluster: str, each: Sequence[str], place: int) -> int:
    """An accent belongs to its letter and is underlined with it; what is not seen does not count."""
    end = place + 1
    for after in range(place + 1, len(cluster)):
        if each[after]:
            break
        if unicodedata.category(cluster[after]).startswith("M"):
            end = after + 1
    return end


def _fold_exactly(text: str) -> str:
    """The law of folding, for a few characters; the rest of this file is its speed and its places."""
    apart = unicodedata.normalize("NFKD", _SURROGATES.sub("\ufffd", text).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", apart)).casefold()


class _FoldedCharacters(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = folded = _fold_exactly(chr(codepoint))
        return folded


_FOLDED = _FoldedCharacters()
