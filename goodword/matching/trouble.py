"""What is wrong with a query, where, and in which words?"""

import unicodedata
from enum import StrEnum

from goodword.sentence import Sentence, Value


class Trouble(StrEnum):
    """All that can be wrong with a query, as a sentence; `%(limit)s` is filled in by the error."""

    EMPTY = "Write at least one word to look for."
    ONLY_LEFT_OUT = "A query needs at least one word to look for, not only words to leave out."
    NO_LETTERS = "There is no letter or digit in this to look for."
    TOO_LONG = "This query is too long: it may have at most %(limit)s characters."
    TOO_DEEP = "These parentheses are too deep: at most %(limit)s may lie inside each other."
    QUOTE_NOT_CLOSED = "This quotation mark is never closed."
    PARENTHESIS_NOT_CLOSED = "This parenthesis is never closed."
    PARENTHESIS_NOT_OPENED = "This parenthesis was never opened."
    NOTHING_INSIDE = "There is nothing between these parentheses."
    NOTHING_BEFORE = "A word is missing before this."
    NOTHING_AFTER = "A word is missing after this."
    NO_NEAR_YET = "NEAR is not understood yet: use AND, or a phrase in quotation marks."
    NO_LOOSE_PHRASE_YET = "Loose phrases (~) are not understood yet: join the words with AND."
    NO_WILDCARD_YET = (
        "Wildcards (* and ?) are not understood yet: write the words out, joined by OR, "
        "or put the sign in quotation marks."
    )
    NO_FIELD_YET = "Filters with a colon are not understood yet: leave it out, or put it in quotation marks."


class QuerySyntaxError(ValueError):
    """A query that means nothing: what is wrong, and its half-open place in the query as given.

    `str(error)` is a Sentence: the reader's language is found for it where it is shown.
    """

    def __init__(self, trouble: Trouble, start: int, end: int, **values: Value) -> None:
        super().__init__(Sentence(trouble.value, **values))
        self.trouble = trouble
        self.start = start
        self.end = end


SEEN_AROUND = 60  # characters each side of the place: a long query must not bury it


def underlined(query: str, error: QuerySyntaxError) -> str:
    """The query, and below it carets under the place, for a terminal: two lines."""
    first = max(0, error.start - SEEN_AROUND)
    last = min(len(query), error.end + SEEN_AROUND, error.start + 2 * SEEN_AROUND)
    before = ("…" if first else "") + _plain(query[first : error.start])
    place = _plain(query[error.start : min(error.end, last)])
    after = _plain(query[error.end : last]) + ("…" if last < len(query) else "")
    return f"{before}{place}{after}\n{' ' * _columns(before)}{'^' * max(1, _columns(place))}"


def _plain(text: str) -> str:
    """What would move the cursor or turn the direction is shown as a space."""
    return "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)


def _columns(text: str) -> int:
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
