"""Strangers' pictures are shown small and clean; our own travel without what we did not mean to tell."""

from __future__ import annotations

import io
import random
import struct
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from goodword.listening.pictures import NotAPicture, picture_from_upload, shrunk


def picture(
    size: tuple[int, int] = (300, 200), format: str = "PNG", mode: str = "RGB", **options: Any
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, format, **options)
    return file.getvalue()


def photograph(size: tuple[int, int], format: str = "JPEG") -> bytes:
    """Noise: nothing is harder to make small."""
    noise = Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))
    file = io.BytesIO()
    noise.save(file, format, **({"quality": 95} if format == "JPEG" else {}))
    return file.getvalue()


def taken_at_home(sideways: bool = False) -> bytes:
    """A photograph that tells its place, its camera and which way it was held; red at its left."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)}
    if sideways:
        exif[0x0112] = 6
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 100, 200))
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"Secret Comment", icc_profile=b"Secret Profile" * 20)
    return file.getvalue()


def film(format: str = "GIF") -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, format, save_all=True, append_images=frames[1:])
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "nothing": b"",
    "words": b"GIF a picture",
    "svg": SVG,
    "page": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n",
    "half": photograph((64, 64))[:700],
    "bmp": picture(format="BMP"),
    "tiff": picture(format="TIFF"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "head only": b"\x89PNG\r\n\x1a\n",
}


def seen(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


KINDS = [
    "PNG RGB",
    "PNG RGBA",
    "PNG P",
    "PNG LA",
    "PNG I;16",
    "PNG 1",
    "JPEG L",
    "JPEG CMYK",
    "GIF P",
    "WEBP RGBA",
]


@pytest.mark.parametrize("kind", [*KINDS, "AVIF RGB"])
def test_every_usual_kind_of_picture_is_shown(kind: str) -> None:
    format, mode = kind.split()
    image = seen(shrunk(picture((300, 200), format, mode), side=96))
    assert (image.format, image.size) == ("WEBP", (96, 64))


def test_a_small_picture_is_not_blown_up() -> None:
    assert seen(shrunk(picture((10, 4)), side=96)).size == (10, 4)


def test_what_shows_through_still_does() -> None:
    assert seen(shrunk(picture(mode="RGBA"), side=96)).mode == "RGBA"


def test_of_a_film_the_first_frame_is_shown() -> None:
    image = seen(shrunk(film(), side=96))
    red, _green, blue = image.convert("RGB").getpixel((30, 30))  # type: ignore[misc]
    assert not getattr(image, "is_animated", False)
    assert red > 200 > 50 > blue


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    for refuse in (lambda: shrunk(data, side=96), lambda: picture_from_upload(data)):
        with pytest.raises(NotAPicture, match=r"This is not a picture we can read\."):
            refuse()


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")  # as the module says; pytest forgets
@pytest.mark.parametrize("size", [(60_000, 1_000), (9_000, 9_999), (65_000, 65_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(size: tuple[int, int]) -> None:
    for refuse in (
        lambda: shrunk(png_that_claims(*size), side=96),
        lambda: picture_from_upload(png_that_claims(*size)),
    ):
        with pytest.raises(NotAPicture, match="too many pixels"):
            refuse()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_broken_picture_is_shown_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for attempt in (lambda: shrunk(bytes(whole), side=32), lambda: picture_from_upload(bytes(whole))):
        with suppress(NotAPicture):
            attempt()


WHOLE = [picture((9, 9), format) for format in ("PNG", "GIF", "WEBP", "JPEG")] + [film(), taken_at_home()]


# --- pictures of our own ---------------------------------------------------------------------------


@pytest.mark.parametrize("clean", [picture_from_upload, lambda data: (shrunk(data, side=1200), "image/webp")])
def test_a_photograph_tells_neither_where_nor_with_what_it_was_taken(clean: Any) -> None:
    assert b"Secret" in taken_at_home()
    data, mime = clean(taken_at_home())
    assert b"Secret" not in data
    assert b"Exif" not in data
    assert not seen(data).getexif()
    assert "icc_profile" not in seen(data).info
    assert mime in {"image/jpeg", "image/webp"}


@pytest.mark.parametrize(
    "clean", [lambda data: picture_from_upload(data)[0], lambda data: shrunk(data, side=1200)]
)
def test_a_photograph_that_was_held_sideways_stands_upright(clean: Any) -> None:
    image = seen(clean(taken_at_home(sideways=True))).convert("RGB")
    assert image.size == (200, 400)
    red, _green, blue = image.getpixel((100, 20))  # type: ignore[misc]
    assert red > 150 > blue


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_picture_is_shrunk_until_the_channel_takes_it(format: str) -> None:
    original = photograph((900, 700), format)
    data, mime = picture_from_upload(original, max_bytes=100_000)
    assert len(data) <= 100_000 < len(original)
    assert mime == "image/jpeg"
    assert max(seen(data).size) >= 200


def test_a_screenshot_keeps_its_sharp_letters() -> None:
    assert picture_from_upload(picture(mode="RGBA"))[1] == "image/png"
    assert picture_from_upload(picture(format="JPEG"))[1] == "image/jpeg"


def test_a_picture_that_no_shrinking_helps_is_refused_in_words() -> None:
    with pytest.raises(NotAPicture, match="small enough"):
        picture_from_upload(photograph((300, 300)), max_bytes=500)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_film_is_not_sent_as_if_it_were_a_picture(format: str) -> None:
    with pytest.raises(NotAPicture, match="moves"):
        picture_from_upload(film(format))


def test_more_than_fifteen_megabytes_are_refused() -> None:
    with pytest.raises(NotAPicture, match="15 MB"):
        picture_from_upload(picture() + bytes(15_000_001))
