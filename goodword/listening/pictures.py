"""Is it a picture, and how does it look small, clean and without secrets? Bytes in, bytes out.

What a stranger sends is never passed on as it came: it is decoded and written anew, so that neither a
script nor the place where a photograph was taken (EXIF) travels along.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

# SVG is a program, not a picture; the rest of what Pillow reads is rarely a photograph.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
DRAWN = {"PNG", "GIF"}  # screenshots and logos, whose letters JPEG would smear
MAX_UPLOAD = 15_000_000  # bytes
MAX_PIXELS_SENT = 50_000_000  # the largest cameras; unpacked, that is 200 MB
MAX_PIXELS_HEARD = 25_000_000  # several strangers' pictures are unpacked at once

SENT_BYTES = 1_000_000  # Bluesky's limit, the lowest of all channels
SENT_SIDES = (2000, 1600, 1200, 900, 640, 400, 200)  # pixels, tried until it is small enough
SENT_QUALITIES = (88, 78, 65)

OPAQUE = 255

# Pillow only warns of a picture that is a little too large for it. For us that is an error.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class NotAPicture(Exception):
    """`str(error)` is one plain sentence for whoever chose the file."""


def shrunk(data: bytes, side: int) -> bytes:
    """The picture as WebP, no edge longer than `side` pixels, of a film its first frame.

    Raises NotAPicture.
    """
    return _written(_cleaned(_opened(data, MAX_PIXELS_HEARD), side), "WEBP", quality=80)


def picture_from_upload(data: bytes, *, max_bytes: int = SENT_BYTES) -> tuple[bytes, str]:
    """What a teammate chose, as `(bytes, mime)` that a channel takes: at most `max_bytes`, no metadata.

    PNG where something shows through or was drawn, else JPEG. Raises NotAPicture.
    """
    if len(data) > MAX_UPLOAD:
        raise NotAPicture(_("This picture is too large. The limit is 15 MB."))
    if _moves(_opened(data, MAX_PIXELS_SENT)):
        raise NotAPicture(_("This picture moves. Only still pictures can be sent."))
    for written, mime in _ever_smaller(_opened(data, MAX_PIXELS_SENT)):
        if len(written) <= max_bytes:
            return written, mime
    raise NotAPicture(_("This picture cannot be made small enough for this channel."))


def _ever_smaller(image: Image.Image) -> Iterator[tuple[bytes, str]]:
    is_drawn = image.format in DRAWN
    clean = _cleaned(image, SENT_SIDES[0])
    for side in SENT_SIDES:
        clean.thumbnail((side, side))
        if is_drawn or clean.mode == "RGBA":
            yield _written(clean, "PNG"), "image/png"
        if clean.mode == "RGB":
            for quality in SENT_QUALITIES:
                yield _written(clean, "JPEG", quality=quality, optimize=True), "image/jpeg"


def _opened(data: bytes, max_pixels: int) -> Image.Image:
    """Its head is read and its size checked; nothing is unpacked yet."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(max_pixels) from error
    except Exception as error:  # decoders meet hostile bytes here, and raise whatever they like
        raise _not_readable() from error
    if image.width * image.height > max_pixels:
        raise _too_many_pixels(max_pixels)
    return image


def _cleaned(image: Image.Image, side: int) -> Image.Image:
    """Upright, small, in plain colours, and only pixels: a new image carries nothing of the old file."""
    try:
        image.draft(None, (2 * side, 2 * side))  # a JPEG is unpacked no larger than it is needed
        image = image.convert("RGBA" if _shows_through(image) else "RGB")
        image.thumbnail((side, side))
        image = ImageOps.exif_transpose(image)
    except Exception as error:
        raise _not_readable() from error
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _shows_through(image: Image.Image) -> bool:
    """Many a screenshot could be transparent and is not."""
    if not image.has_transparency_data:
        return False
    return image.convert("RGBA").getchannel("A").histogram()[OPAQUE] < image.width * image.height


def _written(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _moves(image: Image.Image) -> bool:
    # An iPhone's photograph (MPO) holds a second view of the same moment, and does not move.
    try:
        return image.format != "MPO" and bool(getattr(image, "is_animated", False))
    except Exception as error:
        raise _not_readable() from error


def _too_many_pixels(limit: int) -> NotAPicture:
    return NotAPicture(
        _("This picture has too many pixels. The limit is %(millions)d million.")
        % {"millions": limit // 10**6}
    )


def _not_readable() -> NotAPicture:
    return NotAPicture(_("This is not a picture we can read. Choose a JPEG, PNG, WebP, GIF or AVIF file."))
