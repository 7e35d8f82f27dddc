"""Can every screen be read, by everybody, on every screen, in light and dark?"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visits
from tests.browser.running import Visitor

SCREENS = [
    "/inbox/",
    "/inbox/?view=resolved",
    "/people/",
    "/search/?q=kettle",
    "/metrics/",
    "/accuracy/",
    "/connections/",
    "/connections/new/email/",
    "/connections/new/feeds/",
    "/queries/",
    "/team/",
    "/brand/",
    "/check/",
    "/backups/",
    "/brand/handovers/",
    "/brands/takeovers/",
    "/import/",
    "/said/",
    "/log/",
    "/log/?url=https://www.trustpilot.com/review/kettle&title=Kettles&text=It+broke",
    "/you/",
    "/you/notifications/",
    "/notices/",
    "/brand/hooks/",
    "/brand/hooks/new/",
    "/offline/",
]
SERIOUS = {"serious", "critical"}
PHONE = {"width": 360, "height": 740}
NOT_THE_PAGES_FAULT = ("favicon",)


def found_by_axe(visitor: Visitor) -> list[str]:
    results: Any = Axe().run(visitor.page).response
    return [
        f"{problem['id']} at {node['target']}: {node['failureSummary']}"
        for problem in results["violations"]
        if problem["impact"] in SERIOUS
        for node in problem["nodes"][:3]
    ]


def an_open_conversation(visitor: Visitor) -> str:
    visitor.opens("/inbox/")
    return str(visitor.page.locator("[data-list] a.list-row").last.get_attribute("href"))


def a_person(visitor: Visitor) -> str:
    visitor.opens("/people/")
    return str(visitor.page.locator("a.row").first.get_attribute("href"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(visit: Visits, scheme: str, viewport: Any) -> None:
    context = {"color_scheme": scheme} | ({"viewport": viewport} if viewport else {})
    visitor = visit(**context)
    for path in [*SCREENS, an_open_conversation(visitor), a_person(visitor)]:
        page = visitor.opens(path)
        assert found_by_axe(visitor) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"
    assert visitor.complaints == []


def test_the_door_can_be_read_before_signing_in(browser: Any, demo: Any) -> None:
    visitor = Visitor(browser, demo.address)
    for path in ["/login/", "/link/unknown/", "/join/unknown/"]:
        visitor.opens(path)
        assert found_by_axe(visitor) == [], path
    visitor.context.close()
