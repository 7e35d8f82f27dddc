"""What all screens have in common: nothing inline, icons that exist, and pages for when something failed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as some

from goodword.channels.base import channels
from goodword.urls import urlpatterns as all_of_ours
from goodword.web import looks
from goodword.web.who import public
from tests.world import Member, World

TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])
STATIC = Path(settings.STATICFILES_DIRS[0])


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


# --- what a browser would refuse -------------------------------------------------------------------


@pytest.mark.parametrize("template", templates(), ids=lambda path: path.name)
def test_nothing_is_inline_since_browsers_are_told_to_refuse_it(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.S)
    assert not re.findall(r"<style|\sstyle=|\son\w+=|hx-on|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.findall(r"""(?:src|href)=["']https?://""", text), "nothing is loaded from elsewhere"


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    drawn = {name for t in templates() for name in re.findall(r'icon\("([a-z0-9-]+)"', t.read_text())}
    assert drawn - there == set()
    assert {kind.icon for kind in channels().values()} - there == set()


def test_the_styles_are_built_from_what_the_templates_say() -> None:
    """`make assets` was forgotten when a class of ours is in a source and not in the built file."""
    built = (STATIC / "css/goodword.css").read_text()
    sources = "".join(path.read_text() for path in Path("assets/css").glob("*.css"))
    ours = set(re.findall(r"^  \.([a-z][a-z-]+) \{", sources, flags=re.M))
    assert len(ours) > 50
    assert {name for name in ours if f".{name}" not in built} == set()


# --- when something failed -------------------------------------------------------------------------


def test_what_does_not_exist_says_what_to_do(world: World, olga: Member) -> None:
    answer = olga.looks_at("/nothing/of/this/name/")
    assert answer.status_code == 404
    assert "This page does not exist" in answer.content.decode()
    assert "/inbox/" in answer.content.decode()


def test_what_one_may_not_do_says_who_can_change_it(world: World, olga: Member) -> None:
    answer = olga.looks_at("/queries/new/")
    assert answer.status_code == 403
    assert "An owner of the brand can change it." in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_plain_words(world: World) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(world.dana.teammate.user)
    answer = careful.post("/queries/new/", {"text": "teapot"})
    assert answer.status_code == 403
    assert "Nothing was saved: please send it again" in answer.content.decode()


def test_whoever_belongs_to_no_brand_is_told_so(world: World) -> None:
    world.eve.teammate.delete()
    answer = world.eve.looks_at("/team/")
    assert answer.status_code == 403
    assert "You belong to no brand any more" in answer.content.decode()


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret is 1234")


urlpatterns = [*all_of_ours, path("broken/", broken)]


@pytest.mark.urls(__name__)
def test_an_error_of_ours_needs_no_database_and_tells_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    """No `db` fixture: pytest refuses every query."""
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something broke on our side" in page
    assert "goodword check" in page
    assert "1234" not in page


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_pages_need_no_request(name: str) -> None:
    assert "<h1>" in loader.get_template(name).render()


# --- names and times -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amina Yusuf", "AY"),
        ("Maximiliane von und zu Hohenlohe", "MH"),
        ("@tom_becker", "TB"),
        ("olga", "O"),
        ("李雷", "李"),
        ("🙂", "?"),
        ("", "?"),
    ],
)
def test_the_letters_of_a_name(name: str, letters: str) -> None:
    assert looks.initials(name) == letters


@tries(max_examples=60)
@given(some.text())
def test_every_name_has_letters_and_always_the_same_colour(name: str) -> None:
    assert looks.initials(name)
    assert 1 <= looks.tone(name) == looks.tone(name) <= looks.TONES


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=6, hours=23), "6 d"),
        (timedelta(days=7), "3 Mar 2026"),
    ],
)
def test_how_long_since(passed: timedelta, words: str) -> None:
    now: Any = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert looks.ago(now - passed, now) == words
