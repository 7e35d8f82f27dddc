"""The first ten minutes: a stranger with an empty home answers a real post, and knows what comes next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.running import Running, Visitor, running
from tests.servers.bluesky_network import BlueskyNetwork, eventually, opened_by
from tests.servers.hackernews import HackerNews, hacker_news
from tests.servers.mail import PASSWORD, MailServer

HEARD_WITHIN = 60_000  # ms, on a busy machine; a few seconds on an idle one
TEN_MINUTES = 600.0
SHOP, SAM = "hello@notional.example", "sam@people.example"
MESSAGE_ID = "<a-lid@people.example>"


@dataclass
class Town:
    """Where people talk: a news site, a network, and by mail."""

    news: HackerNews
    network: BlueskyNetwork
    mail: MailServer
    goodword: Running


@pytest.fixture
def town(bluesky_network: BlueskyNetwork, mail_server: MailServer) -> Iterator[Town]:
    network = bluesky_network
    with hacker_news() as news:
        story = news.submits("reader", "Samovars are back", "https://example.com/samovars")
        news.comments("anna", story, "I love my Notional samovar, it is wonderful.")
        news.comments("ben", story, "Any notional profit is gone, I fear.")
        news.comments("carl", story, "The notional price was never the real one.")
        news.comments("dora", story, "It is a notional sum on paper.")
        doors = [news.door, *opened_by(network.service, network.firehose), *mail_server.opened]
        with running(GOODWORD_HACKERNEWS=news.address, GOODWORD_PRIVATE_HOSTS=",".join(doors)) as goodword:
            yield Town(news, network, mail_server, goodword)


def test_a_stranger_answers_a_real_post_within_ten_minutes(browser: Browser, town: Town) -> None:
    began = time.monotonic()
    dana = Visitor(browser, town.goodword.address)
    page = dana.page

    # The printed link leads to two doors.
    page.goto(town.goodword.link())
    expect(page.get_by_role("heading", name="Start with my brand")).to_be_visible()
    expect(page.get_by_role("heading", name="Look around with the demo")).to_be_visible()
    page.get_by_role("link", name="Start with my brand").click()

    # A name shows what people really say, before any account exists.
    page.get_by_label("Name of the brand").fill("Notional")
    page.get_by_label("And your own name").fill("Dana")
    page.get_by_role("button", name="See what people say").click()
    expect(page.get_by_role("heading", name="1 post is about you")).to_be_visible()
    expect(page.get_by_role("heading", name="3 posts need your eye")).to_be_visible()
    says_no_to_all(page)
    page.get_by_role("button", name="Take these in and go on").click()

    # One account: the one that everybody has.
    expect(page.get_by_role("heading", name="Where do people reach you?")).to_be_visible()
    page.get_by_role("link", name="E-mail").click()
    connect_mail(page, town.mail)
    page.wait_for_url("**/connections/*/")

    # One real answer. The band of the first week leads to the inbox.
    page.get_by_role("link", name="Open the inbox").click()
    town.mail.deliver(question(), to=SHOP, sender=SAM)
    row = page.locator("[data-list] a.list-row", has_text="lid for the small samovar")
    expect(row).to_be_visible(timeout=HEARD_WITHIN)  # live: nobody reloads
    row.click()
    answers(page, "We do, and it is on its way to you tomorrow.")
    answer = eventually(lambda: town.mail.received(SAM), 60)[0]
    assert answer["In-Reply-To"] == MESSAGE_ID
    assert "We do, and it is on its way to you tomorrow." in answer.get_content()
    assert "Dana" in answer["From"]

    # A second account, where people talk in public.
    brand, ada = town.network.person("notionalteam"), town.network.person("teafriend")
    dana.opens("/start/account/")
    page.get_by_role("link", name="Bluesky").click()
    page.locator("[name=handle]").fill(brand.handle)
    page.locator("[name=password]").fill(brand.password)
    page.locator("[name=service]").fill(town.network.service)
    page.locator("[name=firehose]").fill(town.network.firehose)
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url("**/connections/*/")

    dana.opens("/inbox/")
    asked = ada.says(f"@{brand.handle} does it whistle?", mentioning=(brand,))
    row = page.locator("[data-list] a.list-row", has_text="does it whistle?")
    expect(row).to_be_visible(timeout=HEARD_WITHIN)
    row.click()
    answers(page, "It does, and you can switch it off. — Dana")
    seen = eventually(lambda: ada.replies_to(asked.uri), 60)
    assert [reply.record.text for reply in seen] == ["It does, and you can switch it off. — Dana"]

    # What was found on Hacker News is answered there, and counted here.
    dana.opens("/inbox/")
    page.locator("[data-list] a.list-row", has_text="I love my Notional").click()
    expect(page.get_by_role("link", name="Open it on Hacker News")).to_be_visible()
    page.get_by_label("What did you say to anna?").fill("That made our day, thank you!")
    page.get_by_role("button", name="I answered there").click()
    expect(page.locator(".said-ours", has_text="That made our day")).to_be_visible()

    # Where no account is needed, the brand listens already.
    listening = dana.opens("/connections/").get_by_role("region", name="Connected")
    for name in ("Hacker News", "Feeds", SHOP, brand.handle):
        expect(listening).to_contain_text(name)

    # And what remains of the first week is said.
    dana.opens("/people/")
    expect(page.locator(".week-band")).to_contain_text("Choose how you sign in")
    assert time.monotonic() - began < TEN_MINUTES
    assert dana.complaints == []
    dana.context.close()


def question() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = f"Sam Ortiz <{SAM}>", SHOP, MESSAGE_ID
    mail["Subject"], mail["Date"] = "A lid", datetime.now(UTC)
    mail.set_content("Hello, do you sell a lid for the small samovar?\n\nSam")
    return mail


def connect_mail(page: Page, mail: MailServer) -> None:
    mail.mailbox(SHOP)
    mail.mailbox(SAM)
    page.locator("[name=address]").fill(SHOP)
    page.locator("[name=password]").fill(PASSWORD)
    if page.get_by_text("More", exact=True).count():
        page.get_by_text("More", exact=True).click()
    page.locator("[name=imap]").fill(f"127.0.0.1:{mail.imap}")
    page.locator("[name=smtp]").fill(f"127.0.0.1:{mail.smtp}")
    page.get_by_role("button", name="Connect").click()


def answers(page: Page, text: str) -> None:
    page.locator("#reply-text").fill(text)
    page.locator("[data-send]").click()


def says_no_to_all(page: Page) -> None:
    """The cards ask one after the other; each answer is kept at once."""
    for left in (2, 1, 0):
        page.get_by_role("button", name="No", exact=True).first.click()
        expect(page.get_by_role("button", name="No", exact=True)).to_have_count(left)
