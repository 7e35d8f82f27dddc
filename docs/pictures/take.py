"""Takes the pictures of these docs from a fresh demo: `.venv/bin/python docs/pictures/take.py`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.browser.running import Visitor, chromium, running  # noqa: E402
from tests.servers.hackernews import HackerNews, hacker_news  # noqa: E402

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


def main() -> None:
    with running("--demo") as goodword, chromium() as browser:
        state = Visitor(browser, goodword.address).signs_in(goodword.link()).context.storage_state()
        for name, viewport, scheme in [
            ("", DESKTOP, "light"),
            ("-dark", DESKTOP, "dark"),
            ("-phone", PHONE, "light"),
            ("-phone-dark", PHONE, "dark"),
        ]:
            visitor = Visitor(
                browser, goodword.address, storage_state=state, viewport=viewport, color_scheme=scheme
            )
            for screen, path in screens(visitor).items():
                _one(visitor, path, f"{screen}{name}")
        _understood(Visitor(browser, goodword.address, storage_state=state, viewport=DESKTOP))
        german = Visitor(browser, goodword.address, storage_state=state, viewport=DESKTOP, locale="de-DE")
        _one(german, "/inbox/", "inbox-german")


def _one(visitor: Visitor, path: str, name: str) -> None:
    visitor.opens(path)
    visitor.page.wait_for_timeout(400)
    visitor.page.screenshot(path=HERE / f"{name}.png")


def doors() -> None:
    """What a stranger sees first: an empty home, and a news site that speaks of their brand."""
    with hacker_news() as news:
        _talk(news)
        opened = {"GOODWORD_HACKERNEWS": news.address, "GOODWORD_PRIVATE_HOSTS": news.door}
        with running(**opened) as goodword, chromium() as browser:
            visitor = Visitor(browser, goodword.address, viewport=DESKTOP)
            page = visitor.page
            page.goto(goodword.link())
            _both(visitor, "doors")
            page.get_by_role("link", name="Start with my brand").click()
            page.get_by_label("Name of the brand").fill("Steamwren")
            page.get_by_role("button", name="See what people say").click()
            page.get_by_role("heading", name="about you").wait_for()
            _both(visitor, "what-people-say")


def _talk(news: HackerNews) -> None:
    story = news.submits("mira_k", "Kettles that last: what do you use?", "https://example.com/kettles")
    for by, text in [
        ("tomasz", "Four years with a Steamwren Fold. I love that it survives my backpack."),
        ("aoife_b", "Does the Steamwren One switch off by itself? Mine is so old that it does not."),
        ("lindqvist", "My Steamwren leaks at the lid, and nobody answers their phone."),
        ("pelle", "Steamwren here too. The whistle is loud enough for the whole house."),
    ]:
        news.comments(by, story, text)


def _understood(visitor: Visitor) -> None:
    """A post whose words light up for one of its labels."""
    page = visitor.opens_to_answer(1)
    page.locator(".labels-one summary").first.click()
    _both(visitor, "understood")


def _both(visitor: Visitor, screen: str) -> None:
    for name, viewport in (("", DESKTOP), ("-phone", PHONE)):
        visitor.page.set_viewport_size(viewport)
        visitor.page.wait_for_timeout(400)
        visitor.page.screenshot(path=HERE / f"{screen}{name}.png")
    visitor.page.set_viewport_size(DESKTOP)


def screens(visitor: Visitor) -> dict[str, str]:
    page = visitor.opens("/inbox/")
    first = str(page.locator("[data-list] a.list-row").first.get_attribute("href"))
    page = visitor.opens(first)
    person = str(page.locator(".thread-who a").get_attribute("href"))
    return {
        "inbox": "/inbox/" if visitor.page.viewport_size == DESKTOP else first,
        "person": person,
        "connect": "/connections/new/email/",
        "what-you-hear-of": "/you/notifications/",
        "metrics": "/metrics/",
    }


if __name__ == "__main__":
    doors()
    main()
