import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.matching import And, Not, Or, Phrase, QuerySyntaxError, Trouble, Word, parse, underlined
from goodword.matching.expression import all_of, any_of, none_of
from goodword.matching.syntax import MAX_DEPTH, MAX_LENGTH


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("apple", "apple"),
        ("apple pie", "apple AND pie"),
        ("a OR b c", "a OR (b AND c)"),
        ("a b OR c -d", "(a AND b) OR (c AND NOT d)"),
        ("(a OR b) c", "(a OR b) AND c"),
        ("a NOT b", "a AND NOT b"),
        ("a AND NOT b", "a AND NOT b"),
        ("NOT a b", "NOT a AND b"),
        ("a -(b OR c)", "a AND NOT (b OR c)"),
        ('a -"b c"', 'a AND NOT "b c"'),
        ("NOT NOT a", "a"),
        ("((a)) AND (b (c))", "a AND b AND c"),
        ("#tag OR @handle", "#tag OR @handle"),
        ("e-mail at&t c++ 12:30", "e-mail AND at&t AND c++ AND 12:30"),
        ("and or not near", "and AND or AND not AND near"),
        ("ANDROID ORange NOTE", "ANDROID AND ORange AND NOTE"),
        ('"AND" "what?" "author:x"', '"AND" AND "what?" AND "author:x"'),
        ("“curly quotes” （a OR b）", '"curly quotes" AND (a OR b)'),
        ("東京　カフェ", "東京 AND カフェ"),
    ],
)
def test_the_printed_form_says_how_a_query_was_read(query, printed):
    assert str(parse(query)) == printed


def test_a_query_is_a_tree_that_knows_its_places():
    expression = parse('big "red apple" -#pear')
    assert expression == And((Word("big"), Phrase("red apple"), Not(Word("#pear"))))
    assert [part.at for part in expression.parts] == [(0, 3), (4, 15), (16, 22)]
    assert parse("a OR b") == Or((Word("a"), Word("b")))


words = st.sampled_from(["apple", "été", "#tag", "@who", "東京", "e-mail", "or", "C++", "शुक्रिया"]).map(Word)
phrases = st.sampled_from(["big apple", "AND", "why? (so)", " x ", "-y"]).map(Phrase)
expressions = st.recursive(
    words | phrases,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4).map(all_of)
        | st.lists(inner, min_size=2, max_size=4).map(any_of)
        | inner.map(none_of)
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(expressions)
def test_the_printed_form_reads_as_the_same_query(expression):
    anchored = all_of([Word("anchor"), expression])  # alone, it may be refused as only left out
    assert parse(str(anchored)) == anchored


