"""All rows of a brand, as they would be in any database: ids replaced by the place in their table."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import models

from goodword.record.belongings import path_to_brand
from goodword.store.models import Entry
from goodword.team.models import Brand, User

ELSEWHERE = {"settings"}  # names the folder of this very install


def dump(brand: Brand) -> dict[str, list[dict[str, Any]]]:
    places = {model: _places(rows) for model, rows in rows_of(brand).items()}
    by_name = {model.__name__.lower(): place for model, place in places.items()}
    return {
        model.__name__: [_row(row, places, by_name) for row in rows] for model, rows in rows_of(brand).items()
    }


def rows_of(brand: Brand) -> dict[type[models.Model], models.QuerySet[Any]]:
    found: dict[type[models.Model], models.QuerySet[Any]] = {}
    for model in apps.get_models(include_auto_created=True):
        path = path_to_brand(model)
        if path is not None:
            found[model] = model._default_manager.filter(**{path or "pk": brand.pk}).order_by("pk")
    found[Entry] = Entry.objects.filter(brand_id=brand.pk).order_by("pk")
    return found


def _places(rows: models.QuerySet[Any]) -> dict[int, int]:
    return {pk: place for place, pk in enumerate(rows.values_list("pk", flat=True))}


def _row(row: models.Model, places: Any, by_name: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in ELSEWHERE or isinstance(row, User):
            continue
        if field.primary_key and not field.remote_field:
            continue
        if field.remote_field:
            value = places.get(field.related_model, {}).get(value, value is None or "elsewhere")
        told[field.name] = _without_ids(field.name, value, row, by_name)
    return told


def _without_ids(name: str, value: Any, row: models.Model, by_name: Any) -> Any:
    if name == "about" and (about := re.fullmatch(r"(\w+):(\d+)", str(value))):
        return about[1], by_name[about[1]][int(about[2])]
    if name == "brand_id":
        return "the brand"
    if isinstance(row, Entry) and name == "ref":
        kind = {"post": "post", "person": "profile", "note": "note", "reply": "reply"}[row.kind]
        return by_name[kind][value]
    if isinstance(value, dict):
        return {
            key: by_name[key].get(item) if key in ("conversation", "connection") else item
            for key, item in value.items()
        }
    return value
