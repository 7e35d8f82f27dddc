"""How does a row of a file become a post? Exports of other tools, archives, lists made by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from goodword.channels.base import Author, Cap, Channel, Post, Visibility, clean_text, stable_key
from goodword.channels.file.columns import Meaning, Places
from goodword.channels.file.moments import moment
from goodword.channels.file.sentences import BadRow

LONGEST_ID = 300  # characters; a longer one is kept as the key of itself
LONGEST_URL = 2000
MOST_FOLLOWERS = 10**12  # more than there are people: somebody's typing error, not a fact

YES = {"true", "1", "yes", "y", "t", "in", "inbound", "incoming"}
NO = {"false", "0", "no", "n", "f", "out", "outbound", "outgoing"}
PRIVATE = {"direct", "private", "dm"}

_WHOLE = re.compile(r"(\d+)\.0+")


class File(Channel):
    """Posts that somebody brought in a file. It has a screen of its own, and answers nowhere."""

    key: ClassVar[str] = "file"
    name: ClassVar[str] = "File"
    icon: ClassVar[str] = "file-text"
    caps: ClassVar[frozenset[Cap]] = frozenset({Cap.HEAR})
    connectable: ClassVar[bool] = False


def post_of(row: Mapping[str, Any], places: Places, now: datetime) -> Post:
    """The post that the row holds; BadRow says why it holds none.

    `root` is only what the file itself says of the thread; listening.roots finds the rest.
    """
    cells = _Cells(row, places)
    text, title = cells.text(Meaning.TEXT), cells.text(Meaning.TITLE)
    if not text.strip() and not title.strip():
        raise BadRow("This row has neither a text nor a title.")
    author = _author(cells)
    at = _time(cells, now)
    inbound = _inbound(cells)
    url, links = _addresses(cells)
    return Post(
        native_id=_native_id(cells) or stable_key(author.native_id, at.isoformat(), title, text),
        author=author,
        text=text,
        title=title,
        at=at,
        url=url,
        links=links,
        parent=cells.id(Meaning.PARENT),
        root=cells.id(Meaning.ROOT),
        visibility=_visibility(cells),
        addressed=inbound is True,
        ours=inbound is False,
        languages=tuple(cells.text(Meaning.LANGUAGE).replace(",", " ").split()),
    )


class _Cells:
    """A row, read by meaning."""

    def __init__(self, row: Mapping[str, Any], places: Places) -> None:
        self.row, self.places = row, places

    def value(self, meaning: Meaning) -> Any:
        """The first cell of that meaning that is not empty; None when all are."""
        for name in self.places.get(meaning, ()):
            value = self.row.get(name)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if isinstance(value, float) and not math.isfinite(value):
                continue
            return value
        return None

    def text(self, meaning: Meaning) -> str:
        return clean_text(_words(self.value(meaning)))

    def id(self, meaning: Meaning) -> str:
        """An id as text; spreadsheets turn whole numbers into 123.0, and it is still number 123."""
        text = self.text(meaning).strip()
        whole = _WHOLE.fullmatch(text)
        return _short(whole[1] if whole else text)

    def url(self, meaning: Meaning) -> str:
        """A web address; anything else (javascript:, data:) must never become a link."""
        text = self.text(meaning).strip()
        fits = text.lower().startswith(("https://", "http://")) and len(text) <= LONGEST_URL
        return text if fits else ""


def _words(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return ", ".join(_words(item) for item in value[:50] if not isinstance(item, list | dict))
        case _:
            return str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ID else stable_key(text)


def _native_id(cells: _Cells) -> str:
    given = cells.id(Meaning.ID)
    if given:
        return given
    where = Meaning.COMMENTS_URL if Meaning.COMMENTS_URL in cells.places else Meaning.URL
    return cells.id(where)


def _author(cells: _Cells) -> Author:
    handle = cells.text(Meaning.AUTHOR).strip().removeprefix("@")
    name = cells.text(Meaning.AUTHOR_NAME).strip()
    native_id = cells.id(Meaning.AUTHOR_ID) or _short(handle) or _short(name)
    if not native_id:
        raise BadRow("This row does not say who wrote it.")
    return Author(
        native_id=native_id,
        handle=handle,
        name=name,
        avatar_url=cells.url(Meaning.AVATAR),
        url=cells.url(Meaning.AUTHOR_URL),
        followers=_followers(cells),
    )


def _followers(cells: _Cells) -> int | None:
    digits = cells.id(Meaning.FOLLOWERS).replace(",", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(MOST_FOLLOWERS)):
        return None
    return min(int(digits), MOST_FOLLOWERS)


def _time(cells: _Cells, now: datetime) -> datetime:
    written = cells.value(Meaning.AT)
    if written is None:
        raise BadRow("This row has no time.")
    return moment(written, now)


def _inbound(cells: _Cells) -> bool | None:
    """True: it was said to the brand. False: the brand's own people said it. None: the file is silent."""
    word = cells.id(Meaning.INBOUND).lower()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadRow("The word “%(word)s” says neither that this came in nor that it went out.", word=word[:40])


def _addresses(cells: _Cells) -> tuple[str, tuple[str, ...]]:
    """Where the post is, and what it links to: where a discussion has its own address, url is the link."""
    url = cells.url(Meaning.URL)
    if Meaning.COMMENTS_URL not in cells.places:
        return url, ()
    return cells.url(Meaning.COMMENTS_URL), (url,) if url else ()


def _visibility(cells: _Cells) -> Visibility:
    said = cells.text(Meaning.VISIBILITY).strip().lower()
    return Visibility.DIRECT if said in PRIVATE else Visibility.PUBLIC
