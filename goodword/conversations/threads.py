"""Which conversation does a post belong to, and does somebody wait there now?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects

from goodword.channels.base import channel_named
from goodword.conversations import admission
from goodword.conversations.admission import Muted
from goodword.conversations.models import Conversation, State, Wait
from goodword.listening.models import Analysis, Post
from goodword.team.models import Brand, Teammate

Thread = tuple[int, str, str]  # brand, channel, root

ANSWER_ENDS = (Wait.End.REPLY, Wait.End.THANKS)


def place(posts: Sequence[Post], now: datetime) -> None:
    """Put each post into its thread; open and end waits. Any order of posts gives the same rows."""
    prefetch_related_objects(list(posts), "brand", "author", "analysis", "reply__by")
    muted = {brand_id: Muted.of(brand_id) for brand_id in {post.brand_id for post in posts}}
    known = conversations_of(posts)
    touched: dict[Thread, Post] = {}
    for post in sorted(posts, key=lambda p: (p.at, p.pk)):
        admitted = admission.admits(post, _analysis(post), _rules(post.brand), muted[post.brand_id])
        if admitted or thread_of(post) in known:
            _place(post, admitted, known, now)
            touched[thread_of(post)] = post
    for post in touched.values():
        _renew_latest(post)


def pick_up(post: Post, *, now: datetime) -> Conversation:
    """A teammate takes a post into the inbox that the rules had only counted, or that is history."""
    conversation = _conversation_of(post)
    if not waiting(conversation).exists() and not post.is_ours:
        wait, _made = Wait.objects.get_or_create(post=post, defaults=_fields(conversation, post))
        wait.due_at, wait.ended_at, wait.ended_how = _due(post), None, ""
        wait.save()
    conversation.state = State.OPEN
    conversation.save(update_fields=["state"])
    return conversation


def waiting(conversation: Conversation) -> QuerySet[Wait]:
    """The waits against which a clock runs, longest first; history has none."""
    return conversation.waits.filter(ended_at=None).exclude(due_at=None).order_by("since", "pk")


def answered(post: Post, answer: Post, by: Teammate | None, how: Wait.End) -> None:
    """Our `answer` ends the waits of the post's author in its conversation, as of its time."""
    conversation = find(post)
    if conversation:
        _end_waits(conversation, post, answer, by, how)


def _end_waits(
    conversation: Conversation, post: Post, answer: Post, by: Teammate | None, how: Wait.End
) -> None:
    ended = conversation.waits.filter(ended_at=None, post__author=post.author_id, since__lte=answer.at)
    if ended.update(ended_at=answer.at, ended_how=how, answer=answer, answered_by=by):
        _when_nobody_waits(conversation, State.PENDING)


def thread_of(post: Post) -> Thread:
    return post.brand_id, post.channel, post.root


def conversations_of(posts: Iterable[Post]) -> dict[Thread, Conversation]:
    """The conversations that these posts belong to, by thread."""
    threads = {thread_of(post) for post in posts}
    found = Conversation.objects.filter(root__in={root for _brand, _channel, root in threads})
    by_thread = {(c.brand_id, c.channel, c.root): c for c in found}
    return {thread: by_thread[thread] for thread in threads if thread in by_thread}


def find(post: Post) -> Conversation | None:
    return Conversation.objects.filter(brand=post.brand_id, channel=post.channel, root=post.root).first()


def _place(post: Post, admitted: bool, known: dict[Thread, Conversation], now: datetime) -> None:
    conversation = known.get(thread_of(post))
    if post.is_ours:
        if conversation:
            _place_ours(conversation, post)
        return
    if not post.is_readable:
        _end_gone(post, now)
        return
    if not admitted:
        _end_unfounded(post)
    elif not (conversation and _is_goodbye(post, conversation)):
        if conversation is None:
            conversation = known[thread_of(post)] = _conversation_of(post)
        _open_wait(conversation, post)


def _analysis(post: Post) -> Analysis | None:
    return getattr(post, "analysis", None)


def _rules(brand: Brand) -> Sequence[str]:
    return brand.admits or admission.DEFAULT_RULES


def _conversation_of(post: Post) -> Conversation:
    conversation, _made = Conversation.objects.get_or_create(
        brand_id=post.brand_id,
        channel=post.channel,
        root=post.root,
        defaults={
            "connection_id": post.connection_id,
            "profile_id": post.author_id,
            "state": State.RESOLVED if post.is_history else State.OPEN,
            "latest": post,
            "latest_at": post.at,
            "opened_at": post.at,
        },
    )
    return conversation


