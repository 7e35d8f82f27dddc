"""How are the screens served? By one granian, in ASGI: pages in threads, events without."""

import socket

DEFAULT_PORT = 8000


def serve(host: str, port: int) -> None:
    """Serve until stopped. Raises when the port is taken."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "goodword.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        blocking_threads=1,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    ).serve()


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
