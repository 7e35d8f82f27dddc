"""Is what a channel hears from us the answer that a teammate has written down already?

Who answered in the native app writes down the words here; a channel that hears our own posts there tells
of the same answer once more. Whichever comes first, it stays one: the post that the channel heard, with
the teammate who said it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.db.models import Q

from goodword.channels.addresses import same_page
from goodword.conversations.models import Conversation, Delivery, Reply, State, Wait
from goodword.listening.models import Post, PostQuerySet
from goodword.matching.folding import Folded
from goodword.store import search
from goodword.store.models import Entry

WRITTEN_DOWN = "there:"  # how the native id of an answer begins that no channel has heard (yet)
# Written down in the evening, it is still the same answer; the same words a week later are another one.
WITHIN = timedelta(days=1)
ALIKE = 0.9  # of 1: a place shortens links, and a copy loses a line break or a full stop
COMPARED = 500  # characters; the first ones tell, and two long texts take long to compare


def is_written_down(post: Post) -> bool:
    """Does nothing but the word of a teammate stand behind this answer of ours?"""
    return post.is_ours and post.native_id.startswith(WRITTEN_DOWN)


def heard_already(answered: Post, text: str, at: datetime, url: str) -> Post | None:
    """The post of ours that a channel heard and that is this answer to `answered`, if there is one."""
    ours = _ours_in_threads_of([answered]).exclude(native_id__startswith=WRITTEN_DOWN)
    same = [post for post in ours if _is_same(post, answered, text, at, url)]
    return min(same, key=lambda post: abs(post.at - at), default=None)


def joined(posts: Sequence[Post]) -> list[Post]:
    """The posts, without those that were only written down and are now heard: these become the heard ones.

    Call it in the transaction that places them, before anything else is read from them.
    """
    ours = [post for post in posts if post.is_ours and post.gone_at is None and not is_written_down(post)]
    if not ours or not _written_down_in_threads_of(ours).exists():
        return list(posts)
    joined = {_joined_with(post) for post in ours if not Reply.objects.filter(sent_post=post).exists()}
    return [post for post in posts if post.pk not in joined]


def _joined_with(heard: Post) -> int | None:
    """The key of the post that was written down before this one was heard: it is no more, its reply is."""
    written = _written_down_in_threads_of([heard])
    replies = Reply.objects.filter(sent_post__in=written).select_related("sent_post", "post", "conversation")
    same = [reply for reply in replies if _is_same(heard, reply.post, reply.text, reply.at, _url(reply))]
    if not same:
        return None
    reply = min(same, key=lambda reply: abs(reply.at - heard.at))
    double, key = reply.sent_post, reply.sent_post_id
    assert double
    _wait_for(heard, double, reply.conversation)
    reply.sent_post = heard
    reply.save(update_fields=["sent_post"])
    if reply.delivery_id:  # nobody knew its place: now it can be taken back
        Delivery.objects.filter(pk=reply.delivery_id, native_id="").update(
            native_id=heard.native_id, url=heard.url, reference=heard.reference
        )
    search.forget(Entry.Kind.POST, [double.pk])
    double.delete()
    return key


def _wait_for(heard: Post, double: Post, conversation: Conversation) -> None:
    """Whom the written answer had ended the wait of waits again, for the moment: until `heard` is placed."""
    ended = Wait.objects.filter(answer=double)
    for author, since in list(ended.values_list("post__author", "since")):
        # Had it been heard at once, these would only have made the first wait longer.
        later = conversation.waits.filter(post__author=author, since__gt=since, since__lte=heard.at)
        later.filter(ended_at=None).delete()
    if ended.update(ended_at=None, ended_how="", answer=None, answered_by=None):
        Conversation.objects.filter(pk=conversation.pk, state=State.PENDING).update(state=State.OPEN)


def _ours_in_threads_of(posts: Sequence[Post]) -> PostQuerySet:
    threads = Q(pk=None)
    for brand, channel, root in {(post.brand_id, post.channel, post.root) for post in posts}:
        threads |= Q(brand=brand, channel=channel, root=root)
    return Post.objects.filter(threads, is_ours=True, gone_at=None)


def _written_down_in_threads_of(posts: Sequence[Post]) -> PostQuerySet:
    return _ours_in_threads_of(posts).filter(native_id__startswith=WRITTEN_DOWN)


def _url(reply: Reply) -> str:
    return reply.sent_post.url if reply.sent_post else ""


def _is_same(heard: Post, answered: Post, text: str, at: datetime, url: str) -> bool:
    if url and heard.url and same_page(url, heard.url):
        return True
    return abs(heard.at - at) <= WITHIN and _goes_to(heard, answered) and alike(heard.text, text)


def _goes_to(heard: Post, answered: Post) -> bool:
    """Was it said to the one who wrote `answered`? Where there are no threads, to whom else."""
    if heard.parent in ("", answered.native_id):
        return True
    parents = Post.objects.filter(brand=heard.brand_id, channel=heard.channel, native_id=heard.parent)
    return parents.filter(author=answered.author_id).exists()


def alike(one: str, other: str) -> bool:
    """The same words, but for what copying and a place's own editing change."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return one.strip() == other.strip()  # a heart, a thumb
    if first == second:
        return True
    matcher = SequenceMatcher(None, first[:COMPARED], second[:COMPARED], autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _bare(text: str) -> str:
    """Its letters and digits alone, folded."""
    return "".join(filter(str.isalnum, Folded(text[: COMPARED * 4]).text))