def _open_wait(conversation: Conversation, post: Post) -> None:
    """The author waits since this post, unless they wait already, or our answer is known."""
    if Wait.objects.filter(post=post).exists():
        return
    waiting = conversation.waits.filter(ended_at=None, post__author=post.author_id).first()
    if waiting:
        if post.at < waiting.since:
            waiting.since = post.at
            waiting.save(update_fields=["since"])
        return
    answer = _answer_to(conversation, post)
    wait = Wait(post=post, **_fields(conversation, post))
    if answer:
        wait.ended_at, wait.ended_how, wait.answer = answer.at, Wait.End.REPLY, answer
        wait.answered_by = answer.reply.by if hasattr(answer, "reply") else None
    wait.save()
    if answer:
        _when_nobody_waits(conversation, State.PENDING)
    elif not post.is_history:
        conversation.state = State.OPEN
        conversation.snoozed_until = None
        conversation.save(update_fields=["state", "snoozed_until"])


def _fields(conversation: Conversation, post: Post) -> dict[str, object]:
    return {
        "conversation": conversation,
        "since": post.at,
        "due_at": None if post.is_history else _due(post),
        "is_first": not conversation.waits.filter(since__lt=post.at).exists(),
        # What a connection tells of the time before it was made may lack our answers; a file has them.
        "counts": not post.is_history or post.connection_id is None,
    }


def _due(post: Post) -> datetime:
    return post.at + channel_named(post.channel).reply_within


def _answer_to(conversation: Conversation, post: Post) -> Post | None:
    """The first of our posts after this one that answers its author."""
    ours = conversation.posts.filter(is_ours=True, gone_at=None, at__gte=post.at).select_related("reply")
    return next((answer for answer in ours if _answers(answer, post)), None)


def _answers(answer: Post, post: Post) -> bool:
    if answer.parent in ("", post.native_id, post.root):
        return True
    parent = Post.objects.filter(brand=post.brand_id, channel=post.channel, native_id=answer.parent).first()
    return parent is None or parent.author_id == post.author_id or parent.is_ours


def _place_ours(conversation: Conversation, post: Post) -> None:
    """What our people said, here or in the native app, ends the waits of those it answers."""
    by = post.reply.by if hasattr(post, "reply") else None
    for wait in conversation.waits.filter(ended_at=None, since__lte=post.at).select_related("post"):
        if post.gone_at is None and _answers(post, wait.post):
            _end_waits(conversation, wait.post, post, by, Wait.End.REPLY)


def _end_gone(post: Post, now: datetime) -> None:
    for wait in Wait.objects.filter(post=post, ended_at=None).select_related("conversation"):
        wait.ended_at, wait.ended_how = now, Wait.End.GONE
        wait.save(update_fields=["ended_at", "ended_how"])
        _when_nobody_waits(wait.conversation, State.RESOLVED)


def _end_unfounded(post: Post) -> None:
    """An edit took away what had made it work."""
    for wait in Wait.objects.filter(post=post, ended_at=None).select_related("conversation"):
        conversation = wait.conversation
        wait.delete()
        _when_nobody_waits(conversation, State.RESOLVED)


def _is_goodbye(post: Post, conversation: Conversation) -> bool:
    answered_before = conversation.waits.filter(ended_how__in=ANSWER_ENDS, ended_at__lte=post.at)
    return admission.is_only_thanks(_analysis(post)) and answered_before.exists()


def _when_nobody_waits(conversation: Conversation, state: State) -> None:
    if conversation.state == State.OPEN and not waiting(conversation).exists():
        Conversation.objects.filter(pk=conversation.pk).update(state=state)
        conversation.state = state


def _renew_latest(post: Post) -> None:
    """The newest readable post of this one's thread is what the list shows of its conversation."""
    thread = {"brand": post.brand_id, "channel": post.channel, "root": post.root}
    readable = Post.objects.filter(**thread, gone_at=None, author__gone_at=None)
    latest = readable.order_by("-at", "-pk").first()
    if latest:
        Conversation.objects.filter(**thread).update(latest=latest, latest_at=latest.at)


def find_post(brand_id: int, channel: str, native_id: str) -> Post | None:
    return Post.objects.filter(brand=brand_id, channel=channel, native_id=native_id).first()


def answered_natively(post: Post, by: Teammate, *, now: datetime) -> None:
    """A teammate says that the author has an answer, though we hold no post of it."""
    conversation = find(post)
    if conversation is None:
        return
    waits = conversation.waits.filter(ended_at=None, post__author=post.author_id)
    waits.update(ended_at=now, ended_how=Wait.End.REPLY, answered_by=by)
    _when_nobody_waits(conversation, State.PENDING)
