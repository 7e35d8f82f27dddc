"""Takes the pictures of these docs from a fresh demo: `.venv/bin/python docs/pictures/take.py`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.browser.running import Visitor, chromium, running  # noqa: E402

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
                visitor.opens(path)
                visitor.page.wait_for_timeout(400)
                visitor.page.screenshot(path=HERE / f"{screen}{name}.png")


def screens(visitor: Visitor) -> dict[str, str]:
    page = visitor.opens("/inbox/")
    first = str(page.locator("[data-list] a.list-row").first.get_attribute("href"))
    page = visitor.opens(first)
    person = str(page.locator(".thread-who a").get_attribute("href"))
    return {
        "inbox": "/inbox/" if visitor.page.viewport_size == DESKTOP else first,
        "person": person,
        "connect": "/connections/new/bluesky/",
        "metrics": "/metrics/",
    }


if __name__ == "__main__":
    main()
