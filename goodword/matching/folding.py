"""What is the same to a reader? Text without its case, accents, widths and ligatures, and its tokens.

Folding changes lengths (ß, ﬁ, a soft hyphen), so a folded text remembers where each of its characters
came from: spans are always told in code points of the text as given.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

import regex

# Marks that any letter of any script can carry. The marks of one script alone (Devanagari vowels, kana
# voicing) are letters to its readers and stay.
_ACCENTS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# Nothing is seen of these: soft hyphen, zero-width characters, direction marks, variation selectors.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
# Marks of these that are drawn on their letter. U+0345 folds to a letter of its own.
_ACCENTS_HERE = re.compile(rf"(?:(?!\u0345)[{_ACCENTS}\ufe00-\ufe0f\U000e0100-\U000e01ef])+")
_DROPPED = re.compile(f"[{_ACCENTS}{_UNSEEN}]")
# All that vanishes or may melt into the character before it (a test holds this list complete).
_JOINING = r"\p{M}\u1160-\u11ff\u3131-\u318e\uff9e\uff9f\uffa0-\uffdc" + _ACCENTS + _UNSEEN
_ANY_JOINING = regex.compile(f"[{_JOINING}]")
# At most thirty marks on a letter (the Unicode "stream-safe" bound): sorting a million would take hours.
_MANY_JOINING = regex.compile(f"[{_JOINING}]{{31}}")
# A stretch in which nothing joins, or a character with all that joins it.
_CLUSTER = regex.compile(f"[^{_JOINING}]+(?![{_JOINING}])|[^{_JOINING}]?[{_JOINING}]{{1,30}}")
_SURROGATES = re.compile(r"[\ud800-\udfff]")  # halves of characters: no UTF-8 can carry them

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han; and Hangul, where
# particles are written onto the word.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
_SPACED_LETTER = rf"[^\W{_UNSPACED}]"
_SPACED = regex.compile(_SPACED_LETTER)
_RUN = regex.compile(rf"(?:(?=\w)[{_UNSPACED}])+")
_WORD_START = regex.compile(r"\w")
_TOKEN = regex.compile(rf"((?<!{_SPACED_LETTER})[#@])?(?:({_SPACED_LETTER}+)|((?:(?=\w)[{_UNSPACED}])+))")


class Folded:
    """A folded text, and where each of its characters came from.

    Most texts meet no query, so the places are worked out only when they are asked for.
    """

    def __init__(self, given: str) -> None:
        self.text = _folded(given)
        self._given = given

    def as_given(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the text as given of a non-empty span of the folded text."""
        starts, ends = self._places
        return starts[start], ends[end - 1]

    @cached_property
    def _places(self) -> "Places":
        return _places(self._given, self.text)


class Token(NamedTuple):
    """A word of a folded text, or a run in a script without spaces. One token is one position."""

    lead: str  # "#", "@" or ""
    word: str
    start: int  # of the word: the lead is the character before it
    end: int
    spaced: bool  # False: a word looked for may stand anywhere in it


def fold(text: str) -> Folded:
    """Fold a text of any kind and any size; never raises."""
    return Folded(text)


def tokens(folded: str) -> Iterator[Token]:
    """The tokens of a folded text, in order."""
    for found in _TOKEN.finditer(folded):
        lead, spaced, run = found.groups("")
        word = spaced or run
        end = found.end()
        yield Token(lead, word, end - len(word), end, bool(spaced))


def next_word(folded: str, after: int) -> int:
    """Where the next letter or digit stands, or the end of the text."""
    found = _WORD_START.search(folded, after)
    return found.start() if found else len(folded)


def run_end(folded: str, start: int) -> int:
    """Where a run in a script without spaces ends that goes on at `start`."""
    found = _RUN.match(folded, start)
    return found.end() if found else start


@lru_cache(maxsize=65_536)
def is_spaced(character: str) -> bool:
    """Is it a letter or digit of a script in which words have boundaries?"""
    return _SPACED.match(character) is not None


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    if not _ANY_JOINING.search(text):
        return text.translate(_FOLDED)
    if not _MANY_JOINING.search(text):
        return _fold_exactly(text)
    return "".join(_fold_exactly(cluster) for cluster in _CLUSTER.findall(text))


# For each character of a folded text: where it began and where it ended in the text as given.
Places: TypeAlias = tuple[Sequence[int], Sequence[int]]


def _places(text: str, folded: str) -> Places:
    if len(text) == len(folded) and not _ANY_JOINING.search(text):
        return range(len(text)), range(1, len(text) + 1)  # none vanished, so each became exactly one
    each = _each_folded(text)
    if "".join(each) == folded:
        return _places_of_each(text, each)
    return _places_by_clusters(text)


def _places_of_each(text: str, each: Sequence[str]) -> Places:
    """No character touched another: all that one became has its place, and its accents belong to it."""
    starts = [place for place, became in enumerate(each) for _ in became]
    ends = [place + 1 for place in starts]
    for accents in _ACCENTS_HERE.finditer(text):
        last = bisect_left(starts, accents.start()) - 1
        if last >= 0:
            for i in range(last, bisect_left(starts, starts[last]) - 1, -1):
                ends[i] = accents.end()
    return starts, ends


def _places_by_clusters(text: str) -> Places:
    starts: list[int] = []
    ends: list[int] = []
    base = 0
    for cluster in _CLUSTER.findall(text):
        first, last = (_places_in_few if len(cluster) <= _FEW else _places_in_cluster)(cluster)
        starts.extend([base + place for place in first])
        ends.extend([base + place for place in last])
        base += len(cluster)
    return starts, ends


def _places_in_cluster(cluster: str) -> Places:
    folded = _fold_exactly(cluster)
    each = _each_folded(cluster)
    if "".join(each) == folded:
        return _places_of_each(cluster, each)
    backwards = range(len(cluster), 0, -1)
    end = next(place for place in backwards if each[place - 1] or _is_mark(cluster[place - 1]))
    return [0] * len(folded), [end] * len(folded)  # they melted: each of the results stands for all


# A language repeats its clusters; long stretches do not come again and would only fill the memory.
_FEW = 31
_places_in_few = lru_cache(maxsize=16_384)(_places_in_cluster)


def _each_folded(text: str) -> list[str]:
    return [_FOLDED[codepoint] for codepoint in map(ord, text)]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _fold_exactly(text: str) -> str:
    """The law of folding, for a few characters; the rest of this file is its speed and its places."""
    apart = unicodedata.normalize("NFKD", _SURROGATES.sub("\ufffd", text).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", apart)).casefold()


_KEPT_CHARACTERS = 65_536  # more than all living scripts use; a text of rarities must not fill the memory


class _FoldedCharacters(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        folded = _fold_exactly(chr(codepoint))
        if len(self) < _KEPT_CHARACTERS:
            self[codepoint] = folded
        return folded


_FOLDED = _FoldedCharacters()
