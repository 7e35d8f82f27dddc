"""Over HTTPS the name is what is verified, though the connection goes to an address."""

from __future__ import annotations

import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from goodword.net import client
from goodword.net.client import Fetched, fetch
from goodword.net.trouble import NotFetched, Why
from tests.net.places import Place, opened_place, said

SHOP, SOMEBODY_ELSE = "shop.test", "somebody-else.test"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the shop, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SHOP)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SHOP)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "shop.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def shop(certificate: Path) -> Iterator[Place]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with opened_place(tls) as shop:
        shop.answers["/"] = said(b"kettles")
        yield shop


@pytest.fixture
def known(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's certificate is one of those we trust."""
    monkeypatch.setattr(client, "_certificates", lambda: ssl.create_default_context(cafile=certificate))


def visit(shop: Place, name: str, deadline: float = 5) -> Fetched:
    door = f"{name}:{shop.port}"

    def here(_host: str, port: int, *_rest: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    return fetch(
        f"https://{door}/",
        max_bytes=1000,
        deadline=deadline,
        allowed_private=frozenset({door}),
        resolver=here,
    )


@pytest.mark.usefixtures("known")
def test_a_place_that_proves_its_name_is_read(shop: Place) -> None:
    assert visit(shop, SHOP).body == b"kettles"


@pytest.mark.usefixtures("known")
def test_a_certificate_for_another_name_is_not_taken(shop: Place) -> None:
    with pytest.raises(NotFetched) as failure:
        visit(shop, SOMEBODY_ELSE)
    assert failure.value.why is Why.UNREACHABLE
    assert shop.requests == []


def test_a_certificate_that_nobody_signed_is_not_taken(shop: Place) -> None:
    with pytest.raises(NotFetched):
        visit(shop, SHOP)
    assert shop.requests == []


@pytest.mark.usefixtures("known")
def test_the_deadline_holds_over_https_too(shop: Place) -> None:
    def drip(visitor: socket.socket) -> None:
        visitor.sendall(said(b"", length=500))
        while not shop.closing.wait(0.01):
            visitor.sendall(b"a")

    shop.answers["/"] = drip
    with pytest.raises(NotFetched) as failure:
        visit(shop, SHOP, deadline=0.25)
    assert failure.value.why is Why.TOO_SLOW


@pytest.mark.usefixtures("known")
def test_the_deadline_holds_for_a_greeting_that_never_comes(shop: Place) -> None:
    shop.tls = None  # it waits for words and never greets
    began = time.monotonic()
    with pytest.raises(NotFetched) as failure:
        visit(shop, SHOP, deadline=0.25)
    assert failure.value.why is Why.TOO_SLOW
    assert time.monotonic() - began < 1
