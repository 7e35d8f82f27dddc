"""Does everything point down: imports, and the keys between tables?"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

PROJECT = Path(__file__).parent.parent
PURE = ("channels", "matching", "understanding", "net")


def test_imports_point_down_and_pure_folders_know_no_django() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_folder_has_its_place_in_the_house() -> None:
    folders = {path.parent.name for path in (PROJECT / "goodword").glob("*/__init__.py")}
    assert folders <= set(_layers()), "add the new folder to the layers in pyproject.toml, deliberately"


def test_keys_between_tables_point_to_the_same_or_a_lower_folder() -> None:
    # Keys may be written as strings ("conversations.Reply"), which the import contract does not see.
    ours = [model for model in apps.get_models() if model.__module__.startswith("goodword.")]
    assert len(ours) > 20
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and _is_higher(field.related_model, model)  # type: ignore[arg-type]
    ]
    assert not upward


def test_the_walk_over_keys_sees_one_that_points_up() -> None:
    from goodword.conversations.models import Reply
    from goodword.people.models import Person

    assert _is_higher(Reply, Person)
    assert not _is_higher(Person, Reply)


@pytest.mark.parametrize("folder", PURE)
def test_a_pure_folder_can_be_used_where_django_is_not_installed(folder: str) -> None:
    modules = [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in sorted((PROJECT / "goodword" / folder).rglob("*.py"))
        if path.name != "__init__.py"
    ]
    loads = f"import sys; sys.modules['django'] = None; import {', '.join(modules) or 'goodword'}"
    done = subprocess.run(
        [sys.executable, "-c", loads], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


@cache
def _layers() -> dict[str, int]:
    """Each folder's storey, counted from the top."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    lines = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(): storey for storey, line in enumerate(lines) for name in line.split("|")}


def _is_higher(one: type[models.Model], other: type[models.Model]) -> bool:
    """Does `one` live on a higher storey than `other`? What is not ours lives below the house."""
    folders = [model.__module__.split(".") for model in (one, other)]
    if folders[0][0] != "goodword":
        return False
    return _layers()[folders[0][1]] < _layers()[folders[1][1]]
