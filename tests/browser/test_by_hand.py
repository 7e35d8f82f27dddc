"""What Goodword cannot hear, as teammates write it down: in ten seconds, from any page, on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.running import Visitor

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WORDS = "She says the new lid pours far better than the old one."


@pytest.fixture
def foreign_page() -> Iterator[str]:
    """A page of somebody else, with a policy as strict as ours."""

    class Forum(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Kettles & lids</title><p id=said>The lid broke after two weeks.</p>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Forum) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/t/5?utm_source=x"
        server.shutdown()


def test_a_note_takes_three_moves(dana: Visitor) -> None:
    page = dana.opens("/inbox/")
    words = f"{WORDS} {uuid4().hex}"
    page.keyboard.press("w")  # one
    page.wait_for_url("**/said/")
    page.keyboard.type(words)  # two: the field has the focus
    page.keyboard.press("Control+Enter")  # three
    expect(page.locator(".toast-box").first).to_contain_text("Written down: At the counter.")
    expect(page.locator(".written").first).to_contain_text(words)
    expect(page.locator("#said-text")).to_have_value("")


def test_what_was_typed_survives_a_lost_connection_and_is_forgotten_once_taken(visit: Visits) -> None:
    visitor = visit(**PHONE)
    page, words = visitor.opens("/said/"), f"{WORDS} {uuid4().hex}"
    page.get_by_text("At an event", exact=True).tap()
    page.locator("#said-text").fill(words)
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Write it down").tap()
    page.wait_for_timeout(300)
    visitor.context.set_offline(False)
    page = visitor.opens("/said/")
    expect(page.locator("#said-text")).to_have_value(words)
    expect(page.get_by_role("radio", name="At an event")).to_be_checked()
    page.get_by_role("button", name="Write it down").tap()
    expect(page.locator(".written").first).to_contain_text(words)
    expect(page.locator("#said-text")).to_have_value("")
    visitor.opens("/said/")
    expect(page.locator("#said-text")).to_have_value("")
    assert "#taken" not in page.url


def test_the_bookmark_works_on_a_page_of_somebody_else(dana: Visitor, foreign_page: str) -> None:
    address = dana.opens("/log/").locator("[data-bookmark]").get_attribute("href")
    assert address
    assert address.startswith("javascript:")
    page = dana.page
    page.goto(foreign_page)
    page.evaluate("getSelection().selectAllChildren(document.getElementById('said'))")
    with dana.context.expect_page() as opened:
        page.evaluate(unquote(address.removeprefix("javascript:")))
    form = opened.value
    form.wait_for_load_state()
    assert form.evaluate("window.opener") is None, "their page has no hold on ours"
    expect(form.locator("#id_text")).to_have_value("The lid broke after two weeks.")
    expect(form.locator("#id_title")).to_have_value("Kettles & lids")
    expect(form.locator(".log-address")).to_contain_text(foreign_page)


def test_clicked_here_the_bookmark_says_that_it_wants_to_be_dragged(dana: Visitor) -> None:
    page = dana.opens("/log/")
    page.locator("[data-bookmark]").click()
    expect(page.locator("#bookmark-told")).to_contain_text("Drag it to the bookmarks bar")
    assert dana.complaints == []


def test_an_address_is_logged_and_answered_there_with_a_thumb(visit: Visits) -> None:
    visitor = visit(**PHONE)
    page = visitor.opens(f"/log/?text=Look! https://www.trustpilot.com/review/{uuid4().hex}")
    page.locator("#id_text").fill("The lid broke after two weeks. What now?")
    page.get_by_role("button", name="Log it").tap()
    page.wait_for_url("**/conversations/*/")
    link = page.get_by_role("link", name="1. Open it on Trustpilot and answer")
    _has_room_for_a_thumb(link.bounding_box())
    page.locator("#there-text").fill("We send you a new one today.")
    button = page.get_by_role("button", name="I answered there")
    _has_room_for_a_thumb(button.bounding_box())
    button.tap()
    said = page.locator(".said-ours").last
    expect(said).to_contain_text("We send you a new one today.")
    expect(said).to_contain_text("answered there")
    page.locator(".toast-undo").tap()
    expect(page.locator("#there-text")).to_have_value("We send you a new one today.")
    expect(page.locator(".said-ours")).to_have_count(0)


def test_where_a_reply_can_be_sent_it_is_the_second_way(dana: Visitor) -> None:
    page = dana.opens("/inbox/")
    page.locator("[data-list] a.list-row", has_text="Bluesky").last.click()
    page.wait_for_url("**/conversations/*/")
    page.locator(".there-box > summary").click()
    expect(page.locator("#reply-text")).to_be_hidden()
    page.locator("#there-text").fill("Said in the app.")
    page.get_by_role("button", name="I answered there").click()
    expect(page.locator(".said-ours").last).to_contain_text("answered there")
    expect(page.locator("#reply-text")).to_be_visible()


def test_all_of_it_works_without_scripts(visit: Visits) -> None:
    visitor = visit(java_script_enabled=False)
    page: Page = visitor.opens("/said/")
    page.locator("#said-text").fill(WORDS)
    page.get_by_text("They wait for an answer").click()
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_url("**/conversations/*/*")
    page.locator("#there-text").fill("Called her back.")
    page.get_by_role("button", name="I answered there").click()
    expect(page.locator(".said-ours").last).to_contain_text("Called her back.")


def _has_room_for_a_thumb(box: dict[str, float] | None) -> None:
    assert box
    assert box["height"] >= 40, box
    assert box["width"] >= 40, box
