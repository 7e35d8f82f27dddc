"""The law: a slow and obvious matcher, written from the definition and sharing no code with the quick one."""

import unicodedata

import regex

from goodword.matching import And, Expression, Not, Or, Phrase, Word

# What the property tests write with: cases, accents apart and composed, widths, ligatures, marks that
# vanish, leads, separators, and scripts with and without spaces. Nothing here melts into its neighbour.
LETTERS = "abAB1_éÉ\u0301ßİﬁＡｂ²жकि\u093f"
UNSPACED = "東京アのไก\u0e31한"
VANISHING = "\u00ad\u200b\u200d\ufe0f\u202e"
SEPARATORS = " .-…\u3000🍎\x00\ud800"
LEADS = "#@＃"
ALPHABET = LETTERS + UNSPACED + VANISHING + SEPARATORS + LEADS

Folded = list[tuple[str, int, int]]  # each folded character with its half-open place


def fold(text: str) -> Folded:
    folded: Folded = []
    for place, character in enumerate(text):
        apart = unicodedata.normalize("NFKD", character.casefold())
        kept = [c for c in apart if not 0x300 <= ord(c) <= 0x36F and c not in VANISHING]
        became = unicodedata.normalize("NFC", "".join(kept)).casefold()
        folded += [(c, place, place + 1) for c in became]
        if not became and unicodedata.category(character) == "Mn" and folded:
            _reach_over_the_mark(folded, text, place)
    return folded


def _reach_over_the_mark(folded: Folded, text: str, place: int) -> None:
    owner = folded[-1][1]
    for i, (character, start, _end) in enumerate(folded):
        if start == owner:
            folded[i] = (character, start, place + 1)


def tokens(folded: Folded) -> list[tuple[str, int, int]]:
    """(lead, start, end) of each token."""
    found = []
    i = 0
    while i < len(folded):
        kind = _kind(folded[i][0])
        if not kind:
            i += 1
            continue
        end = i
        while end < len(folded) and _kind(folded[end][0]) == kind:
            end += 1
        led = i >= 1 and folded[i - 1][0] in "#@" and (i < 2 or _kind(folded[i - 2][0]) != "spaced")
        found.append((folded[i - 1][0] if led else "", i, end))
        i = end
    return found


def _kind(character: str) -> str:
    if not regex.match(r"\w", character):
        return ""
    return "unspaced" if character in UNSPACED else "spaced"


def spans(expression: Expression, text: str) -> set[tuple[int, int]] | None:
    """The reasons why the text meets the expression, or None."""
    if isinstance(expression, Word | Phrase):
        return _literal_spans(expression.text, text) or None
    if isinstance(expression, Not):
        return set() if spans(expression.part, text) is None else None
    met = [spans(part, text) for part in expression.parts]
    if isinstance(expression, And) and None in met:
        return None
    if isinstance(expression, Or) and all(found is None for found in met):
        return None
    return set().union(*(found for found in met if found is not None))


def _literal_spans(literal: str, text: str) -> set[tuple[int, int]]:
    wanted, given = fold(literal), fold(text)
    pieces, there = tokens(wanted), tokens(given)
    found = set()
    for first in range(len(there) - len(pieces) + 1):
        places = [_places(i, wanted, pieces, given, there, first) for i in range(len(pieces))]
        if not all(places):
            continue
        if len(pieces) > 1:
            places = [[places[0][-1]], [places[-1][0]]]
        found |= {(given[s][1], given[e - 1][2]) for s, e in _pairs(places)}
    return found


def _pairs(places: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    return places[0] if len(places) == 1 else [(places[0][0][0], places[1][0][1])]


def _places(i, wanted, pieces, given, there, first) -> list[tuple[int, int]]:
    """Where piece i stands in token first + i; none if it does not."""
    lead, start, end = pieces[i]
    token_lead, token_start, token_end = there[first + i]
    word = "".join(c for c, _s, _e in wanted[start:end])
    token = "".join(c for c, _s, _e in given[token_start:token_end])
    glued = i > 0 and pieces[i - 1][2] == start
    closes = i + 1 < len(pieces) and pieces[i + 1][1] == end
    if (lead and lead != token_lead) or (glued and there[first + i - 1][2] != token_start):
        return []
    if _kind(word[0]) == "spaced":
        return [(token_start - len(lead), token_end)] if word == token else []
    places = []
    at = 0
    while at <= len(token) - len(word):
        begins_well = at == 0 or not (lead or glued)
        ends_well = at + len(word) == len(token) or not closes
        if token[at : at + len(word)] == word and begins_well and ends_well:
            places.append((token_start + at - len(lead), token_start + at + len(word)))
            at += len(word) if len(pieces) == 1 else 1
        else:
            at += 1
    return places
