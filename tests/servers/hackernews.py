"""A small Hacker News: its two services, in the shapes that their documentation shows, with a memory.

`search_by_date` finds words in titles, texts and links, by tags and by time, newest first and in pages;
`/v0/item/N.json`, `/v0/user/NAME.json` and `/v0/updates.json` tell of single items.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Item = dict[str, Any]
WORD = re.compile(r"\w+")


class HackerNews:
    """People speak by `submits` and `comments`; `trouble` makes it misbehave."""

    def __init__(self) -> None:
        self.items: dict[int, Item] = {}
        self.users: dict[str, Item] = {}
        self.changed: list[int] = []
        self.asked: list[str] = []
        self.trouble = ""  # goes_down | asks_to_wait
        self.address = self.door = ""

    # what people do there

    def submits(self, by: str, title: str, url: str = "", text: str = "", at: float | None = None) -> str:
        more = {"title": title, "url": url or None, "text": text or None}
        return self._keeps(by, at, type="story", **more)

    def comments(self, by: str, to: str, text: str, at: float | None = None) -> str:
        """`text` in HTML, as the site keeps it."""
        return self._keeps(by, at, type="comment", parent=int(to), text=text)

    def edits(self, native_id: str, text: str) -> None:
        self.items[int(native_id)]["text"] = text
        self.changed.append(int(native_id))

    def deletes(self, native_id: str) -> None:
        """What stays of it is that it was."""
        item = self.items[int(native_id)]
        for gone in ("by", "text", "title", "url"):
            item.pop(gone, None)
        item["deleted"] = True
        self.changed.append(int(native_id))

    def kills(self, native_id: str) -> None:
        """By the moderators: it is kept, and shown to few."""
        self.items[int(native_id)] |= {"dead": True, "text": "[flagged]"}

    def welcomes(self, name: str, about: str = "", karma: int = 1) -> None:
        self.users[name] = {"id": name, "about": about, "karma": karma, "created": 1_600_000_000}

    def _keeps(self, by: str, at: float | None, **more: Any) -> str:
        number = max(self.items, default=40_000_000) + 1
        self.users.setdefault(by, {"id": by, "karma": 1, "created": 1_600_000_000})
        item = {"id": number, "by": by, "time": int(at or time.time()), **more}
        self.items[number] = {name: value for name, value in item.items() if value is not None}
        return str(number)

    # what it answers

    def answer(self, address: str) -> tuple[int, Any]:
        self.asked.append(address)
        parts = urlsplit(address)
        if parts.path == "/api/v1/search_by_date":
            return 200, self._search({name: values[0] for name, values in parse_qs(parts.query).items()})
        if found := re.fullmatch(r"/v0/item/(\d+)\.json", parts.path):
            return 200, self.items.get(int(found[1]))
        if found := re.fullmatch(r"/v0/user/([\w-]+)\.json", parts.path):
            return 200, self.users.get(found[1])
        if parts.path == "/v0/updates.json":
            return 200, {"items": self.changed[-50:], "profiles": []}
        return 404, {"error": "not found"}

    def _search(self, asked: dict[str, str]) -> Item:
        since = re.search(r"created_at_i>=(\d+)", asked.get("numericFilters", ""))
        found = [
            self._hit(item)
            for item in self.items.values()
            if not item.get("deleted")
            and not item.get("dead")
            and item["time"] >= int(since[1] if since else 0)
            and self._has_tags(item, asked.get("tags", ""))
            and self._has_words(item, asked.get("query", ""))
        ]
        found.sort(key=lambda hit: (hit["created_at_i"], int(hit["objectID"])), reverse=True)
        per, page = int(asked.get("hitsPerPage", 20)), int(asked.get("page", 0))
        reachable = found[:1000]
        return {
            "hits": reachable[page * per : page * per + per],
            "nbHits": len(found),
            "page": page,
            "nbPages": -(-len(reachable) // per),
            "hitsPerPage": per,
        }

    def _has_tags(self, item: Item, tags: str) -> bool:
        """A comma means AND, except in brackets, where it means OR."""
        own = {item["type"], f"author_{item['by']}", f"story_{self._story_of(item)['id']}"}
        alternatives = re.findall(r"\(([^)]*)\)", tags)
        needed = [tag for tag in re.sub(r"\([^)]*\)", "", tags).split(",") if tag]
        return own >= set(needed) and all(own & set(one.split(",")) for one in alternatives)

    def _has_words(self, item: Item, query: str) -> bool:
        said = " ".join(
            WORD.findall(" ".join(str(item.get(p, "")) for p in ("title", "text", "url")).lower())
        )
        phrases = re.findall(r'"([^"]*)"', query) + WORD.findall(re.sub(r'"[^"]*"', "", query))
        return all(" ".join(WORD.findall(phrase.lower())) in said for phrase in phrases)

    def _story_of(self, item: Item) -> Item:
        while "parent" in item:
            item = self.items[item["parent"]]
        return item

    def _hit(self, item: Item) -> Item:
        hit: Item = {
            "objectID": str(item["id"]),
            "author": item["by"],
            "created_at_i": item["time"],
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(item["time"])),
            "_tags": [item["type"], f"author_{item['by']}", f"story_{self._story_of(item)['id']}"],
            "_highlightResult": {"author": {"value": escape(item["by"]), "matchLevel": "none"}},
        }
        if item["type"] == "comment":
            story = self._story_of(item)
            return hit | {
                "comment_text": item["text"],
                "parent_id": item["parent"],
                "story_id": story["id"],
                "story_title": story.get("title"),
                "story_url": story.get("url"),
            }
        more = {"title": item["title"], "url": item.get("url"), "story_text": item.get("text")}
        return hit | more | {"story_id": item["id"], "points": 1, "num_comments": 0}


@contextmanager
def hacker_news() -> Iterator[HackerNews]:
    """One that is served on a free port of this machine."""
    place = HackerNews()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if place.trouble == "goes_down":
                self.connection.close()
                return
            status, told = (429, {}) if place.trouble == "asks_to_wait" else place.answer(self.path)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", "30")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_what: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        place.door = f"127.0.0.1:{server.server_port}"
        place.address = f"http://{place.door}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield place
        finally:
            server.shutdown()
