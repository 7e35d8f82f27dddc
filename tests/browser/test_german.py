"""Is a German reader spoken to in German on every screen, and does the longer German fit?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visits
from tests.browser.test_looks import PHONE, SCREENS, a_person, an_open_conversation
from tests.web.english import english_on

WIDE = {"width": 1280, "height": 900}
MORE = ["/metrics/reply-rate/", "/connections/new/bluesky/", "/connections/1/", "/queries/1/", "/nowhere/"]

# Words of ours that are cut off within their own box: neither wrapped nor whole.
CUT_OFF = """() => [...document.querySelectorAll('button, .btn, a, th, label, .tag, h1, h2, summary')]
  .filter(box => box.offsetParent && box.clientWidth > 1)
  .filter(box => !box.closest('[dir=auto], bdi') && !box.querySelector('[dir=auto], bdi'))
  .filter(box => !box.classList.contains('one-line') && !box.querySelector('.one-line, .two-lines'))
  .filter(box => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX != 'visible')
  .map(box => box.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_screen_speaks_german_and_fits(visit: Visits, viewport: Any) -> None:
    visitor = visit(viewport=viewport, locale="de-DE")
    for path in [*SCREENS, *MORE, an_open_conversation(visitor), a_person(visitor)]:
        page = visitor.opens(path)
        assert page.locator("html").get_attribute("lang") == "de", path
        assert english_on(page.content()) == [], path
        assert _fits(page), f"{path} is too wide"
        assert page.evaluate(CUT_OFF) == [], path


def test_what_scripts_write_is_german_too(visit: Visits) -> None:
    visitor = visit(viewport=WIDE, locale="de-DE")
    page = visitor.opens(an_open_conversation(visitor))
    page.keyboard.press("Shift+?")
    assert page.get_by_text("nächste Unterhaltung").is_visible()
    assert english_on(page.content()) == []


def test_who_chooses_english_is_spoken_to_in_english_by_a_german_browser(visit: Visits) -> None:
    visitor = visit(locale="de-DE")
    page = visitor.opens("/you/")
    page.get_by_label("Sprache").select_option("en")
    page.locator("#reader").get_by_role("button", name="Speichern").click()
    page.get_by_text("This is how Goodword speaks to you now").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_label("Language").select_option("")
    page.locator("#reader").get_by_role("button", name="Save").click()
    page.get_by_text("So spricht Goodword jetzt mit dir").wait_for()


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
