"""Its thread turned out to begin elsewhere: where does a conversation go on?"""

from __future__ import annotations

from collections.abc import Sequence

from goodword.conversations.models import Claim, Conversation, State
from goodword.listening.models import Post


def follow(posts: Sequence[Post]) -> None:
    """A conversation that began at an unknown post goes on where that post, now known, belongs.

    Call it before the posts are placed: whoever waits there keeps waiting, in the one thread.
    """
    links = {
        (post.brand_id, post.channel, post.native_id): post for post in posts if post.root != post.native_id
    }
    for stray in Conversation.objects.filter(root__in=[native_id for *_place, native_id in links]):
        link = links.get((stray.brand_id, stray.channel, stray.root))
        if link is None:
            continue  # another brand's, or another channel's, that is called the same
        home = Conversation.objects.filter(brand=link.brand_id, channel=link.channel, root=link.root).first()
        if home is None:
            stray.root = link.root
            stray.save(update_fields=["root"])
        else:
            _join(stray, home)


def _join(stray: Conversation, home: Conversation) -> None:
    """All that was done and waits in `stray` belongs to `home` from now on."""
    Claim.objects.filter(conversation=stray).delete()  # it lasts a moment, and is made anew
    for relation in Conversation._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: stray})
        rows.update(**{relation.field.name: home})
    if stray.state == State.OPEN:
        home.state, home.snoozed_until = State.OPEN, None
    home.assignee = home.assignee or stray.assignee
    home.save(update_fields=["state", "snoozed_until", "assignee"])
    stray.delete()
