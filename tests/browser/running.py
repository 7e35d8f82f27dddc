"""Goodword as its users run it: a process of its own with a home of its own, and a browser before it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.servers.processes import Server, free_port, missing

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN = 240.0  # seconds, with the making of the demo brand, on a busy machine
PATIENCE = 15_000  # ms: a sentence or a button that does not appear by then never will
expect.set_options(timeout=PATIENCE)

# A home of a test belongs to the test alone, whatever the suite itself runs on.
OWN = {"DATABASE_URL": "", "GOODWORD_URL": "", "GOODWORD_UNDO_SECONDS": "4", "GOODWORD_PRIVATE_HOSTS": ""}


@dataclass
class Running:
    """A running Goodword."""

    address: str
    home: Path
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """Run a `goodword` command in this home; what it printed."""
        return goodword(self.home, self.environment, *words)

    def link(self, email: str = "") -> str:
        printed = self.command("link", *filter(None, [email]))
        token = re.search(r"/link/(\S+)/", printed)
        assert token, printed
        return f"{self.address}/link/{token.group(1)}/"


def goodword(home: Path, environment: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "goodword", *words],
        env=_environment(home, environment),
        capture_output=True,
        text=True,
        timeout=STARTS_WITHIN,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@contextmanager
def running(*options: str, **environment: str) -> Iterator[Running]:
    """`goodword run` in an empty home, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="goodword-home-", ignore_cleanup_errors=True) as folder:
        home, port = Path(folder), free_port()
        address = f"http://localhost:{port}"
        command = [sys.executable, "-m", "goodword", "run", "--port", str(port), *options]
        server = Server(command, home / "log", _environment(home, environment))
        try:
            server.wait_until(lambda: _answers(f"{address}/login/"), STARTS_WITHIN)
            yield Running(address, home, dict(environment))
        finally:
            server.stop()


def _environment(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    own = {name: value for name, value in OWN.items() if value}
    return {**kept, **own, **environment, "GOODWORD_HOME": str(home)}


def _answers(address: str) -> bool:
    with suppress(OSError):
        return bool(urllib.request.urlopen(address, timeout=2).status == 200)
    return False


@contextmanager
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        missing("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser; what their console complains of is kept."""

    def __init__(self, browser: Browser, address: str, **context: Any) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(
            viewport=context.pop("viewport", {"width": 1440, "height": 900}), **context
        )
        self.context.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page: Page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("a dialog opened"), dialog.dismiss()))
        return page

    def signs_in(self, link: str) -> Visitor:
        """By the link that the terminal printed, and past the doors to which the first one leads."""
        self.page.goto(link)
        self.page.wait_for_url(re.compile(r"/(start|inbox)/$"))
        self.opens("/inbox/")
        return self

    def opens(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def opens_to_answer(self, n: int = 0, listed: str = "/inbox/") -> Page:
        """The n-th conversation of a list that can be answered from here (what others logged cannot be)."""
        page = self.opens(listed)
        rows = page.locator("[data-list] a.list-row")
        links = [str(rows.nth(i).get_attribute("href")) for i in range(rows.count())]
        to_answer = (i for i, link in enumerate(links) if self._may_answer(link))
        rows.nth(next(islice(to_answer, n, None))).click()
        page.wait_for_url("**/conversations/*/**")
        return page

    def _may_answer(self, link: str) -> bool:
        return 'id="reply-text"' in self.context.request.get(self.address + link).text()
