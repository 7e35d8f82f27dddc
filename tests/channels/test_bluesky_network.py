"""The whole way there and back, on a real Bluesky network."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from PIL import Image

from goodword.channels import base
from goodword.channels.base import Account, Cap, Draft, Edited, Event, Picture, Post, Seen, Sent, Watch
from goodword.channels.bluesky import Bluesky
from goodword.channels.bluesky.names import MAX_PICTURE
from goodword.channels.bluesky.service import SESSIONS
from tests.servers.bad_line import bad_line
from tests.servers.bluesky_network import BlueskyNetwork, Somebody, eventually, opened_by
from tests.servers.processes import free_port

pytestmark = pytest.mark.slow

keys = (f"draft-{number}" for number in count(1))


@pytest.fixture
def brand(bluesky_network: BlueskyNetwork) -> Somebody:
    return bluesky_network.person("brand")


@pytest.fixture
def ada(bluesky_network: BlueskyNetwork) -> Somebody:
    return bluesky_network.person("ada")


@pytest.fixture
def uma(bluesky_network: BlueskyNetwork) -> Somebody:
    return bluesky_network.person("uma")


@pytest.fixture
def channel(brand: Somebody) -> Bluesky:
    return channel_of(brand)


@pytest.fixture(autouse=True)
def _polls_are_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bluesky, "poll_every", timedelta(seconds=1))


def channel_of(who: Somebody, password: str = "", **settings: str) -> Bluesky:
    network = who.network
    settings = {"handle": who.handle, "service": network.service, "firehose": network.firehose, **settings}
    opened = opened_by(settings["service"], settings["firehose"])
    return Bluesky(Account(settings, {"password": password or who.password}, allowed_private=opened))


class Ear:
    """Somebody who listens as the product does, in a thread: what was heard, and where it stands."""

    def __init__(self, channel: Bluesky, cursor: str | None, searches: tuple[str, ...]) -> None:
        self.events: list[Event] = []
        self.cursor = cursor
        self.trouble: Exception | None = None
        self._stop = threading.Event()
        self._watch = Watch(
            searches=searches,
            interested=lambda text: any(words in text for words in searches),
            knows_post=lambda native_id: native_id in {post.native_id for post in self.posts()},
            knows_author=lambda native_id: native_id in {post.author.native_id for post in self.posts()},
            stopped=self._stop.is_set,
        )
        self._known: list[Post] = []
        self._thread = threading.Thread(target=self._listen, args=(channel,))
        self._thread.start()

    def posts(self) -> list[Post]:
        return self._known + [event.post for event in self.events if isinstance(event, Seen)]

    def remembers(self, other: Ear) -> Ear:
        self._known += other.posts()
        return self

    def hears(self, what: Callable[[Any], bool]) -> Any:
        def look() -> Any:
            if self.trouble:
                raise self.trouble
            return next((event for event in list(self.events) if what(event)), None)

        return eventually(look)

    def hears_post(self, uri: str) -> Any:
        return self.hears(lambda event: isinstance(event, Seen) and event.post.native_id == uri)

    def times_seen(self, uri: str) -> int:
        return sum(isinstance(event, Seen) and event.post.native_id == uri for event in self.events)

    def is_listening(self) -> Ear:
        eventually(lambda: self.cursor)
        return self

    def stops(self) -> float:
        """Seconds it took."""
        began = time.monotonic()
        self._stop.set()
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    def _listen(self, channel: Bluesky) -> None:
        try:
            for event in channel.listen(self._watch, self.cursor):
                if isinstance(event, base.Checkpoint):
                    self.cursor = event.cursor
                self.events.append(event)
        except Exception as error:
            self.trouble = error


@contextmanager
def listening(
    channel: Bluesky, cursor: str | None = None, searches: tuple[str, ...] = (), knowing: Ear | None = None
) -> Iterator[Ear]:
    ear = Ear(channel, cursor, searches)
    if knowing:
        ear.remembers(knowing)
    try:
        yield ear
    finally:
        ear.stops()


def reference_of(post: Any) -> dict[str, str]:
    return {"uri": post.uri, "cid": post.cid, "root_uri": post.uri, "root_cid": post.cid}


def reply_to(post: Any, text: str, key: str = "", picture: Picture | None = None) -> Draft:
    return Draft(text, reference_of(post), key or next(keys), picture)


# --- hearing ----------------------------------------------------------------------------------------


def test_a_mention_is_heard_with_its_author(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    with listening(channel) as ear:
        ear.is_listening()
        said = ada.says("Does the kettle come in green, @brand.test?", mentioning=(brand,))
        heard = ear.hears_post(said.uri)

    assert heard.post.addressed
    assert not heard.history
    assert not heard.post.ours
    assert (heard.post.author.handle, heard.post.author.followers) == ("ada.test", 0)
    assert heard.post.text == "Does the kettle come in green, @brand.test?"


def test_what_was_said_before_is_history_and_never_comes_again(
    channel: Bluesky, brand: Somebody, ada: Somebody
) -> None:
    said = ada.says("Yesterday I wrote to @brand.test", mentioning=(brand,))
    eventually(lambda: brand.is_told_of(said.uri) and said.uri in ada.finds("Yesterday"))
    with listening(channel, searches=("Yesterday",)) as ear:
        heard = ear.hears_post(said.uri)
        later = ada.says("And today again, @brand.test", mentioning=(brand,))
        ear.hears_post(later.uri)
        times = ear.times_seen(said.uri)

    assert heard.history
    assert times == 1  # though notifications, searches and polls all tell of it


def test_a_post_about_us_is_found_by_words_live_and_by_searching(channel: Bluesky, ada: Somebody) -> None:
    before = ada.says("I adore my copperpot")
    eventually(lambda: before.uri in ada.finds("copperpot"))
    with listening(channel, searches=("copperpot",)) as ear:
        found = ear.hears_post(before.uri)
        live = ear.is_listening() and ear.hears_post(ada.says("Another copperpot for mum").uri)

    assert found.history
    assert not live.history
    assert not live.post.addressed


def test_talk_that_does_not_concern_us_is_not_heard(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    with listening(channel, searches=("copperpot",)) as ear:
        ear.is_listening()
        other = ada.says("Nice weather today")
        ear.hears_post(ada.says("Hello @brand.test", mentioning=(brand,)).uri)

    assert ear.times_seen(other.uri) == 0


def test_an_edit_is_heard(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    with listening(channel) as ear:
        ear.is_listening()
        said = ada.says("The lid is lose, @brand.test", mentioning=(brand,))
        ear.hears_post(said.uri)
        ada.edits(said.uri, "The lid is loose, @brand.test")
        edit = ear.hears(lambda event: isinstance(event, Edited))

    assert edit.post.native_id == said.uri
    assert edit.post.text == "The lid is loose, @brand.test"
    assert edit.post.author.handle == "ada.test"


def test_a_delete_is_heard(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    with listening(channel) as ear:
        ear.is_listening()
        said = ada.says("Never mind, @brand.test", mentioning=(brand,))
        ear.hears_post(said.uri)
        ada.deletes(said.uri)

        assert ear.hears(lambda event: event == base.Gone(said.uri, "deleted"))


def test_somebody_who_leaves_and_returns_is_heard(
    channel: Bluesky, brand: Somebody, bluesky_network: BlueskyNetwork
) -> None:
    lena = bluesky_network.person("lena")
    with listening(channel) as ear:
        ear.is_listening()
        ear.hears_post(lena.says("Goodbye @brand.test", mentioning=(brand,)).uri)
        lena.leaves()
        assert ear.hears(lambda event: event == base.AuthorGone(lena.did, "deactivated"))
        lena.returns()
        assert ear.hears(lambda event: event == base.AuthorBack(lena.did))


def test_a_new_handle_is_heard(channel: Bluesky, brand: Somebody, bluesky_network: BlueskyNetwork) -> None:
    nora = bluesky_network.person("nora")
    with listening(channel) as ear:
        ear.is_listening()
        ear.hears_post(nora.says("Hello @brand.test", mentioning=(brand,)).uri)
        nora.takes_handle("noranew.test")
        changed = ear.hears(lambda event: isinstance(event, base.AuthorChanged))

    assert (changed.author.native_id, changed.author.handle) == (nora.did, "noranew.test")


def test_what_our_people_post_in_the_app_is_heard_as_ours(
    channel: Bluesky, brand: Somebody, ada: Somebody
) -> None:
    with listening(channel) as ear:
        ear.is_listening()
        said = ada.says("Is it in stock, @brand.test?", mentioning=(brand,))
        heard = ear.hears_post(brand.says("It is!", to=said).uri)

    assert heard.post.ours
    assert not heard.post.addressed
    assert heard.post.parent == said.uri


def test_what_is_turned_to_us_in_a_strange_thread_comes_with_what_it_answers(
    channel: Bluesky, brand: Somebody, ada: Somebody, uma: Somebody
) -> None:
    opening = uma.says("Which teapot does not drip?")
    eventually(lambda: uma.thread(opening.uri))
    with listening(channel) as ear:
        ear.is_listening()
        answer = ada.says("Ask @brand.test", to=opening, mentioning=(brand,))
        heard = ear.hears_post(answer.uri)
        above = ear.hears_post(opening.uri)

    assert heard.post.root == opening.uri
    assert above.history
    assert ear.events.index(above) < ear.events.index(heard)


def test_without_the_live_stream_mentions_are_still_heard(brand: Somebody, ada: Somebody) -> None:
    with listening(channel_of(brand, firehose="")) as ear:
        ear.is_listening()
        assert ear.hears_post(ada.says("Slowly, @brand.test", mentioning=(brand,)).uri).post.addressed


def test_a_stream_that_cannot_be_reached_does_not_stop_the_rest(brand: Somebody, ada: Somebody) -> None:
    with listening(channel_of(brand, firehose=f"ws://127.0.0.1:{free_port()}")) as ear:
        ear.is_listening()
        assert ear.hears_post(ada.says("Still there, @brand.test?", mentioning=(brand,)).uri)


def test_while_searches_do_not_work_mentions_are_heard_and_the_rest_afterwards(
    brand: Somebody, ada: Somebody
) -> None:
    with bad_line(brand.network.service) as line:
        line.trouble = "cannot_search"
        with listening(channel_of(brand, service=line.address, firehose=""), searches=("stovetop",)) as ear:
            ear.is_listening()
            found_later = ada.says("My stovetop loves it")
            ear.hears_post(ada.says("Can you hear me, @brand.test?", mentioning=(brand,)).uri)
            assert ear.times_seen(found_later.uri) == 0
            line.trouble = ""
            assert not ear.hears_post(found_later.uri).history


# --- going on where it stopped ----------------------------------------------------------------------


def test_nothing_is_lost_while_we_are_away_and_nothing_comes_twice(
    channel: Bluesky, brand: Somebody, ada: Somebody
) -> None:
    with listening(channel) as before:
        before.is_listening()
        said = ada.says("First, @brand.test", mentioning=(brand,))
        doomed = ada.says("Doomed, @brand.test", mentioning=(brand,))
        before.hears_post(doomed.uri)
        assert before.stops() < 2
    missed = [ada.says(f"While you were away {n}, @brand.test", mentioning=(brand,)).uri for n in range(3)]
    ada.edits(said.uri, "First, but edited, @brand.test")
    ada.deletes(doomed.uri)

    with listening(channel_of(brand), before.cursor, knowing=before) as after:
        assert (
            after.hears(lambda event: isinstance(event, Edited)).post.text == "First, but edited, @brand.test"
        )
        assert after.hears(lambda event: event == base.Gone(doomed.uri))
        for uri in missed:
            after.hears_post(uri)

    assert [after.times_seen(uri) for uri in missed] == [1, 1, 1]
    assert not any(after.hears_post(uri).history for uri in missed)


def test_an_edit_is_not_lost_although_nothing_was_said_while_we_first_listened(
    channel: Bluesky, brand: Somebody, ada: Somebody
) -> None:
    said = ada.says("Quiet here, @brand.test", mentioning=(brand,))
    eventually(lambda: brand.thread(said.uri))
    with listening(channel) as before:
        before.is_listening().hears_post(said.uri)
    ada.edits(said.uri, "Not so quiet here, @brand.test")
    eventually(lambda: ada.sees(said.uri).startswith("Not so quiet"))  # the stream has told of it already

    with listening(channel_of(brand), before.cursor, knowing=before) as after:
        assert after.hears(
            lambda event: isinstance(event, Edited) and event.post.text == "Not so quiet here, @brand.test"
        )


def test_breaking_off_in_the_middle_loses_nothing(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    with listening(channel) as ear:
        ear.is_listening()
        ear.hears_post(ada.says("A start, @brand.test", mentioning=(brand,)).uri)
    said = {ada.says(f"Number {n}, @brand.test", mentioning=(brand,)).uri for n in range(4)}
    kept: set[str] = set()
    cursor = ear.cursor
    for events_until_killed in (1, 2, 3, 5, 10_000):
        cursor = _taken_in(brand, cursor, kept, said, events_until_killed)

    assert said <= kept


def _taken_in(brand: Somebody, cursor: str | None, kept: set[str], said: set[str], limit: int) -> str | None:
    """Listen until all of `said` is kept, or a crash after `limit` events; a checkpoint keeps what came."""
    until, fresh = time.monotonic() + 20, set[str]()
    watch = Watch(stopped=lambda: time.monotonic() > until)
    for number, event in enumerate(channel_of(brand).listen(watch, cursor), start=1):
        if isinstance(event, Seen):
            fresh.add(event.post.native_id)
        if isinstance(event, base.Checkpoint):
            kept |= fresh
            cursor = event.cursor
        if number == limit or said <= kept:
            break
    return cursor


def test_a_place_in_the_stream_that_does_not_exist_is_a_gap_and_not_the_end(
    channel: Bluesky, brand: Somebody, ada: Somebody
) -> None:
    missed = ada.says("Before the stream began anew, @brand.test", mentioning=(brand,))
    eventually(lambda: brand.thread(missed.uri))
    cursor = '{"seq": 99999999, "since": "2026-01-01T00:00:00Z", "began": "2026-01-01T00:00:00Z"}'
    with listening(channel, cursor) as ear:
        gap = ear.hears(lambda event: isinstance(event, base.Gap))
        ear.hears_post(missed.uri)
        ear.hears_post(ada.says("And after, @brand.test", mentioning=(brand,)).uri)
        eventually(lambda: '"seq": 99999999' not in (ear.cursor or ""))

    assert "live stream" in gap.why


# --- answering --------------------------------------------------------------------------------------


def test_the_reply_is_seen_in_the_thread_by_another_client(
    channel: Bluesky, ada: Somebody, uma: Somebody
) -> None:
    said = ada.says("Do you ship to Norway?")
    sent = channel.send(reply_to(said, "We do, @ada.test! https://brand.example/ship #norway"))
    (seen,) = eventually(lambda: uma.replies_to(said.uri))

    assert seen.uri == sent.native_id
    assert seen.author.handle == "brand.test"
    assert seen.record.text == "We do, @ada.test! https://brand.example/ship #norway"
    assert seen.record.reply.parent.uri == seen.record.reply.root.uri == said.uri
    kinds = {facet.features[0].py_type.rpartition("#")[2] for facet in seen.record.facets}
    assert kinds == {"link", "mention", "tag"}
    assert sent.url.endswith(sent.native_id.rpartition("/")[2])


def test_a_reply_deep_in_a_thread_keeps_its_root(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    with listening(channel) as ear:
        ear.is_listening()
        opening = ada.says("A question for @brand.test", mentioning=(brand,))
        heard = ear.hears_post(opening.uri).post
        first = channel.send(Draft("Ask away!", heard.reference, next(keys)))
        more = ear.hears_post(ada.says("Is it heavy?", to=_reference(first)).uri).post
        second = channel.send(Draft("800 grams.", more.reference, next(keys)))

    (post,) = [found.value for found in brand.posts() if found.uri == second.native_id]
    assert post.reply.root.uri == opening.uri
    assert post.reply.parent.uri == more.native_id
    assert more.addressed


def test_the_same_draft_sent_twice_is_one_post(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    said = ada.says("Sent twice?")
    draft = reply_to(said, "Once only.")
    with ThreadPoolExecutor(4) as tries:
        sent = list(tries.map(lambda _: channel_of(brand).send(draft), range(4)))

    assert len({one.native_id for one in sent}) == 1
    assert channel.send(draft) == sent[0]
    assert [post.value.text for post in brand.posts()].count("Once only.") == 1


def test_whether_a_reply_arrived_can_be_looked_up(channel: Bluesky, ada: Somebody) -> None:
    draft = reply_to(ada.says("Did it arrive?"), "It did.")

    assert channel.sent_already(draft.key, draft) is None
    sent = channel.send(draft)
    assert channel.sent_already(draft.key, draft) == sent
    assert channel.sent_already(draft.key) == sent


def test_a_reply_whose_answer_was_lost_is_unclear_found_and_not_sent_again(
    brand: Somebody, ada: Somebody
) -> None:
    said = ada.says("Is the line bad?")
    draft = reply_to(said, "Rather.")
    with bad_line(brand.network.service) as line:
        line.trouble = "loses_answers"
        with pytest.raises(base.Unclear):
            channel_of(brand, service=line.address).send(draft)
    found = channel_of(brand).sent_already(draft.key, draft)

    assert found is not None
    assert channel_of(brand).send(draft) == found
    assert [post.value.text for post in brand.posts()].count("Rather.") == 1


def test_a_picture_arrives_with_its_alt_text(channel: Bluesky, ada: Somebody) -> None:
    said = ada.says("What does it look like?")
    channel.send(reply_to(said, "Like this.", picture=Picture(_png(), "image/png", "A green kettle")))
    (seen,) = eventually(lambda: ada.replies_to(said.uri))

    assert [image.alt for image in seen.record.embed.images] == ["A green kettle"]
    assert seen.record.embed.images[0].image.mime_type == "image/png"


def test_a_picture_that_is_too_large_is_refused_before_anything_is_sent(
    channel: Bluesky, brand: Somebody, ada: Somebody
) -> None:
    huge = Picture(b"x" * (MAX_PICTURE + 1), "image/png", "")
    with pytest.raises(base.Refused, match="1 MB"):
        channel.send(reply_to(ada.says("Show me"), "Too large.", picture=huge))

    assert "Too large." not in [post.value.text for post in brand.posts()]


def test_text_beyond_the_limit_is_refused(channel: Bluesky, ada: Somebody) -> None:
    with pytest.raises(base.Refused):
        channel.send(reply_to(ada.says("Tell me everything"), "x" * 301))


def test_a_closed_thread_is_told_before_anything_is_sent(
    channel: Bluesky, brand: Somebody, uma: Somebody
) -> None:
    said = uma.says("Nobody may answer this")
    uma.closes_thread(said.uri)
    eventually(lambda: brand.thread(said.uri).post.viewer.reply_disabled)
    with pytest.raises(base.Refused, match="limited who may reply"):
        channel.send(reply_to(said, "But I must."))

    assert "But I must." not in [post.value.text for post in brand.posts()]


def test_a_like_is_given_once_and_taken_back(channel: Bluesky, brand: Somebody, ada: Somebody) -> None:
    said = ada.says("Best kettle ever")
    key = next(keys)
    like = channel.like(reference_of(said), key)
    eventually(lambda: ada.likers_of(said.uri) == [brand.did])

    assert channel.like(reference_of(said), key) == like
    assert channel.sent_already(key) == like
    channel.take_back(like)
    eventually(lambda: ada.likers_of(said.uri) == [])
    assert channel.sent_already(key) is None


def test_our_own_reply_can_be_taken_back_and_that_is_heard(channel: Bluesky, ada: Somebody) -> None:
    said = ada.says("Regrets?")
    with listening(channel) as ear:
        ear.is_listening()
        sent = channel.send(reply_to(said, "A few."))
        ear.hears_post(sent.native_id)
        channel.take_back(sent)
        assert ear.hears(lambda event: event == base.Gone(sent.native_id))

    eventually(lambda: ada.replies_to(said.uri) == [])


# --- signing in -------------------------------------------------------------------------------------


def test_check_says_who_we_are_and_what_works(channel: Bluesky, brand: Somebody) -> None:
    health = channel.check()

    assert (health.native_id, health.handle) == (brand.did, "brand.test")
    assert len(health.works) == 4
    assert health.missing == ()


def test_check_says_what_is_missing(brand: Somebody) -> None:
    health = channel_of(brand, firehose=f"ws://127.0.0.1:{free_port()}").check()

    assert len(health.works) == 3
    assert "edits and deletes are not heard" in health.missing[0]


def test_a_wrong_password_needs_a_login(brand: Somebody) -> None:
    wrong = channel_of(brand, password="wrong")
    for act in (
        wrong.check,
        lambda: wrong.send(Draft("x", {}, next(keys))),
        lambda: list(wrong.listen(Watch(), None)),
    ):
        with pytest.raises(base.NeedsLogin, match="app password"):
            act()


def test_a_revoked_app_password_needs_a_login(brand: Somebody) -> None:
    revoked = channel_of(brand, password=brand.app_password("goodword"))
    assert revoked.check().native_id == brand.did
    brand.revokes("goodword")
    with pytest.raises(base.NeedsLogin):
        revoked.check()


def test_a_session_that_ran_out_is_renewed_unnoticed(channel: Bluesky, ada: Somebody) -> None:
    said = ada.says("Still signed in?")
    session = channel.service.sign_in()
    SESSIONS[channel.service.who] = {**session, "accessJwt": "ran.out.longago"}

    assert channel.send(reply_to(said, "Always.")).native_id


def test_a_dead_server_is_unreachable_and_nothing_was_sent(brand: Somebody) -> None:
    dead = channel_of(brand, service=f"http://127.0.0.1:{free_port()}")
    for act in (dead.check, lambda: dead.send(Draft("x", {}, next(keys)))):
        with pytest.raises(base.Unreachable, match="did not answer"):
            act()


def test_another_website_is_not_taken_for_bluesky(brand: Somebody) -> None:
    with pytest.raises(base.Unreachable, match="address of the service"):
        channel_of(brand, service=f"{brand.network.directory}/elsewhere").check()


def test_everything_it_claims_is_tested_here() -> None:
    # Its search asks for an account, nothing there calls us, and no record is beyond reading.
    assert Bluesky.caps == frozenset(Cap) - {Cap.FIND, Cap.HOOK, Cap.QUARANTINE}


# --- helpers ----------------------------------------------------------------------------------------


class _Reference:
    def __init__(self, sent: Sent) -> None:
        self.uri, self.cid = sent.native_id, sent.reference["cid"]


def _reference(sent: Sent) -> _Reference:
    return _Reference(sent)


def _png() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (12, 8), "green").save(kept, "PNG")
    return kept.getvalue()
