"""Addresses from outside are opened in one place only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodword import CHECKOUT

# Channels talk through their SDKs, to the host that is saved in their connection.
MAY_OPEN = ("net", "channels")
CLIENTS = {
    "httpx",
    "httpcore",
    "requests",
    "urllib3",
    "urllib.request",
    "http.client",
    "aiohttp",
    "ssrfguard",
}


def clients_in(source: str) -> set[str]:
    return {
        client
        for name in imported(ast.parse(source))
        for client in CLIENTS
        if name == client or name.startswith(client + ".")
    }


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    "source",
    [
        "import httpx",
        "from urllib import request",
        "import urllib.request as u",
        "def f():\n from requests import get",
    ],
)
def test_every_way_to_import_a_client_is_seen(source: str) -> None:
    assert clients_in(source)


def test_addresses_can_be_taken_apart_without_opening_them() -> None:
    assert not clients_in("from urllib.parse import urlsplit\nimport http")


def test_only_net_and_the_channels_know_an_http_client() -> None:
    root = CHECKOUT / "goodword"
    files = [file for file in root.rglob("*.py") if file.relative_to(root).parts[0] not in MAY_OPEN]
    found = {str(file.relative_to(root)): clients_in(Path(file).read_text("utf-8")) for file in files}
    assert len(files) > 20
    assert {file: clients for file, clients in found.items() if clients} == {}
