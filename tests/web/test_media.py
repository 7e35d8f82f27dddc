"""Teammates see the pictures of their own brand's posts, and what is served can do no harm."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from PIL import Image

from goodword.listening import media
from goodword.team.models import Brand, Role, Teammate, User
from tests.net.places import Place, opened_place, said

pytestmark = pytest.mark.django_db


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 300)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with (
        opened_place() as place,
        override_settings(MEDIA_CACHE=tmp_path, PRIVATE_HOSTS=frozenset({place.door})),
    ):
        place.answers["/cat.png"] = said(png())
        yield place


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Kettle & Co")


@pytest.fixture
def bo(brand: Brand) -> Client:
    """She may only look."""
    return signed_in(brand, "bo", Role.MEMBER)


def signed_in(brand: Brand, name: str, role: str) -> Client:
    user = User.objects.create_user(f"{name}@example.com", "a long password")
    Teammate.objects.create(brand=brand, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def test_whoever_may_look_sees_the_picture(bo: Client, brand: Brand, place: Place) -> None:
    answer = bo.get(media.address_of(brand.pk, place.url("/cat.png"), "avatar"))
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == (96, 96)


def test_a_picture_can_do_nothing_but_be_seen(bo: Client, brand: Brand, place: Place) -> None:
    for path in ("/cat.png", "/missing.png"):
        answer = bo.get(media.address_of(brand.pk, place.url(path)))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"] == "inline"
        assert answer["Cache-Control"].startswith("private, max-age=")
        assert answer["Content-Type"] in {"image/webp", "image/svg+xml"}


def test_where_a_picture_is_missing_a_drawing_says_so(bo: Client, brand: Brand, place: Place) -> None:
    answer = bo.get(media.address_of(brand.pk, place.url("/missing.png")))
    assert answer.status_code == 404
    assert answer.content.startswith(b"<svg")
    assert b"<script" not in answer.content


def test_nobody_sees_the_picture_of_another_brand(brand: Brand, place: Place) -> None:
    eve = signed_in(Brand.objects.create(name="Other Brand"), "eve", Role.OWNER)
    assert eve.get(media.address_of(brand.pk, place.url("/cat.png"))).status_code == 404
    assert place.requests == []


def test_a_stranger_is_sent_to_sign_in(brand: Brand, place: Place) -> None:
    answer = Client().get(media.address_of(brand.pk, place.url("/cat.png")))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
    assert place.requests == []


def test_we_are_no_proxy_for_addresses_that_we_did_not_render(bo: Client, place: Place) -> None:
    for token in ("x", place.url("/cat.png").replace("/", "%2F"), "WzEsInBpY3R1cmUiLCJodHRwOi8vYSJd:forged"):
        assert bo.get(f"/media/{token}/").status_code == 404
    assert place.requests == []
