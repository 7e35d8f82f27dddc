"""Which sentences may reach a screen? Finds them all, for translators.

Folders that know Django, and the templates, mark their sentences with gettext; what is kept on a row is a
Sentence. The pure folders write plain English or a Sentence, which the edge looks up when it shows it:
there, a sentence is a text that begins with a capital and ends like one, what a Sentence is made of, the
label of a field, or the name of a channel. What lies deep in tables of tables is data, like the small
talk of the playground.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract

PROJECT = Path(__file__).parent.parent
PURE = ("channels", "matching", "understanding", "net")
LABELLED = ("Field", "SearchPlace")  # the second of what these are made of is a label
NAMES = ("name", "counted_in", "somebody")  # of a channel, what it counts, and who has no name there
SILENT = {"migrations", "management"}  # commands speak English, as logs do
SENTENCE = re.compile(r"[A-Z][^\n]* [^\n]*[.!?…]\Z")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "Sentence": None,
    "counted": (1, 2),
}
JINJA = {"extensions": "jinja2.ext.do", "silent": "false", "newstyle_gettext": "true"}

Message = str | tuple[str, ...]
Found = tuple[Message, str, int, str | None, list[str]]  # words, file, line, context, comments


def all_sentences() -> Iterator[Found]:
    for path in sorted((PROJECT / "goodword").rglob("*.py")):
        if not SILENT & set(path.parts):
            yield from _in_file(path, _of_pure_folder if _is_pure(path) else "python", {})
            yield from _in_file(path, _meanings, {})
    for path in sorted((PROJECT / "goodword/web/templates").rglob("*.*")):
        yield from _in_file(path, "jinja2.ext:babel_extract", JINJA)


def _is_pure(path: Path) -> bool:
    return path.relative_to(PROJECT / "goodword").parts[0] in PURE


def _in_file(path: Path, method: Any, options: dict[str, str]) -> Iterator[Found]:
    name = str(path.relative_to(PROJECT))
    file = io.BytesIO(path.read_bytes())
    for line, words, comments, context in extract(method, file, KEYWORDS, ("For translators:",), options):
        yield words, name, line, context, comments


def _of_pure_folder(
    file: io.BytesIO, *_asked: Any, **_options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """A Babel extractor: line, function (none), words, comments."""
    tree = ast.parse(file.read())
    passed_over = _docstrings(tree) | _data(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed_over |= {id(part) for part in node.values}  # filled in already: cannot be looked up
    labels = _labels(tree)
    passed_over -= labels
    passed_over |= {id(form) for made in _calls(tree, "counted") for form in made.args}
    yield from _counted(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in passed_over:
            continue
        if node.value and (id(node) in labels or SENTENCE.match(node.value)):
            yield node.lineno, None, node.value, []


def _meanings(file: io.BytesIO, *_asked: Any, **_options: Any) -> Iterator[tuple[int, None, str, list[str]]]:
    """The docstrings of metrics, as goodword.metrics.metric shows them: their meaning, on screen."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.FunctionDef) and any(
            _is_call_of(made, "metric") for made in node.decorator_list
        ):
            yield node.lineno, None, " ".join((ast.get_docstring(node) or "").split()), []


def _is_call_of(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _docstrings(tree: ast.Module) -> set[int]:
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def _data(node: ast.AST, depth: int = 0) -> set[int]:
    """The texts that lie three tables deep or more."""
    depth += isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set)
    deep = {id(node)} if depth > 2 else set()
    return deep.union(*(_data(child, depth) for child in ast.iter_child_nodes(node)))


def _labels(tree: ast.Module) -> set[int]:
    """What need not look like a sentence: labels of fields, parts of a Sentence, names of channels."""
    fields = [made for name in LABELLED for made in _calls(tree, name)]
    named = {id(key.value) for field in fields for key in field.keywords if key.arg in ("label", "help")}
    second = {id(words) for field in fields for words in field.args[1 : 3 if _is_field(field) else 2]}
    first = {id(made.args[0]) for made in _calls(tree, "Sentence") if made.args}
    choices = {id(words) for field in fields for words in _choices(field)}
    return named | second | first | choices | set(_names(tree))


def _is_field(made: ast.Call) -> bool:
    """Of a Field, the third argument is words, too: its help."""
    return "Field" in (getattr(made.func, "id", ""), getattr(made.func, "attr", ""))


def _choices(field: ast.Call) -> Iterator[ast.expr]:
    """The words beside each value of a field that offers some."""
    for key in field.keywords:
        if key.arg == "choices" and isinstance(key.value, ast.Tuple | ast.List):
            yield from (pair.elts[1] for pair in key.value.elts if isinstance(pair, ast.Tuple))


def _names(tree: ast.Module) -> Iterator[int]:
    """What a channel is called, and what it counts."""
    for made in ast.walk(tree):
        if isinstance(made, ast.ClassDef):
            for line in made.body:
                if isinstance(line, ast.Assign | ast.AnnAssign) and _assigned(line) in NAMES:
                    yield id(line.value)


def _assigned(line: ast.Assign | ast.AnnAssign) -> str:
    place = line.target if isinstance(line, ast.AnnAssign) else line.targets[0]
    return place.id if isinstance(place, ast.Name) else ""


def _counted(tree: ast.Module) -> Iterator[tuple[int, str, tuple[str, ...], list[str]]]:
    for made in _calls(tree, "counted"):
        yield made.lineno, "counted", tuple(ast.literal_eval(form) for form in made.args[:2]), []


def _calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            yield node
