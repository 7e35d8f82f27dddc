"""The whole product on a real network: connect on screen, hear, answer in the browser, seen by others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.running import Running, Visitor, running
from tests.servers.bluesky_network import BlueskyNetwork, Somebody, eventually, opened_by

HEARD_WITHIN = 40_000  # ms, on a busy machine; a few seconds on an idle one


@pytest.fixture
def goodword(bluesky_network: BlueskyNetwork) -> Iterator[Running]:
    opened = opened_by(bluesky_network.service, bluesky_network.firehose)
    with running(GOODWORD_PRIVATE_HOSTS=",".join(opened)) as goodword:
        yield goodword


def connect(dana: Visitor, brand: Somebody, password: str) -> None:
    page = dana.opens("/connections/new/bluesky/")
    page.locator("[name=handle]").fill(brand.handle)
    page.locator("[name=password]").fill(password)
    page.locator("[name=service]").fill(brand.network.service)
    page.locator("[name=firehose]").fill(brand.network.firehose)
    page.get_by_role("button", name="Connect").click()


def ask_for(dana: Visitor, words: str) -> None:
    page = dana.opens("/queries/new/")
    page.locator("[name=name]").fill(words)
    page.locator("[name=text]").fill(words)
    page.get_by_role("button", name="Add the query").click()
    page.wait_for_url("**/queries/")


def test_a_mention_is_answered_in_the_browser_and_the_answer_is_seen_on_bluesky(
    browser: Browser, goodword: Running, bluesky_network: BlueskyNetwork
) -> None:
    brand, ada = bluesky_network.person("steamery"), bluesky_network.person("kettlefan")
    dana = Visitor(browser, goodword.address).signs_in(goodword.link())
    page = dana.page

    connect(dana, brand, "not the password")
    expect(page.locator(".notice-red")).to_be_visible()
    dana.complaints.clear()  # the browser, too, noted that the password was refused
    connect(dana, brand, brand.password)
    page.wait_for_url("**/connections/*/")
    ask_for(dana, "samovar")

    dana.opens("/inbox/")
    asked = ada.says(f"@{brand.handle} does your kettle whistle?", mentioning=(brand,))
    row = page.locator("[data-list] a.list-row", has_text="does your kettle whistle?")
    expect(row).to_be_visible(timeout=HEARD_WITHIN)  # live: nobody reloads
    expect(row.locator(".list-why")).to_contain_text("asks a question · addressed you")
    row.click()
    page.locator("#reply-text").fill("It does, and you can switch it off. — Dana")
    page.locator("[data-send]").click()
    expect(page.locator(".said-ours .said-foot").last).to_contain_text("sent", timeout=HEARD_WITHIN)

    seen: Any = eventually(lambda: ada.replies_to(asked.uri), 30)
    assert [reply.record.text for reply in seen] == ["It does, and you can switch it off. — Dana"]

    ada.edits(asked.uri, f"@{brand.handle} does your big kettle whistle?")
    expect(page.locator(".said").first).to_contain_text("big kettle", timeout=HEARD_WITHIN)

    # Not addressed to anybody: found by the brand's query.
    bystander = bluesky_network.person("quietolive")
    found = bystander.says("My samovar broke again, I am so disappointed.")
    dana.opens("/inbox/")
    complaint = page.locator("[data-list] a.list-row", has_text="samovar broke again")
    expect(complaint).to_be_visible(timeout=HEARD_WITHIN)

    # What our people answer in the native app is ours, and ends the waiting.
    brand.says("So sorry! Write to us, we make it good.", to=found)
    expect(complaint).to_have_count(0, timeout=HEARD_WITHIN)

    bystander.deletes(found.uri)
    dana.opens("/inbox/?view=all")
    gone = page.locator("[data-list] a.list-row", has_text="samovar broke again")
    expect(gone).to_have_count(0, timeout=HEARD_WITHIN)

    # Our own reply can be taken back, there and here.
    dana.opens("/inbox/?view=all")
    page.locator("[data-list] a.list-row", has_text="kettlefan").first.click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".said-foot", has_text="taken back")).to_be_visible(timeout=HEARD_WITHIN)
    eventually(lambda: not ada.replies_to(asked.uri), 30)

    ada.leaves()
    expect(page.locator("#thread")).to_contain_text("account is not active", timeout=HEARD_WITHIN)
    assert dana.complaints == []
    dana.context.close()
