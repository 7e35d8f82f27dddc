"""How is a query read? Text to expression, or a sentence that points at the spot.

Words side by side mean AND; -b is NOT b; NOT binds closest, then AND, then OR. Operators are written in
capitals. Curly quotation marks and full-width parentheses are taken for what they mean.
"""

import re

from lark import Lark, Token, Transformer, UnexpectedToken, v_args

from .anchors import anchors
from .expression import Expression, Or, Phrase, Word, all_of, any_of, none_of
from .finding import pieces_of
from .trouble import QuerySyntaxError, Trouble

MAX_LENGTH = 20_000  # characters: several times the longest query that people are known to keep
MAX_DEPTH = 50  # parentheses: nobody reads deeper, and no walk of the tree runs out of stack

# What the field's language has and we do not understand yet. It must not pass for a word: a query that
# silently means something else is worse than none. Each row goes when its rule comes.
NOT_YET = (
    (re.compile(r"O?NEAR(/.*)?|o?near/.*", re.DOTALL), Trouble.NO_NEAR_YET),
    (re.compile(r".*~\d*", re.DOTALL), Trouble.NO_LOOSE_PHRASE_YET),
    (re.compile(r".*[*?].*", re.DOTALL), Trouble.NO_WILDCARD_YET),
    (
        re.compile(
            r"(author|url|links?|site|domain|title|raw|type|language|lang|hashtags|at_mentions"
            r"|continent|country|region|city):.*",
            re.DOTALL | re.IGNORECASE,
        ),
        Trouble.NO_FIELD_YET,
    ),
)

_GRAMMAR = r"""
    start: any_of
    any_of: all_of (_OR all_of)*
    all_of: _one (_AND? _one)*
    _one: none_of | _OPEN any_of _CLOSE | word | phrase
    none_of: NOT _one
    word: WORD
    phrase: PHRASE

    _OR.3: /OR(?![^\s()"])/
    _AND.3: /AND(?![^\s()"])/
    NOT.3: /NOT(?![^\s()"])|-/
    _OPEN.2: "("
    _CLOSE.2: ")"
    PHRASE.2: /"[^"]*"?/
    WORD.1: /[^\s()"]+/
    %ignore /\s+/
"""

_AS_MEANT = str.maketrans({**dict.fromkeys("“”„‟＂«»", '"'), "（": "(", "）": ")"})


def as_phrase(words: str) -> str:
    """These words side by side, in the query language: nothing in them is an operator."""
    return '"' + words.replace('"', " ").strip() + '"'


def parse(query: str) -> Expression:
    """Read a query. Raises QuerySyntaxError, which knows the place and says it in a plain sentence."""
    if len(query) > MAX_LENGTH:
        raise QuerySyntaxError(Trouble.TOO_LONG, MAX_LENGTH, len(query), limit=MAX_LENGTH)
    read = list(_PARSER.lex(query.translate(_AS_MEANT)))
    if not read:
        raise QuerySyntaxError(Trouble.EMPTY, 0, len(query))
    _check_parentheses(read)
    for token in read:
        _check(token, query)
    expression = _built(read)
    _check_anchored(expression)
    return expression


@v_args(inline=True)
class _Builder(Transformer[Token, Expression]):
    """Makes the tree while the parser reads: no recursion, however long the query."""

    def start(self, expression: Expression) -> Expression:
        return expression

    def any_of(self, *parts: Expression) -> Expression:
        return any_of(parts)

    def all_of(self, *parts: Expression) -> Expression:
        return all_of(parts)

    def none_of(self, operator: Token, part: Expression) -> Expression:
        return none_of(part, start=_start(operator))

    def word(self, token: Token) -> Expression:
        return Word(str(token), at=_place(token))

    def phrase(self, token: Token) -> Expression:
        return Phrase(token[1:-1], at=_place(token))


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


def _check_parentheses(read: list[Token]) -> None:
    opened: list[Token] = []
    for token in read:
        if token.type == "_OPEN":
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                raise QuerySyntaxError(Trouble.TOO_DEEP, *_place(token), limit=MAX_DEPTH)
        elif token.type == "_CLOSE":
            if not opened:
                raise QuerySyntaxError(Trouble.PARENTHESIS_NOT_OPENED, *_place(token))
            opened.pop()
    if opened:
        raise QuerySyntaxError(Trouble.PARENTHESIS_NOT_CLOSED, *_place(opened[-1]))


def _check(token: Token, query: str) -> None:
    """Is this one token something to look for, or an operator that stands where it can work?"""
    start, end = _place(token)
    if query[start:end] == "-" and not query[end : end + 1].strip():
        raise QuerySyntaxError(Trouble.NOTHING_AFTER, start, end)
    if token.type == "PHRASE" and (len(token) == 1 or token[-1] != '"'):
        raise QuerySyntaxError(Trouble.QUOTE_NOT_CLOSED, start, start + 1)
    if token.type == "WORD":
        for shape, trouble in NOT_YET:
            if shape.fullmatch(token):
                raise QuerySyntaxError(trouble, start, end)
    if token.type in ("WORD", "PHRASE") and not pieces_of(str(token)):
        raise QuerySyntaxError(Trouble.NO_LETTERS, start, end)


def _built(read: list[Token]) -> Expression:
    parser = _PARSER.parse_interactive()
    previous = None
    for token in read:
        try:
            parser.feed_token(token)
        except UnexpectedToken:
            raise _misplaced(token, previous) from None
        previous = token
    try:
        expression: Expression = parser.feed_eof(previous)  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        raise QuerySyntaxError(Trouble.NOTHING_AFTER, *_place(read[-1])) from None
    return expression


def _misplaced(token: Token, previous: Token | None) -> QuerySyntaxError:
    """With the parentheses in balance, only an operator or an empty pair can be in the wrong place."""
    if token.type != "_CLOSE" or previous is None:
        return QuerySyntaxError(Trouble.NOTHING_BEFORE, *_place(token))
    if previous.type == "_OPEN":
        return QuerySyntaxError(Trouble.NOTHING_INSIDE, _start(previous), _place(token)[1])
    return QuerySyntaxError(Trouble.NOTHING_AFTER, *_place(previous))


def _check_anchored(expression: Expression) -> None:
    """Without a word that must appear, a query would be met by nearly everything that is said."""
    if anchors(expression):
        return
    branches = expression.parts if isinstance(expression, Or) else (expression,)
    loose = next(branch for branch in branches if not anchors(branch))
    raise QuerySyntaxError(Trouble.ONLY_LEFT_OUT, *loose.at)


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _place(token: Token) -> tuple[int, int]:
    return _start(token), _start(token) + len(token)
