"""Passkeys in a real browser, with a device that Chromium plays; and every page about one's account."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Visits
from tests.browser.running import Running, Visitor

PASSWORD = "a kettle that sings"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A telephone or laptop that keeps passkeys, and is shown a finger."""

    def __init__(self, page: Page) -> None:
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        self.id = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def is_shown_a_finger(self, right: bool) -> None:
        self.line.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": right})


@pytest.fixture
def nia(browser: Browser, demo: Running, dana: Visitor) -> Iterator[Visitor]:
    """A new teammate each time, so that nobody's account is in the way of another test."""
    page = dana.opens("/team/")
    page.get_by_label("Whom is it for?").fill("Nia")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("Copy this link now").input_value()
    visitor = Visitor(browser, demo.address)
    page = visitor.page
    page.goto(re.sub(r"^https?://[^/]+", demo.address, link))
    page.get_by_label("Your name").fill("Nia")
    page.get_by_label("E-mail address").fill(f"nia-{link[-8:-1].lower()}@kettle.example")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Join the team").click()
    page.wait_for_url("**/inbox/")
    yield visitor
    assert visitor.complaints == []
    visitor.context.close()


def email_of(visitor: Visitor) -> str:
    return visitor.opens("/you/").locator(".page-head p").inner_text()


def signs_out(visitor: Visitor) -> Page:
    page = visitor.opens("/you/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/")
    return page


def adds_a_passkey(visitor: Visitor, name: str) -> None:
    page = visitor.opens("/you/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name, so that you know it again").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(re.compile("/you/(recovery-codes|second-factor)/"))


def test_a_passkey_is_made_and_opens_by_itself_and_after_a_password(nia: Visitor) -> None:
    email, device = email_of(nia), Device(nia.page)
    adds_a_passkey(nia, "Blue phone")
    expect(nia.page.locator(".code-list li")).to_have_count(10)
    nia.page.get_by_role("button", name="I have kept them").click()
    expect(nia.page.get_by_text("Blue phone").first).to_be_visible()

    page = signs_out(nia)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/inbox/")

    page = signs_out(nia)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    device.is_shown_a_finger(right=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Your device did not give a passkey.")).to_be_visible()
    device.is_shown_a_finger(right=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/inbox/")

    page = nia.opens("/you/second-factor/")
    page.get_by_text("Remove").first.click()
    page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_text("The passkey was removed")).to_be_visible()
    page = signs_out(nia)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/login/"))


def test_at_an_address_of_numbers_it_is_said_where_passkeys_work(browser: Browser, demo: Running) -> None:
    visitor = Visitor(browser, demo.address.replace("localhost", "127.0.0.1"))
    visitor.signs_in(demo.link().replace("localhost", "127.0.0.1"))
    page = visitor.opens("/you/second-factor/")
    expect(page.get_by_text("Passkeys belong to one address. Open Goodword there")).to_be_visible()
    expect(page.get_by_role("link", name="Add a passkey")).to_have_count(0)
    visitor.context.close()


PAGES = [
    "/you/",
    "/you/password/",
    "/you/address/",
    "/you/second-factor/",
    "/you/authenticator/",
    "/you/passkeys/new/",
    "/you/recovery-codes/",
    "/you/sign-ins/",
    "/you/proof/",
    "/team/",
]
DOORS = ["/login/", "/login/forgotten/", "/reset/unknown/"]
PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_every_page_about_an_account_can_be_read(
    visit: Visits, browser: Browser, demo: Running, scheme: str, viewport: dict[str, int]
) -> None:
    inside = visit(color_scheme=scheme, viewport=viewport)
    outside = Visitor(browser, demo.address, color_scheme=scheme, viewport=viewport)
    for visitor, pages in ((inside, PAGES), (outside, DOORS)):
        for path in pages:
            page = visitor.opens(path)
            found = Axe().run(page).response["violations"]
            serious = [problem["id"] for problem in found if problem["impact"] in ("serious", "critical")]
            assert serious == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"
    assert inside.complaints == []
    outside.context.close()
