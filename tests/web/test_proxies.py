"""Only a proxy that is named is believed what it says of others; and no name but ours is answered."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from goodword.store import environment
from goodword.store.environment import CannotStart
from goodword.web.proxies import SAID_BY_PROXIES, forwarded

PROXY, STRANGER, PERSON = "10.0.0.5", "203.0.113.9", "198.51.100.7"


def seen(peer: str, **said: str) -> HttpRequest:
    """The request as every view gets it."""
    kept: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        kept.append(request)
        return HttpResponse()

    forwarded(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **said))
    return kept[0]


@pytest.fixture(autouse=True)
def one_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", (ipaddress.ip_network("10.0.0.0/24"),))
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https"))


def test_our_proxy_says_that_they_came_by_https_and_from_where() -> None:
    request = seen(PROXY, HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_FOR=PERSON)
    assert request.is_secure()
    assert request.META["REMOTE_ADDR"] == PERSON


@pytest.mark.parametrize("header", SAID_BY_PROXIES)
def test_what_a_stranger_says_is_dropped_before_anybody_reads_it(header: str) -> None:
    request = seen(STRANGER, **{header: "https"})
    assert not request.is_secure()
    assert request.META["REMOTE_ADDR"] == STRANGER
    assert header not in request.META
    assert header.removeprefix("HTTP_").replace("_", "-").title() not in request.headers


def test_an_address_that_a_person_invented_before_our_proxy_is_not_believed() -> None:
    told = f"127.0.0.1, 10.0.0.5, {PERSON}, 10.0.0.7"
    assert seen(PROXY, HTTP_X_FORWARDED_FOR=told).META["REMOTE_ADDR"] == PERSON


@pytest.mark.parametrize("told", ["", "unknown", "' OR 1=1", ",,,", "\x00", "a" * 9000, "1.2.3.4.5"])
def test_what_is_no_address_becomes_none(told: str) -> None:
    assert seen(PROXY, HTTP_X_FORWARDED_FOR=told).META["REMOTE_ADDR"] == PROXY


@pytest.mark.parametrize(
    ("given", "inside", "outside"),
    [
        ("1", "127.0.0.1", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.5", "10.0.0.6"),
        ("10.0.0.0/8, ::1", "::1", "11.0.0.1"),
    ],
)
def test_a_proxy_is_named_by_address_or_network(given: str, inside: str, outside: str) -> None:
    networks = environment.networks("GOODWORD_TRUSTED_PROXY", given)
    assert any(ipaddress.ip_address(inside) in network for network in networks)
    assert not any(ipaddress.ip_address(outside) in network for network in networks)


def test_nobody_is_trusted_unless_named() -> None:
    assert environment.networks("X", "") == environment.networks("X", "0") == ()
    with pytest.raises(CannotStart, match="the addresses of your proxies"):
        environment.networks("GOODWORD_TRUSTED_PROXY", "yes, please")


# --- the name they ask for ---------------------------------------------------------------------------

BAD_HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "localhost:8000@evil.example",
    "evil.example:8000",
    "localhost, evil.example",
    "localhost/../evil",
    "[::1]",
    "0.0.0.0",
    "localhost#",
    "local host",
    ".localhost",
    "localhost\\evil",
]


@pytest.mark.parametrize("host", BAD_HOSTS)
@pytest.mark.parametrize("address", ["/", "/inbox/", "/login/", "/healthz", "/backups/", "/link/x/"])
def test_a_name_that_is_not_ours_is_refused_at_every_door(host: str, address: str, db: Any) -> None:
    answer = Client(raise_request_exception=False).get(address, headers={"host": host})
    assert answer.status_code == 400
    assert host.encode() not in answer.content


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded"])
def test_no_header_speaks_louder_than_the_host(header: str, db: Any) -> None:
    answer = Client().get("/inbox/", headers={header: "evil.example", "host": "localhost"})
    assert "evil.example" not in answer.headers.get("Location", "") + answer.content.decode()


def test_whoever_watches_the_machine_hears_ok_and_nothing_else(db: Any) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "Set-Cookie" not in answer.headers


def test_a_database_that_does_not_answer_is_told_without_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from goodword.web import health

    class Gone:
        def cursor(self) -> None:
            raise OperationalError("could not connect to postgresql://goodword:secret@db.internal")

    monkeypatch.setattr(health, "connection", Gone())
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert b"secret" not in answer.content
