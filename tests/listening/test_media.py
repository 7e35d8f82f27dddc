"""A picture of a post is fetched once, by us, kept for a while, and gone when its post is gone."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image

from goodword.listening import media
from tests.net.places import Place, moved_to, opened_place, said

BRAND = 7


def png(side: int = 200) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_CACHE=tmp_path):
        yield tmp_path


@pytest.fixture
def place(cache: Path) -> Iterator[Place]:
    """Where pictures lie, on an address that the owner opened."""
    with opened_place() as place, override_settings(PRIVATE_HOSTS=frozenset({place.door})):
        place.answers |= {"/cat.png": said(png()), "/dog.png": said(png(1500))}
        yield place


def shown(place: Place, path: str = "/cat.png", kind: str = "picture") -> Image.Image:
    return Image.open(io.BytesIO(media.bytes_of(media.Wanted(BRAND, kind, place.url(path)))))


def missing(place: Place, path: str = "/cat.png", kind: str = "picture") -> bool:
    try:
        shown(place, path, kind)
    except media.Missing:
        return True
    return False


def grows_older(cache: Path, seconds: float) -> None:
    """Time passes: all that is kept was kept so much earlier."""
    for file in cache.glob("*/*"):
        then = file.stat().st_mtime - seconds
        os.utime(file, (then, then))


# --- addresses -------------------------------------------------------------------------------------


def test_an_address_that_we_rendered_says_what_it_stands_for() -> None:
    token = media.address_of(BRAND, "https://example.com/ä?b=c", "avatar").split("/")[-2]
    assert media.wanted(token) == media.Wanted(BRAND, "avatar", "https://example.com/ä?b=c")


def test_the_same_picture_has_the_same_address_so_that_browsers_keep_it() -> None:
    url = "https://example.com/cat.png"
    assert media.address_of(BRAND, url) == media.address_of(BRAND, url)
    assert len({media.address_of(b, url, k) for b in (1, 2) for k in ("avatar", "picture")}) == 4


@pytest.mark.parametrize("url", ["", "cat.png", "file:///etc/passwd", "data:image/png;base64,AA"])
def test_what_is_no_web_address_has_none(url: str) -> None:
    assert media.address_of(BRAND, url) == ""


def test_an_address_that_somebody_made_up_or_changed_is_missing() -> None:
    token = media.address_of(BRAND, "https://example.com/cat.png").split("/")[-2]
    for other in ("", "x", "a:b", ".:", token[:-1], token.replace(":", "A:", 1), "\ud800:x", "9" * 100_000):
        with pytest.raises(media.Missing):
            media.wanted(other)


# --- bytes -----------------------------------------------------------------------------------------


def test_a_picture_is_fetched_once_and_written_anew(place: Place, cache: Path) -> None:
    assert shown(place).format == "WEBP"
    assert shown(place).size == (200, 200)
    assert place.paths == ["/cat.png"]
    assert [file.suffix for file in cache.glob("*/*")] == [".webp"]


def test_each_kind_has_the_size_of_its_screen(place: Place) -> None:
    assert shown(place, "/dog.png", "avatar").size == (96, 96)
    assert shown(place, "/dog.png", "picture").size == (1200, 1200)


def test_no_word_of_the_address_becomes_part_of_a_path(place: Place, cache: Path) -> None:
    place.answers["/etc/cron.d/cat.png"] = said(png())
    shown(place, "/../../../etc/cron.d/cat.png")
    (file,) = (file for file in cache.rglob("*") if file.is_file())
    assert set(file.stem) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "answer",
    [
        said(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Content-Type: image/svg+xml"),
        said(b"<script>alert(1)</script>", "Content-Type: image/png"),
        said(b"", "Content-Type: image/png"),
        said(png(), status="404 Not Found"),
        moved_to("http://127.0.0.1/"),
        said(b"x", length=20_000_000),
    ],
    ids=["svg", "page", "empty", "not found", "leads to us", "too large"],
)
def test_what_is_no_picture_is_missing_and_not_asked_for_again_today(
    place: Place, cache: Path, answer: bytes
) -> None:
    place.answers["/cat.png"] = answer
    assert missing(place)
    place.answers["/cat.png"] = said(png())
    grows_older(cache, media.DAY - media.MINUTE)
    assert missing(place)
    assert len(place.requests) == 1
    grows_older(cache, 2 * media.MINUTE)
    assert not missing(place)


def test_a_place_that_is_down_is_asked_again_soon(place: Place, cache: Path) -> None:
    place.answers["/cat.png"] = said(b"", status="503 Service Unavailable")
    assert missing(place)
    place.answers["/cat.png"] = said(png())
    assert missing(place)
    grows_older(cache, 11 * media.MINUTE)
    assert not missing(place)


@pytest.mark.parametrize(
    "url", ["https://a/\ud800", "http://\x00/", "https://", "http://[", "http://" + "a" * 9999]
)
def test_a_broken_address_has_no_picture_and_breaks_nothing(cache: Path, url: str) -> None:
    picture = media.wanted(media.address_of(BRAND, url).split("/")[-2])
    assert picture.url == url
    with pytest.raises(media.Missing):
        media.bytes_of(picture)
    media.forget([url])


def test_a_private_address_is_not_opened(cache: Path) -> None:
    with opened_place() as canary:
        canary.answers["/cat.png"] = said(png())
        assert missing(canary)
        assert canary.requests == []


def test_on_a_full_disk_a_picture_is_shown_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_given: object, **_more: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    assert not missing(place)
    assert "could not be kept" in caplog.text


def test_many_who_look_at_once_find_whole_pictures(place: Place, cache: Path) -> None:
    sizes: list[tuple[int, int]] = []
    threads = [threading.Thread(target=lambda: sizes.append(shown(place).size)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [(200, 200)] * 12
    assert [file.suffix for file in cache.glob("*/*")] == [".webp"]


# --- gone ------------------------------------------------------------------------------------------


def test_a_picture_of_a_post_that_is_gone_is_deleted_in_every_size(place: Place, cache: Path) -> None:
    for path in ("/cat.png", "/dog.png"):
        for kind in media.SIDES:
            shown(place, path, kind)
    media.forget([place.url("/cat.png"), "https://example.com/never-seen.png", "https://a/\ud800"])
    assert len(list(cache.glob("*/*.webp"))) == 2
    assert not missing(place, "/dog.png")


def test_an_open_page_does_not_bring_it_back(place: Place) -> None:
    shown(place)
    media.forget([place.url("/cat.png")])
    assert missing(place)
    assert missing(place, kind="avatar")
    assert len(place.requests) == 1


def test_what_is_forgotten_while_it_is_fetched_is_not_kept(place: Place, cache: Path) -> None:
    def forgotten_meanwhile(visitor) -> None:  # type: ignore[no-untyped-def]
        media.forget([place.url("/cat.png")])
        visitor.sendall(said(png()))

    place.answers["/cat.png"] = forgotten_meanwhile
    assert missing(place)
    assert list(cache.glob("*/*.webp")) == []


# --- trimming --------------------------------------------------------------------------------------


def test_the_oldest_go_first_until_the_rest_fits(place: Place, cache: Path) -> None:
    for path in ("/1.png", "/2.png", "/3.png"):
        place.answers[path] = said(png())
        grows_older(cache, media.HOUR)
        shown(place, path)
    size = next(cache.glob("*/*.webp")).stat().st_size
    assert media.trim_cache(max_bytes=3 * size) == 0
    assert media.trim_cache(max_bytes=2 * size) == 1
    for path in ("/3.png", "/2.png", "/1.png"):
        shown(place, path)
    assert place.paths == ["/1.png", "/2.png", "/3.png", "/1.png"]


def test_nothing_is_kept_for_ever(place: Place, cache: Path) -> None:
    shown(place)
    missing(place, "/not-there.png")
    draft = next(cache.glob("*")) / "left-by-a-killed-process.draft"
    draft.write_bytes(b"half")
    assert media.trim_cache() == 0
    grows_older(cache, media.KEPT + media.MINUTE)
    assert media.trim_cache() == 3
    assert list(cache.glob("*/*")) == []


def test_an_empty_cache_needs_no_trimming(cache: Path) -> None:
    with override_settings(MEDIA_CACHE=cache / "not-made-yet"):
        assert media.trim_cache() == 0


def test_a_bar_ends_by_the_clock(cache: Path) -> None:
    url = "https://example.com/cat.png"
    media.forget([url])
    (until,) = {round(file.stat().st_mtime - time.time(), -1) for file in cache.glob("*/*.barred")}
    assert until == media.NOT_AGAIN_ONCE_GONE
