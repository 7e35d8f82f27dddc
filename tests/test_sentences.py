"""Does a sentence keep what it is made of, on its whole way from a channel to its reader?"""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from dev.plain_english import SENTENCE
from dev.sentences import KEYWORDS, PROJECT, PURE, SILENT
from goodword.channels.base import Refused
from goodword.listening.models import Connection, Gap
from goodword.sentence import LONGEST_VALUE, Sentence, Value, counted, packed, unpacked
from goodword.team.models import Brand
from goodword.team.reader import translated

ROWS = counted("%(num)s row was refused.", "%(num)s rows were refused.", num=1284)
TOO_LARGE = Sentence("The file %(file)s is empty.", file="a.csv")
AT = datetime(2026, 12, 1, 14, 5, tzinfo=UTC)

values = st.one_of(
    st.text(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 (hypothesis wants it so)
    st.just(TOO_LARGE),
)


# --- a sentence ------------------------------------------------------------------------------------


def test_a_sentence_is_its_english() -> None:
    assert TOO_LARGE == "The file a.csv is empty."
    assert ROWS == "1,284 rows were refused."
    assert counted("%(num)s row was refused.", "%(num)s rows were refused.", num=1) == "1 row was refused."
    assert Sentence("Since %(at)s", at=AT) == "Since 1 Dec 2026, 14:05 UTC"


def test_one_without_places_may_hold_any_sign() -> None:
    assert Sentence("100% of {it}") == "100% of {it}"


def test_an_error_that_was_raised_with_it_still_knows_its_parts() -> None:
    told = str(Refused(TOO_LARGE))
    assert isinstance(told, Sentence)
    assert told.values == {"file": "a.csv"}


def test_a_sentence_made_of_a_sentence_is_that_sentence() -> None:
    assert Sentence(str(Refused(TOO_LARGE))).values == {"file": "a.csv"}


def test_the_words_of_a_stranger_are_bounded_and_can_be_stored() -> None:
    said = Sentence("The place said: %(why)s", why="\x00\ud800" + "x" * 100_000)
    assert "\x00" not in said
    said.encode("utf-8")
    assert len(said) < LONGEST_VALUE + 50


@given(values)
@settings(max_examples=60)
def test_every_sentence_comes_back_as_it_was(value: Value) -> None:
    said = Sentence("It was %(what)s.", what=value)
    for again in (unpacked(packed(said)), copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert again == said
        assert again.values == said.values
        assert again.template == said.template


@given(st.text())
@settings(max_examples=60)
def test_any_text_can_be_kept_and_is_never_taken_for_a_packed_one(text: str) -> None:
    kept = unpacked(packed(text))
    assert kept.values == {}
    assert packed(kept) == packed(text)


def test_a_text_that_looks_like_a_packed_sentence_is_only_a_text() -> None:
    evil = json.dumps({"one": "%(n)999999999s", "many": "", "values": {"n": "x"}})
    assert unpacked(packed(evil)) == evil


# --- its reader ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (TOO_LARGE, "Die Datei a.csv ist leer."),
        (ROWS, "1.284 Zeilen wurden abgelehnt."),
        ("This row is too long.", "Diese Zeile ist zu lang."),
        (
            Sentence("not sent yet: %(trouble)s", trouble=TOO_LARGE),
            "noch nicht gesendet: Die Datei a.csv ist leer.",
        ),
        (Sentence("due %(when)s", when=AT), "fällig 1. Dez. 2026, 14:05"),
        ("Nobody has translated this.", "Nobody has translated this."),
        ("", ""),
    ],
)
def test_it_is_said_in_the_language_of_who_reads_it(said: str, german: str) -> None:
    with translation.override("de"):
        assert translated(said) == german
    with translation.override("en"):
        assert translated(said) == said.replace(" UTC", "")


@pytest.mark.django_db
def test_two_readers_of_one_row_read_two_languages() -> None:
    connection = Connection.objects.create(
        brand=Brand.objects.create(name="Kettle & Co"), channel="bluesky", name="us", made_at=timezone.now()
    )
    Connection.objects.filter(pk=connection.pk).update(trouble=TOO_LARGE)
    Gap.objects.create(connection=connection, until=timezone.now(), why=ROWS)
    row, gap = Connection.objects.get(pk=connection.pk), Gap.objects.get()
    assert (row.trouble, gap.why) == (TOO_LARGE, ROWS)
    with translation.override("de"):
        assert translated(row.trouble) == "Die Datei a.csv ist leer."
        assert translated(gap.why) == "1.284 Zeilen wurden abgelehnt."
    row.save()
    assert Connection.objects.get(trouble=TOO_LARGE) == row
    assert not Connection.objects.filter(trouble="").exists()


