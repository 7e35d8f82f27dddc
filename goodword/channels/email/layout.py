"""What does the HTML of a mail say as text, and how is it shown without trusting it?

Made safe by a strict list of what may stay: nothing that runs, nothing that is loaded from elsewhere, so
that nobody learns that their mail was opened. Text and quotes are read from that safe, well-formed
result, never from what came in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

LONGEST = 500_000  # characters of HTML that are read; a longer one is cut
DEEPEST = 300  # open elements; the sanitizer takes quadratic time beyond, and no mail program nests so
MOST_REPEATS = 300_000
MOST_ENTITIES = 50_000
MOST_LINKS = 50

TAGS = {
    *("a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center"),
    *("code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li"),
    *("main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small"),
    *("span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead"),
    *("time", "tr", "tt", "u", "ul", "var", "wbr"),
}
_LAYOUT = {
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "dir",
    "height",
    "lang",
    "valign",
    "width",
}
ATTRIBUTES = {
    "*": _LAYOUT | {"style"},
    "a": {"href", "title"},
    "font": {"color", "face", "size"},
    "img": {"alt", "src"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
STYLES = {
    *("color", "background-color", "direction", "font-family", "font-size", "font-style", "font-weight"),
    *("letter-spacing", "line-height", "text-align", "text-decoration", "vertical-align", "white-space"),
    *(
        "border",
        "border-bottom",
        "border-collapse",
        "border-left",
        "border-radius",
        "border-right",
        "border-top",
    ),
    *("margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "width", "height"),
    *("padding", "padding-bottom", "padding-left", "padding-right", "padding-top"),
}
NOT_EVEN_THEIR_TEXT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}

_SHOWN = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    filter_style_properties=STYLES,
    clean_content_tags=NOT_EVEN_THEIR_TEXT,
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    attribute_filter=lambda tag, name, value: _nothing_from_elsewhere(tag, name, value),
)
_READ = nh3.Cleaner(
    tags=TAGS,
    attributes={"*": {"class", "id", "style", "type", "hidden"}, "a": {"href"}, "img": {"alt"}},
    clean_content_tags=NOT_EVEN_THEIR_TEXT,
    url_schemes=SCHEMES,
    link_rel=None,
)

_OPENS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track"}
# What is not closed is opened anew in each block that follows, as browsers do.
_REPEATED = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")

BLOCKS = {
    *(
        "address",
        "article",
        "blockquote",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
    ),
    *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
    *("pre", "section", "summary", "table", "tr", "ul"),
}
APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"}
_HIDDEN = re.compile(
    r"display:\s*none|visibility:\s*hidden|mso-hide:\s*all|font-size:\s*0(?:px|pt|em|%)?\s*(?:;|$)"
)
# Where mail programs put what they quote: by the class or id of its element.
_QUOTE = re.compile(
    r"\b(?:gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-cite-prefix"
    r"|moz-forward-container|ydp[0-9a-f]+yahoo_quoted|gmx_quote|wmOutlookQuote)\b"
)
_ALL_AFTER = re.compile(r"\b(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)\b")


@dataclass(frozen=True)
class Laid:
    """An HTML mail, read: its new words, what it quotes, its links, and how it may be shown."""

    text: str
    quoted: str
    links: tuple[str, ...]
    html: str = field(repr=False)


def laid_out(html: str) -> Laid:
    """What the HTML says, and how it looks when nothing in it is trusted."""
    html = html[:LONGEST].replace("\x00", "")
    if _is_too_deep(html):
        return Laid(_plain(html), "", (), "")
    reader = _Reader()
    reader.feed(_READ.clean(html))
    reader.close()
    text, quoted = reader.read()
    return Laid(text, quoted, tuple(dict.fromkeys(reader.links))[:MOST_LINKS], _SHOWN.clean(html))


def made_safe(html: str) -> str:
    """The layout with nothing in it that runs or is loaded: for HTML of which nobody knows who made it."""
    html = html[:LONGEST].replace("\x00", "")
    return "" if _is_too_deep(html) else _SHOWN.clean(html)


def _nothing_from_elsewhere(tag: str, name: str, value: str) -> str | None:
    """A picture may come with the mail (cid:), never from an address; sizes must not overlap the screen."""
    if tag == "img" and name == "src":
        return value if value.lower().startswith("cid:") else None
    if name == "style" and ("url(" in value.lower() or "\\" in value):
        return None
    return value


def _is_too_deep(html: str) -> bool:
    """Would it take the sanitizer long: endless nesting, letters that each block repeats, entities?"""
    depth = deepest = repeated = most_repeated = blocks = 0
    for closes, tag in _OPENS.findall(html):
        name = tag.lower()
        if name in _VOID:
            continue
        step = -1 if closes else 1
        depth += step
        deepest = max(deepest, depth)
        if name in _REPEATED:
            repeated = max(0, repeated + step)
            most_repeated = max(most_repeated, repeated)
        else:
            blocks += 1
    return deepest > DEEPEST or most_repeated * blocks > MOST_REPEATS or html.count("&") > MOST_ENTITIES


def _plain(html: str) -> str:
    return " ".join(_ANY_TAG.sub(" ", html).split())


class _Reader(HTMLParser):
    """Reads the well-formed result of the sanitizer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self._new: list[str] = []
        self._quoted: list[str] = []
        self._open: list[tuple[str, bool, bool]] = []  # tag, hides, quotes
        self._hiding = self._quoting = self._pre = 0
        self._rest_is_quote = False
        self._link: tuple[str, int] | None = None

    def read(self) -> tuple[str, str]:
        new, quoted = _tidy("".join(self._new)), _tidy("".join(self._quoted))
        return (new, quoted) if new else (quoted, "")  # a mere forward is all there is

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        marks = f"{told.get('class', '')} {told.get('id', '')}"
        if _ALL_AFTER.search(marks):
            self._rest_is_quote = True
        if tag in ("br", "img", "hr", "wbr", "col"):
            self._void(tag, told)
            return
        hides = "hidden" in told or bool(_HIDDEN.search(told.get("style", "").lower()))
        quotes = bool(_QUOTE.search(marks)) or (tag == "blockquote" and told.get("type") == "cite")
        self._open.append((tag, hides, quotes))
        self._hiding += hides
        self._quoting += quotes
        self._pre += tag == "pre"
        self._break(tag)
        if tag == "li":
            self._say("- ")
        elif tag in ("td", "th"):
            self._say(" ")
        elif tag == "a" and told.get("href", "").startswith(("http://", "https://")):
            self._link = (told["href"], len(self._into))

    def handle_endtag(self, tag: str) -> None:
        if tag not in (name for name, _hides, _quotes in self._open[-DEEPEST:]):
            return
        while self._open:
            name, hides, quotes = self._open.pop()
            if name == "a":
                self._end_link()
            self._break(name)
            self._hiding -= hides
            self._quoting -= quotes
            self._pre -= name == "pre"
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._say(data if self._pre else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _void(self, tag: str, told: dict[str, str]) -> None:
        if tag == "br":
            self._say("\n")
        elif tag == "hr":
            self._break("p")
        elif tag == "img" and told.get("alt", "").strip():
            self._say(f"[{told['alt'].strip()[:200]}]")

    def _end_link(self) -> None:
        """A link whose address its words do not show is followed by it: nobody clicks blindly."""
        if self._link is None:
            return
        (address, began), self._link = self._link, None
        if self._hiding:
            return
        self.links.append(address)
        said = "".join(self._into[began:]).strip()
        bare = address.split("://", 1)[1].removeprefix("www.").rstrip("/")
        if said and bare not in said and len(address) <= 300:
            self._say(f" ({address})")

    def _break(self, tag: str) -> None:
        if tag in BLOCKS and not self._hiding:
            self._into.append("\n\n" if tag in APART else "\n")

    def _say(self, words: str) -> None:
        if not self._hiding:
            self._into.append(words)

    @property
    def _into(self) -> list[str]:
        return self._quoted if self._quoting or self._rest_is_quote else self._new


def _tidy(text: str) -> str:
    text = text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "").replace("\u200c", "")
    lines = [re.sub(r" {2,}", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
