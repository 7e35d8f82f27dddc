"""What does the environment say? What cannot be used is told in a sentence, before anything starts."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

MAIL_PORTS = {"smtp": 587, "smtps": 465}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class CannotStart(ValueError):
    """Something outside of us is not as it must be; the text says what to write instead."""


@dataclass(frozen=True)
class MailServer:
    """Who takes our letters. Without one (an empty host) no letter is written."""

    host: str = ""
    port: int = 0
    name: str = ""
    password: str = ""
    tls: str = ""  # "start" (STARTTLS), "whole" (from the first byte), or none: to this machine itself
    sender: str = ""


def folder(path: Path) -> Path:
    """The folder, made where it is missing, for its owner alone."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotStart(
            f"The folder {path} cannot be made: {error.strerror}. See GOODWORD_HOME."
        ) from error
    return path


def address(name: str, default: str) -> str:
    """The web address in this variable, without a slash at its end."""
    given = os.environ.get(name) or default
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise CannotStart(f"{name} is {given!r}. Write what people type, such as https://goodword.example.")
    return given.rstrip("/")


def seconds(name: str, default: float) -> float:
    given = os.environ.get(name) or str(default)
    try:
        found = float(given)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found >= 0):
        raise CannotStart(f"{name} is {given!r}. Write a number of seconds, such as {default:g}.")
    return found


def mail_server(name: str, sender_name: str) -> MailServer:
    """The mail server in the one variable, writing as the sender in the other; MailServer() when unset."""
    given = os.environ.get(name, "")
    if not given:
        return MailServer()
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port or MAIL_PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port:
        # Its value is not repeated here: a password stands in it.
        raise CannotStart(f"{name} cannot be read. Write smtp://name:password@mail.example:587, or smtps://")
    login = unquote(parts.username or "")
    return MailServer(
        host=host,
        port=port,
        name=login,
        password=unquote(parts.password or ""),
        tls="whole" if parts.scheme == "smtps" else "" if host in THIS_MACHINE else "start",
        sender=_sender(sender_name, login),
    )


def _sender(name: str, login: str) -> str:
    given = os.environ.get(name) or login
    if "@" not in parseaddr(given)[1] or not given.isprintable():
        raise CannotStart(f"{name} is {given!r}. Write the address that letters come from.")
    return given


def words(given: str) -> list[str]:
    """What stands between commas."""
    return [word for word in (part.strip() for part in given.split(",")) if word]


def networks(name: str, given: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The addresses and networks in this text; 1 stands for this machine, 0 and nothing for none."""
    given = {"1": "127.0.0.0/8,::1", "0": ""}.get(given.strip(), given)
    try:
        return tuple(ip_network(word, strict=False) for word in words(given))
    except ValueError as error:
        raise CannotStart(
            f"{name} is {given!r}. Write the addresses of your proxies, or 1 for this machine."
        ) from error
