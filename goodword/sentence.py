"""How is something said to a person, so that whoever reads it later can read it in their language?

    raise Refused(Sentence("The file %(name)s is larger than %(most)s MB.", name=name, most=25))

A Sentence is a text: the whole of it in English, for a log or a terminal. It also remembers what it was
made of, which is what a translator needs: `goodword.team.reader.translated` says it to a reader, and
`goodword.store.sentences.SentenceField` keeps it on a row. This module knows neither: the folders that
know no Django write Sentences too.

What stands in the places is bounded and cleaned here, since it may be the words of a stranger's server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

Value = str | int | float | datetime  # a Sentence is a str: one may stand within another

LONGEST_VALUE = 300  # characters; a server's error may be a page long, and a sentence is no place for it
_UNFIT = re.compile("[\x00\ud800-\udfff]")  # no database holds these


class Sentence(str):
    """A sentence with named places, and what stands in them. Without places it is just that sentence.

    Numbers and times are given as such, so that each reader sees them as they write them; what only
    looks like a number (a code, a year, a port) is given as text.
    """

    template: str
    plural: str  # the same for many; "" where nothing is counted
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> Self:
        if isinstance(template, cls):
            return template  # it is one, with all its parts
        return cls._made(template, "", values)

    @classmethod
    def _made(cls, template: str, plural: str, values: Mapping[str, Value]) -> Self:
        kept = {name: _kept(value) for name, value in values.items()}
        said = plural if plural and kept["num"] != 1 else template
        made = str.__new__(cls, said % _english(kept) if kept else said)
        made.template, made.plural, made.values = template, plural, kept
        return made

    def __str__(self) -> str:
        """Itself: `str(error)` of an exception that was raised with it still knows its parts."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence._made, (self.template, self.plural, dict(self.values))


def counted(one: str, many: str, /, *, num: int, **values: Value) -> Sentence:
    """A Sentence about `num` things; both forms name it as %(num)s."""
    return Sentence._made(one, many, {"num": num, **values})


class Told(Exception):
    """An error that is a Sentence: `str(error)` is."""

    def __init__(self, sentence: str, **values: Value) -> None:
        super().__init__(Sentence(sentence, **values))


# --- on a row --------------------------------------------------------------------------------------


def packed(sentence: str) -> str:
    """The sentence with all its parts as one text; one without parts is its own packing."""
    if not isinstance(sentence, Sentence):
        return packed(Sentence(_clean(sentence)))
    if not sentence.values and not sentence.startswith("{"):
        return sentence.template
    return json.dumps(_parts(sentence), ensure_ascii=False)


def unpacked(text: str) -> Sentence:
    """What `packed` made, as it was."""
    return _whole(json.loads(text)) if text.startswith("{") else Sentence(text)


def _parts(sentence: Sentence) -> dict[str, Any]:
    values = {name: _packable(value) for name, value in sentence.values.items()}
    return {"one": sentence.template, "many": sentence.plural, "values": values}


def _packable(value: Value) -> Any:
    if isinstance(value, Sentence):
        return _parts(value)
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _whole(parts: Mapping[str, Any]) -> Sentence:
    values = {name: _unpackable(value) for name, value in parts["values"].items()}
    return Sentence._made(parts["one"], parts["many"], values)


def _unpackable(value: Any) -> Value:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else _whole(value)
    kept: Value = value
    return kept


# --- what stands in the places ---------------------------------------------------------------------


def _kept(value: Value) -> Value:
    if isinstance(value, Sentence | int | float | datetime):
        return value
    return _clean(str(value))


def _clean(text: str) -> str:
    text = _UNFIT.sub("\ufffd", text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _english(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: _in_english(value) for name, value in values.items()}


def _in_english(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%-d %b %Y, %H:%M} UTC"
    return f"{value:,}" if isinstance(value, int | float) else value
