"""What every template can say, beside what its view gives it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import jinja2
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from goodword.team import reader
from goodword.web import labels, looks, telling, words
from goodword.web.reader import languages, zones

STATIC = settings.STATICFILES_DIRS[0]
TELLING = [
    "act_kind",
    "act_words",
    "channel_icon",
    "channel_name",
    "face",
    "file_size",
    "goes_to",
    "handle_words",
    "language_name",
    "picture_address",
    "place_words",
    "repeats_subject",
]
READER = ["day", "listed", "moment", "money", "month", "number", "share", "translated"]


def environment(**options: Any) -> jinja2.Environment:
    options.pop("autoescape", None)
    env = jinja2.Environment(
        autoescape=True,
        **options | {"undefined": jinja2.StrictUndefined},
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        env.globals[name] = _with_numbers_of_the_reader(cast(Callable[..., str], env.globals[name]))
    env.globals.update(languages=languages, zones=zones, language_here=translation.get_language)
    env.globals.update(brand_tone=looks.brand_tone, static=static_address, url=_url)
    env.globals.update({name: getattr(telling, name) for name in TELLING})
    env.globals.update({name: getattr(reader, name) for name in READER})
    env.globals.update(
        said=words.said, first_line=words.first_line, label=words.label, label_tone=words.label_tone
    )
    env.globals.update(understood_of=labels.understood_of)
    env.globals.update(initials=looks.initials, tone=looks.tone, ago=looks.ago)
    return env


def _with_numbers_of_the_reader(said: Callable[..., str]) -> Callable[..., str]:
    """1,284 posts, 1.284 Beiträge: a number in a sentence is written as its reader writes it."""

    @jinja2.pass_context
    def saying(context: jinja2.runtime.Context, *words: Any, **values: Any) -> str:
        if isinstance(words[-1], int):  # what is counted, of ngettext
            values.setdefault("num", words[-1])
        return said(context, *words, **{name: _shown(value) for name, value in values.items()})

    return saying


def _shown(value: Any) -> Any:
    return reader.number(value) if isinstance(value, int | float) else value


@lru_cache
def static_address(path: str) -> str:
    """Where a file of ours is; the address changes with the file, so that browsers may keep it for long."""
    with (STATIC / path).open("rb") as file:
        version = hashlib.file_digest(file, "sha256").hexdigest()[:10]
    return f"{settings.STATIC_URL}{path}?v={version}"


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
