"""Who takes the mail of a domain, and what does it publish about itself? Asked through the one way out."""

from __future__ import annotations

from ...net.client import fetch
from ...net.trouble import NotFetched

LONGEST = 50_000  # bytes of what a domain tells mail programs
PATIENCE = 4.0  # seconds for each question: somebody waits for the answers to all of them


def exchangers(domain: str) -> list[str]:
    """The names of the servers that take its mail, the preferred first; none if that cannot be known."""
    import dns.exception
    import dns.resolver

    try:
        answers = dns.resolver.resolve(domain, "MX", lifetime=PATIENCE)
        records = sorted((record.preference, str(record.exchange)) for record in answers)
    except (dns.exception.DNSException, OSError, ValueError):
        return []
    return [name.rstrip(".").lower() for _preference, name in records[:10]]


def published_at(address: str) -> bytes:
    """What lies there; empty if nothing does, or nothing that may be opened."""
    try:
        found = fetch(address, max_bytes=LONGEST, deadline=PATIENCE)
    except NotFetched:
        return b""
    return found.body if found.status == 200 else b""
