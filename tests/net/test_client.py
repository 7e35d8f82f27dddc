"""Whatever a server does, a fetch ends soon, stays small and goes only where it may."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc

import pytest

from goodword.net.client import Fetched, fetch
from goodword.net.trouble import NotFetched, Why
from tests.net.places import Place, moved_to, said

pytestmark = pytest.mark.timeout(20)  # what is not cut off fails soon
SOON = 0.25  # seconds: short enough for a quick suite, long enough for a busy machine to answer


def visit(place: Place, path: str = "/", **options: object) -> Fetched:
    given = {"max_bytes": 100_000, "deadline": 5, "allowed_private": frozenset({place.door})}
    return fetch(place.url(path), **{**given, **options})  # type: ignore[arg-type]


def refused(place: Place, path: str = "/", **options: object) -> Why:
    with pytest.raises(NotFetched) as failure:
        visit(place, path, **options)
    return failure.value.why


def names(**addresses: list[str]) -> object:
    """A resolver that also knows these names; dots are written as underscores."""

    def resolve(host: str, port: int, *rest: int) -> list[object]:
        known = addresses.get(host.replace(".", "_"))
        if not known:
            return [*socket.getaddrinfo(host, port, *rest)]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known]

    return resolve


# --- what comes back -------------------------------------------------------------------------------


def test_an_answer_comes_back_whole(place: Place) -> None:
    place.answers["/a?b=c"] = said(b"hello", "Content-Type: text/plain")
    answer = visit(place, "/a?b=c", accept="image/*")
    assert (answer.status, answer.body, answer.final_url) == (200, b"hello", place.url("/a?b=c"))
    assert answer.headers["content-type"] == "text/plain"
    assert "Accept: image/*" in place.requests[0]


def test_a_status_is_not_an_error_here(place: Place) -> None:
    assert visit(place, "/nothing").status == 404


def test_a_packed_answer_is_unpacked(place: Place) -> None:
    place.answers["/"] = said(gzip.compress(b"feed" * 1000), "Content-Encoding: gzip")
    assert visit(place).body == b"feed" * 1000


def test_no_cookie_no_password_and_no_proxy_of_the_machine_goes_along(
    place: Place, canary: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.url())
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    place.answers["/"] = said(b"", "Set-Cookie: a=b; Path=/", "Location: /next", status="302 Found")
    place.answers["/next"] = said(b"here")
    assert visit(place).body == b"here"
    sent = {line.split(":")[0].lower() for line in place.requests[1].splitlines()[1:] if line}
    assert sent == {"host", "user-agent", "accept", "accept-encoding", "connection"}


# --- what goes along -------------------------------------------------------------------------------


def test_what_is_asked_for_goes_along_to_every_hop(place: Place) -> None:
    place.answers |= {"/": moved_to("/next"), "/next": said(b"", status="304 Not Modified")}
    assert visit(place, headers={"If-None-Match": '"kettle"'}).status == 304
    assert all('If-None-Match: "kettle"' in request for request in place.requests)


def test_what_is_sent_arrives_whole_as_a_post(place: Place) -> None:
    place.answers["/"] = said(b"thanks", status="202 Accepted")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visit(place, headers=form, body=b"kettle=blue").status == 202
    assert place.requests[0].startswith("POST / ")
    assert "Content-Length: 11" in place.requests[0]
    assert place.bodies == [b"kettle=blue"]


@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
def test_what_is_sent_is_sent_on_where_the_same_is_wanted(place: Place, status: str) -> None:
    place.answers |= {"/": moved_to("/next", status), "/next": said(b"thanks")}
    assert visit(place, body=b"kettle").body == b"thanks"
    assert place.bodies == [b"kettle", b"kettle"]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other"])
def test_what_is_sent_is_never_turned_into_a_question(place: Place, status: str) -> None:
    place.answers |= {"/": moved_to("/next", status), "/next": said(b"thanks")}
    assert visit(place, body=b"kettle").status == int(status[:3])
    assert place.paths == ["/"]


@pytest.mark.parametrize("value", ["a\r\nHost: b", "a\x00b", "☕"])
def test_no_header_smuggles_another_one_in(place: Place, value: str) -> None:
    with pytest.raises(NotFetched):
        visit(place, headers={"If-None-Match": value})
    assert place.requests == []


# --- where it leads --------------------------------------------------------------------------------


def test_three_redirects_are_followed(place: Place) -> None:
    place.answers |= {"/": moved_to("/1"), "/1": moved_to("2"), "/2": moved_to(place.url("/3"))}
    place.answers["/3"] = said(b"arrived")
    assert visit(place).final_url == place.url("/3")


def test_a_fourth_redirect_and_a_circle_are_not(place: Place) -> None:
    place.answers["/"] = moved_to("/")
    assert refused(place) is Why.REDIRECTS
    assert place.paths == ["/"] * 4


@pytest.mark.parametrize("hop", [1, 2, 3])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "name.test"])
def test_no_redirect_leads_into_our_network_at_any_hop(
    place: Place, canary: Place, hop: int, host: str
) -> None:
    for step in range(1, hop):
        place.answers[f"/{step}"] = moved_to(f"/{step + 1}")
    for port in (80, canary.port):  # on port 80 only the address speaks against it
        place.answers[f"/{hop}"] = moved_to(f"http://{host}:{port}/")
        assert refused(place, "/1", resolver=names(name_test=["127.0.0.1"])) is Why.REFUSED
    assert len(place.requests) == 2 * hop


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://a@127.0.0.1/", "http://["]
)
def test_no_redirect_leads_to_another_kind_of_address(place: Place, to: str) -> None:
    place.answers["/"] = moved_to(to)
    assert refused(place) is Why.REFUSED


def test_the_endless_body_of_a_redirect_is_not_read(place: Place) -> None:
    place.answers["/"] = said(b"x" * 1000, "Location: /next", status="301 Moved", length=10**12)
    place.answers["/next"] = said(b"here")
    assert visit(place).body == b"here"


# --- names that lie --------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1", "8.8.8.8"]])
def test_a_name_with_any_private_address_is_refused_whole(answers: list[str]) -> None:
    with pytest.raises(NotFetched) as failure:
        fetch("http://mixed.test/", max_bytes=1, deadline=5, resolver=names(mixed_test=answers))  # type: ignore[arg-type]
    assert failure.value.why is Why.REFUSED


def test_a_name_that_changes_its_answer_is_connected_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(["8.8.8.8", "127.0.0.1", "127.0.0.1"])
    tried: list[str] = []

    def changing(_host: str, port: int, *_rest: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def note(_socket: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", note)
    with pytest.raises(NotFetched):
        fetch("http://rebinding.test/", max_bytes=1, deadline=5, resolver=changing)  # type: ignore[arg-type]
    assert tried == ["8.8.8.8"]
    assert next(answers) == "127.0.0.1"  # it was asked once


def test_one_opened_port_of_a_name_does_not_open_another_by_redirect(place: Place) -> None:
    """The name was opened with one port; that opens neither its other ports nor its address."""
    place.answers["/"] = moved_to("http://wiki.test/")
    opened = frozenset({f"wiki.test:{place.port}", place.door})
    resolver = names(wiki_test=["127.0.0.1"])
    assert refused(place, resolver=resolver, allowed_private=opened) is Why.REFUSED


def test_an_opened_name_is_looked_up_and_named_to_its_server(place: Place) -> None:
    place.answers["/"] = said(b"wiki")
    answer = fetch(
        f"http://wiki.local:{place.port}/",
        max_bytes=10,
        deadline=5,
        allowed_private=frozenset({f"wiki.local:{place.port}"}),
        resolver=names(wiki_local=["127.0.0.1"]),  # type: ignore[arg-type]
    )
    assert answer.body == b"wiki"
    assert f"Host: wiki.local:{place.port}" in place.requests[0]


# --- how long and how much -------------------------------------------------------------------------


def dripping(place: Place, first: bytes):  # type: ignore[no-untyped-def]
    def drip(visitor: socket.socket) -> None:
        visitor.sendall(first)
        while not place.closing.wait(0.01):
            visitor.sendall(b"a")

    return drip


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Endless: ",
        said(b"", length=50_000),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc350\r\n",
    ],
    ids=["before the answer", "within a header", "within the body", "within a chunk"],
)
def test_a_server_that_drips_is_cut_off_at_the_deadline(place: Place, first: bytes) -> None:
    place.answers["/"] = dripping(place, first)
    began = time.monotonic()
    assert refused(place, deadline=SOON) in {Why.TOO_SLOW, Why.UNREADABLE}
    assert time.monotonic() - began < SOON * 3


def test_a_server_that_says_nothing_is_cut_off_at_the_deadline(place: Place) -> None:
    place.answers["/"] = lambda _visitor: place.closing.wait(5) and None
    assert refused(place, deadline=SOON) is Why.TOO_SLOW


def test_redirects_share_one_deadline(place: Place) -> None:
    def late(visitor: socket.socket) -> None:
        place.closing.wait(SOON * 0.6)
        visitor.sendall(moved_to("/"))

    place.answers["/"] = late
    assert refused(place, deadline=SOON) is Why.TOO_SLOW
    assert len(place.requests) == 2


def test_a_lookup_that_hangs_is_not_waited_for(place: Place) -> None:
    def hanging(*_question: object) -> list[object]:
        place.closing.wait(5)
        return []

    with pytest.raises(NotFetched) as failure:
        fetch("http://slow.test/", max_bytes=1, deadline=SOON, resolver=hanging)  # type: ignore[arg-type]
    assert failure.value.why is Why.TOO_SLOW


def test_a_little_that_unpacks_to_a_lot_is_cut_off_and_never_held(place: Place) -> None:
    place.answers["/"] = said(gzip.compress(bytes(50_000_000), 6), "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        assert refused(place, max_bytes=100_000) is Why.TOO_LARGE
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2_000_000


def test_exactly_the_limit_is_taken_and_one_byte_more_is_not(place: Place) -> None:
    place.answers |= {"/fits": said(b"x" * 1000), "/over": said(b"x" * 1001)}
    place.answers["/packed"] = said(gzip.compress(b"x" * 1000), "Content-Encoding: gzip")
    place.answers["/packed-over"] = said(gzip.compress(b"x" * 1001), "Content-Encoding: gzip")
    assert len(visit(place, "/fits", max_bytes=1000).body) == 1000
    assert len(visit(place, "/packed", max_bytes=1000).body) == 1000
    assert refused(place, "/over", max_bytes=1000) is Why.TOO_LARGE
    assert refused(place, "/packed-over", max_bytes=1000) is Why.TOO_LARGE


def test_a_body_without_a_length_is_counted(place: Place) -> None:
    place.answers["/"] = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000
    assert refused(place, max_bytes=4999) is Why.TOO_LARGE
    assert len(visit(place, max_bytes=5000).body) == 5000


def test_a_length_that_lies_hides_nothing_and_is_not_waited_for(place: Place) -> None:
    place.answers["/less"] = said(b"hello, and more", length=5)
    place.answers["/more"] = said(b"hello", length=50)
    place.answers["/huge"] = said(b"", length=10**15)
    assert visit(place, "/less").body == b"hello"
    assert refused(place, "/more") is Why.UNREADABLE
    assert refused(place, "/huge") is Why.TOO_LARGE


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\x00\xff\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        said(b"zzz", "Content-Encoding: gzip"),
        said(gzip.compress(b"half of it" * 99)[:-20], "Content-Encoding: gzip"),
        said(b"zzz", "Content-Encoding: br"),
        said(b"", "Content-Encoding: gzip, gzip") + b"",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=[
        "nothing",
        "noise",
        "ssh",
        "not gzip",
        "half gzip",
        "brotli",
        "twice",
        "many headers",
        "less than 0",
    ],
)
def test_an_answer_that_is_none_is_said_in_words(place: Place, answer: bytes) -> None:
    place.answers["/"] = answer
    assert refused(place) is Why.UNREADABLE


def test_nobody_home_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        door = f"127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(NotFetched, match=r"No connection to this address could be made\."):
        fetch(f"http://{door}/", max_bytes=1, deadline=5, allowed_private=frozenset({door}))
