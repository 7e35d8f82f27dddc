"""Which sentences may reach a screen? Finds them all, for translators.

Folders that know Django, and the templates, mark their sentences with gettext; what is kept on a row is a
Sentence. The pure folders write plain English or a Sentence, which the edge looks up when it shows it.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract

from dev.plain_english import sentences_in

PROJECT = Path(__file__).parent.parent
PURE = ("channels", "matching", "understanding", "net")
SILENT = {"migrations", "management"}  # commands speak English, as logs do
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
        if "metrics" in path.parts:
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
) -> Iterator[tuple[int, str | None, Message, list[str]]]:
    """A Babel extractor: line, function, words, comments."""
    for line, function, words in sentences_in(file.read()):
        yield line, function, words, []


def _meanings(file: io.BytesIO, *_asked: Any, **_options: Any) -> Iterator[tuple[int, None, str, list[str]]]:
    """The docstrings of metrics, as goodword.metrics.metric shows them: their meaning, on screen."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.FunctionDef) and any(
            _is_call_of(made, "metric") for made in node.decorator_list
        ):
            yield node.lineno, None, " ".join((ast.get_docstring(node) or "").split()), []


def _is_call_of(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
