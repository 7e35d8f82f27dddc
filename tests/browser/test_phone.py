"""With a thumb, on a phone of 360 pixels: everything a day needs, and nothing that slips away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visits
from tests.browser.running import Running, Visitor
from tests.web.test_routes import ROUTES

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
WITH_KEYBOARD = {"width": 360, "height": 440}  # what is left of it

# Everything that can be pressed, but links within sentences (their lines have no room) and the columns of
# a chart (each has its row in the table below it).
TOO_SMALL = """() => [...document.querySelectorAll(
  'a[href], button, select, input:not([type=hidden]), textarea, summary, label.btn'
)].filter(e => {
  if (!e.checkVisibility() || e.closest('.sr-only, .skip, .chart') || e.matches('.chart-week')) return false
  const box = (e.closest('label') ?? e).getBoundingClientRect()
  const own = e.getBoundingClientRect()
  if (!own.width || !own.height) return false
  if (e.tagName === 'A' && getComputedStyle(e).display === 'inline') return false
  return Math.max(box.height, own.height) < 43.5 || Math.max(box.width, own.width) < 43.5
}).map(e => `${e.tagName} ${e.className.baseVal ?? e.className}: ${e.textContent.trim().slice(0, 40)}`)"""


@pytest.fixture
def phone(visit: Visits) -> Visitor:
    return visit(**PHONE)


@pytest.fixture(scope="module")
def own(browser: Browser, demo: Running) -> Iterator[Visitor]:
    """A colleague with a phone and a sign-in of their own, so that others' conversations stay as they are."""
    demo.command("owner", "thumb@example.com", "--name", "Thea Thumb")
    visitor = Visitor(browser, demo.address, **PHONE).signs_in(demo.link("thumb@example.com"))
    yield visitor
    visitor.context.close()


def rows(page: Page) -> Any:
    return page.locator("[data-list] a.list-row")


def open_row(visitor: Visitor, n: int) -> str:
    page = visitor.opens("/inbox/?view=all")
    rows(page).nth(n).tap()
    page.wait_for_url("**/conversations/*/**")
    return page.url


# --- every screen ----------------------------------------------------------------------------------


def screens(visitor: Visitor) -> Iterator[str]:
    """Every address without a hole, and one of each kind that has one."""
    yield from (f"/{route.pattern}" for route in ROUTES if "<" not in route.pattern)
    for listed, link in [
        ("/inbox/", "a.list-row"),
        ("/people/", 'a[href*="/people/"]'),
        ("/metrics/", 'a[href^="/metrics/"][href$="/"]:not([href="/metrics/"])'),
        ("/connections/", 'a[href^="/connections/new/"]'),
        ("/connections/", 'a.row[href^="/connections/"]'),
        ("/queries/", 'a[href^="/queries/"]:not([href$="/new/"])'),
    ]:
        found = visitor.opens(listed).locator(f"main :is({link})")
        if found.count():
            yield str(found.first.get_attribute("href"))


# A stream; the door out; a way to the inbox; a part of it.
LEAVE_OUT = {"/live/", "/logout/", "/", "/inbox/list/"}


def test_no_screen_is_wider_than_the_phone_and_everything_is_as_big_as_a_thumb(phone: Visitor) -> None:
    wrong: dict[str, Any] = {}
    seen = 0
    for path in list(screens(phone)):
        if path in LEAVE_OUT:
            continue
        answer = phone.context.request.get(phone.address + path)
        if answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        phone.opens(path)
        seen += 1
        width = phone.page.evaluate("document.documentElement.scrollWidth")
        small = phone.page.evaluate(TOO_SMALL)
        if width > 360 or small:
            wrong[path] = (width, small)
    assert wrong == {}
    assert seen > 20


# --- a day -----------------------------------------------------------------------------------------


def test_the_list_is_scrolled_a_conversation_opened_and_back_one_stands_where_one_was(phone: Visitor) -> None:
    page = phone.opens("/inbox/?view=all")
    there = rows(page).nth(14)
    there.scroll_into_view_if_needed()
    before = page.locator("#list").evaluate("list => list.scrollTop")
    assert before > 500
    there.tap()
    page.wait_for_url("**/conversations/*/**")
    page.get_by_role("link", name="Back to the list").tap()
    page.wait_for_url("**/inbox/?view=all")
    after = page.locator("#list").evaluate("list => list.scrollTop")
    assert abs(after - before) < 200
    expect(there).to_be_in_viewport()


