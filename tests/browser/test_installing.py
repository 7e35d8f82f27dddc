"""Goodword as an app: it installs, it says so when there is no network, and it wakes its owner."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Visits
from tests.browser.running import PATIENCE, Running, Visitor

LOOK_EVERY = 100  # ms
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@pytest.fixture
def phone(visit: Visits) -> Visitor:
    return visit(**PHONE)


def ready(page: Page) -> None:
    """Until the service worker has the page in its hands."""
    eventually(page, "() => navigator.serviceWorker.controller !== null")


def eventually(page: Page, asked: str) -> Any:
    """What this says once it says something. (Playwright's own waiting needs what our pages forbid: eval.)"""
    for _n in range(3 * PATIENCE // LOOK_EVERY):
        if said := page.evaluate(asked):
            return said
        page.wait_for_timeout(LOOK_EVERY)
    raise AssertionError(f"never: {asked}")


def test_the_manifest_is_valid_and_its_icons_are_there(dana: Visitor) -> None:
    page = dana.opens("/inbox/")
    protocol = dana.context.new_cdp_session(page)
    found = protocol.send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    assert manifest["start_url"] == "/inbox/"
    assert manifest["display"] == "standalone"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        size = page.evaluate(
            "async src => { const i = await createImageBitmap(await (await fetch(src)).blob());"
            " return `${i.width}x${i.height}` }",
            icon["src"],
        )
        assert size == icon["sizes"]


def test_chromium_finds_nothing_that_stands_against_installing(phone: Visitor) -> None:
    page = phone.opens("/inbox/")
    ready(page)
    protocol = phone.context.new_cdp_session(page)
    errors = protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser of a test keeps nothing, like a private window: that alone is not ours.
    assert {error["errorId"] for error in errors} <= {"in-incognito"}


def test_nobodys_page_is_kept_only_files_that_are_the_same_for_all(phone: Visitor) -> None:
    page = phone.opens("/inbox/")
    ready(page)
    phone.opens("/people/")
    phone.opens("/you/")
    kept = page.evaluate(
        "async () => { const out = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys()) out.push(new URL(one.url).pathname);"
        " return out }"
    )
    assert "/offline/" in kept
    assert [path for path in kept if not path.startswith("/static/") and path != "/offline/"] == []


def test_the_page_without_a_network_names_nobody(phone: Visitor) -> None:
    page = phone.opens("/offline/")
    expect(page.locator("h1")).to_contain_text("You are offline")
    assert "Dana" not in page.content()
    assert "csrf" not in page.content()


def test_without_a_network_it_says_so_and_goes_on_when_there_is_one(phone: Visitor) -> None:
    page = phone.opens("/inbox/")
    ready(page)
    phone.context.set_offline(True)
    page.goto(phone.address + "/people/")
    expect(page.locator("h1")).to_contain_text("You are offline")
    expect(page.locator("main")).to_contain_text("Nothing is lost")
    phone.context.set_offline(False)  # it goes on by itself
    expect(page.locator("h1")).to_contain_text("People")


def test_a_reply_typed_without_a_network_is_there_again_and_goes_out_once(phone: Visitor) -> None:
    ready(phone.opens("/inbox/"))
    page = phone.opens_to_answer(3)
    path = page.url
    words = f"I write this in a tunnel, and it must not be lost: {uuid.uuid4().hex[:8]}."
    page.locator("#reply-text").fill(words)
    phone.context.set_offline(True)
    page.locator("[data-send]").tap()
    expect(page.locator("h1")).to_contain_text("You are offline")
    phone.context.set_offline(False)
    page.wait_for_url(path)
    expect(page.locator("#reply-text")).to_have_value(words)
    page.locator("[data-send]").tap()
    expect(page.locator(".said-ours").last).to_contain_text(words)
    phone.opens(path.removeprefix(phone.address))
    expect(page.locator("#reply-text")).to_have_value("")  # what was taken is not offered again
    expect(page.locator(".said-ours", has_text=words)).to_have_count(1)


def test_who_signs_out_leaves_nothing_behind_in_this_browser(browser: Browser, demo: Running) -> None:
    phone = Visitor(browser, demo.address, **PHONE).signs_in(demo.link())
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    ready(phone.opens("/inbox/"))
    page = phone.opens_to_answer(2)
    page.locator("#reply-text").fill("Half a thought")
    assert page.evaluate("Object.keys(localStorage).length") > 0
    phone.opens("/you/")
    page.get_by_role("button", name="Sign out").tap()
    page.wait_for_url("**/login/**")
    left = page.evaluate(
        "async () => [Object.keys(localStorage).filter(name => name.startsWith('goodword-')),"
        " (await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length]"
    )
    assert left == [[], 0, 0]
    phone.context.close()


# --- being woken -----------------------------------------------------------------------------------


def worker_of(visitor: Visitor, page: Page) -> tuple[CDPSession, str]:
    """The service worker, as the developer tools know it."""
    protocol = visitor.context.new_cdp_session(page)
    found: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(r["registrationId"] for r in event["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    for _n in range(PATIENCE // LOOK_EVERY):
        if found:
            break
        page.wait_for_timeout(LOOK_EVERY)
    assert found
    return protocol, found[-1]


def test_a_message_is_shown_with_its_words_and_counted_on_the_icon(demo: Running, phone: Visitor) -> None:
    phone.context.grant_permissions(["notifications"], origin=demo.address)
    page = phone.opens("/inbox/")
    ready(page)
    protocol, registration = worker_of(phone, page)
    message = {
        "title": "Noor Haddad sent a private message",
        "body": "Text messages",
        "path": "/notices/1/",
        "tag": "conversation-1",
        "unread": 2,
    }
    for _twice in range(2):  # the second of the same conversation takes the place of the first
        protocol.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": demo.address, "registrationId": registration, "data": json.dumps(message)},
        )
    shown = eventually(
        page,
        "async () => { const all = await (await navigator.serviceWorker.ready).getNotifications();"
        " const told = ({ title, body, tag, data }) => ({ title, body, tag, path: data.path });"
        " return all.length && all.map(told) }",
    )
    del message["unread"]
    assert shown == [message]


def test_a_message_that_cannot_be_read_is_shown_all_the_same(demo: Running, phone: Visitor) -> None:
    phone.context.grant_permissions(["notifications"], origin=demo.address)
    page = phone.opens("/inbox/")
    ready(page)
    protocol, registration = worker_of(phone, page)
    protocol.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": demo.address, "registrationId": registration, "data": "not json"},
    )
    eventually(
        page,
        "async () => { const worker = await navigator.serviceWorker.ready;"
        " return (await worker.getNotifications({ tag: 'goodword' })).length === 1 }",
    )
