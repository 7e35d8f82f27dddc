"""Labels that open and light up their words, and ten posts checked from the keyboard."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visits
from tests.browser.running import Visitor

NOTHING = "rgba(0, 0, 0, 0)"


def background(words: Locator) -> str:
    return str(words.first.evaluate("words => getComputedStyle(words).backgroundColor"))


def a_labelled_conversation(visitor: Visitor) -> None:
    page = visitor.opens("/inbox/?view=all")
    page.locator("a.list-row", has=page.locator(".tag", has_text="question")).first.click()
    page.wait_for_url("**/conversations/*/**")


def test_a_label_lights_up_its_words_from_the_keyboard_and_only_while_it_is_open(visit: Visits) -> None:
    visitor = visit()
    a_labelled_conversation(visitor)
    bubble = visitor.page.locator(".bubble", has=visitor.page.locator("mark.because-1")).first
    words, label = bubble.locator("mark.because.because-1"), bubble.locator(".labels-1 summary")
    assert background(words) == NOTHING
    label.focus()
    visitor.page.keyboard.press("Enter")
    expect(bubble.locator(".labels-1 .labels-box")).to_be_visible()
    assert background(words) != NOTHING
    visitor.page.keyboard.press("Enter")
    assert background(words) == NOTHING
    assert visitor.complaints == []


def test_a_correction_of_one_click_is_undone_by_its_toast_without_scripts_too(visit: Visits) -> None:
    visitor = visit(java_script_enabled=False)
    a_labelled_conversation(visitor)
    page = visitor.page
    question = page.locator(".labels-one", has=page.locator("summary", has_text="question"))
    before = question.count()
    question.first.locator("summary").click()
    question.first.get_by_role("button", name="Not a question").click()
    expect(question).to_have_count(before - 1)
    page.get_by_role("button", name="Undo").first.click()
    expect(question).to_have_count(before)


def test_ten_posts_are_checked_from_the_keyboard(visit: Visits) -> None:
    visitor = visit()
    page = visitor.opens("/accuracy/")
    page.locator('form[action="/accuracy/draws/"] button, a[href="/accuracy/check/"]').first.click()
    page.wait_for_url("**/accuracy/check/")
    for n in range(1, 11):
        expect(page.get_by_text(f"Post {n} of 10")).to_be_visible()
        page.keyboard.press("n")
        expect(page.locator(".chip :focus")).to_have_count(1)
        feelings = page.locator("input[name=feeling]")
        if feelings.count() and not page.locator("input[name=feeling]:checked").count():
            feelings.first.check()
        page.keyboard.press("s" if n == 2 else "y")
    page.wait_for_url("**/accuracy/")
    expect(page.get_by_text("Those were all of them")).to_be_visible()
    expect(page.get_by_text(" of 9").first).to_be_visible()
    assert visitor.complaints == []
