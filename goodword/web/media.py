"""Where does a browser find the pictures of posts? Here, and nowhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from goodword.conversations.seeing import profiles_seen_by
from goodword.listening import media
from goodword.listening.seeing import posts_seen_by, sees_all
from goodword.team.authority import Permission
from goodword.web.who import may
from goodword.web.whose import memberships

# Long enough that a page of faces costs nothing, short enough that what is gone at its source is gone
# from every browser by tomorrow.
KEPT_BY_BROWSERS = 86_400  # seconds
ASKED_AGAIN_AFTER = 600

MISSING_PICTURE = Path(__file__).parent / "static/images/missing-picture.svg"


@may(Permission.READ)
def show(request: HttpRequest, token: str) -> HttpResponse:
    """A picture that we rendered the address of, for the brand it was rendered for."""
    try:
        picture = media.wanted(token)
    except media.Missing as error:
        raise Http404 from error
    if not _is_seen(request, picture):
        raise Http404
    try:
        return _answer(media.bytes_of(picture), "image/webp", KEPT_BY_BROWSERS)
    except media.Missing:
        return _answer(_placeholder(), "image/svg+xml", ASKED_AGAIN_AFTER, status=404)


def _is_seen(request: HttpRequest, picture: media.Wanted) -> bool:
    """By me in the brand it was rendered for, whichever of my brands another tab looks at."""
    me = next((one for one in memberships(request) if one.brand_id == picture.brand_id), None)
    if me is None:
        return False
    if sees_all(me):
        return True
    rows = profiles_seen_by(me) if picture.kind == "avatar" else posts_seen_by(me)
    return rows.filter(pk=picture.of).exists()


def _answer(data: bytes, mime: str, seconds: int, status: int = 200) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=mime,
        status=status,
        headers={
            "Cache-Control": f"private, max-age={seconds}",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


@cache
def _placeholder() -> bytes:
    return MISSING_PICTURE.read_bytes()
