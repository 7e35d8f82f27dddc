"""Answering, as a person does it all day."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visits
from tests.browser.running import Running, Visitor


def open_row(visitor: Visitor, n: int = 0) -> str:
    """Open the n-th waiting conversation; its path."""
    page = visitor.opens("/inbox/")
    page.locator("[data-list] a.list-row").nth(n).click()
    page.wait_for_url("**/conversations/*/")
    return page.url.removeprefix(visitor.address)


def row_of(visitor: Visitor, path: str) -> Locator:
    """The row of one conversation: how many others wait changes when people answer back."""
    return visitor.page.locator(f'[data-list] a.list-row[href^="{path}"]')


def test_the_first_inbox_shows_seven_who_wait_and_a_text_message_on_top(dana: Visitor) -> None:
    page = dana.opens("/inbox/")
    rows = page.locator("[data-list] a.list-row")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("Text message")
    expect(rows.first.locator(".list-why")).to_contain_text(re.compile(r"waiting \d+ of 15 minutes"))
    expect(page.locator(".why").first).to_contain_text("Why this is first")


def test_a_reply_goes_out_is_shown_as_sent_and_leaves_the_list(dana: Visitor) -> None:
    path = open_row(dana, 6)
    page = dana.page
    page.locator("#reply-text").fill("Thank you for telling us. I look after it myself, today.")
    page.locator("#reply-text").press("Control+Enter")
    page.wait_for_url(f"**{path}")
    expect(page.locator(".toast-box").first).to_contain_text("Your reply to")
    # The page hears by itself that it went out: no reload.
    expect(page.locator(".said-ours .said-foot").last).to_contain_text("sent")
    expect(row_of(dana, path)).to_have_count(0)


def test_a_reply_is_undone_and_its_words_are_back(visit: Visits) -> None:
    visitor = visit()
    open_row(visitor, 1)
    page = visitor.page
    words = "These words I want to think over."
    page.locator("#reply-text").fill(words)
    page.locator("[data-send]").click()
    page.locator(".toast-undo").click()
    expect(page.locator("#reply-text")).to_have_value(words)
    expect(page.locator(".toast-box").first).to_contain_text("It was not sent.")


def test_keys_do_what_the_field_is_used_to(dana: Visitor) -> None:
    first = open_row(dana)
    page = dana.page
    page.keyboard.press("j")
    page.wait_for_url(lambda url: not url.endswith(first))
    page.keyboard.press("k")
    page.wait_for_url(f"**{first}")
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("jk")  # typed, not obeyed
    expect(page.locator("#reply-text")).to_have_value("jk")
    page.locator("#reply-text").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="To me")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")


def test_e_resolves_goes_on_to_the_next_and_can_be_undone(dana: Visitor) -> None:
    path = open_row(dana, 2)
    page = dana.page
    page.keyboard.press("e")
    page.wait_for_url(lambda url: not url.endswith(path))
    expect(row_of(dana, path)).to_have_count(0)
    page.locator(".toast-undo").click()
    page.wait_for_url(f"**{path}")
    expect(row_of(dana, path)).to_have_count(1)


def test_a_note_is_for_the_team_and_found_by_search(dana: Visitor) -> None:
    open_row(dana, 1)
    page = dana.page
    page.keyboard.press("n")
    page.locator("#note-text").fill("Called the xylophone courier about it.")
    page.get_by_role("button", name="Note", exact=True).click()
    expect(page.locator(".said-note")).to_contain_text("xylophone")
    page = dana.opens("/search/?q=xyloph")
    expect(page.locator(".rows")).to_contain_text("note by")


def test_one_sees_the_other_typing_and_is_stopped_from_answering_at_the_same_time(
    visit: Visits, demo: Running, browser: object
) -> None:
    demo.command("owner", "cy@example.com", "--name", "Cy")
    dana = visit()
    cy = Visitor(browser, demo.address).signs_in(demo.link("cy@example.com"))  # type: ignore[arg-type]
    path = open_row(dana, 1)
    cy.opens(path)
    dana.page.locator("#reply-text").press_sequentially("I am on it")
    expect(cy.page.locator(".writing")).to_contain_text("is writing an answer")
    cy.page.locator("#reply-text").fill("So am I!")
    cy.page.locator("[data-send]").click()
    expect(cy.page.locator(".composer .notice")).to_contain_text("is writing an answer right now")
    expect(cy.page.locator("#reply-text")).to_have_value("So am I!")
    cy.context.close()


def test_an_overlong_reply_is_refused_with_its_words_kept(dana: Visitor) -> None:
    dana.opens("/inbox/")
    row = dana.page.locator("[data-list] a.list-row", has_text="Bluesky").first
    row.click()
    dana.page.wait_for_url("**/conversations/*/")
    words = "long " * 70
    dana.page.locator("#reply-text").fill(words)
    expect(dana.page.locator("[data-length]")).to_contain_text("349 of 300")
    expect(dana.page.locator("[data-length] .too-long")).to_be_visible()
    dana.page.locator("[data-send]").click()
    expect(dana.page.locator(".composer .notice")).to_contain_text("Too long")
    assert dana.page.locator("#reply-text").input_value().strip() == words.strip()
    dana.page.locator("#reply-text").fill("")


def test_a_reply_carries_a_picture_with_its_description(dana: Visitor) -> None:
    dana.opens("/inbox/")
    dana.page.locator("[data-list] a.list-row", has_text="Bluesky").first.click()
    dana.page.wait_for_url("**/conversations/*/")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "#4b3fd6").save(picture, "PNG")
    file = {"name": "kettle.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    dana.page.locator("[data-file]").set_input_files(file)
    dana.page.locator("#reply-text").fill("This is how the new lid looks.")
    dana.page.locator("#alt").fill("A violet lid")
    dana.page.locator("[data-send]").click()
    expect(dana.page.locator(".said-ours .said-foot").last).to_contain_text("sent")


def test_everything_main_works_without_scripts(visit: Visits) -> None:
    visitor = visit(java_script_enabled=False)
    path = open_row(visitor, 1)
    page = visitor.page
    page.locator("#reply-text").fill("Written without a single script.")
    page.locator("[data-send]").click()
    page.wait_for_url(re.compile(re.escape(path)))
    expect(page.locator(".said-ours").last).to_contain_text("Written without a single script.")
