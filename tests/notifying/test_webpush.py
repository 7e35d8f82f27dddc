"""What goes to a browser can be read by it alone, and its push server knows that it is from us."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.notifying import webpush
from goodword.notifying.webpush import Device, decoded, encoded
from tests.notifying.phone import Phone

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

# RFC 8291, appendix A: every input of its example, and the bytes that must come out.
EXAMPLE = {
    "plain": b"When I grow up, I want to be a watermelon",
    "our_private": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "sealed": "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vC"
    "YLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXL"
    "WyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
}


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    key = ec.derive_private_key(int.from_bytes(decoded(str(EXAMPLE["our_private"])), "big"), webpush.CURVE)
    device = Device.read("https://push.example", str(EXAMPLE["p256dh"]), str(EXAMPLE["auth"]))
    sealed = webpush.sealed_with(
        bytes(EXAMPLE["plain"]),  # type: ignore[arg-type]
        device,
        key,
        decoded(str(EXAMPLE["salt"])),
        0,
    )
    assert encoded(sealed) == EXAMPLE["sealed"]


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=200))
def test_a_phone_opens_what_was_sealed_for_it(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    phone = Phone()
    assert phone.opens(webpush.sealed(text, phone.device("https://push.example"))) == text


def test_another_phone_cannot_open_it() -> None:
    sealed = webpush.sealed("Sam wrote", Phone().device("https://push.example"))
    with pytest.raises(InvalidTag):
        Phone().opens(sealed)


def test_its_length_tells_nothing() -> None:
    phone = Phone().device("https://push.example")
    assert len(webpush.sealed("", phone)) == len(webpush.sealed("Sam Ortiz wrote to you again", phone))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(webpush.TooLong):
        webpush.sealed("x" * webpush.PARCEL, Phone().device("https://push.example"))


def test_the_pass_is_signed_for_this_push_server_alone_and_lasts_half_a_day() -> None:
    key = webpush.key_from("a secret")
    header = webpush.signed_pass("https://push.example:8443/abc", key, "mailto:a@example.com", NOW)
    token = header.removeprefix("vapid t=").split(", k=")[0]
    head, claims, signature = token.split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(decoded(claims)) == {
        "aud": "https://push.example:8443",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:a@example.com",
    }
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_the_same_secret_gives_the_same_key_and_another_one_another() -> None:
    first = webpush.public_key(webpush.key_from("a secret"))
    assert first == webpush.public_key(webpush.key_from("a secret"))
    assert first != webpush.public_key(webpush.key_from("another"))


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("not base64!", "BTBZMqHH6r4Tts7J_aSIgg"),
        (encoded(b"\x04" + b"\x01" * 64), "BTBZMqHH6r4Tts7J_aSIgg"),  # no point of the curve
        (str(EXAMPLE["p256dh"]), encoded(b"short")),
        ("\ud800", "\x00"),
    ],
)
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(webpush.NotASubscription):
        Device.read("https://push.example", p256dh, auth)
