"""Stories, comments and their threads on a small Hacker News of our own, and what its services may send."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import CHECKOUT
from goodword.channels.base import (
    Account,
    AuthorChanged,
    Cap,
    Checkpoint,
    Edited,
    Event,
    Gone,
    Post,
    RateLimited,
    Seen,
    Unreachable,
    Watch,
)
from goodword.channels.hackernews import HackerNews as Channel
from goodword.channels.hackernews import names, threads
from goodword.channels.hackernews.heard import is_gone, item_of, parse_hit, parse_item
from goodword.channels.hackernews.listener import Memory
from tests.net.places import opened_place
from tests.servers.hackernews import HackerNews, hacker_news

REAL = CHECKOUT.parent / "shared/data/hackernews/datasette-io.jsonl"
DAY = 86_400.0


@pytest.fixture
def news() -> Iterator[HackerNews]:
    threads._known.clear()
    with hacker_news() as news:
        yield news


class Ears:
    """A connection that listens for kettles, and remembers what it heard."""

    def __init__(self, news: HackerNews, *our_names: str) -> None:
        self.news, self.cursor = news, None
        self.kept: list[str] = []
        services = {"search": news.address, "items": news.address}
        account = Account({"names": "\n".join(our_names), **services}, allowed_private=frozenset({news.door}))
        self.channel = Channel(account)

    def listen(self) -> list[Event]:
        watch = Watch(
            ("kettle",),
            interested=lambda text: "kettle" in text.lower(),
            knows_post=lambda native_id: native_id in self.kept,
            kept=lambda after, limit: list(enumerate(self.kept, 1))[after : after + limit],
        )
        events = list(self.channel.listen(watch, self.cursor))
        assert isinstance(events[-1], Checkpoint)
        self.cursor: str | None = events[-1].cursor
        return [event for event in events[:-1] if not isinstance(event, AuthorChanged)]

    def posts(self) -> dict[str, Post]:
        return {event.post.native_id: event.post for event in self.listen() if isinstance(event, Seen)}


# --- threads ---------------------------------------------------------------------------------------


def test_a_story_about_us_and_all_that_is_said_below_it_are_one_thread(news: HackerNews) -> None:
    ears = Ears(news)
    ears.listen()
    story = news.submits("ada", "A kettle that whistles", "https://kettle.example/")
    comment = news.comments("uma", story, "How loud?")
    answer = news.comments("sam", comment, "Very")
    posts = ears.posts()
    assert {post.root for post in posts.values()} == {story}
    assert (posts[answer].parent, posts[comment].parent) == (comment, story)
    assert posts[story].links == ("https://kettle.example/",)
    assert posts[story].url == f"https://news.ycombinator.com/item?id={story}"


def test_a_comment_about_us_comes_with_what_it_answers_and_is_followed(news: HackerNews) -> None:
    ears = Ears(news)
    ears.listen()
    story = news.submits("ada", "Ask HN: What do you drink?", text="Tell me.")
    first = news.comments("uma", story, "Tea, mostly.")
    news.comments("ivo", story, "Water.")
    mention = news.comments("sam", first, "From a <i>kettle</i>?")
    events = ears.listen()
    told = {event.post.native_id: event for event in events if isinstance(event, Seen)}
    assert told.keys() == {first, mention}
    assert told[first].history
    assert not told[mention].history
    assert {event.post.root for event in told.values()} == {first}
    assert told[mention].post.quoted == "Ask HN: What do you drink?"
    reply = news.comments("uma", mention, "Of course.")
    news.comments("ivo", first, "No tea for me.")
    assert ears.posts().keys() == {reply}


def test_who_answers_our_own_people_speaks_to_us_each_in_a_thread_of_their_own(news: HackerNews) -> None:
    story = news.submits("KettleCo", "Show HN: Our kettle")
    ears = Ears(news, "@kettleco")
    (ours,) = ears.posts().values()
    assert ours.ours
    first, second = news.comments("uma", story, "How loud?"), news.comments("sam", story, "Why?")
    answer = news.comments("KettleCo", first, "Very.")
    thanks = news.comments("uma", answer, "Thanks!")
    posts = ears.posts()
    assert [posts[one].addressed for one in (first, second, answer, thanks)] == [True, True, False, True]
    assert posts[answer].ours
    assert [posts[one].root for one in (first, second, answer, thanks)] == [first, second, first, first]


def test_what_stands_above_is_asked_for_once(news: HackerNews) -> None:
    story = news.submits("ada", "Tea")
    comment = news.comments("uma", story, "Which?")
    for number in range(5):
        news.comments("sam", comment, f"kettle {number}")
    Ears(news).listen()
    asked = Counter(address for address in news.asked if "/v0/item/" in address)
    assert asked == {f"/v0/item/{story}.json": 1, f"/v0/item/{comment}.json": 1}


def test_the_author_is_introduced_and_points_are_no_followers(news: HackerNews) -> None:
    news.welcomes("ada", about="I make <i>tea</i>.<p>In Bergen", karma=90_000)
    ears = Ears(news)
    ears.listen()
    news.submits("ada", "My kettle")
    watch = Watch(("kettle",), interested=lambda text: "kettle" in text.lower())
    events = list(ears.channel.listen(watch, ears.cursor))
    author = next(event.author for event in events if isinstance(event, AuthorChanged))
    assert (author.native_id, author.bio, author.followers) == ("ada", "I make tea.\n\nIn Bergen", None)


# --- time ------------------------------------------------------------------------------------------


def test_the_first_look_is_history_and_reaches_a_month_back(news: HackerNews) -> None:
    now = time.time()
    news.submits("ada", "Kettles of old", at=now - 40 * DAY)
    recent = news.submits("ada", "Kettles of late", at=now - 20 * DAY)
    events = [event for event in Ears(news).listen() if isinstance(event, Seen)]
    assert [(event.post.native_id, event.history) for event in events] == [(recent, True)]


def test_what_the_search_learns_late_is_heard_all_the_same(news: HackerNews) -> None:
    ears = Ears(news)
    ears.listen()
    late = news.submits("ada", "A kettle", at=time.time() - 600)
    assert late in ears.posts()
    assert ears.listen() == []


def test_threads_are_followed_for_two_weeks(news: HackerNews) -> None:
    news.submits("ada", "My kettle", at=time.time() - 20 * DAY)
    ears = Ears(news)
    ears.listen()
    assert Memory.read(ears.cursor).followed == {}


def test_the_memory_stays_small(news: HackerNews) -> None:
    for number in range(150):
        news.submits("ada", f"Kettle {number}", at=time.time() - number)
    ears = Ears(news)
    assert len(ears.posts()) == names.HISTORY_POSTS
    memory = Memory.read(ears.cursor)
    memory.heard *= 20
    assert len(Memory.read(memory.write(memory_now())).heard) == names.REMEMBERED


def memory_now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_every_story_that_is_followed_is_asked_for(news: HackerNews) -> None:
    stories = [news.submits("ada", f"Kettle {number}") for number in range(names.AT_ONCE + 5)]
    ears = Ears(news)
    ears.listen()
    comments = {news.comments("uma", stories[0], "First!"), news.comments("uma", stories[-1], "Last!")}
    assert ears.posts().keys() == comments


# --- what becomes of it ----------------------------------------------------------------------------


def test_deletes_and_edits_are_found_by_looking_again(news: HackerNews) -> None:
    story = news.submits("ada", "A kettle")
    comments = [news.comments("uma", story, f"No. {number}") for number in range(3)]
    ears = Ears(news)
    ears.listen()
    ears.kept = [story, *comments]
    news.deletes(comments[0])
    news.kills(comments[1])
    news.edits(comments[2], "Number two")
    news.changed.clear()  # nobody told us
    events = ears.listen()
    assert [event for event in events if isinstance(event, Gone)] == [
        Gone(comments[0], "deleted"),
        Gone(comments[1], "moderated"),
    ]
    edited = {event.post.native_id: event.post for event in events if isinstance(event, Edited)}
    assert edited[comments[2]].text == "Number two"


def test_looking_again_tells_the_same_words_where_nothing_changed(news: HackerNews) -> None:
    """Else each look would be taken for an edit."""
    story = news.submits("ada", "Tea", "https://tea.example/", text="Which <i>kettle</i>?")
    comment = news.comments(
        "uma", story, 'kettle: <a href="https:&#x2F;&#x2F;a.example&#x2F;">https:&#x2F;&#x2F;a.e...</a>'
    )
    ears = Ears(news)
    heard = ears.posts()
    ears.kept = [story, comment]
    again = {event.post.native_id: event.post for event in ears.listen() if isinstance(event, Edited)}
    for native_id, post in again.items():
        assert replace(post, addressed=heard[native_id].addressed) == heard[native_id]


def test_all_that_is_kept_has_its_turn(news: HackerNews) -> None:
    story = news.submits("ada", "A kettle")
    ears = Ears(news)
    ears.listen()
    ears.kept = [news.comments("uma", story, f"No. {n}") for n in range(names.LOOKED_AT * 2 + 3)]
    looked_at: set[str] = set()
    for _round in range(3):
        looked_at |= {event.post.native_id for event in ears.listen() if isinstance(event, Edited)}
    assert looked_at == set(ears.kept)


# --- without an account ----------------------------------------------------------------------------


def test_a_name_is_found_as_it_is_written(news: HackerNews) -> None:
    found = news.submits("ada", "Kettle & Co are great")
    news.submits("ada", "Kettle drums")
    channel = Ears(news).channel
    assert [post.native_id for post in channel.find('"Kettle  & Co"', limit=5)] == [found]
    assert list(channel.find(" ")) == []
    assert len(list(channel.find("kettle", limit=1))) == 1


def test_offline_and_silence_are_said_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert names.FIND_WITHIN < 5
    monkeypatch.setattr("goodword.channels.hackernews.FIND_WITHIN", 0.3)
    with opened_place() as silent:
        account = Account({"search": silent.url("")}, allowed_private=frozenset({silent.door}))
        silent.behave = lambda _visitor: silent.closing.wait(5) and None
        began = time.monotonic()
        with pytest.raises(Unreachable, match=names.NO_ANSWER):
            list(Channel(account).find("kettle"))
        assert time.monotonic() - began < 2
    with pytest.raises(Unreachable, match=names.NO_ANSWER):
        list(Channel(account).find("kettle"))  # nobody is there any more


@pytest.mark.parametrize(
    ("address", "native_id"),
    [
        ("https://news.ycombinator.com/item?id=123", "123"),
        ("http://news.ycombinator.com/item?id=123&p=2#456", "123"),
        ("https://news.ycombinator.com/reply?id=123&goto=item%3Fid%3D1", "123"),
        ("https://news.ycombinator.com/user?id=123", ""),
        ("https://news.ycombinator.com/item?id=abc", ""),
        ("https://evil.example/item?id=123", ""),
        ("https://news.ycombinator.com.evil.example/item?id=1", ""),
        ("", ""),
    ],
)
def test_an_address_names_an_item_or_none(address: str, native_id: str) -> None:
    assert item_of(address) == native_id


def test_the_post_behind_an_address_is_read_with_its_thread(news: HackerNews) -> None:
    story = news.submits("ada", "Tea")
    first = news.comments("uma", story, "Which?")
    post = Ears(news).channel.read_address(
        f"https://news.ycombinator.com/item?id={news.comments('sam', first, 'Any')}"
    )
    assert post
    assert (post.text, post.parent, post.root, post.quoted) == ("Any", first, first, "Tea")
    news.deletes(first)
    assert Ears(news).channel.read_address(f"https://news.ycombinator.com/item?id={first}") is None
    assert Ears(news).channel.read_address("https://news.ycombinator.com/item?id=999") is None


def test_an_answer_is_written_on_the_site_and_the_link_leads_to_its_box(news: HackerNews) -> None:
    story = news.submits("ada", "A kettle")
    comment = news.comments("uma", story, "How loud?")
    posts = Ears(news).posts()
    permission = Channel.can(Cap.REPLY, posts[comment])
    assert (bool(permission), permission.native_link) == (
        False,
        f"https://news.ycombinator.com/reply?id={comment}",
    )
    assert Channel.can(Cap.REPLY, posts[story]).native_link == f"https://news.ycombinator.com/item?id={story}"


# --- when it misbehaves ----------------------------------------------------------------------------


def test_it_asks_us_to_wait(news: HackerNews) -> None:
    news.trouble = "asks_to_wait"
    with pytest.raises(RateLimited) as limit:
        Ears(news).listen()
    assert limit.value.until - memory_now() < timedelta(seconds=31)


def test_a_name_that_nobody_has_is_said(news: HackerNews) -> None:
    assert Ears(news, "nobody-here").channel.check().missing == (
        "Hacker News knows no user called nobody-here.",
    )


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=3),
)
FIELDS = ["objectID", "id", "author", "by", "created_at_i", "time", "title", "url", "text", "comment_text"]
FIELDS += ["parent", "parent_id", "story_text", "deleted", "dead", "kids"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_nothing_that_is_sent_breaks_the_reading(told: dict[str, Any]) -> None:
    for post in (parse_hit(told), parse_item(told)):
        if post:
            assert post.native_id.isdecimal()
            f"{post.text}{post.title}".encode()
    is_gone(told)


@settings(max_examples=25, deadline=None)
@given(JSON)
def test_no_cursor_stops_us(told: Any) -> None:
    for cursor in (json.dumps(told), json.dumps({"heard": told, "followed": told, "at": told})):
        assert Memory.read(cursor).write(memory_now())


def test_real_submissions_are_found_one_by_one(news: HackerNews) -> None:
    if not REAL.exists():
        pytest.skip(f"the real submissions are not here: {REAL}")
    rows = [json.loads(line) for line in REAL.read_text("utf-8").splitlines()]
    for row in rows:
        news.submits(row["submitter"], row["title"], row["url"])
    found = list(Ears(news).channel.find("datasette", limit=100))
    assert len(found) == len(rows) == 28
    assert len({post.author.native_id for post in found}) == 23
