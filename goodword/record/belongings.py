"""What belongs to a brand, and goes with it when it is handed over to another install?

Found by walking the keys between tables, so that a new table is part of it by itself; what stays behind
is said here, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from goodword.store.columns import Table, table_of
from goodword.store.models import Entry
from goodword.store.snapshot import Only
from goodword.team.models import AuditEntry, Brand, User

# A table of a brand that is neither here nor led to by keys fails a test.
STAYS_BEHIND = {
    "team.Invitation": "its link is for this address; the new install invites anew",
    "conversations.Claim": "who is writing at this moment",
    "notifying.Occasion": "what was worth telling here",
    "notifying.Notice": "what teammates were told here",
    "notifying.Dispatch": "how they were told it",
    "notifying.Preference": "each says anew how they want to be told",
    "notifying.Habits": "each says anew how they want to be told",
    "notifying.ChatHook": "its address is a secret",
}

# Belongs to no single brand: who signs in, how, and what an install keeps for itself.
NOBODYS = {
    "store.Kept": "counts against guessing",
    "team.User": "the names and addresses of teammates go along, and nothing else of them",
    "team.SignInLink": "a secret",
    "team.PasswordReset": "a secret",
    "team.AddressChange": "a secret",
    "team.Forgotten": "of this install",
    "team.SignIn": "of this install",
    "team.Letter": "of this install",
    "notifying.PushSubscription": "a browser's, for this address",
    "notifying.Bookmark": "of this install",
}

# These name rows of other tables without a key: those must have their numbers first.
LAST = (AuditEntry, Entry)

# Of these tables only such rows go along.
ONLY = {"listening.Narrowing": {"invitation": None}}


@dataclass(frozen=True)
class Belonging:
    """One table, and how its rows are found from their brand."""

    model: type[models.Model]
    path: str  # of keys, as a lookup; empty for the brand itself

    @property
    def table(self) -> Table:
        return table_of(self.model)

    def of(self, brand: Brand) -> models.QuerySet[models.Model]:
        rows = self.model._base_manager.filter(**ONLY.get(self.model._meta.label, {}))
        return rows.filter(**{self.path or "pk": brand.pk})

    def asked(self, brand: Brand) -> Only:
        key = self.model._meta.pk
        assert key is not None
        sql, numbers = self.of(brand).order_by().values_list("pk").query.sql_with_params()
        return Only(str(key.column), sql, tuple(int(number) for number in numbers))


def belongings() -> list[Belonging]:
    """Every table of a brand, each after those that its keys point to."""
    found = {
        model: Belonging(model, path)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in STAYS_BEHIND and (path := path_to_brand(model)) is not None
    }
    found[Entry] = Belonging(Entry, "brand_id")
    return sorted(_each_after_what_it_needs(found), key=lambda one: one.model in LAST)


def _each_after_what_it_needs(found: dict[type[models.Model], Belonging]) -> Iterator[Belonging]:
    given: set[type[models.Model]] = set()

    def give(model: type[models.Model]) -> Iterator[Belonging]:
        if model in given or model not in found:
            return
        given.add(model)
        for key in keys_of(model):
            yield from give(key.related_model)
        yield found[model]

    for model in found:
        yield from give(model)


def keys_of(model: type[models.Model]) -> list[models.ForeignKey[models.Model, models.Model]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def path_to_brand(model: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> str | None:
    """The keys that lead from each row to its brand, as a lookup; None where there is no such way.

    Not through a user: somebody may serve several brands.
    """
    if model is Brand:
        return ""
    ways = []
    for field in keys_of(model):
        if field.null or field.related_model in (*seen, User):
            continue
        rest = path_to_brand(field.related_model, (*seen, model))
        if rest is not None:
            ways.append(f"{field.name}__{rest}".removesuffix("__"))
    return min(ways, key=lambda way: (way.count("__"), way), default=None)
