"""Which post opened the thread that this one continues? Found whatever order posts arrive in.

Each stored post names the oldest post its chain of parents leads to, as far as it is known. When the
missing link arrives, all that hung on it moves to where that link leads: so the answer depends on the
posts alone, never on the order of rows, batches or files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from goodword.channels import base
from goodword.listening.models import AFRESH, Post
from goodword.team.models import Brand


def place_in_threads(brand: Brand, channel: str, posts: Sequence[base.Post]) -> list[base.Post]:
    """The posts with their roots; stored posts that hung on one of them follow it.

    Call it in the transaction that keeps the posts. Of posts that are stored already, nothing changes.
    """
    continued = {
        post.native_id: post.root or post.parent for post in reversed(posts)
    }  # of two tellings the first holds
    rows = Post.objects.filter(brand=brand, channel=channel)
    stored = dict(
        rows.filter(native_id__in={*continued, *continued.values()}).values_list("native_id", "root")
    )
    new = {native_id: other for native_id, other in continued.items() if native_id not in stored}

    def parent_of(native_id: str) -> str:
        if native_id in new:
            return new[native_id]
        return rows.filter(native_id=native_id).values_list("parent", flat=True).first() or ""

    roots = find_roots(new, stored, parent_of)
    for waited_for in rows.filter(root__in=new).values_list("root", flat=True).distinct():
        if roots[waited_for] != waited_for:
            # The pipeline takes them up again, and puts them into the conversation they belong to.
            rows.filter(root=waited_for).update(root=roots[waited_for], **AFRESH)
    return [replace(post, root=roots.get(post.native_id, post.root)) for post in posts]


def find_roots(
    new: Mapping[str, str], stored: Mapping[str, str], parent_of: Callable[[str], str]
) -> dict[str, str]:
    """The root of each new post. `new` gives what each continues ("": it opens a thread), `stored` the
    root of each stored post. A post that nobody knows ends the chain, and is the root. Posts that
    answer each other in a circle have the smallest id of the circle for their root.
    """
    roots: dict[str, str] = {}
    for start in new:
        path: dict[str, None] = {}  # a set that keeps the order
        here = start
        while here not in roots:
            if here in path:
                roots[here] = min(_circle(here, parent_of), default=here)
                break
            path[here] = None
            ahead = new[here] if here in new else stored.get(here, "")
            if not ahead or ahead == here:
                roots[here] = here
                break
            here = ahead
        root = roots[here]
        roots.update(dict.fromkeys(path, root))
    return roots


def _circle(start: str, parent_of: Callable[[str], str]) -> list[str]:
    members = {start: None}
    here = parent_of(start)
    while here and here not in members:
        members[here] = None
        here = parent_of(here)
    return list(members)
