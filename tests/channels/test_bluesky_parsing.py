"""What does Bluesky's channel make of what the network really said, and of what it should never say?"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels import base
from goodword.channels.asking import Answer
from goodword.channels.base import Cap, Edited, Seen, Watch
from goodword.channels.bluesky import Bluesky
from goodword.channels.bluesky.heard import (
    Frame,
    Place,
    closed,
    parse_author,
    parse_frame,
    parse_record,
    parse_thread,
    parse_view,
)
from goodword.channels.bluesky.names import CLOSED, POST
from goodword.channels.bluesky.records import facets_of, record_key
from goodword.channels.bluesky.service import complaint

RECORDED = Path(__file__).parent / "payloads" / "bluesky"
CAST = json.loads((RECORDED / "cast.json").read_text())
BRAND, ADA, UMA = CAST["brand"], CAST["ada"], CAST["uma"]
LATER = datetime(2027, 1, 1, tzinfo=UTC)  # than everything recorded
HEARD_AT = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
URI = f"at://{ADA}/{POST}/3n3kx4nmf5k24"

EVERYTHING = Watch(interested=lambda _: True, knows_post=lambda _: True, knows_author=lambda _: True)
NOTHING = Watch()
IN_BEANS = Watch(interested=lambda text: "beans" in text)


def frame(name: str, watch: Watch = NOTHING) -> Frame:
    return parse_frame((RECORDED / f"{name}.frame").read_bytes(), BRAND, watch, LATER)


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def heard(name: str, watch: Watch = NOTHING) -> base.Post:
    (event,) = frame(name, watch).events
    assert isinstance(event, Seen)
    return event.post


def record(**parts: Any) -> base.Post:
    return parse_record(URI, "bafy", parts, HEARD_AT, BRAND)


# --- the firehose, as recorded ----------------------------------------------------------------------


def test_a_mention_is_heard_whatever_we_search_for() -> None:
    post = heard("mention", NOTHING)

    assert post.text == "Hey @brand.test — love your beans 🫘! Do you ship abroad?"
    assert post.addressed
    assert not post.ours
    assert post.author.native_id == ADA
    assert post.native_id.startswith(f"at://{ADA}/{POST}/")
    assert post.url == f"https://bsky.app/profile/{ADA}/post/{post.native_id.rpartition('/')[2]}"
    assert post.root == post.native_id
    assert post.parent == ""
    assert post.languages == ("en",)
    assert post.reference["uri"] == post.reference["root_uri"] == post.native_id
    assert post.reference["cid"].startswith("bafyrei")


def test_a_reply_and_a_quote_of_ours_are_addressed_to_us() -> None:
    ours, reply, quote = heard("ours"), heard("reply"), heard("quote")

    assert reply.addressed
    assert reply.parent == reply.root == ours.native_id
    assert reply.reference["root_cid"] == ours.reference["cid"]
    assert quote.addressed
    assert ours.url in quote.links


def test_what_our_people_post_in_the_app_is_ours() -> None:
    assert heard("ours").ours
    assert not heard("ours").addressed


def test_a_picture_comes_with_its_alt_text_and_size() -> None:
    (picture,) = heard("picture", EVERYTHING).media

    assert picture.alt == "A white cup of black coffee"
    assert picture.kind == "image"
    assert picture.url.startswith(f"https://cdn.bsky.app/img/feed_fullsize/plain/{UMA}/bafkrei")


def test_other_talk_is_heard_only_if_it_interests_us() -> None:
    assert heard("closing", EVERYTHING).text == "Beans that arrived late, again"
    assert frame("closing", NOTHING).events == ()
    assert frame("picture", IN_BEANS).events == ()


def test_an_edit_of_what_we_keep_is_heard_as_an_edit_and_of_other_posts_as_something_new() -> None:
    (edit,) = frame("edited", EVERYTHING).events
    (new,) = frame("edited", IN_BEANS).events

    assert isinstance(edit, Edited)
    assert edit.post.native_id == heard("mention").native_id
    assert edit.post.text == "Hey @brand.test — love your beans! Do you ship to Norway?"
    assert edit.post.reference["cid"] != heard("mention").reference["cid"]
    assert isinstance(new, Seen)


def test_a_delete_is_heard_of_what_we_keep_and_of_nothing_else() -> None:
    assert frame("deleted", EVERYTHING).events == (base.Gone(heard("mention").native_id),)
    assert frame("deleted", NOTHING).events == ()


def test_people_we_know_who_leave_return_or_take_another_name_are_heard() -> None:
    (renamed,) = frame("handle", EVERYTHING).events

    assert frame("deactivated", EVERYTHING).events == (base.AuthorGone(UMA, "deactivated"),)
    assert frame("active", EVERYTHING).events == (base.AuthorBack(UMA),)
    assert isinstance(renamed, base.AuthorChanged)
    assert (renamed.author.native_id, renamed.author.handle) == (ADA, "adamarie.test")
    assert frame("deactivated", NOTHING).events == frame("handle", NOTHING).events == ()


def test_every_frame_tells_where_it_stands_even_if_it_does_not_concern_us() -> None:
    places = [frame(name).seq for name in ("ours", "mention", "gate", "deleted", "active")]

    assert None not in places
    assert places == sorted(places, key=lambda seq: seq or 0)


def test_a_cursor_from_the_future_is_told_apart() -> None:
    assert frame("future_cursor") == Frame(LATER, trouble="FutureCursor")


# --- what the AppView answers, as recorded ----------------------------------------------------------


def test_notifications_name_their_authors_and_are_addressed_to_us() -> None:
    found = [parse_view(view, BRAND, LATER) for view in recorded("notifications")["notifications"]]

    assert [one[0].author.handle for one in found if one] == ["uma.test", "ada.test", "ada.test"]
    assert all(one and one[0].addressed for one in found)
    assert all(one and one[1].tzinfo is UTC for one in found)


def test_a_post_is_the_same_however_it_was_heard() -> None:
    by_search = {
        one[0].native_id: one[0] for v in recorded("search")["posts"] if (one := parse_view(v, BRAND, LATER))
    }
    live = heard("mention")
    asked = by_search[live.native_id]

    assert (asked.text, asked.root, asked.addressed, asked.url) == (
        live.text,
        live.root,
        live.addressed,
        live.url,
    )
    assert {**asked.reference, "closed": ""} == {**live.reference, "closed": ""}


def test_a_thread_is_read_from_its_beginning() -> None:
    texts = [post.text for post in parse_thread(recorded("thread"), BRAND, LATER)]

    assert texts == ["New beans are in! 🫘 What shall we roast first?", "The dark ones, please."]


def test_our_own_records_are_ours() -> None:
    (view,) = recorded("our_records")["records"]
    found = parse_view(view, BRAND, LATER)

    assert found is not None
    assert found[0].ours
    assert found[1] == found[0].at


def test_a_closed_thread_takes_no_reply_and_says_why_and_where() -> None:
    found = parse_view(recorded("closed_thread")["thread"]["post"], BRAND, LATER)
    assert found is not None
    permission = Bluesky.can(Cap.REPLY, found[0])

    assert not permission
    assert permission.reason == CLOSED["limited"]
    assert permission.native_link == found[0].url
    assert Bluesky.can(Cap.LIKE, found[0])


@pytest.mark.parametrize(
    "viewer", [{"blockedBy": True}, {"blocking": "at://did:plc:me/app.bsky.graph.block/1"}]
)
def test_who_blocked_us_or_is_blocked_takes_no_reply(viewer: dict[str, Any]) -> None:
    assert closed({"author": {"viewer": viewer}}) == "blocked"


def test_a_profile_counts_followers() -> None:
    profile = {
        "did": ADA,
        "handle": "ada.test",
        "displayName": "Ada",
        "followersCount": 12,
        "avatar": "javascript:",
    }
    author = parse_author(profile)

    assert (author.name, author.followers, author.avatar_url) == ("Ada", 12, "")
    assert [parse_author(p).handle for p in recorded("profiles")["profiles"]] == ["ada.test", "uma.test"]


def test_only_our_own_post_can_be_taken_back() -> None:
    assert Bluesky.can(Cap.TAKE_BACK, heard("ours"))
    assert not Bluesky.can(Cap.TAKE_BACK, heard("mention"))


# --- times nobody can have spoken at ----------------------------------------------------------------


@pytest.mark.parametrize(
    "claimed",
    ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "yesterday", None, 7],
)
def test_an_absurd_time_is_replaced_by_when_it_was_heard(claimed: Any) -> None:
    assert record(createdAt=claimed).at == HEARD_AT


def test_a_believable_time_is_kept_in_utc() -> None:
    assert record(createdAt="2026-11-30T14:00:00+02:00").at == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_a_stream_whose_clock_runs_ahead_does_not_make_posts_of_tomorrow() -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)  # our clock says: before all that was recorded
    (event,) = parse_frame((RECORDED / "mention.frame").read_bytes(), BRAND, NOTHING, early).events

    assert isinstance(event, Seen)
    assert event.post.at == early


# --- what a stranger may put into a record ----------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "createdAt",
                    "facets",
                    "features",
                    "did",
                    "uri",
                    "cid",
                    "reply",
                    "root",
                    "parent",
                    "embed",
                    "images",
                    "image",
                    "ref",
                    "$link",
                    "alt",
                    "aspectRatio",
                    "width",
                    "record",
                    "external",
                    "media",
                    "video",
                    "langs",
                    "author",
                    "viewer",
                    "indexedAt",
                    "handle",
                    "post",
                    "thread",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(anything)
@settings(max_examples=150, deadline=None)
def test_no_record_view_profile_or_thread_raises(value: Any) -> None:
    parts = (
        value if isinstance(value, dict) else {"text": value, "facets": value, "embed": value, "reply": value}
    )
    post = parse_record(URI, "bafy", parts, HEARD_AT, BRAND)
    view = parse_view({**parts, "uri": URI, "record": parts}, BRAND, LATER)

    assert post.at <= HEARD_AT
    assert view is not None
    json.dumps([post.text, *post.links, *post.languages, post.parent, post.root]).encode()
    parse_author(value)
    parse_thread(value, BRAND, LATER)
    parse_view(value, BRAND, LATER)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_frame_raises_however_it_was_damaged(data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from(["mention", "reply", "picture", "quote", "edited", "deactivated", "handle"])
    )
    damaged = bytearray((RECORDED / f"{name}.frame").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    parse_frame(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]), BRAND, EVERYTHING, LATER)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    parse_frame(data, BRAND, EVERYTHING, LATER)


def test_a_frame_nested_without_end_is_passed_over() -> None:
    assert parse_frame(b"\x81" * 1_000_000, BRAND, EVERYTHING, LATER) == Frame(LATER)


def test_hostile_text_is_cleaned_and_bounded() -> None:
    post = record(text="\ud800 \x00 <b>\u202e" + "x" * 1_000_000, langs=["e" * 5_000] * 5_000)

    post.text.encode()
    assert "\x00" not in post.text
    assert len(post.text) <= base.MAX_TEXT
    assert len(post.languages) <= 200
    assert all(len(language) <= 35 for language in post.languages)


def test_a_link_is_a_web_address_or_no_link() -> None:
    def facet(uri: str) -> dict[str, Any]:
        return {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}]}

    post = record(
        facets=[
            facet("javascript:alert(1)"),
            facet("https://brand.example/a"),
            facet("https://brand.example/a"),
        ]
    )

    assert post.links == ("https://brand.example/a",)


def test_a_post_with_a_strange_address_is_not_taken_in() -> None:
    for uri in (
        "https://bsky.app/x",
        f"at://{ADA}/app.bsky.feed.like/3k",
        f"at://{ADA}/{POST}/../x",
        "",
        None,
        7,
    ):
        assert parse_view({"uri": uri, "cid": "b", "record": {}}, BRAND, LATER) is None


def test_an_author_cannot_be_put_on_another_persons_post() -> None:
    found = parse_view({"uri": URI, "author": {"did": UMA, "handle": "uma.test"}, "record": {}}, BRAND, LATER)

    assert found is not None
    assert (found[0].author.native_id, found[0].author.handle) == (ADA, "")


# --- what we write ----------------------------------------------------------------------------------


def nobody(_: str) -> str:
    return ""


def marked(words: str) -> list[tuple[str, str]]:
    """What each facet covers, cut out by its bytes, and what it says."""
    facets = facets_of(words, {"ada.test": ADA}.get)  # type: ignore[arg-type]
    cut = [words.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in facets]
    values = [next(v for k, v in f["features"][0].items() if k != "$type") for f in facets]
    return list(zip(cut, values, strict=True))


def test_links_mentions_and_tags_are_marked_by_bytes_not_letters() -> None:
    words = "Grüße 🫘 @ada.test, siehe https://brand.example/größe?a=1. #Kaffee"

    assert marked(words) == [
        ("https://brand.example/größe?a=1", "https://brand.example/größe?a=1"),
        ("@ada.test", ADA),
        ("#Kaffee", "Kaffee"),
    ]


@pytest.mark.parametrize(
    "words", ["@nobody.test", "mail ada@ada.test", "we are #1", "a#b", "@ada", "https:// nothing", ""]
)
def test_what_only_looks_like_a_mark_is_left_alone(words: str) -> None:
    assert marked(words) == []


def test_a_mark_inside_a_link_is_part_of_the_link() -> None:
    assert marked("(https://x.example/@ada.test#top)") == [("https://x.example/@ada.test#top",) * 2]


@given(st.text(st.sampled_from("aä🫘 #@.:/1_htps\n"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_every_mark_lies_on_whole_letters(words: str) -> None:
    for facet in facets_of(words, lambda _: ADA):
        words.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()


@given(st.text(), st.text())
@settings(max_examples=100, deadline=None)
def test_the_same_draft_has_the_same_record_key_and_another_draft_another(one: str, other: str) -> None:
    assert record_key(one) == record_key(one)
    assert (record_key(one) == record_key(other)) == (
        one.encode("utf-8", "replace") == other.encode("utf-8", "replace")
    )


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_a_record_key_has_the_form_of_a_time_before_all_that_people_post_now(key: str) -> None:
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    found = record_key(key)
    number = sum(
        letters.index(letter) << shift for letter, shift in zip(found, range(60, -1, -5), strict=True)
    )
    at = datetime.fromtimestamp((number >> 10) / 1e6, UTC)

    assert found[0] in letters[:16]  # the first bit must not be set
    assert datetime(2024, 1, 1, tzinfo=UTC) <= at < datetime(2026, 1, 1, tzinfo=UTC)


def test_length_counts_graphemes_and_minds_the_bytes() -> None:
    family = "👨‍👩‍👧‍👦"  # one grapheme of 25 bytes

    assert Bluesky.length("a" * 300) == 300
    assert Bluesky.length("é" * 300) == 300
    assert Bluesky.length(family) == 3
    assert Bluesky.length(family * 120) == 300
    assert Bluesky.length(family * 121) > Bluesky.max_length
    assert Bluesky.length("\ud800") == 1


# --- refusals, in words for a person ----------------------------------------------------------------


def refusal(status: int, answer: dict[str, Any], visible: bool = False, **headers: str) -> base.ChannelError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return complaint(Answer(status, named, answer), visible, HEARD_AT)


def test_a_wrong_password_needs_a_login() -> None:
    error = refusal(401, recorded("wrong_password"))

    assert isinstance(error, base.NeedsLogin)
    assert "app password" in str(error)


def test_too_many_requests_tell_until_when_to_wait() -> None:
    reset = int((HEARD_AT + timedelta(minutes=3)).timestamp())
    error = refusal(429, {"error": "RateLimitExceeded"}, visible=True, ratelimit_reset=str(reset))

    assert isinstance(error, base.RateLimited)
    assert error.until == HEARD_AT + timedelta(minutes=3)


@pytest.mark.parametrize("value", ["0", "-5", "soon", "9" * 30, ""])
def test_an_absurd_wait_is_neither_over_nor_endless(value: str) -> None:
    for header in ("ratelimit_reset", "retry_after"):
        error = refusal(429, {}, **{header: value})
        assert isinstance(error, base.RateLimited)
        assert HEARD_AT < error.until <= HEARD_AT + timedelta(days=1)


def test_a_server_that_breaks_while_sending_leaves_it_unclear_and_otherwise_not() -> None:
    assert isinstance(refusal(502, {}, visible=True), base.Unclear)
    assert isinstance(refusal(502, {}, visible=False), base.Unreachable)


def test_a_refusal_with_a_reason_passes_it_on() -> None:
    error = refusal(
        400, {"error": "InvalidRequest", "message": "Record/text must not be longer"}, visible=True
    )

    assert type(error) is base.Refused
    assert "must not be longer" in str(error)


def test_another_website_is_told_from_bluesky() -> None:
    assert isinstance(refusal(404, {}), base.Unreachable)


# --- the rest ---------------------------------------------------------------------------------------


def test_the_cursor_is_read_as_it_was_written() -> None:
    place = Place(began=HEARD_AT, seq=27, since=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))

    assert Place.read(place.written(), LATER) == (place, "")
    assert Place.read(Place(HEARD_AT).written(), LATER) == (Place(HEARD_AT), "")
    assert Place.read(None, LATER) == (Place(LATER), "")


@pytest.mark.parametrize(
    "cursor", ["", "27", "null", "[]", "{}", '{"seq": "x", "since": null}', '{"seq": 1, "since": 2}']
)
def test_an_unreadable_cursor_starts_anew_and_says_so(cursor: str) -> None:
    place, missed = Place.read(cursor, LATER)

    assert place == Place(LATER)
    assert missed


def test_importing_the_channel_loads_no_network_library() -> None:
    code = (
        "import sys, goodword.channels.bluesky\n"
        "print(sorted({'atproto', 'httpx', 'websockets', 'libipld', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
