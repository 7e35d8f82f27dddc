"""What every template can say, beside what its view gives it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from goodword.web import looks, telling, words

STATIC = settings.STATICFILES_DIRS[0]
TELLING = [
    "act_kind",
    "act_words",
    "channel_icon",
    "channel_name",
    "face",
    "handle_words",
    "language_name",
    "money",
    "month",
    "number",
    "picture_address",
    "place_words",
]


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
    env.globals.update(static=static_address, url=_url)
    env.globals.update({name: getattr(telling, name) for name in TELLING})
    env.globals.update(
        said=words.said, first_line=words.first_line, label=words.label, label_tone=words.label_tone
    )
    env.globals.update(initials=looks.initials, tone=looks.tone, ago=looks.ago, moment=looks.moment)
    return env


@lru_cache
def static_address(path: str) -> str:
    """Where a file of ours is; the address changes with the file, so that browsers may keep it for long."""
    with (STATIC / path).open("rb") as file:
        version = hashlib.file_digest(file, "sha256").hexdigest()[:10]
    return f"{settings.STATIC_URL}{path}?v={version}"


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
