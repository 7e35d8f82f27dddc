"""Which conversation does a post belong to, and does somebody wait there now?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When, prefetch_related_objects

from goodword.channels.base import channel_named
from goodword.conversations import admission, doubles, moved
from goodword.conversations.admission import Muted
from goodword.conversations.models import Conversation, Delivery, State, Wait
from goodword.listening.importing import FRESH
from goodword.listening.models import Analysis, Post, Step
from goodword.team.hours import hours_of
from goodword.team.models import Brand, Teammate

Thread = tuple[int, str, str]  # brand, channel, root

ANSWER_ENDS = (Wait.End.REPLY, Wait.End.THANKS)


def place(posts: Sequence[Post], now: datetime) -> None:
    """Put each post into its thread; open and end waits. Any order of posts gives the same rows."""
    posts = doubles.joined(posts)
    prefetch_related_objects(list(posts), "brand", "author", "analysis", "reply__by", "reply__delivery")
    moved.follow(posts)
    muted = {brand_id: Muted.of(brand_id) for brand_id in {post.brand_id for post in posts}}
    in_order = sorted(posts, key=lambda p: (p.at, p.pk))
    admitted = [
        post
        for post in in_order
        if admission.admits(post, _analysis(post), _rules(post.brand), muted[post.brand_id])
    ]
    before = conversations_of(posts)
    known = _begin_conversations(admitted, before)
    wanted = {post.pk for post in admitted}
    answers = _answers_to(in_order)
    touched: dict[Thread, Post] = {}
    for post in in_order:
        conversation = known.get(thread_of(post))
        if conversation:
            _place(post, post.pk in wanted, conversation, now, answers)
            touched[thread_of(post)] = post
    look = {thread_of(post) for post in in_order if not post.is_readable}
    look |= _heard_before(in_order, known.keys() - before.keys())
    for thread, post in touched.items():
        if thread in look or not _is_latest(post, known[thread]):
            _renew_latest(post)


def pick_up(post: Post, *, now: datetime) -> Conversation:
    """A teammate takes a post into the inbox that the rules had only counted, or that is history.

    Its clock begins now: however old the post is, nobody was expected to answer it until then.
    """
    conversation = _begin_conversations([post], conversations_of([post]))[thread_of(post)]
    if not waiting(conversation).exists() and not post.is_ours:
        wait = Wait.objects.filter(post=post).first() or Wait(**_fields(conversation, post))
        wait.counted_from, wait.due_at = now, due_at(post, now)
        wait.ended_at, wait.ended_how = None, ""
        wait.save()
        _renew_first(conversation)
    if not post.is_ours:
        Post.objects.filter(pk=post.pk).update(needs_answer=True)  # placed anew, it stays work
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
    # Of two answers the earlier one counts, whichever was heard first.
    to_end = conversation.waits.filter(Q(ended_at=None) | Q(answer__at__gt=answer.at))
    ended = to_end.filter(post__author=post.author_id, since__lte=_written_at(answer))
    if ended.update(ended_at=answer.at, ended_how=how, answer=answer, answered_by=by):
        _place_anew(conversation, post.author_id, at__gt=_written_at(answer))
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


def _answers_to(posts: Sequence[Post]) -> dict[tuple[Thread, str], list[Post]]:
    """Our posts below these, by thread and by what they answer: asked for at once."""
    rows = Post.objects.filter(is_ours=True, brand__in={post.brand_id for post in posts})
    rows = rows.filter(channel__in={post.channel for post in posts}, root__in={post.root for post in posts})
    found: dict[tuple[Thread, str], list[Post]] = {}
    named = {post.native_id for post in posts if not post.is_ours}
    for answer in rows.filter(parent__in=named).select_related("reply").order_by("at", "pk"):
        found.setdefault((thread_of(answer), answer.parent), []).append(answer)
    return found


def _heard_before(posts: Sequence[Post], begun: Set[Thread]) -> set[Thread]:
    """Of the conversations that begin only now, those of whose thread more was heard than these posts."""
    if not begun:
        return set()
    rows = Post.objects.filter(brand__in={brand for brand, _channel, _root in begun})
    rows = rows.filter(root__in={root for _brand, _channel, root in begun})
    there = rows.values_list("brand_id", "channel", "root").annotate(Count("pk")).order_by()
    here = Counter(map(thread_of, posts))
    return {
        (brand, channel, root) for brand, channel, root, n in there if n > here[brand, channel, root]
    } & begun


def _is_latest(post: Post, conversation: Conversation) -> bool:
    """Say so in its conversation, if nothing there is newer. False where one must look."""
    if conversation.latest_id is None or (post.at, post.pk) <= (
        conversation.latest_at,
        conversation.latest_id,
    ):
        return False
    conversation.latest, conversation.latest_at = post, post.at
    Conversation.objects.filter(pk=conversation.pk).update(latest=post, latest_at=post.at)
    return True


def _place(
    post: Post,
    admitted: bool,
    conversation: Conversation,
    now: datetime,
    answers: dict[tuple[Thread, str], list[Post]],
) -> None:
    if post.is_ours:
        _came_back(conversation, post) if post.failed_at else _place_ours(conversation, post)
        return
    if not post.is_readable:
        _end_gone(post, conversation, now)
        return
    if not admitted:
        _end_unfounded(post, conversation)
    elif not _is_goodbye(post, conversation):
        _open_wait(conversation, post)
    # Our answer may have been heard before what it answers.
    for answer in answers.get((thread_of(post), post.native_id), ()):
        _place_ours(conversation, answer)


def _analysis(post: Post) -> Analysis | None:
    return getattr(post, "analysis", None)


def _rules(brand: Brand) -> Sequence[str]:
    return brand.admits or admission.DEFAULT_RULES


def _begin_conversations(
    admitted: Sequence[Post], known: dict[Thread, Conversation]
) -> dict[Thread, Conversation]:
    """With a conversation for the thread of each admitted post; its first one in time opens it."""
    opening = {thread_of(post): post for post in reversed(admitted) if thread_of(post) not in known}
    if not opening:
        return known
    begun = [
        Conversation(
            brand_id=post.brand_id,
            channel=post.channel,
            root=post.root,
            connection_id=post.connection_id,
            profile_id=post.author_id,
            state=State.RESOLVED if post.is_history else State.OPEN,
            latest=post,
            latest_at=post.at,
            opened_at=post.at,
        )
        for post in opening.values()
    ]
    # Another worker may begin the same one: the first is kept, and read back.
    Conversation.objects.bulk_create(begun, ignore_conflicts=True)
    return known | conversations_of(list(opening.values()))


def _open_wait(conversation: Conversation, post: Post) -> None:
    """The author waits since this post, unless they wait already; until our answer, where it is known."""
    answer = _answer_to(conversation, post)
    if answer:
        _place_ours(conversation, answer)  # it may end a wait that this post only makes longer
    waits = list(conversation.waits.select_related("post"))
    own = next((wait for wait in waits if wait.post_id == post.pk), None)
    if own and own.ended_how != Wait.End.GONE:
        return
    if own:
        own.delete()  # its author had left, and is back
        waits.remove(own)
    same = next((wait for wait in waits if _same_stretch(wait, post, answer)), None)
    if same and same.since <= post.at:
        _wake(conversation, post)
        return
    wait = Wait(pk=same.pk if same else None, **_fields(conversation, post))
    if answer:
        wait.ended_at, wait.ended_how, wait.answer = answer.at, Wait.End.REPLY, answer
        wait.answered_by = answer.reply.by if hasattr(answer, "reply") else None
    wait.save()
    if waits:
        _renew_first(conversation)
    if answer:
        _when_nobody_waits(conversation, State.PENDING)
    elif not post.is_history and conversation.state != State.OPEN:
        conversation.state = State.OPEN
        conversation.snoozed_until = None
        conversation.save(update_fields=["state", "snoozed_until"])


def _same_stretch(wait: Wait, post: Post, answer: Post | None) -> bool:
    """Does this post only make that wait longer: the same author, until the same answer of ours?

    What was said before we listened has no clock, and must not hold back one that runs.
    """
    if wait.post.author_id != post.author_id or wait.post.is_history != post.is_history:
        return False
    return wait.ended_at is None if answer is None else wait.answer_id == answer.pk


def _wake(conversation: Conversation, post: Post) -> None:
    """Who writes again is not snoozed any longer."""
    snoozed_since = conversation.snooze_rows.filter(undone_at=None, at__gte=post.heard_at)
    if conversation.state == State.SNOOZED and not snoozed_since.exists():
        conversation.state, conversation.snoozed_until = State.OPEN, None
        conversation.save(update_fields=["state", "snoozed_until"])


def _fields(conversation: Conversation, post: Post) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "post": post,
        "since": post.at,
        "due_at": None if post.is_history else due_at(post, post.at),
        "is_first": True,  # _renew_first looks at the others
        "counts": _counts(post),
    }


def _counts(post: Post) -> bool:
    """May a metric say how soon we answered this?"""
    if post.heard_by_id and post.heard_at - post.at > FRESH:
        return False  # nobody of ours could know of it until somebody came across it
    # What a connection tells of the time before it was made may lack our answers; a file has them.
    return not post.is_history or post.connection_id is None


def _renew_first(conversation: Conversation) -> None:
    """Exactly one wait of a conversation is its first, whichever was heard first."""
    pks = list(conversation.waits.order_by("since", "post_id").values_list("pk", flat=True))
    if len(pks) > 1:
        is_first = Case(When(pk=pks[0], then=Value(True)), default=Value(False))
        conversation.waits.update(is_first=is_first)


def due_at(post: Post, since: datetime) -> datetime:
    """When the time has passed that its channel promises, counted while our people are there."""
    return hours_of(post.brand, since).after(since, channel_named(post.channel).reply_within)


def _answer_to(conversation: Conversation, post: Post) -> Post | None:
    """The first of our posts after this one that answers its author."""
    ours = conversation.posts.filter(is_ours=True, gone_at=None, failed_at=None, at__gte=post.at)
    later = (answer for answer in ours.select_related("reply__delivery") if _written_at(answer) >= post.at)
    return next((answer for answer in later if _answers(answer, post)), None)


def _written_at(answer: Post) -> datetime:
    """What they said while our answer waited to go out, it does not answer."""
    delivery = answer.reply.delivery if hasattr(answer, "reply") else None
    return delivery.written_at if delivery else answer.at


def _answers(answer: Post, post: Post) -> bool:
    """Does it go to the author of `post`? A second part of ours goes to whom the first part went."""
    if answer.parent in ("", post.native_id):
        return True  # where there are no threads, we speak to the one who spoke
    passed = set()
    while answer.parent and answer.native_id not in passed:
        passed.add(answer.native_id)
        parent = find_post(post.brand_id, post.channel, answer.parent)
        if parent is None:
            return False  # until it is heard, nobody knows to whom we spoke
        if not parent.is_ours:
            return parent.author_id == post.author_id
        answer = parent
    return False  # we went on under a post of our own


def _place_ours(conversation: Conversation, post: Post) -> None:
    """What our people said, here or in the native app, ends the waits of those it answers."""
    if post.gone_at or post.failed_at:
        return
    by = post.reply.by if hasattr(post, "reply") else None
    waits = conversation.waits.filter(Q(ended_at=None) | Q(answer__at__gt=post.at))
    for wait in waits.filter(since__lte=_written_at(post)).select_related("post"):
        if _answers(post, wait.post):
            _end_waits(conversation, wait.post, post, by, Wait.End.REPLY)


def _came_back(conversation: Conversation, post: Post) -> None:
    """What did not arrive is no answer: its writer is told, and whom it should have reached waits again."""
    sent = Delivery.objects.filter(brand=post.brand_id, post__channel=post.channel, native_id=post.native_id)
    sent.filter(state=Delivery.State.SENT).update(state=Delivery.State.NOT_ARRIVED, trouble=post.failed_why)
    unanswered(post, conversation)


def _end_gone(post: Post, conversation: Conversation, now: datetime) -> None:
    for wait in conversation.waits.filter(post=post, ended_at=None):
        wait.ended_at, wait.ended_how = now, Wait.End.GONE
        wait.save(update_fields=["ended_at", "ended_how"])
        _place_anew(conversation, post.author_id, at__gte=post.at)
        _when_nobody_waits(conversation, State.RESOLVED)
    if post.gone_at:
        # What the channel needed to answer it is part of it; outbox.py keeps it while an answer goes out.
        Delivery.objects.filter(post=post).exclude(state=Delivery.State.INFLIGHT).update(target={})


def _end_unfounded(post: Post, conversation: Conversation) -> None:
    """An edit took away what had made it work."""
    for wait in conversation.waits.filter(post=post, ended_at=None):
        wait.delete()
        _place_anew(conversation, post.author_id, at__gte=post.at)
        _when_nobody_waits(conversation, State.RESOLVED)


def _place_anew(conversation: Conversation, author_id: int, **said: datetime) -> None:
    """What they said later had only made a wait longer that is over now: the pipeline looks at it again."""
    later = conversation.posts.filter(author=author_id, wait=None, gone_at=None, **said)
    later.filter(step__in=[Step.PLACED, Step.DONE]).update(step=Step.UNDERSTOOD, leased_until=None)


def _is_goodbye(post: Post, conversation: Conversation) -> bool:
    if not admission.is_only_thanks(_analysis(post)):
        return False
    return conversation.waits.filter(ended_how__in=ANSWER_ENDS, ended_at__lte=post.at).exists()


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


def unanswered(answer: Post, conversation: Conversation) -> None:
    """This answer of ours counts no more: whom it had answered waits again, or until our next one."""
    ended = list(conversation.waits.filter(answer=answer).select_related("post"))
    Wait.objects.filter(pk__in=[wait.pk for wait in ended]).update(
        ended_at=None, ended_how="", answer=None, answered_by=None
    )
    for wait in ended:
        # Had it never been there, what they said since would only have made this wait longer.
        since = conversation.waits.filter(ended_at=None, post__author=wait.post.author_id)
        since.filter(since__gt=wait.since, post__is_history=wait.post.is_history).delete()
    for other in conversation.posts.filter(is_ours=True, gone_at=None).exclude(pk=answer.pk):
        _place_ours(conversation, other)
    _renew_first(conversation)
    if conversation.state == State.PENDING and waiting(conversation).exists():
        conversation.state = State.OPEN
        conversation.save(update_fields=["state"])
