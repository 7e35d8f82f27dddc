"""How is a mail server reached: at the address that was checked, and over TLS unless its owner opened it?"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from functools import cache

from ...net import saved
from ...sentence import Sentence
from ..base import Refused, Unreachable

PATIENCE = 20.0  # seconds for one answer; a search in a large mailbox takes a few
TO_CONNECT = 6.0
FROM_THE_FIRST_BYTE = (993, 465)

NO_ANSWER = "The mail server %(host)s does not answer. Check its name, or try again later."
NO_NAME = "There is no mail server %(host)s. Check the name under “More”."
BAD_CERTIFICATE = (
    "The certificate of %(host)s is not valid for this name, so no password was sent. Ask your mail provider "
    "for the right name of the server."
)
NO_TLS = (
    "The mail server %(host)s does not offer an encrypted connection, so no password was sent. Ask your mail "
    "provider for the encrypted one, often on port 993 and 465."
)


@dataclass(frozen=True)
class Server:
    """host and port, and whether TLS begins with the first byte."""

    host: str
    port: int
    tls_at_once: bool
    may_be_plain: bool  # whoever runs the machine opened exactly this host and port

    @classmethod
    def named(cls, said: str, default_port: int, allowed_private: frozenset[str]) -> Server:
        """Of "host", "host:port", "imaps://host:port" or the like."""
        scheme, _slashes, rest = said.strip().rpartition("://")
        host, colon, port = rest.strip("/").rpartition(":")
        if not colon or not port.isdecimal():
            host, port = rest.strip("/"), ""
        number = int(port or default_port)
        return cls(
            host=host.strip("[]").lower(),
            port=number,
            tls_at_once=scheme.endswith("s") if scheme else number in FROM_THE_FIRST_BYTE,
            may_be_plain=f"{host.strip('[]')}:{number}" in allowed_private,
        )

    def connected(self, allowed_private: frozenset[str]) -> socket.socket:
        """An open socket to a checked address. Raises Unreachable or Refused."""
        try:
            line = saved.mail_line(self.host, self.port, allowed_private, timeout=TO_CONNECT)
        except saved.NotAdmitted as error:
            raise Refused(str(error)) from error
        except OSError as error:
            unknown = "Name or service" in str(error) or "No address" in str(error)
            raise Unreachable(Sentence(NO_NAME if unknown else NO_ANSWER, host=self.host)) from error
        except ValueError as error:
            raise Unreachable(Sentence(NO_NAME, host=self.host)) from error
        line.settimeout(PATIENCE)
        return line

    def secured(self, line: socket.socket) -> ssl.SSLSocket:
        """The same line over TLS, if the certificate is valid for this name."""
        try:
            return certificates().wrap_socket(line, server_hostname=self.host)
        except ssl.SSLCertVerificationError as error:
            line.close()
            raise Refused(Sentence(BAD_CERTIFICATE, host=self.host)) from error
        except OSError as error:
            line.close()
            raise Unreachable(Sentence(NO_ANSWER, host=self.host)) from error


@cache
def certificates() -> ssl.SSLContext:
    """Made once, since the list of authorities takes long to read. Verifying cannot be switched off."""
    return ssl.create_default_context()
