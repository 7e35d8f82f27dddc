"""Many feeds, each at its own pace: what is heard, what it costs, and what happens when one does not work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels.base import Account, Checkpoint, Edited, Event, Gone, Refused, Seen, Unreachable, Watch
from goodword.channels.feeds import Feeds, names
from goodword.channels.feeds.looking import Look, links_of
from goodword.channels.feeds.memory import Feed, Memory
from goodword.sentence import Sentence
from tests.net.places import Place, opened_place, said
from tests.servers.feeds import Blog, blog

NOW = datetime.now(UTC)
WEB_PAGE = "Content-Type: text/html"


@pytest.fixture
def ada() -> Iterator[Blog]:
    with blog() as there:
        yield there


@pytest.fixture
def uma() -> Iterator[Blog]:
    with blog() as there:
        yield there


class Ears:
    """A connection that listens, and remembers what it heard."""

    def __init__(self, *blogs: Blog, searches: tuple[str, ...] = (), **settings: str) -> None:
        self.settings = {"feeds": "\n".join(blog.address for blog in blogs)} | settings
        self.doors = frozenset(blog.place.door for blog in blogs)
        self.cursor: str | None = None
        self.searches, self.keeps = searches, frozenset[str]()

    def listen(self) -> list[Event]:
        """One round in which every feed is due."""
        watch = Watch(
            self.searches, lambda text: "kettle" in text.lower(), lambda native: native in self.keeps
        )
        events = []
        for event in self.channel.listen(watch, self.cursor and self._due(self.cursor)):
            events.append(event)
            self.cursor = event.cursor if isinstance(event, Checkpoint) else self.cursor
        return [event for event in events if not isinstance(event, Checkpoint)]

    @property
    def channel(self) -> Feeds:
        return Feeds(Account(self.settings, allowed_private=self.doors))

    def memory(self) -> Memory:
        return Memory.read(self.cursor)

    def _due(self, cursor: str) -> str:
        memory = Memory.read(cursor)
        for feed in memory.feeds.values():
            feed.next = 0.0
        return memory.write()


def texts(events: list[Event], kind: type = Seen) -> list[str]:
    return [event.post.text for event in events if isinstance(event, kind)]


# --- what is heard ---------------------------------------------------------------------------------


def test_what_was_there_is_history_and_what_comes_is_news(ada: Blog) -> None:
    ada.says("Old")
    ears = Ears(ada)
    (first,) = ears.listen()
    assert isinstance(first, Seen)
    assert first.history
    ada.says("New")
    (second,) = ears.listen()
    assert isinstance(second, Seen)
    assert not second.history
    assert second.post.text == "New"


def test_an_entry_that_turns_up_late_is_no_news(ada: Blog) -> None:
    """A site that was moved shows everything it ever said as if it were new."""
    ears = Ears(ada)
    ears.listen()
    ada.says("Of last year", at=NOW - timedelta(days=300))
    (event,) = ears.listen()
    assert isinstance(event, Seen)
    assert event.history


def test_only_comments_on_our_own_pages_are_said_to_us(ada: Blog, uma: Blog) -> None:
    for blog_ in (ada, uma):
        blog_.says("A kettle")
    ears = Ears(ada, uma, feeds=ada.address, comments=uma.address)
    addressed = {event.post.url.partition("/entry")[0]: event.post.addressed for event in ears.listen()}  # type: ignore[union-attr]
    assert addressed == {ada.place.url(""): False, uma.place.url(""): True}


def test_an_edit_is_told_of_what_we_keep_or_might_keep_now(ada: Blog) -> None:
    entries = [ada.says("Tea"), ada.says("Cups"), ada.says("Spoons")]
    ears = Ears(ada)
    ears.listen()
    ears.keeps = frozenset({f"127.0.0.1/{entries[0].id}"})
    entries[0].text, entries[1].text, entries[2].text = "Green tea", "Cups and a kettle", "Forks"
    assert sorted(texts(ears.listen(), Edited)) == ["Cups and a kettle", "Green tea"]
    assert ears.listen() == []


def test_what_disappears_is_not_deleted_and_what_is_declared_deleted_is(ada: Blog) -> None:
    entries = [ada.says("Tea"), ada.says("Cups"), ada.says("Spoons")]
    ears = Ears(ada)
    ears.listen()
    ears.keeps = frozenset(f"127.0.0.1/{entry.id}" for entry in entries[:2])
    ada.entries.remove(entries[0])
    ada.deletes(entries[1].id)
    ada.deletes(entries[2].id)
    assert ears.listen() == [Gone(f"127.0.0.1/{entries[1].id}")]
    ada.entries.append(entries[0])
    assert ears.listen() == [Gone(f"127.0.0.1/{entries[1].id}")], "it is back, and neither news nor an edit"


def test_a_typed_site_is_followed_by_the_feed_that_it_names(ada: Blog) -> None:
    ada.says("Tea")
    ears = Ears(ada, feeds=ada.place.url("/"))
    assert texts(ears.listen()) == ["Tea"]
    ears.listen()
    assert ada.place.paths == ["/", "/feed.xml", "/feed.xml"], "the page is asked once"


def test_comments_below_what_meets_a_query_are_followed(ada: Blog) -> None:
    wfw = 'xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    date = "<pubDate>" + NOW.strftime("%a, %d %b %Y %H:%M:%S GMT") + "</pubDate>"
    item = (
        "<item><guid>{0}</guid><title>{0}</title>" + date + "<wfw:commentRss>/{0}/c</wfw:commentRss></item>"
    )
    items = item.format("kettle") + item.format("cup")
    ada.place.answers["/feed.xml"] = said(f"<rss {wfw}><channel>{items}</channel></rss>".encode())
    comment = (
        b"<rss><channel><item><guid>a:9</guid><description>Mine, too</description></item></channel></rss>"
    )
    ada.place.answers["/kettle/c"] = said(comment)
    ears = Ears(ada)
    article = next(e.post for e in ears.listen() if isinstance(e, Seen) and e.post.title == "kettle")
    (event,) = ears.listen()
    assert isinstance(event, Seen)
    assert (event.post.text, event.post.parent, event.post.root) == (
        "Mine, too",
        article.native_id,
        article.native_id,
    )
    assert "/cup/c" not in ada.place.paths


def test_a_search_is_asked_for_each_query(ada: Blog) -> None:
    found = b"<rss><channel><item><guid>a:1</guid><title>A kettle</title></item></channel></rss>"
    ada.place.answers |= {"/?q=%22red%20kettle%22": said(found), "/?q=kettle": said(found)}
    ears = Ears(ada, feeds=ada.place.url("/?q={words}"), searches=('"red kettle"', "kettle"))
    assert {event.post.native_id for event in ears.listen() if isinstance(event, Seen)} == {"127.0.0.1/a:1"}
    assert sorted(ada.place.paths) == ["/?q=%22red%20kettle%22", "/?q=kettle"]


def test_a_feed_that_is_not_wanted_any_more_is_forgotten(ada: Blog, uma: Blog) -> None:
    ears = Ears(ada, uma)
    ears.listen()
    ears.settings["feeds"] = uma.address
    ears.listen()
    assert list(ears.memory().feeds) == [uma.address]


# --- what it costs ---------------------------------------------------------------------------------


def test_nothing_new_costs_nothing(ada: Blog) -> None:
    ada.says("Tea")
    ears = Ears(ada)
    ears.listen()
    before = ears.memory().feeds[ada.address]
    assert ears.listen() == []
    assert ada.not_modified == 1
    after = ears.memory().feeds[ada.address]
    assert (after.seen, after.etag, after.trouble) == (before.seen, before.etag, "")


def test_a_feed_is_left_alone_until_its_time(ada: Blog) -> None:
    ears = Ears(ada)
    ears.listen()
    watch = Watch()
    assert [type(event) for event in ears.channel.listen(watch, ears.cursor)] == [Checkpoint]
    assert len(ada.place.requests) == 1


def next_look(look: Look, feed: Feed | None = None) -> timedelta:
    feed = feed or Feed()
    feed.came(look, NOW)
    return datetime.fromtimestamp(feed.next, UTC) - NOW


DOCUMENT: Any = object()


@pytest.mark.parametrize(
    ("no_sooner", "wait"),
    [
        (timedelta(0), names.USUAL_PACE),
        (timedelta(seconds=30), names.USUAL_PACE),
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(days=400), names.SLOWEST_PACE),
    ],
)
def test_a_site_may_slow_us_down_but_not_for_ever(no_sooner: timedelta, wait: timedelta) -> None:
    assert next_look(Look("", DOCUMENT, no_sooner=no_sooner)) == pytest.approx(wait, abs=timedelta(seconds=1))


def test_trouble_is_looked_at_more_and_more_seldom() -> None:
    feed = Feed()
    waits = [next_look(Look("", trouble=Sentence("No.")), feed) for _failure in range(12)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(names.FIRST_WAIT, abs=timedelta(seconds=1))
    assert waits[-1] == pytest.approx(names.LONGEST_WAIT, abs=timedelta(seconds=1))
    next_look(Look("", DOCUMENT), feed)
    assert (feed.fails, feed.trouble) == (0, "")


@pytest.mark.parametrize("header", ["Retry-After: 7200", "Retry-After: {date}"])
def test_a_busy_site_is_left_alone_for_as_long_as_it_asks(ada: Blog, header: str) -> None:
    date = (datetime.now(UTC) + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    ada.status, ada.headers = "429 Too Many Requests", [header.format(date=date)]
    ears = Ears(ada)
    ears.listen()
    feed = ears.memory().feeds[ada.address]
    wait = datetime.fromtimestamp(feed.next, UTC) - datetime.now(UTC)
    assert wait == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=30))


def test_what_is_gone_for_good_is_asked_for_once_a_day(ada: Blog) -> None:
    ada.status = "410 Gone"
    ears = Ears(ada)
    ears.listen()
    (trouble,) = ears.memory().troubles()
    assert trouble.sentence == names.GONE
    assert next_look(Look("", trouble=Sentence("Gone."), is_for_good=True)) >= timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "links"),
    [
        (
            '<https://a.example/>; rel="hub", </f>; rel=self; type="x"',
            {"hub": "https://a.example/", "self": "/f"},
        ),
        ('<a>; title="x"; rel="self hub"', {"self": "a", "hub": "a"}),
        ("", {}),
        ("<" * 20_000, {}),
        ("<a>;" * 20_000, {}),
    ],
)
def test_the_links_in_the_head_of_an_answer(header: str, links: dict[str, str]) -> None:
    assert links_of(header) == links


# --- when one does not work ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("404 Not Found", names.MISSING),
        (
            "403 Forbidden",
            "This feed is not open to everybody: its site asks for a sign-in or turns us away (403).",
        ),
        ("503 Down", "This site has a fault of its own just now (503)."),
        ("429 Busy", names.BUSY),
    ],
)
def test_one_broken_feed_is_named_and_the_others_go_on(
    ada: Blog, uma: Blog, status: str, sentence: str
) -> None:
    ada.status = status
    uma.says("Tea")
    ears = Ears(ada, uma)
    assert texts(ears.listen()) == ["Tea"]
    (trouble,) = Feeds.troubles(ears.cursor or "")
    assert (trouble.about, trouble.sentence) == (ada.address, sentence)
    ada.status = ""
    ears.listen()
    assert Feeds.troubles(ears.cursor or "") == ()


def test_a_slow_feed_is_not_waited_for_by_the_others(ada: Blog) -> None:
    with opened_place() as slow:
        slow.answers["/"] = lambda _visitor: slow.closing.wait(5) and None
        ada.says("Tea")
        # The slow one is on another site: the same address by another name.
        ears = Ears(ada, feeds=f"http://localhost:{slow.port}/\n{ada.address}")
        ears.doors |= {f"localhost:{slow.port}"}
        watch = Watch()
        first = next(iter(ears.channel.listen(watch, None)))
    assert isinstance(first, Seen)


def test_a_page_without_a_feed_says_so(ada: Blog) -> None:
    ada.place.answers["/about"] = said(b"<html><body>We like tea.</body></html>", WEB_PAGE)
    ears = Ears(ada, feeds=ada.place.url("/about"))
    ears.listen()
    (trouble,) = ears.memory().troubles()
    assert trouble.sentence == names.NO_FEED


def test_stopping_ends_a_round_and_what_was_not_read_is_due_still(ada: Blog) -> None:
    ears = Ears(ada)
    assert list(ears.channel.listen(Watch(stopped=lambda: True), None)) == []


@settings(max_examples=25, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=9),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["feeds", "seen", "next", "etag", "a"]), x),
    )
)
def test_no_cursor_stops_us(told: Any) -> None:
    for cursor in (json.dumps(told), json.dumps({"feeds": told}), json.dumps({"feeds": {"a": told}})):
        memory = Memory.read(cursor)
        assert Memory.read(memory.write()) == memory


# --- connecting ------------------------------------------------------------------------------------


def test_connecting_says_of_each_feed_whether_it_can_be_read(ada: Blog, uma: Blog) -> None:
    uma.status = "404 Not Found"
    health = Ears(ada, uma, places="reddit").channel.check()
    assert health.works == ("Ada's blog is followed.", "Reddit is searched for your queries.")
    assert health.missing == (f"Nothing can be read at {uma.address}. {names.MISSING}",)


def test_nothing_but_broken_feeds_is_not_connected(ada: Blog) -> None:
    ada.status = "404 Not Found"
    with pytest.raises(Refused, match="There is nothing at this address any more"):
        Ears(ada).channel.check()
    with pytest.raises(Refused, match="at least one feed"):
        Ears(feeds="").channel.check()


# --- finding ---------------------------------------------------------------------------------------


def searching(*places: Place) -> Feeds:
    templates = "\n".join(place.url("/?q={words}") for place in places)
    return Feeds(Account({"feeds": templates}, allowed_private=frozenset(place.door for place in places)))


def results(*titles: str) -> bytes:
    date = "<pubDate>0{} Mar 2026 10:00:00 GMT</pubDate>"
    items = "".join(
        f"<item><guid>{title}</guid><title>{title}</title>{date.format(n)}</item>"
        for n, title in enumerate(titles, 1)
    )
    return said(f"<rss><channel>{items}</channel></rss>".encode())


def test_places_are_searched_for_a_name_before_there_is_an_account() -> None:
    with ExitStack() as stack:
        good, broken = stack.enter_context(opened_place()), stack.enter_context(opened_place())
        good.answers["/?q=%22Red%20Kettle%22"] = results(
            "My red  kettle", "A #RedKettle", "A red car, a kettle"
        )
        found = list(searching(good, broken).find(' Red "Kettle" ', limit=5))
        assert [post.title for post in found] == ["A #RedKettle", "My red kettle"]
        assert len(list(searching(good).find("Red Kettle", limit=1))) == 1
        with pytest.raises(Unreachable) as trouble:
            list(searching(broken).find("Red Kettle"))
        assert str(trouble.value) == names.NONE_ANSWERED
        assert list(searching(good).find("  ")) == []


def test_the_search_ends_in_time_though_a_place_hangs() -> None:
    from goodword.channels.feeds import finding

    with ExitStack() as stack:
        good, slow = stack.enter_context(opened_place()), stack.enter_context(opened_place())
        good.answers["/?q=%22tea%22"] = results("Tea")
        slow.answers["/?q=%22tea%22"] = lambda _visitor: slow.closing.wait(5) and None
        account = searching(good, slow).account
        templates = [place.url("/?q={words}") for place in (good, slow)]
        assert [post.title for post in finding.posts_found("tea", templates, account, within=0.5)] == ["Tea"]


def test_an_entry_is_read_by_the_address_of_its_page(ada: Blog) -> None:
    entry = ada.says("It whistles")
    channel = Ears(ada).channel
    post = channel.read_address(ada.place.url(f"/{entry.path}?utm_source=letter"))
    assert post is None, "the page with this address names no feed"
    ada.place.answers[f"/{entry.path}?utm_source=letter"] = ada.place.answers["/"]
    post = channel.read_address(ada.place.url(f"/{entry.path}?utm_source=letter"))
    assert post
    assert post.text == "It whistles"
    assert channel.read_address(ada.place.url("/")) is None
