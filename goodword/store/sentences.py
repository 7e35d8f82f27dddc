"""How does a row keep a sentence, so that it can be read in any language?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from goodword.sentence import Sentence, packed, unpacked

if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField


class SentenceField(Text):
    """A Sentence with all its parts; plain English, where there are none. Empty means none."""

    def get_prep_value(self, value: Any) -> Any:
        return packed(value) if isinstance(value, str) else value

    def from_db_value(self, value: str | None, *_asked: Any) -> Sentence | None:
        return None if value is None else unpacked(value)

    def to_python(self, value: Any) -> Any:
        """Of a fixture: what `value_to_string` gave."""
        return unpacked(value) if isinstance(value, str) and not isinstance(value, Sentence) else value

    def value_to_string(self, obj: models.Model) -> str:
        return packed(self.value_from_object(obj))
