"""Which words on a page are English, though its reader reads German? For tests that walk over screens."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Words without which hardly an English sentence is made, and which German does not have.
ENGLISH = re.compile(
    r"\b(the|and|of|you|your|is|are|to|with|this|that|from|for|it|its|what|who|when|they|them|be|has|have|"
    r"been|were|there|here|which|does|can|no|yes|all|by|or)\b"
)
SHOWN = {
    "title",
    "aria-label",
    "aria-description",
    "placeholder",
    "alt",
    "label",
    "data-words",
    "data-copied",
}
# What somebody said, what is typed as it is in every language, and addresses.
OTHERS_WORDS = {"script", "style", "kbd", "code", "svg", "bdi", "textarea", "q", "mark", "pre", "blockquote"}
ZONE = re.compile(r"[A-Z]\w+/[\w/ -]+")  # America/Port of Spain is called so everywhere
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def english_on(html: str) -> list[str]:
    """Every text or attribute of the page that holds an English word, but for what people said."""
    page = _Page()
    page.feed(html)
    return page.found


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tags, and whether they hold others' words

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_others = tag in OTHERS_WORDS or said.get("dir") == "auto" or said.get("translate") == "no"
        if not is_others and not self._are_others:
            for name in SHOWN & said.keys():
                self._look_at(said[name] or "")
        if tag not in EMPTY:
            self._open.append((tag, is_others))

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(name == tag for name, _others in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._are_others:
            self._look_at(data)

    @property
    def _are_others(self) -> bool:
        return any(others for _tag, others in self._open)

    def _look_at(self, text: str) -> None:
        if ENGLISH.search(text) and not ZONE.fullmatch(text):
            self.found.append(" ".join(text.split()))
