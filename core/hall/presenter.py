"""What the speaker's window asks for, on the app's own port.

It opens and closes the room, and moves what is on the wall. Whoever has the app's page has the key.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.hall import addresses
from core.hall.hall import Change, Hall, Move, Wanted, Wifi
from core.hall.phones import bounded, same_origin
from core.hall.server import PortError

KEY = "x-key"  # the header
FOREIGN = (
    "expected a page of {}, the host that this server was asked for, got one of {}. A proxy "
    "between them must pass the Host header on as it is."
)


class Presenter:
    """Answers for a hall to whoever has the key.

    listens: the address that the app itself listens at; "": at all of its machine's.
    """

    def __init__(self, hall: Hall, *, listens: str = "") -> None:
        self.hall, self.key, self._listens = hall, secrets.token_urlsafe(16), listens
        self._acts: dict[str, tuple[Any, Callable[[Any], Awaitable[None]]]] = {
            "open": (Wanted, hall.open),
            "close": (None, lambda _: hall.close()),
            "change": (Change, hall.change),
            "move": (Move, hall.move),
            "clear": (None, lambda _: hall.clear()),
        }
        self._looks: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "wall": self._wall,
            "kept": self._kept,
            "invitation": self._invitation,
            "remote": self._remote,
        }

    async def answer(self, request: Request, what: str) -> Response:
        """POST open, close, change, move, clear, all with the wall as it is then, or wifi; GET
        wall, kept, invitation, remote.

        403 without a word: the key is of another start of the server.
        """
        key = request.headers.get(KEY, "").encode()
        if not secrets.compare_digest(key, self.key.encode()):
            return Response(status_code=403)
        if not same_origin(request):
            origin, host = request.headers["origin"], request.headers.get("host", "")
            return JSONResponse({"refused": FOREIGN.format(host[:60], origin[:60])}, 403)
        try:
            if request.method == "GET" and what in self._looks:
                return await self._looks[what](request)
            if request.method == "POST" and (what == "wifi" or what in self._acts):
                return await self._do(what, await bounded(request) or b"null")
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return JSONResponse({"refused": f"{error}"}, 400)
        except (PortError, ValueError) as error:
            return JSONResponse({"refused": f"{error}"}, 409)
        return Response(status_code=404)

    async def _do(self, what: str, body: bytes) -> Response:
        if what == "wifi":
            return _json({"svg": msgspec.json.decode(body, type=Wifi).svg()})
        kind, act = self._acts[what]
        await act(msgspec.json.decode(body, type=kind))
        return _json(await self.hall.wall(0))

    async def _wall(self, request: Request) -> Response:
        after = request.query_params.get("after", "")
        number = int(after) if after.isdecimal() and len(after) < 10 else 0
        return _json(await self.hall.wall(number))

    async def _kept(self, _: Request) -> Response:
        return Response(await self.hall.kept(), media_type="application/json")

    async def _invitation(self, request: Request) -> Response:
        query = request.query_params
        app = URL(query.get("app") or str(request.base_url))
        return _json(self.hall.invitation(query.get("host", ""), app))

    async def _remote(self, request: Request) -> Response:
        """Where a phone finds the app itself: host and port."""
        came = request.url
        place = await asyncio.to_thread(
            addresses.of_app, came.hostname or "", came.port, self._listens
        )
        return _json({"place": place})


def _json(content: dict[str, Any]) -> JSONResponse:
    return JSONResponse(content, headers={"Cache-Control": "no-store"})
