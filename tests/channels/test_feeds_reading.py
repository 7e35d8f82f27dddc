"""RSS, Atom and JSON Feed, well and badly made: what do they say?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels.base import Media, Post
from goodword.channels.feeds.discovery import feeds_named, shown, with_scheme
from goodword.channels.feeds.documents import Document, read_feed
from goodword.channels.feeds.places import PLACES, asked_for, searches
from goodword.channels.feeds.soundness import Unsound
from tests.servers.feeds import ATOM

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HERE = "https://www.ada.example/blog/feed.xml"


def read(document: str | bytes, kind: str = "", **more: Any) -> Document:
    data = document if isinstance(document, bytes) else document.encode()
    return read_feed(data, HERE, kind, now=NOW, **more)


def rss(*items: str, head: str = "<title>Ada's blog</title>", names: str = "") -> str:
    told = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {names}><channel>{head}{told}</channel></rss>'


def atom(*entries: str, head: str = "<title>Ada's blog</title>") -> str:
    return ATOM + head + "".join(f"<entry>{entry}</entry>" for entry in entries) + "</feed>"


def one(document: str | bytes, kind: str = "") -> Post:
    (post,) = read(document, kind).posts
    return post


# --- the dialects ----------------------------------------------------------------------------------


def test_an_rss_item_becomes_a_post() -> None:
    post = one(
        rss(
            "<title>Kettles &amp;amp; cups</title><link>https://ada.example/1</link><guid>tag:1</guid>"
            "<description>&lt;p&gt;It &lt;b&gt;whistles&lt;/b&gt;.&lt;/p&gt;</description>"
            "<pubDate>Tue, 10 Mar 2026 11:00:00 +0100</pubDate>"
        )
    )
    assert (post.native_id, post.title, post.text) == ("ada.example/tag:1", "Kettles & cups", "It whistles.")
    assert post.at == datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
    assert (post.url, post.root) == ("https://ada.example/1", "ada.example/tag:1")
    assert (post.author.name, post.author.handle) == ("Ada's blog", "ada.example")


def test_an_atom_entry_becomes_a_post() -> None:
    post = one(
        atom(
            "<id>tag:ada.example,2026:1</id><title>Kettles</title><link href='https://ada.example/1'/>"
            "<published>2026-03-09T08:00:00Z</published><updated>2026-03-10T08:00:00Z</updated>"
            "<author><name>Ada Moreau</name><uri>https://ada.example/ada</uri></author>"
            "<content type='html' xml:lang='de'>&lt;p&gt;Er pfeift.&lt;/p&gt;</content>"
        )
    )
    assert (post.text, post.languages) == ("Er pfeift.", ("de",))
    assert post.at == datetime(2026, 3, 9, 8, 0, tzinfo=UTC), "when it was said, not when it was touched"
    assert (post.author.name, post.author.url) == ("Ada Moreau", "https://ada.example/ada")


def test_a_json_feed_item_becomes_a_post() -> None:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ada's blog",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [
            {
                "id": 7,
                "url": "/7",
                "title": "2 < 3",
                "content_html": "<p>It <b>whistles</b>.</p>",
                "date_published": "2026-03-09T08:00:00+01:00",
                "authors": [{"name": "Ada", "url": "https://ada.example/ada"}],
                "attachments": [{"url": "/k.jpg", "mime_type": "image/jpeg"}],
            },
            {"id": "8", "content_text": "Plain <b>text</b>\n  stays"},
            "no item",
        ],
    }
    document = read(json.dumps(told), "application/feed+json")
    first, second = document.posts
    assert (first.native_id, first.title, first.text) == ("ada.example/7", "2 < 3", "It whistles.")
    assert first.url == "https://www.ada.example/7"
    assert first.media == (Media("https://www.ada.example/k.jpg", "image"),)
    assert (second.text, second.at) == ("Plain <b>text</b>\n  stays", NOW)
    assert document.head.hub == "https://hub.example/"


@pytest.mark.parametrize("old", ["0.91", "0.92", "1.0", "0.90"])
def test_what_is_older_than_its_readers_is_read_all_the_same(old: str) -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    assert one(doctype + f'<rss version="{old}"><channel><item><title>Tea</title></item></channel></rss>')
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel><title>x</title></channel><item rdf:about="u:1"><title>Tea</title></item></rdf:RDF>'
    )
    assert one(rdf).title == "Tea"


# --- what people make of them ----------------------------------------------------------------------


def test_links_and_pictures_that_name_no_site_belong_to_the_page() -> None:
    html = escape('<a href="/about">us</a> <img src="k.jpg" alt="A kettle"> <img src="/count.gif" width="1">')
    post = one(rss(f"<link>https://ada.example/2026/kettle</link><description>{html}</description>"))
    assert post.links == ("https://www.ada.example/about",)
    assert post.media == (Media("https://www.ada.example/blog/k.jpg", "image", "A kettle"),)


def test_pictures_come_from_enclosures_and_media_once_each() -> None:
    names = 'xmlns:media="http://search.yahoo.com/mrss/"'
    item = (
        '<enclosure url="https://a.example/s.mp3" type="audio/mpeg" length="9"/>'
        '<media:content url="https://a.example/k.jpg" medium="image" width="640" height="480"/>'
        f"<description>{escape('<img src=https://a.example/k.jpg>')}</description>"
    )
    post = one(rss(item, names=names))
    assert {(medium.kind, medium.url) for medium in post.media} == {
        ("audio", "https://a.example/s.mp3"),
        ("image", "https://a.example/k.jpg"),
    }


def test_a_title_that_only_repeats_the_first_words_is_left_out() -> None:
    post = one(rss("<title>It whistles so…</title><description>It whistles so nicely.</description>"))
    assert (post.title, post.text) == ("", "It whistles so nicely.")


def test_the_author_of_an_entry_goes_before_that_of_the_feed_and_mail_addresses_are_nobodys_business() -> (
    None
):
    document = read(
        rss(
            "<guid>a:1</guid><author>uma@example.com (Uma)</author>",
            "<guid>a:2</guid>",
            "<guid>a:3</guid><author>sam@example.com</author>",
            head="<title>Blog</title><managingEditor>ada@example.com (Ada)</managingEditor>",
        )
    )
    assert {post.native_id[-1]: post.author.name for post in document.posts} == {
        "1": "Uma",
        "2": "Ada",
        "3": "sam",
    }
    assert "@" not in str(document.posts)


def test_two_sites_that_both_count_from_one_are_not_mixed_up() -> None:
    feed = rss("<guid isPermaLink='false'>1</guid><author>Ada</author><description>x</description>").encode()
    ids = set()
    for site in ("https://ada.example/feed", "https://uma.example/feed"):
        (post,) = read_feed(feed, site, now=NOW).posts
        ids |= {post.native_id, post.author.native_id}
    assert len(ids) == 4


def test_an_entry_without_id_link_and_date_is_the_same_at_each_look() -> None:
    feed = rss("<description>It whistles.</description>")
    assert one(feed).native_id == one(feed).native_id
    assert one(feed).at == NOW


@pytest.mark.parametrize(
    "date", ["9999-01-01T00:00:00Z", "0001-01-01", "yesterday", "", "1970-01-01T00:00:00Z"]
)
def test_a_clock_that_was_never_set_puts_nothing_on_top_or_at_the_bottom(date: str) -> None:
    assert one(atom(f"<id>a:1</id><published>{date}</published>")).at == NOW


def test_an_answer_names_what_it_answers_and_an_answer_to_it_the_same_thread() -> None:
    first, second, third = read(
        atom(
            "<id>a:1</id><published>2026-03-01T00:00:00Z</published>",
            "<id>a:2</id><published>2026-03-02T00:00:00Z</published><thr:in-reply-to ref='a:1'/>",
            "<id>a:3</id><published>2026-03-03T00:00:00Z</published><thr:in-reply-to ref='a:2'/>",
        )
    ).posts
    assert (second.parent, second.root) == (first.native_id, first.native_id)
    assert (third.parent, third.root) == (second.native_id, first.native_id)


def test_comments_on_one_page_are_one_thread() -> None:
    first, second = read(
        rss(
            "<guid>a:1</guid><link>https://ada.example/kettle/#comment-1</link>",
            "<guid>a:2</guid><link>https://ada.example/kettle/#comment-2</link>",
        )
    ).posts
    assert first.root == second.root == "ada.example/https://ada.example/kettle/"


def test_what_a_feed_declares_deleted_is_told_all_of_it() -> None:
    gone = "<at:deleted-entry ref='a:1' when='2026-01-01T00:00:00Z'/><at:deleted-entry ref='a:2' when='x'/>"
    assert read(atom("<id>a:3</id>", head=gone)).gone == ("ada.example/a:1", "ada.example/a:2")


def test_where_comments_are_and_how_often_to_look() -> None:
    names = 'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    comments = (
        "<wfw:commentRss>https://ada.example/{}/feed</wfw:commentRss><slash:comments>{}</slash:comments>"
    )
    items = [f"<guid>a:{n}</guid>{comments.format(n, n)}" for n in (0, 1)]
    document = read(rss(*items, head="<title>x</title><ttl>90</ttl>", names=names))
    assert document.below == {"ada.example/a:1": "https://ada.example/1/feed"}, "nobody said anything below 0"
    assert document.head.every == timedelta(minutes=90)


# --- what half the web gets wrong ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            "<rss><channel><item><title>Café</title></item></channel></rss>".encode("latin-1"),
            "text/xml; charset=iso-8859-1",
        ),
        (
            "<?xml version='1.0' encoding='windows-1252'?><rss><item><title>Café</title></item></rss>".encode(
                "cp1252"
            ),
            "",
        ),
        (
            "<?xml version='1.0' encoding='iso-8859-1'?><rss><item><title>Café</title></item></rss>".encode(),
            "text/xml",
        ),
        ("<rss><item><title>Café</title></item></rss>".encode("utf-16"), ""),
        (b"\xef\xbb\xbf\n <rss><item><title>Caf&eacute;</title></item></rss>", ""),
        (
            "<?xml version='1.0' encoding='of-mine'?><rss><item><title>Café</title></item></rss>".encode(
                "cp1252"
            ),
            "",
        ),
        (b"<rss><item><title>Caf\xe9</title></item></rss>", "text/xml; charset=utf-8"),
        ("<?xml version='1.0' encoding='zlib'?><rss><item><title>Café</title></item></rss>".encode(), ""),
    ],
    ids=["head", "declared", "declared wrongly", "utf-16", "mark and entity", "unknown", "lies", "no text"],
)
def test_whatever_a_feed_says_of_its_letters_they_are_read(data: bytes, kind: str) -> None:
    assert one(data, kind).title == "Café"


def test_small_slips_are_mended() -> None:
    post = one("<rss><channel><item><title>Tea & Co &nbsp;&copy; \x08now</title></item></channel></rss>")
    assert post.title == "Tea & Co © now"


def test_a_feed_that_ends_in_the_middle_gives_what_was_whole_and_says_so() -> None:
    document = read(rss("<title>One</title>", "<title>Two</title>")[:-45])
    assert [post.title for post in document.posts] == ["One"]
    assert document.trouble == "This feed ends in the middle: what was whole before was read."


@pytest.mark.parametrize(
    "noise",
    [
        "",
        "   ",
        "hello",
        "{}",
        '{"items": []}',
        "[1]",
        "<svg/>",
        "<rss",
        "<a>" * 300,
        "\x00" * 50,
        "{" * 9000,
    ],
)
def test_what_is_no_feed_is_said_in_a_sentence(noise: str) -> None:
    with pytest.raises(Unsound) as trouble:
        read(noise)
    assert str(trouble.value).endswith(".")


@settings(max_examples=30, deadline=None)
@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.sampled_from(["", "text/xml; charset=x", "application/json"]),
)
def test_no_words_break_the_reading(title: str, text: str, kind: str) -> None:
    for document in (
        rss(f"<guid>a:1</guid><title>{title}</title><description><![CDATA[{text}]]></description>"),
        atom(f"<id>{title}</id><title>{text}</title><published>{text}</published>"),
        json.dumps(
            {"version": "jsonfeed", "items": [{"id": title, "content_html": text, "date_published": text}]}
        ),
        title + text,
    ):
        try:
            posts = read(document.encode("utf-8", "surrogatepass"), kind).posts
        except Unsound:
            continue
        for post in posts:
            f"{post.title} {post.text} {post.native_id}".encode()
            assert "\x00" not in f"{post.title}{post.text}{post.author.name}"


# --- addresses -------------------------------------------------------------------------------------


def test_a_page_names_its_feeds_and_that_of_comments_comes_last() -> None:
    page = (
        '<!doctype html><html><head><base href="https://b.example/"><script>"<link rel=alternate>"</script>'
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">'
        '<LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="feed.atom">'
        '<link rel="stylesheet" type="application/rss+xml" href="/no">'
        "<link rel=alternate type=text/html href=/no>"
        '<link rel=alternate type=application/rss+xml href="javascript:alert(1)"></head><body></body></html>'
    )
    assert feeds_named(page.encode(), "https://a.example/") == [
        "https://b.example/feed.atom",
        "https://b.example/comments/feed/",
    ]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ada.example/blog", "https://ada.example/blog"),
        ("http://ada.example", "http://ada.example"),
        ("feed://ada.example/x", "https://ada.example/x"),
        ("feed:ada.example/x", "https://ada.example/x"),
        ("", ""),
    ],
)
def test_people_leave_out_how_an_address_begins(typed: str, address: str) -> None:
    assert with_scheme(typed) == address


def test_an_address_is_shown_without_what_all_have() -> None:
    assert shown("https://www.ada.example/feed/?a=b") == "ada.example/feed?a=b"


def test_a_search_asks_each_place_in_its_own_way() -> None:
    assert (
        asked_for("https://a.example/?q={words}", '"Kettle & Co"')
        == "https://a.example/?q=%22Kettle%20%26%20Co%22"
    )
    assert asked_for("https://a.example/{tag}.rss", '"Kettle & Co"') == "https://a.example/kettleco.rss"
    assert asked_for("https://a.example/{tag}.rss", "☕") == ""
    assert searches(["https://a.example/{tag}"], ["Tea", "#tea", "tea"]) == ["https://a.example/tea"]


def test_each_place_to_search_is_asked_over_https_and_has_room_for_words() -> None:
    assert len({place.key for place in PLACES}) == len(PLACES)
    for place in PLACES:
        assert place.address.startswith("https://")
        assert searches([place.address], ["tea"])
