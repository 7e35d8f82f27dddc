"""What do people say, in their own way? A grammar for each language; one symbol for each thing to say.

A line may hold symbols in braces, each replaced by one of its own lines: a few dozen lines make
thousands of sentences. `@us` in a post is the brand's handle, and only posts that address us say it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache

from goodword.demo.sentences import english, french, german, portuguese, spanish

Grammar = Mapping[str, tuple[str, ...]]


def _grammar(lines: str) -> Grammar:
    """`[symbol]` begins a block, each line below it is one way to say it."""
    blocks: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        if line.startswith("["):
            current = blocks.setdefault(line.strip("[]"), [])
        else:
            current.append(line)
    return {symbol: tuple(ways) for symbol, ways in blocks.items()}


LANGUAGES: Mapping[str, str] = {
    "en": english.LINES,
    "de": german.LINES,
    "es": spanish.LINES,
    "fr": french.LINES,
    "pt": portuguese.LINES,
}


@cache
def grammar_of(language: str) -> Grammar:
    return _grammar(LANGUAGES[language])


# Things a text speaks of: named twice in it, they are the same thing.
_THINGS = ("p", "kettle", "part", "place", "day", "you")
_SYMBOL = re.compile(r"\{(\w+)\}")
_BEGINNING = re.compile(r"(?:^|(?<=[.!?] ))[a-zà-ÿ]")


def say(what: str, language: str, chance: random.Random, **known: str) -> str:
    """One way to say it; `known` are symbols whose words are given, such as the name in `you`.

    KeyError for what this language has no words for.
    """
    grammar = grammar_of(language)
    text = chance.choice(grammar[what])
    while found := _SYMBOL.search(text):
        symbol = found[1]
        words = known[symbol] if symbol in known else chance.choice(grammar[symbol])
        if symbol in _THINGS:
            known[symbol] = words
        text = f"{text[: found.start()]}{words}{text[found.end() :]}"
    return _BEGINNING.sub(lambda first: first[0].upper(), text)


def pair(asked: str, answered: str, language: str, chance: random.Random) -> tuple[str, str]:
    """A line of one block, and the line of the other that answers it: both in the same place."""
    grammar = grammar_of(language)
    return chance.choice(list(zip(grammar[asked], grammar[answered], strict=True)))


def can_say(what: str, language: str) -> bool:
    return what in grammar_of(language)


def ways_to_say(what: str, language: str) -> int:
    """How many different texts the grammar can make of this."""
    grammar = grammar_of(language)
    total = 0
    for line in grammar[what]:
        ways = 1
        for symbol in set(_SYMBOL.findall(line)):
            ways *= ways_to_say(symbol, language)
        total += ways
    return total
