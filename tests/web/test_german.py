"""Does every sentence have its German, and does it say what the English says?"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dev.messages import LOCALE, current

GERMAN = LOCALE / "de/LC_MESSAGES/django.po"
PLACE = re.compile(r"%\([a-z_]+\)[sd]|%[sd%]")
ENDS = ".?!:…"

# What may stay as it is: names, and words that German took over.
THE_SAME = re.compile(
    r"[\W\d]*|.*\b(Goodword|Bluesky|Hacker News|Thread|Team|Spam|Like|Handle|Forum|Video)\b.*"
)


@cache
def german() -> Catalog:
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de", domain="django")


def test_every_sentence_has_its_german() -> None:
    open_ones = [message.id for message in current() if message.id and not _forms(_german_of(message))]
    assert not open_ones, "run `make messages`, and translate in goodword/locale/de"


def test_no_german_is_a_guess() -> None:
    assert [message.id for message in german() if message.id and message.fuzzy] == []


def test_what_is_filled_in_is_filled_in_in_german_too() -> None:
    for english, form in _pairs():
        assert _places(form) == _places(english) or _places(form) == _places(english) - {"%(num)s"}, form


def test_what_must_be_counted_is_counted_in_both_forms() -> None:
    counted = [message for message in german() if not isinstance(message.id, str)]
    assert len(counted) > 20
    assert [message.id for message in counted if len(message.string) != 2] == []


def test_a_sentence_ends_as_its_english_does() -> None:
    for english, form in _pairs():
        ends = english.rstrip()[-1], form.rstrip()[-1]
        assert (ends[0] in ENDS) == (ends[1] in ENDS) or ends[1] in ".)", (english, form)
        assert (english[0] == " ") == (form[0] == " "), (english, form)
        assert (english[-1] == " ") == (form[-1] == " "), (english, form)


def test_tags_are_those_of_the_english() -> None:
    for english, form in _pairs():
        assert _tags(form) == _tags(english), form


def test_german_is_written_as_german() -> None:
    for _english, form in _pairs():
        assert not re.search(r"[“”]\w|\w”|\"\w", form), f"quotation marks: {form}"
        assert not re.search(r"[a-zäöüß,] (Sie|Ihnen|Ihre?[mnrs]?)\b", form), f"it is du: {form}"
        assert "..." not in form
        assert "  " not in form


def test_little_is_the_same_in_both_languages() -> None:
    same = [english for english, form in _pairs() if english == form and not THE_SAME.fullmatch(english)]
    assert len(same) < 40, same


def test_what_is_installed_is_what_was_translated() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, german())
    assert GERMAN.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make messages`"


@pytest.mark.parametrize(
    ("english", "german", "same"),
    [
        ("%(num)s of %(all)s", "%(num)s von %(all)s", True),
        ("%(num)s of %(all)s", "%(nun)s von %(all)s", False),
    ],
)
def test_the_comparison_sees_a_misspelt_place(english: str, german: str, same: bool) -> None:
    assert (_places(english) == _places(german)) is same


def _german_of(message: Message) -> Message | None:
    return german().get(message.id if isinstance(message.id, str) else message.id[0], message.context)


def _forms(message: Message | None) -> list[str]:
    """What it is in German; empty if a form is missing."""
    if message is None:
        return []
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return forms if all(forms) else []


def _pairs() -> Iterator[tuple[str, str]]:
    for message in german():
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = _forms(message)
        if message.id and forms:
            yield from zip(english, forms, strict=True)


def _places(text: str) -> set[str]:
    return set(PLACE.findall(text)) - {"%%"}


def _tags(text: str) -> list[str]:
    tags = _Tags()
    tags.feed(text)
    return sorted(tags.found)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{tag} {sorted(attrs)}")
