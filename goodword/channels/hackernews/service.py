"""How are the two services of Hacker News asked, and what does their silence mean?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from ...net.trouble import SENTENCES, NotFetched, Why
from ..asking import wait_until
from ..base import Account, Author, Post, RateLimited, Refused, Unreachable
from ..reading import mapping, mappings
from .heard import parse_hit, parse_user
from .names import (
    ANSWER_WITHIN,
    ITEM,
    ITEMS,
    MAX_ANSWER,
    MOST_PAGES,
    NO_ANSWER,
    NOT_UNDERSTOOD,
    PAGE,
    SEARCH,
    TOO_MUCH,
    USER,
)


class Service:
    """Both services; each question is answered within `patience` seconds or raises a ChannelError."""

    def __init__(self, account: Account, patience: float = ANSWER_WITHIN) -> None:
        self.account, self.patience = account, patience
        self.search_address = account.settings.get("search") or SEARCH
        self.items_address = account.settings.get("items") or ITEMS

    def search(
        self,
        words: str = "",
        *,
        tags: str = "(story,comment)",
        since: datetime | None = None,
        most: int = PAGE,
    ) -> Iterator[Post]:
        """Posts of these tags that have these words, newest first, at most about `most`."""
        for page in range(MOST_PAGES):
            answer = self._page(words, tags, since, min(most, PAGE), page)
            yield from filter(None, map(parse_hit, mappings(answer.get("hits"))))
            if (page + 1) * PAGE >= most or page + 1 >= _count(answer.get("nbPages")):
                return

    def comments_below(self, stories: Sequence[str], since: datetime) -> Iterator[Post]:
        tags = ",".join(f"story_{story}" for story in stories)
        return self.search(tags=f"comment,({tags})", since=since, most=PAGE * MOST_PAGES)

    def item(self, native_id: str) -> dict[str, Any]:
        """The item as it is now; empty if there never was one."""
        if not ITEM.fullmatch(native_id):
            return {}
        return self._ask(f"{self.items_address}/v0/item/{native_id}.json")

    def author(self, name: str) -> Author | None:
        if not USER.fullmatch(name):
            return None
        told = self._ask(f"{self.items_address}/v0/user/{quote(name)}.json")
        return parse_user(told, name) if told else None

    def changed(self) -> list[str]:
        """Ids of the items that changed within the last minute or so."""
        listed = self._ask(f"{self.items_address}/v0/updates.json").get("items")
        return [str(one) for one in listed if isinstance(one, int)] if isinstance(listed, list) else []

    def _page(self, words: str, tags: str, since: datetime | None, most: int, page: int) -> dict[str, Any]:
        asked = {"query": words, "tags": tags, "hitsPerPage": str(most), "page": str(page)}
        # Words as they are written, and what stands in quotation marks as it stands there.
        asked |= {"typoTolerance": "false", "advancedSyntax": "true"}
        if since is not None:
            asked["numericFilters"] = f"created_at_i>={int(since.timestamp())}"
        return self._ask(f"{self.search_address}/api/v1/search_by_date?{urlencode(asked)}")

    def _ask(self, url: str) -> dict[str, Any]:
        from ...net.client import fetch

        try:
            answer = fetch(
                url,
                max_bytes=MAX_ANSWER,
                deadline=self.patience,
                accept="application/json",
                allowed_private=self.account.allowed_private,
            )
        except NotFetched as error:
            if error.why is Why.REFUSED:
                raise Refused(SENTENCES[error.why]) from error
            raise Unreachable(NO_ANSWER) from error
        if answer.status == 429:
            raise RateLimited(TOO_MUCH, wait_until(answer.headers, datetime.now(UTC)))
        if answer.status >= 500:
            raise Unreachable(NO_ANSWER)
        try:
            told = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise Unreachable(NOT_UNDERSTOOD) from error
        if answer.status != 200:
            raise Unreachable(NOT_UNDERSTOOD)
        return mapping(told)


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0