# --- who writes them -------------------------------------------------------------------------------


def test_no_pure_folder_glues_a_sentence_together() -> None:
    """What is filled in before it is looked up cannot be looked up: it must be a Sentence."""
    glued = [
        f"{path.relative_to(PROJECT)}:{line}: {text}"
        for folder in PURE
        for path in sorted((PROJECT / "goodword" / folder).rglob("*.py"))
        for line, text in _glued(ast.parse(path.read_text()))
    ]
    assert glued == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise Refused(f"Bluesky said {why}.")', 1),
        ('raise Refused("Bluesky said %s." % why)', 1),
        ('raise Refused("Bluesky said {}.".format(why))', 1),
        ('raise ValueError(f"No channel is called {key}.")', 0),
        ('raise Refused(Sentence("Bluesky said %(why)s.", why=why))', 0),
        ('f"{address}/xrpc/{name}"', 0),
    ],
)
def test_the_walk_sees_what_is_glued(code: str, found: int) -> None:
    assert len(list(_glued(ast.parse(code)))) == found


def test_what_is_kept_on_a_row_is_not_frozen_in_the_language_of_the_moment() -> None:
    frozen = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in sorted((PROJECT / "goodword").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword) and node.arg in ("trouble", "why") and _is_gettext(node.value)
    ]
    assert frozen == []


def test_no_sentence_of_ours_reaches_a_screen_past_gettext() -> None:
    bare = [
        f"{path.relative_to(PROJECT)}:{line}: {text}"
        for path in sorted((PROJECT / "goodword").rglob("*.py"))
        if not SILENT & set(path.parts)
        and path.relative_to(PROJECT / "goodword").parts[0] not in (*PURE, "demo")
        if str(path.relative_to(PROJECT)) not in NOBODY_READS
        for line, text in _bare(ast.parse(path.read_text()))
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('toast(request, "Your name was saved.")', 1),
        ('toast(request, _("Your name was saved."))', 0),
        ('toast(request, _("%(a)s was saved.") % {"a": "Who is it?"})', 1),
        ('logger.warning("Something of it is gone.")', 0),
        ('raise ValueError("This is no colour.")', 0),
        ('"""It says what it is."""', 0),
    ],
)
def test_the_walk_sees_what_stands_outside(code: str, found: int) -> None:
    assert len(list(_bare(ast.parse(code)))) == found


SQL = re.compile(r"SELECT ")
NOBODY_READS = {
    "goodword/store/environment.py",  # what stops Goodword from starting is said in the terminal
    "goodword/store/databases.py",
    "goodword/web/hooks.py",  # machines of other places are answered
}
MARKS = {*KEYWORDS, "getLogger", "debug", "info", "warning", "error", "exception"}


def _bare(tree: ast.Module) -> Iterator[tuple[int, str]]:
    marked = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _name(node.func) in MARKS | FOR_PROGRAMMERS)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in marked or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str) and SENTENCE.match(node.value) and not SQL.match(node.value):
            yield node.lineno, node.value


FOR_PROGRAMMERS = {
    "ValueError",
    "TypeError",
    "KeyError",
    "RuntimeError",
    "NotImplementedError",
    "AssertionError",
    "NotASubscription",  # of a browser, whose page has its own sentence
}


def _glued(tree: ast.Module) -> Iterator[tuple[int, str]]:
    passed_over = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _name(node.func) in FOR_PROGRAMMERS) or _is_docstring(node)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        text = _filled_in(node)
        if id(node) not in passed_over and SENTENCE.match(text):
            yield node.lineno, text  # type: ignore[attr-defined]


def _is_docstring(node: ast.AST) -> bool:
    """said["__doc__"] = ..."""
    return isinstance(node, ast.Assign) and any("__doc__" in ast.dump(place) for place in node.targets)


def _filled_in(node: ast.AST) -> str:
    """The text of an f-string, a % or a .format, with X for what is filled in."""
    match node:
        case ast.JoinedStr(values):
            return "".join(part.value if isinstance(part, ast.Constant) else "X" for part in values)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return text
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text
    return ""


def _is_gettext(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Call) and _name(inner.func) == "_" for inner in ast.walk(node))


def _name(node: Any) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))
