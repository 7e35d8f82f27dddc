"""Who is really asking, and did they come by HTTPS, when a proxy stands between us and them?

Only a proxy that is named in GOODWORD_TRUSTED_PROXY is believed. From anybody else, what they say of
themselves in these headers is dropped before any other code can read it.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Some of them are read by nothing of ours: a library may, one day.
SAID_BY_PROXIES = (
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


class Forwarded:
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Also where the answer comes later: nothing is done with the answer."""
        _believe_only_our_proxies(request)
        return self.get_response(request)


forwarded = Forwarded


def _believe_only_our_proxies(request: HttpRequest) -> None:
    said = {name: request.META.pop(name, "") for name in SAID_BY_PROXIES}
    if not _is_ours(request.META.get("REMOTE_ADDR", "")):
        return
    request.META["HTTP_X_FORWARDED_PROTO"] = said["HTTP_X_FORWARDED_PROTO"]
    # Each proxy adds at the end whom it was asked by: the first from there that is none of ours is the one.
    hops = [hop.strip() for hop in said["HTTP_X_FORWARDED_FOR"].split(",") if hop.strip()]
    for hop in reversed(hops):
        if not _is_an_address(hop):
            return
        request.META["REMOTE_ADDR"] = hop
        if not _is_ours(hop):
            return


def _is_ours(peer: str) -> bool:
    return _is_an_address(peer) and any(ip_address(peer) in network for network in settings.TRUSTED_PROXIES)


def _is_an_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
