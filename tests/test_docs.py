"""The docs are held to the code: what they name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from goodword import CHECKOUT, __version__

PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
SETTING = re.compile(r"environ\.get\(\"(\w+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert missing == []


def test_every_setting_is_told_to_who_runs_a_server() -> None:
    settings = set(SETTING.findall((CHECKOUT / "goodword/settings.py").read_text("utf-8")))
    told = (CHECKOUT / "docs/serve.md").read_text("utf-8")
    assert len(settings) > 5
    assert [name for name in sorted(settings) if f"`{name}`" not in told] == []


def test_every_folder_of_the_house_is_drawn() -> None:
    drawn = (CHECKOUT / "docs/architecture.md").read_text("utf-8")
    folders = [path.parent.name for path in (CHECKOUT / "goodword").glob("*/__init__.py")]
    assert [name for name in folders if name not in drawn] == []


def test_every_command_says_what_it_does() -> None:
    ours = [name for name, app in get_commands().items() if app == "goodword"]
    assert {"run", "web", "listen", "work", "import", "seed", "match", "understand", "check"} <= set(ours)
    assert [name for name in ours if len(str(load_command_class("goodword", name).help)) < 15] == []


def test_the_version_is_the_newest_in_the_changelog() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert f"## {__version__}" in (CHECKOUT / "CHANGELOG.md").read_text("utf-8")


def test_each_dependency_says_why_it_is_there() -> None:
    for file in sorted((CHECKOUT / "requirements").glob("*.in")):
        lines = [line for line in file.read_text("utf-8").splitlines() if line and line[0] not in "#-"]
        assert [line for line in lines if len(line.partition("#")[2].strip()) < 10] == [], file.name


def test_the_pinned_requirements_name_no_index_and_carry_hashes() -> None:
    for file in sorted((CHECKOUT / "requirements").glob("*.txt")):
        text = file.read_text("utf-8")
        assert "://" not in text.replace("https://github.com", ""), file.name
        assert "--index" not in text
        for package in re.findall(r"^[a-z0-9].*==.*$", text, re.M):
            assert package.rstrip().endswith("\\"), f"{package} has no hash"
