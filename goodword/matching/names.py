"""Does a text that has a brand's name mean the brand? And how is a name listened for?

A name may be an ordinary word as well ("Notion", "Apple"). Whether it is shows in the posts themselves:
people write an ordinary word in small letters within their sentences, and a name hardly ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

import regex

ORDINARY_SHARE = 0.2  # of the places within sentences: so often in small letters, and it is a word, too
ORDINARY_PLACES = 3  # in fewer, somebody was in a hurry
LEAVES_OUT_AT_LEAST = 2  # posts about something else; a word of one alone may be chance
MOST_LEFT_OUT = 5  # words offered at once
SHORTEST_LEFT_OUT = 4  # letters: shorter ones are glue

_BEGINS = regex.compile(r"(?:^|[.!?…:\n\"“„«(]\s*|[-–—•>]\s+)$")
_WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}'’-]*")


class Doubt(StrEnum):
    """Why a post may be about something else: a sentence for the one who decides."""

    SMALL_LETTERS = "It is written in small letters here: it may be the ordinary word."
    FIRST_WORD = "It begins a sentence here: it may be the ordinary word."
    ONLY_IN_A_LINK = "It stands only in an address here, not in what was said."


def query_for(name: str) -> str:
    """What to listen for, in the language of goodword.matching: the name as it is and written as one word.

    Raises ValueError when the name has neither a letter nor a digit.
    """
    words: list[str] = _WORDS_OF_A_NAME.findall(name)
    if not words:
        raise ValueError(name)
    if len(words) == 1:
        return words[0].lower()
    return f'"{" ".join(words).lower()}" OR {"".join(words).lower()}'


_WORDS_OF_A_NAME = regex.compile(r"\w+")


def is_ordinary_word(name: str, texts: Iterable[str]) -> bool:
    """Do the people who wrote these texts use the name as a word of their language as well?"""
    small = all_of_them = 0
    for text in texts:
        for place in _places(name, text):
            if not _begins_a_sentence(text, place):
                all_of_them += 1
                small += place.group() == place.group().lower()
    return small >= ORDINARY_PLACES and small >= ORDINARY_SHARE * all_of_them


def doubt_of(name: str, text: str, *, is_ordinary: bool) -> Doubt | None:
    """Why this text may not mean the brand; None where it surely does."""
    places = list(_places(name, text))
    if not places:
        return Doubt.ONLY_IN_A_LINK
    if not is_ordinary or any(_is_a_name(text, place) for place in places):
        return None
    if any(_begins_a_sentence(text, place) for place in places):
        return Doubt.FIRST_WORD
    return Doubt.SMALL_LETTERS


def words_to_leave_out(about_others: Sequence[str], about_us: Sequence[str], name: str) -> list[str]:
    """Words that several posts about something else have, and no post about the brand: commonest first."""
    ours = set().union(*map(_words, about_us)) | _words(name)
    theirs = Counter(word for text in about_others for word in _words(text) - ours)
    common = [word for word, posts in theirs.most_common() if posts >= LEAVES_OUT_AT_LEAST]
    return common[:MOST_LEFT_OUT]


def _is_a_name(text: str, place: regex.Match[str]) -> bool:
    if text[max(0, place.start() - 1) : place.start()] in ("@", "#"):
        return True
    return place.group() != place.group().lower() and not _begins_a_sentence(text, place)


def _begins_a_sentence(text: str, place: regex.Match[str]) -> bool:
    return bool(_BEGINS.search(text[max(0, place.start() - 4) : place.start()]))


def _places(name: str, text: str) -> Iterable[regex.Match[str]]:
    """Where the name stands in the text, in words or as one; never within an address."""
    words = [regex.escape(word) for word in _WORDS_OF_A_NAME.findall(name)]
    if not words:
        return []
    spaced, joined = r"[\s_.-]*".join(words), "".join(words)
    bare = _ADDRESS.sub(lambda address: " " * len(address.group()), text)
    return regex.finditer(rf"(?<!\w)(?:{spaced}|{joined})(?!\w)", bare, flags=regex.IGNORECASE)


_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+", regex.IGNORECASE)


def _words(text: str) -> set[str]:
    bare = _ADDRESS.sub(" ", text)
    return {word.lower() for word in _WORD.findall(bare) if len(word) >= SHORTEST_LEFT_OUT} - _GLUE


# Words that tell nothing of what a post is about, in the languages of our cues.
_GLUE_OF_FIVE_LANGUAGES = """
    about after again also always been before being between both could does doing done down during each
    even every from have having here into itself just like made make many more most much must never only
    other over really same should since some such than that their them then there these they thing this
    those through under until very want well were what when where which while will with would your yours
    aber alle also auch beim dann dass dein denn dies diese dieser doch eine einem einen einer eines
    habe haben hatte hier ihre kann kein keine mehr mein meine nach nicht noch nur oder ohne schon sehr
    sein seine sich sind über unter vom wenn werden wird
    avec cela cette comme dans elle elles être fait leur mais même nous plus pour quand sans sont tout
    tous très vous
    como cuando desde este esta esto hace hasta muito para pela pelo pero porque quando sobre también
    tiene todo uma você
"""
_GLUE = frozenset(_GLUE_OF_FIVE_LANGUAGES.split())
