"""Can every sentence on a screen be translated?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

from dev.messages import LIST, current
from goodword.web.environment import environment

TEMPLATES = Path(__file__).parents[2] / "goodword/web/templates"
ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))

SHOWN_ATTRIBUTES = {"title", "aria-label", "aria-description", "placeholder", "alt", "label", "data-words"}
NOT_WORDS = {"script", "style", "kbd", "code", "svg"}  # keys and addresses are the same in every language
NAMES = {"Goodword", "Esc", "Android", "https"}  # the same in every language
MARKS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands where a template puts a value
WORD = re.compile(r"[^\W\d_]{2,}")
LOOSE_ATTRIBUTE = re.compile(r"""[\w-]+="[^"]*\"""")  # of a macro that fills in part of a tag
CAPITALISED = re.compile(r"[A-Z][a-z]+( |\Z|[.…!?])")


@pytest.mark.parametrize("name", ALL)
def test_no_words_stand_outside_gettext(name: str) -> None:
    assert list(bare_words((TEMPLATES / name).read_text())) == []


@pytest.mark.parametrize(
    ("template", "bare"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{{ _("Hello") }}</p>', []),
        ("<p>{% trans %}Hello{% endtrans %}</p>", []),
        ('<button title="Send">{{ icon }}</button>', ["Send"]),
        ('<a class="box" href="/inbox/">{{ name }} · Goodword</a>', []),
        ("{% if a %}<b>{{ n }} waiting</b>{% else %}{{ n }}{% endif %}", ["waiting"]),
        ('{{ button("Save") }}', ["Save"]),
        ('{{ button(_("Save")) }}', []),
        ('<kbd>Ctrl</kbd><input placeholder="{{ _("Search") }}">', []),
    ],
)
def test_the_walk_sees_words_and_only_words(template: str, bare: list[str]) -> None:
    assert list(bare_words(template)) == bare


def test_the_list_for_translators_is_up_to_date() -> None:
    with LIST.open("rb") as file:
        listed = {message.id for message in read_po(file)}
    missing = {message.id for message in current()} - listed
    assert not missing, "run `make messages`"


def bare_words(source: str) -> Iterator[str]:
    """Words of a template that a translator would never see."""
    tree = environment().parse(source)
    page = _Page()
    page.feed("".join(_as_html(tree)))
    page.close()
    yield from page.bare
    yield from _literals(tree)


def _as_html(node: nodes.Node) -> Iterator[str]:
    """The page with a hole for each value; both branches of a condition, one turn of a loop."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Expr):
        yield HOLE
    else:
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.TemplateData) or not isinstance(child, nodes.Expr):
                yield from _as_html(child)
            elif isinstance(node, nodes.Output):
                yield HOLE


def _literals(node: nodes.Node) -> Iterator[str]:
    """Texts in quotation marks that begin like a word on a screen, and that nobody translates."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKS:
        return
    if (
        isinstance(node, nodes.Const)
        and isinstance(node.value, str)
        and CAPITALISED.match(node.value)
        and node.value not in NAMES
    ):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _literals(child)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in NOT_WORDS
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES:
                self._look_at(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in NOT_WORDS))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._look_at(LOOSE_ATTRIBUTE.sub("", data))

    def _look_at(self, text: str) -> None:
        self.bare += [word for word in WORD.findall(text) if word not in NAMES]