@pytest.mark.parametrize(
    ("query", "trouble", "start", "end"),
    [
        ("", Trouble.EMPTY, 0, 0),
        ("   ", Trouble.EMPTY, 0, 3),
        ("NOT apple", Trouble.ONLY_LEFT_OUT, 0, 9),
        ("-a -b", Trouble.ONLY_LEFT_OUT, 0, 5),
        ("apple OR NOT pie", Trouble.ONLY_LEFT_OUT, 9, 16),
        ("NOT (a b)", Trouble.ONLY_LEFT_OUT, 0, 8),
        ("a OR b) c", Trouble.PARENTHESIS_NOT_OPENED, 6, 7),
        ("a (b OR (c)", Trouble.PARENTHESIS_NOT_CLOSED, 2, 3),
        ('a "b c', Trouble.QUOTE_NOT_CLOSED, 2, 3),
        ('a "', Trouble.QUOTE_NOT_CLOSED, 2, 3),
        ("a ()", Trouble.NOTHING_INSIDE, 2, 4),
        ("a AND", Trouble.NOTHING_AFTER, 2, 5),
        ("a OR AND b", Trouble.NOTHING_BEFORE, 5, 8),
        ("OR b", Trouble.NOTHING_BEFORE, 0, 2),
        ("(a NOT) b", Trouble.NOTHING_AFTER, 3, 6),
        ("salt - pepper", Trouble.NOTHING_AFTER, 5, 6),
        ("salt & pepper", Trouble.NO_LETTERS, 5, 6),
        ('a ""', Trouble.NO_LETTERS, 2, 4),
        ("a 🍎", Trouble.NO_LETTERS, 2, 3),
        ("a \u200b\u0301", Trouble.NO_LETTERS, 2, 4),
        ("\ud800", Trouble.NO_LETTERS, 0, 1),
        ("a NEAR/5 b", Trouble.NO_NEAR_YET, 2, 8),
        ("a NEAR/x b", Trouble.NO_NEAR_YET, 2, 8),
        ("a NEAR b", Trouble.NO_NEAR_YET, 2, 6),
        ("a near/3 b", Trouble.NO_NEAR_YET, 2, 8),
        ("a ONEAR/2 b", Trouble.NO_NEAR_YET, 2, 9),
        ("(a OR b) NEAR/3f c", Trouble.NO_NEAR_YET, 9, 16),
        ('"a b"~5', Trouble.NO_LOOSE_PHRASE_YET, 5, 7),
        ("word~1", Trouble.NO_LOOSE_PHRASE_YET, 0, 6),
        ("appl*", Trouble.NO_WILDCARD_YET, 0, 5),
        ("-appl?", Trouble.NO_WILDCARD_YET, 1, 6),
        ("x author:someone", Trouble.NO_FIELD_YET, 2, 16),
        ('x Lang:"en"', Trouble.NO_FIELD_YET, 2, 7),
    ],
)
def test_a_query_that_means_nothing_is_refused_at_its_place(query, trouble, start, end):
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)
    assert (refused.value.trouble, refused.value.start, refused.value.end) == (trouble, start, end)


def test_the_sentence_of_a_limit_names_it():
    with pytest.raises(QuerySyntaxError, match="at most 20,000 characters"):
        parse("a " * 100_000)
    with pytest.raises(QuerySyntaxError, match="at most 50 may lie inside each other") as refused:
        parse("(" * 9_000 + "a" + ")" * 9_000)
    assert refused.value.start == MAX_DEPTH


def test_the_longest_and_the_deepest_query_are_read():
    longest = " ".join(["a"] * (MAX_LENGTH // 2))
    assert len(parse(longest).parts) == MAX_LENGTH // 2
    deepest = "x" + "(a -" * (MAX_DEPTH // 2) + "(b OR " * (MAX_DEPTH // 2) + "c" + ")" * MAX_DEPTH
    assert parse(str(parse(deepest))) == parse(deepest)
    assert parse("NOT " * 4_000 + "a") == Word("a")


@settings(max_examples=200)
@given(
    st.text(
        st.sampled_from('ab "()-#@ANDORNT~*:\x00\ud800é東\u202e') | st.characters(codec=None), max_size=30
    )
)
def test_any_text_is_read_or_refused_within_itself(query):
    read = parsed_or_refused(query)
    if isinstance(read, QuerySyntaxError):
        assert 0 <= read.start <= read.end <= len(query)
        assert underlined(query, read).count("\n") == 1
    else:
        assert parse(str(read)) == read


def parsed_or_refused(query):
    try:
        return parse(query)
    except QuerySyntaxError as error:
        return error


def underline(query):
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)
    return underlined(query, refused.value)


def test_a_command_shows_the_place_underlined():
    assert underline("apple NEAR/x pie") == "apple NEAR/x pie\n      ^^^^^^"
    assert underline("a AND") == "a AND\n  ^^^"
    assert underline("") == "\n^"


def test_carets_stand_under_wide_and_marked_characters():
    assert underline("東京 (a") == "東京 (a\n     ^"
    assert underline("e\u0301 (a") == "e\u0301 (a\n  ^"


def test_the_place_is_found_in_a_long_query_and_nothing_moves_the_cursor():
    shown, carets = underline("a " * 500 + "\u202e\n( b" + " c" * 500).split("\n")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown[carets.index("^")] == "("
    assert "\u202e" not in shown
