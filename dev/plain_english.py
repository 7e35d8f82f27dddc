"""Which sentences of a pure folder may reach a screen? It marks none: the source is read for them.

A sentence is a text that begins with a capital and ends like one, what a Sentence is made of, the label
of a field, or the name of a channel. What lies deep in tables of tables is data, like the small talk of
the playground.
"""

from __future__ import annotations

import ast
import re

SENTENCE = re.compile(r"[A-Z][^\n]* [^\n]*[.!?…]\Z")
DEEP = 2  # tables in tables, and what lies in them is no sentence of ours any more
LABELS = {"Field": slice(1, 3), "SearchPlace": slice(1, 2), "Sentence": slice(0, 1)}  # which arguments are
NAMED_LABELS = ("label", "help")
NAMES = ("name", "counted_in", "somebody")  # of a channel, what it counts, and who has no name there

Words = str | tuple[str, ...]


def sentences_in(source: bytes) -> list[tuple[int, str | None, Words]]:
    """Of each: its line, the function that a translator knows it by (if any), and its words."""
    reader = _Reader()
    reader.visit(ast.parse(source))
    return reader.found


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[tuple[int, str | None, Words]] = []
        self._depth = 0
        self._labels: set[int] = set()
        self._no_words: set[int] = set()  # docstrings, and parts of f-strings: filled in already

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            self._pass_over_docstring(node)
        is_table = isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set)
        self._depth += is_table
        super().visit(node)
        self._depth -= is_table

    def visit_Call(self, call: ast.Call) -> None:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name == "counted":
            forms = call.args[:2]
            self._no_words |= {id(form) for form in forms}
            self.found.append((call.lineno, name, tuple(str(ast.literal_eval(form)) for form in forms)))
        elif name in LABELS:
            self._labels |= {id(words) for words in [*call.args[LABELS[name]], *_named(call)]}
        self.generic_visit(call)

    def visit_ClassDef(self, made: ast.ClassDef) -> None:
        for line in made.body:
            if isinstance(line, ast.Assign | ast.AnnAssign) and line.value and _assigned(line) in NAMES:
                self._labels.add(id(line.value))
        self.generic_visit(made)

    def visit_JoinedStr(self, text: ast.JoinedStr) -> None:
        self._no_words |= {id(part) for part in text.values}
        self.generic_visit(text)

    def visit_Constant(self, constant: ast.Constant) -> None:
        words = constant.value
        if not isinstance(words, str) or not words or id(constant) in self._no_words:
            return
        is_sentence = self._depth <= DEEP and SENTENCE.match(words)
        if is_sentence or id(constant) in self._labels:
            self.found.append((constant.lineno, None, words))

    def _pass_over_docstring(
        self, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    ) -> None:
        if node.body and isinstance(node.body[0], ast.Expr):
            self._no_words.add(id(node.body[0].value))


def _named(call: ast.Call) -> list[ast.expr]:
    """Labels that are given by name, and the words beside each value of a field that offers some."""
    named = [key.value for key in call.keywords if key.arg in NAMED_LABELS]
    for key in call.keywords:
        if key.arg == "choices" and isinstance(key.value, ast.Tuple | ast.List):
            named += [pair.elts[1] for pair in key.value.elts if isinstance(pair, ast.Tuple)]
    return named


def _assigned(line: ast.Assign | ast.AnnAssign) -> str:
    place = line.target if isinstance(line, ast.AnnAssign) else line.targets[0]
    return place.id if isinstance(place, ast.Name) else ""
