"""A browser's side of Web Push: the keys that it made, and the opening of what comes.

Written from RFC 8291 and 8188 by itself: it shares no code with what seals.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from goodword.notifying.webpush import Device, encoded


class Phone:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"sixteen bytes ok"
        self.p256dh = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def device(self, endpoint: str) -> Device:
        return Device(endpoint, self.p256dh, self.auth)

    def as_browsers_tell(self, endpoint: str) -> dict[str, str]:
        return {"endpoint": endpoint, "p256dh": encoded(self.p256dh), "auth": encoded(self.auth)}

    def opens(self, parcel: bytes) -> str:
        salt, length = parcel[:16], parcel[20]
        theirs, text = parcel[21 : 21 + length], parcel[21 + length :]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        first = _mac(self.auth, shared)
        secret = _mac(first, b"WebPush: info\x00" + self.p256dh + theirs + b"\x01")
        pseudo = _mac(salt, secret)
        content_key = _mac(pseudo, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _mac(pseudo, b"Content-Encoding: nonce\x00\x01")[:12]
        padded = AESGCM(content_key).decrypt(nonce, text, None).rstrip(b"\x00")
        assert padded.endswith(b"\x02"), "the last record says so"
        return padded[:-1].decode()


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, hashlib.sha256)
