"""Which saved queries does a text meet? Pure: no Django, no database.

`parse` reads a query and `str` prints it; `Matcher` holds many and says which of them a text meets and
where; `search_words` says what to ask a network's own search for. To add to the language: a node in
expression.py, its rule in syntax.py, its meaning in matcher.py, what it requires in anchors.py.
"""

from .anchors import search_words
from .expression import And, Expression, Not, Or, Phrase, Word
from .matcher import Matcher, Span
from .syntax import as_phrase, parse
from .trouble import QuerySyntaxError, Trouble, underlined

__all__ = [
    "And",
    "Expression",
    "Matcher",
    "Not",
    "Or",
    "Phrase",
    "QuerySyntaxError",
    "Span",
    "Trouble",
    "Word",
    "as_phrase",
    "parse",
    "search_words",
    "underlined",
]
