"""How are the screens served? By one granian, in ASGI: pages in threads, events without."""

import socket
from argparse import ArgumentTypeError

from django.conf import settings

DEFAULT_PORT = 8000
A_YEAR = 365 * 86_400  # seconds


def serve(host: str, port: int) -> None:
    """Serve until stopped. Raises when the port is taken."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "goodword.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=1,
        blocking_threads=1,
        static_path_mount=[settings.STATICFILES_DIRS[0]],
        static_path_route=["/static"],
        static_path_expires=A_YEAR,  # their addresses change with them
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    ).serve()


def port(given: str) -> int:
    """A port that can be listened on, as it is given on a command line."""
    if not (given.isdecimal() and 0 < int(given[:6]) < 65536):
        raise ArgumentTypeError(f"{given} is no port: write a number from 1 to 65535.")
    return int(given)


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
