"""A passkey in software: what a device would answer, and what a dishonest one might."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """One key, bound to one site. `origin` is what the browser would say of the page."""

    site: str = "localhost"
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: str = ""

    def is_made(self, options: dict[str, Any]) -> str:
        """The answer to the creation options of a page, as its form sends it."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(self._site(), self.flags | WITH_KEY, 0, credential)
        return self._form(
            clientDataJSON=self._said("webauthn.create", asked["challenge"]),
            attestationObject=bytes(AttestationObject.create("none", data, {})),
        )

    def is_shown(self, options: dict[str, Any]) -> str:
        """The answer to the request options of a page."""
        said = self._said("webauthn.get", options["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(self._site(), self.flags, 1))
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._form(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _site(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest()

    def _said(self, what: str, challenge: str) -> bytes:
        return json.dumps({"type": what, "challenge": challenge, "origin": self.origin}).encode()

    def _form(self, **response: bytes) -> str:
        written = {name: websafe_encode(part) for name, part in response.items()}
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": written | ({"userHandle": self.user} if "signature" in written else {}),
                "clientExtensionResults": {},
            }
        )
