"""Why could an address not be fetched? One error, with a sentence for a person."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    REFUSED = "refused"  # the address is one we must not open
    REDIRECTS = "redirects"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too slow"
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"


SENTENCES = {
    Why.REFUSED: "This address is not a public web address, so it was not opened.",
    Why.REDIRECTS: "This address kept sending us on to other addresses.",
    Why.UNREACHABLE: "No connection to this address could be made.",
    Why.TOO_SLOW: "This address took too long to answer.",
    Why.TOO_LARGE: "What lies at this address is too large.",
    Why.UNREADABLE: "The answer of this address could not be read.",
}

# What may be gone in some minutes, unlike the rest.
PASSING = frozenset({Why.UNREACHABLE, Why.TOO_SLOW})


class NotFetched(Exception):
    """`str(error)` is one plain sentence; `why` says which; `__cause__` is for whoever debugs it."""

    def __init__(self, why: Why) -> None:
        super().__init__(SENTENCES[why])
        self.why = why
