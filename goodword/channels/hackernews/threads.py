"""To which thread does a comment belong, and what stands above it?

Below a story that matters as a whole (it meets a query) all belongs to one thread. Elsewhere each first
comment with all its answers is a thread of its own: those on our own story, too, so that each who writes
to us waits for an answer of their own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from ..base import Post
from .heard import as_ours, parse_item, searched
from .names import ABOVE, DEEPEST, KNOWN
from .service import Service

# What stands above is asked for once, not for each of its answers.
_known: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()


@dataclass(frozen=True)
class Placed:
    """A post with its thread; the story below which it stands, if it could be read; what is just above it."""

    post: Post
    story: str
    above: tuple[Post, ...] = ()  # of the same thread, the nearest last
    is_below_a_whole: bool = False


def place(
    post: Post, service: Service, interested: Callable[[str], bool], names: Collection[str] = ()
) -> Placed:
    """Find the thread of a post by asking for what stands above. Raises ChannelError."""
    if not post.parent:
        return Placed(post, post.native_id)
    chain = _above(post.parent, service)
    story = parse_item(chain[0]) if chain else None
    story_id = str(chain[0].get("id", "")) if chain else post.parent
    matters = bool(story and not as_ours(story, names).ours and interested(searched(story)))
    comments = [as_ours(one, names) for item in chain[1:] if (one := parse_item(item))]
    first = str(chain[1]["id"]) if len(chain) > 1 else post.native_id
    root = story_id if matters else first
    above = [replace(one, root=root) for one in comments]
    if matters and story:
        above.insert(0, story)
    about = "\n".join(filter(None, [story.title, *story.links[:1]])) if story and not matters else ""
    return Placed(
        replace(post, root=root, quoted=about),
        story_id,
        tuple(replace(one, quoted=about) if one.parent else one for one in above[-ABOVE:]),
        matters,
    )


def _above(native_id: str, service: Service) -> list[dict[str, Any]]:
    """All items above, the story first."""
    chain: list[dict[str, Any]] = []
    while native_id and len(chain) < DEEPEST:
        item = _item(native_id, service)
        if not item:
            break
        chain.append(item)
        native_id = str(item.get("parent") or "")
    return chain[::-1]


def _item(native_id: str, service: Service) -> dict[str, Any]:
    key = service.items_address, native_id
    item = _known.get(key) or service.item(native_id)
    if item:
        _known[key] = item
    if len(_known) > KNOWN:
        _known.popitem(last=False)
    return item
