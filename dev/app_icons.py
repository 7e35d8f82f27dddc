"""Draws the icons of the app from the logo: `python -m dev.app_icons`. Their files are committed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.running import CHROMIUM, FLAGS

STATIC = Path(__file__).parent.parent / "goodword/web/static"
VIOLET = "#4b3fd6"
RING = "M22.2 12.1A7 7 0 1 0 23 16.6h-6"

# name, size in pixels, and which drawing: the logo itself; its ring on a full ground, small enough for
# every mask (the inner four fifths are safe); the ring alone, which phones tint for the status bar.
ICONS = [
    ("icon-192", 192, "logo"),
    ("icon-512", 512, "logo"),
    ("maskable-192", 192, "full"),
    ("maskable-512", 512, "full"),
    ("apple-touch", 180, "full"),
    ("badge", 96, "ring"),
]


def drawing(kind: str, size: int) -> str:
    if kind == "logo":
        return (STATIC / "logo.svg").read_text().replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    ground = f'<path fill="{VIOLET}" d="M0 0h32v32H0z"/>' if kind == "full" else ""
    width, scale = (3, 0.92) if kind == "full" else (4, 1.5)
    ring = (
        f'<g transform="translate(16 16) scale({scale}) translate(-16 -16)"><path fill="none" stroke="#fff" '
        f'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round" d="{RING}"/></g>'
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 32 32">'
    return f"{svg}{ground}{ring}</svg>"


def main() -> None:
    (STATIC / "app").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, size, kind in ICONS:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>*{{margin:0;display:block}}</style>{drawing(kind, size)}")
            page.screenshot(path=STATIC / "app" / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
