"""How is a browser woken so that only it can read why? Web Push: RFC 8291 (encryption) and 8292 (who sends).

Pure: bytes in, bytes out. The push server in between sees a sealed parcel of always the same size.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of its base point
POINT_BYTES, SECRET_BYTES = 65, 16
RECORD_SIZE = 4096
PARCEL = 1024  # bytes of plain text: its length must not tell who wrote
PASS_LASTS = timedelta(hours=12)  # push servers refuse more than 24


class NotASubscription(ValueError):
    """What the browser gave is no address and keys of a push subscription."""


class TooLong(ValueError):
    """The message does not fit into the parcel."""


@dataclass(frozen=True)
class Device:
    """Where a browser is woken, and the keys that it made for us."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def read(cls, endpoint: str, p256dh: str, auth: str) -> Device:
        """As browsers write it. Raises NotASubscription."""
        try:
            device = cls(endpoint, decoded(p256dh), decoded(auth))
            ec.EllipticCurvePublicKey.from_encoded_point(CURVE, device.p256dh)
        except ValueError as error:
            raise NotASubscription("These are no keys of a browser.") from error
        if len(device.p256dh) != POINT_BYTES or len(device.auth) != SECRET_BYTES:
            raise NotASubscription("These are no keys of a browser.")
        return device


def sealed(text: str, device: Device) -> bytes:
    """The text as only this device can read it. Raises TooLong."""
    plain = text.encode()
    if len(plain) >= PARCEL:
        raise TooLong(f"{len(plain)} of {PARCEL - 1} bytes")
    return sealed_with(
        plain, device, ec.generate_private_key(CURVE), os.urandom(SECRET_BYTES), PARCEL - len(plain) - 1
    )


def sealed_with(
    plain: bytes, device: Device, key: ec.EllipticCurvePrivateKey, salt: bytes, padding: int
) -> bytes:
    """RFC 8291, section 3, with everything that is otherwise left to chance."""
    theirs, ours = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, device.p256dh), _point(key)
    shared = key.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, device.auth, b"WebPush: info\x00" + device.p256dh + ours, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    # The 2 says that this record is the last one; zeros after it are padding.
    return head + AESGCM(content_key).encrypt(nonce, plain + b"\x02" + bytes(padding), None)


def key_from(secret: str) -> ec.EllipticCurvePrivateKey:
    """Our key pair, always the same for the same secret of this install."""
    number = int.from_bytes(hashlib.sha512(b"web push\x00" + secret.encode()).digest(), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """As a browser wants it when it subscribes."""
    return encoded(_point(key))


def signed_pass(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The Authorization header with which a push server knows us again: RFC 8292."""
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "exp": int((now + PASS_LASTS).timestamp()),
        "sub": contact,
    }
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key(key)}"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ValueError when it is none."""
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars="-_", validate=True)


def _json(claims: dict[str, object]) -> str:
    return encoded(json.dumps(claims, separators=(",", ":")).encode())


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
