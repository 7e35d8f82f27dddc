"""May this address be opened at all? Decided before anything is looked up or connected."""

from __future__ import annotations

from functools import cache

import httpx
from ssrfguard import Policy, SSRFGuardError

# Two addresses of one name are tried: one of each family is enough, and each costs time.
ATTEMPTS = 2

PUBLIC = Policy(max_connection_attempts=ATTEMPTS)  # http(s) on 80 and 443, public addresses only
# What mail programs use: fetching and handing in, never the port on which servers talk to each other.
MAIL = Policy(allowed_ports=frozenset({143, 465, 587, 993}), max_connection_attempts=ATTEMPTS)
EVERY_NETWORK = ("0.0.0.0/0", "::/0")


def admit(url: str, allowed_private: frozenset[str], public: Policy = PUBLIC) -> tuple[httpx.URL, Policy]:
    """The address as it will be requested, and the policy under which it may be connected.

    What is checked is what httpx read, not what was written: two parsers may differ on where a host ends.
    Raises SSRFGuardError, or ValueError when it is no address.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:  # which is none itself, and would slip through
        raise ValueError(str(error)) from error
    refusal: SSRFGuardError | None = None
    for policy in (*_opened(allowed_private), public):
        try:
            policy.check_url(str(address))
        except SSRFGuardError as error:
            refusal = error
        else:
            return address, policy
    assert refusal is not None
    raise refusal


@cache
def _opened(allowed_private: frozenset[str]) -> tuple[Policy, ...]:
    """One policy for each `host:port` of the owner: this host and this port, wherever it resolves to."""
    return tuple(_policy_for(entry) for entry in sorted(allowed_private))


def _policy_for(entry: str) -> Policy:
    host, _colon, port = entry.strip().rpartition(":")
    if not host or not port.isdecimal():
        raise BadEntry(f"{entry!r} is not host:port, like 10.0.0.5:8080 or wiki.local:80")
    return Policy(
        allowed_hosts=frozenset({host.strip("[]")}),
        allowed_ports=frozenset({int(port)}),
        allowed_networks=EVERY_NETWORK,  # type: ignore[arg-type]  # it takes text and parses it
        max_connection_attempts=ATTEMPTS,
    )


class BadEntry(Exception):
    """The owner's list of private addresses has an entry that means nothing."""