def test_an_answer_is_typed_sent_and_taken_back_by_the_thumb(own: Visitor) -> None:
    page = own.opens_to_answer(1)
    page.locator("#reply-text").tap()
    page.keyboard.type("I look after it, today.")
    page.locator("[data-send]").tap()
    page.locator(".toast-undo").tap()  # at once: it waits for seconds only
    expect(page.locator("#reply-text")).to_have_value("I look after it, today.")
    expect(page.locator(".toast-box").first).to_contain_text("It was not sent.")
    page.locator("#reply-text").fill("")


@pytest.mark.parametrize("act", ["assign", "snooze", "resolve"])
def test_each_act_is_in_reach_and_can_be_undone(own: Visitor, act: str) -> None:
    page = own.opens("/inbox/")
    rows(page).nth(2).tap()
    page.wait_for_url("**/conversations/*/")
    acts = page.locator(".thread-acts")
    if act == "resolve":
        acts.get_by_role("button", name="Resolve").tap()
    else:
        acts.locator("summary").nth(0 if act == "assign" else 1).tap()
        choice = page.get_by_role("button", name="To me" if act == "assign" else "For an hour")
        expect(choice).to_be_in_viewport(ratio=1)
        choice.tap()
    undo = page.locator(".toast-undo")
    expect(undo).to_be_in_viewport(ratio=1)
    undo.tap()
    expect(page.locator(".toast-box").first).to_contain_text("Undone.")


def test_menus_stay_within_the_screen(phone: Visitor) -> None:
    open_row(phone, 0)
    menus = phone.page.locator(".thread-acts details.menu")
    for n in range(menus.count()):
        menus.nth(n).locator("summary").tap()
        box = menus.nth(n).locator(".menu-list").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        phone.page.keyboard.press("Escape")


def test_the_keyboard_does_not_hide_what_is_typed_nor_the_button(phone: Visitor) -> None:
    page = phone.opens_to_answer(0, "/inbox/?view=all")
    page.locator("#reply-text").tap()
    page.set_viewport_size(WITH_KEYBOARD)
    expect(page.locator("#reply-text")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-send]")).to_be_in_viewport(ratio=1)
    expect(page.locator(".tabbar")).to_be_hidden()
    # And of what they said, at least a line is left to be read.
    thread = page.locator("#thread").bounding_box()
    assert thread
    assert thread["height"] > 100


def test_on_an_iphone_the_page_makes_room_for_its_keyboard(phone: Visitor) -> None:
    page = phone.opens_to_answer(0, "/inbox/?view=all")
    page.locator("#reply-text").tap()
    # Safari leaves the page as it is and lays the keyboard over it: only visualViewport tells.
    page.evaluate(
        "() => { Object.defineProperty(visualViewport, 'height', { get: () => innerHeight - 300 });"
        " visualViewport.dispatchEvent(new Event('resize')) }"
    )
    box = page.locator("[data-send]").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 740 - 300


def test_a_colleague_called_by_one_touch_sees_it_at_the_bell_and_reading_it_there_ends_it(
    own: Visitor, phone: Visitor
) -> None:
    page = own.opens("/inbox/")
    rows(page).nth(2).tap()
    page.wait_for_url("**/conversations/*/")
    page.locator(".note-box summary", has_text="Note for the team").tap()
    page.locator("#note-text").tap()
    page.keyboard.type("Do you know this,")
    page.locator(".calls button", has_text="Dana").tap()
    expect(page.locator("#note-text")).to_have_value("Do you know this, @Dana ")
    page.get_by_role("button", name="Note", exact=True).tap()
    expect(page.locator(".said-note mark").last).to_have_text("@Dana")

    page = phone.opens("/inbox/")
    bell = page.locator(".pane-head .bell-count")
    expect(bell).to_be_visible()  # it came by itself, within seconds
    page.locator(".pane-head .bell").tap()
    page.wait_for_url("**/notices/")
    news = page.locator(".notice-row.is-news", has_text="Thea Thumb called you in a note")
    before = page.locator(".notice-row.is-news").count()
    news.first.tap()
    page.wait_for_url("**/conversations/*/")
    expect(page.locator(".said-note").last).to_contain_text("@Dana")
    page = phone.opens("/notices/")
    expect(page.locator(".notice-row.is-news")).to_have_count(before - 1)


def test_the_title_of_the_tab_counts_too(phone: Visitor) -> None:
    page = phone.opens("/inbox/")
    news = int(page.locator("body").get_attribute("data-news") or 0)
    assert page.title() == (f"({news}) Inbox · Goodword" if news else "Inbox · Goodword")
