"""A port of its own for the phones, on which nothing but the room can be reached.

A second server in the process and the event loop of the app, which listens only as long as a room
is open. So the app itself may stay on 127.0.0.1.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

TRIED = 10  # ports, one after the other
LAST = 65535  # port


class PortError(OSError):
    """No port could be listened on; says why."""


class _Server(uvicorn.Server):
    """Leaves the signals to the app's own server."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class AppsPort:
    """A room on the app's own port, where only one can be had.

    Then whoever has the phones' address can reach the app too: train, upload, delete runs.
    """

    number = None

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def close(self) -> None:
        """The port is the app's."""


class Port:
    """A room on a port of its own."""

    def __init__(self, app: ASGIApp, first: int | str, host: str = "0.0.0.0") -> None:
        """Listens at once. first: the port, or if it is taken one of the next. Raises PortError."""
        self._socket = listening(host, first)
        self.number = self._socket.getsockname()[1]
        self._server = _Server(
            uvicorn.Config(
                app,
                lifespan="off",
                access_log=False,
                log_level="error",
                timeout_graceful_shutdown=1,
                ws_max_size=1024,
                ws_max_queue=4,
                limit_concurrency=2000,
                h11_max_incomplete_event_size=16_384,
                server_header=False,
            )
        )
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))

    async def close(self) -> None:
        """Nothing listens afterwards."""
        self._server.should_exit = True
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), 3)
        self._socket.close()


def listening(host: str, first: int | str) -> socket.socket:
    """Raises PortError. first: a number, or the word that was typed for one."""
    if not f"{first}".isdecimal() or int(first) > LAST:
        raise PortError(f"expected a port from 0 to {LAST}, got {str(first)[:20]!r}")
    ports = range(int(first), min(int(first) + TRIED, LAST + 1)) if int(first) else [0]
    for port in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
            sock.listen(1024)
        except OSError:
            sock.close()
            continue
        sock.setblocking(False)
        return sock
    raise PortError(f"expected a free port from {first} to {ports[-1]}, all are taken")
