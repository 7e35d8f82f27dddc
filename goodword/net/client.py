"""What lies at an address that somebody else chose? Fetched without trusting them in anything.

Such an address may point into our own network, lead there by a redirect or by a name that changes its
answer, drip for hours, or unpack to gigabytes. So the connection goes to the very address that was
checked, each redirect is checked anew, one deadline holds for the whole, and bytes are counted after
unpacking. No cookies, no proxy and no password from the environment are ever sent.
"""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext

import httpcore
import httpx
from ssrfguard import Resolver, SSRFGuardError
from ssrfguard.httpx import SafeBackend

from goodword import __version__
from goodword.net.admission import admit
from goodword.net.deadline import Deadline, WithDeadline, resolver_within
from goodword.net.trouble import NotFetched, Why

MAX_REDIRECTS = 3  # http to https, to www, to the file: whoever needs more is leading us around
REDIRECTS = {301, 302, 303, 307, 308}
REDIRECTS_OF_A_POST = {307, 308}  # the others mean: look over there, with a GET
READABLE_ENCODINGS = {"", "identity", "gzip", "x-gzip"}


@dataclass(frozen=True)
class Fetched:
    """An answer, whatever its status. `headers` finds names in any case; `body` is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    final_url: str


def fetch(
    url: str,
    *,
    max_bytes: int,
    deadline: float,
    accept: str = "*/*",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    allowed_private: frozenset[str] = frozenset(),
    resolver: Resolver = socket.getaddrinfo,
) -> Fetched:
    """GET `url`, following at most three redirects, within `deadline` seconds in all.

    `max_bytes` bounds the unpacked body. `headers` go along to every hop. With a `body` it is a POST,
    and is sent on only where a redirect says that the same is wanted there (307, 308): a 301, 302 or
    303 comes back as it is. `allowed_private` holds `host:port` entries that an owner
    opened although they are private or use an unusual port. `resolver` answers like
    `socket.getaddrinfo`; whatever it says is checked. Raises NotFetched with a sentence for a person.
    """
    until = Deadline.after(deadline)
    followed = REDIRECTS if body is None else REDIRECTS_OF_A_POST
    request = _Request(accept, headers or {}, body)
    with _plain_troubles():
        for _hop in range(MAX_REDIRECTS + 1):
            address, policy = admit(url, allowed_private)
            backend = SafeBackend(policy=policy, resolver=resolver_within(until, resolver))
            with _answer(address, request, WithDeadline(backend, policy, until)) as answer:
                told = httpx.Headers(answer.headers)
                if answer.status not in followed or "location" not in told:
                    return Fetched(answer.status, told, _body(answer, told, max_bytes), str(address))
            url = str(address.join(told["location"]))
        raise NotFetched(Why.REDIRECTS)


@dataclass(frozen=True)
class _Request:
    accept: str
    headers: dict[str, str]
    body: bytes | None


@contextmanager
def _answer(
    address: httpx.URL, request: _Request, backend: httpcore.NetworkBackend
) -> Iterator[httpcore.Response]:
    """The head of the answer, on a connection of its own that ends with the block."""
    place = httpcore.URL(
        scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
    )
    said = {
        "Host": address.netloc.decode("ascii"),
        "User-Agent": f"Goodword/{__version__}",
        "Accept": request.accept,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    } | request.headers
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in said.items()]
    verb = "GET" if request.body is None else "POST"
    with (
        httpcore.ConnectionPool(ssl_context=_certificates(), network_backend=backend) as pool,
        pool.stream(verb, place, headers=headers, content=request.body) as answer,
    ):
        yield answer


def _body(answer: httpcore.Response, headers: httpx.Headers, max_bytes: int) -> bytes:
    """The whole body. Never holds more than `max_bytes` and one packet, however well it was packed."""
    if int(headers.get("content-length", "0")) > max_bytes:
        raise NotFetched(Why.TOO_LARGE)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in READABLE_ENCODINGS:
        raise NotFetched(Why.UNREADABLE)
    gzip = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in encoding else None
    body = bytearray()
    for packet in answer.iter_stream():
        # One packet of 64 kB may unpack to 66 MB: zlib is told to stop, not only we to count.
        body += gzip.decompress(packet, max_bytes + 1 - len(body)) if gzip else packet
        if len(body) > max_bytes:
            raise NotFetched(Why.TOO_LARGE)
    if gzip and body and not gzip.eof:
        raise NotFetched(Why.UNREADABLE)
    return bytes(body)


@contextmanager
def _plain_troubles() -> Iterator[None]:
    """Whatever goes wrong inside comes out as one NotFetched, with its cause."""
    try:
        yield
    except SSRFGuardError as error:
        raise NotFetched(Why.REFUSED) from error
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise NotFetched(Why.TOO_SLOW) from error
    except (httpcore.ProtocolError, zlib.error) as error:
        raise NotFetched(Why.UNREADABLE) from error
    except (OSError, httpcore.NetworkError) as error:
        raise NotFetched(Why.UNREACHABLE) from error
    except (ValueError, httpx.InvalidURL) as error:  # what no parser of addresses could take
        raise NotFetched(Why.REFUSED) from error


@cache
def _certificates() -> SSLContext:
    """Made once: reading the list of authorities takes longer than many a fetch."""
    return httpx.create_ssl_context(trust_env=False)
