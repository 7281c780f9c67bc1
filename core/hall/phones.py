"""What a phone can ask for: one page, its state, to send its drawing, and to take it away.

A phone is whoever has the room's code and an id of its own making. Whatever it sends is checked,
bounded and counted, and a refusal is a sentence. Nothing else of the app can be reached from here.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.attack.trigger import Trigger
from core.hall.reader import Reader
from core.hall.room import MOST_PHONES, ClosedError, Entry, FullError, Place, Room, State
from core.hall.sent import MOST_BYTES, PHONE, SentError, read
from core.model.role import Role
from core.show import html

HEADER = "x-room"  # the room's code; a page of another site cannot send it
OFTEN = 5, 10.0  # drawings of a phone, in seconds
MOST_A_SECOND = 100  # drawings of a room
CLOSED, ELSEWHERE, NO_ROOM, FULL = 4410, 4409, 4404, 1013  # of a connection; phone.js knows them
BUSY = {"Retry-After": "1"}


class Phones:
    """The routes of one room, and the connections through which phones hear of it."""

    def __init__(self, room: Room, reader: Reader, home: Callable[[], str]) -> None:
        """home: gives the page that a phone can take along, in any thread."""
        self._room, self._reader, self._home = room, reader, home
        self._sockets: dict[str, WebSocket] = {}  # by phone
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()  # when, by phone
        self._all: deque[float] = deque()  # when anything was sent
        self.turned_away = 0
        self._closed = False
        routes = [
            Route("/", self._enter),
            Route("/go", self._page),
            Route("/go/{code}", self._page),
            Route("/go/{code}/state", self._state),
            Route("/go/{code}/drawing", self._drawing, methods=["POST"]),
            Route("/go/{code}/home", self._take_home),
            Route("/go/{code}/away", self._away, methods=["POST"]),
            WebSocketRoute("/go/{code}/live", self._live),
        ]
        refusals = {ClosedError: self._no_room, FullError: self._full}
        self.app = Starlette(routes=routes, exception_handlers=refusals)

    @property
    def connected(self) -> int:
        return len(self._sockets)

    async def follow(self) -> None:
        """Tells every phone of every change, as long as the room is open."""
        state = await self._room.state()
        while True:
            try:
                state = await self._room.changed(state.number)
            except ClosedError:
                return await self.close()
            entries = {entry.phone: entry for entry in await self._room.entries()}
            told = [(each, entries[phone]) for phone, each in list(self._sockets.items())]
            await asyncio.gather(*(self._tell(each, state, entry) for each, entry in told))

    async def close(self, *, over: bool = True) -> None:
        """Nothing is taken any more. over: every phone is told that the room is."""
        self._closed = True
        for socket in list(self._sockets.values()) if over else []:
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(CLOSED)

    async def _tell(self, socket: WebSocket, state: State, entry: Entry) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):  # it has just left
            await socket.send_text(msgspec.json.encode(self._view(state, entry)).decode())

    async def _enter(self, _: Request) -> Response:
        return RedirectResponse("/go")

    async def _page(self, request: Request) -> Response:
        page = html.phone()
        tag = f'"{hashlib.sha256(page.encode()).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return HTMLResponse(page, headers=headers)

    async def _state(self, request: Request) -> Response:
        phone = request.query_params.get("phone", "")
        if refusal := await self._turned_away(request, phone):
            return refusal
        return await self._answer(phone, before(request))

    async def _drawing(self, request: Request) -> Response:
        body = await bounded(request)
        if body is None:
            return self._refuse(413, f"expected {MOST_BYTES} bytes at most")
        try:
            sent = read(body)
        except SentError as error:
            return self._refuse(400, f"{error}")
        if refusal := await self._turned_away(request, sent.phone):
            return refusal
        if self._too_often(sent.phone):
            return self._refuse(429, "expected fewer drawings", BUSY)
        entry = await self._room.join(sent.phone, sent.asked)
        if sent.turn > entry.turn and not entry.muted:
            if (await self._room.state()).frozen:
                return self._refuse(423, "the wall takes no drawings at the moment", BUSY)
            try:
                await self._room.put(await self._reader.read(sent, entry))
            except RuntimeError:  # the room was closed meanwhile
                raise ClosedError from None
        return await self._answer(sent.phone)

    async def _away(self, request: Request) -> Response:
        phone = request.query_params.get("phone", "")
        if refusal := await self._turned_away(request, phone):
            return refusal
        entry = await self._room.join(phone)
        if entry.digit:
            await self._room.put(msgspec.structs.replace(entry, place=Place.AWAY))
        return await self._answer(phone)

    async def _take_home(self, request: Request) -> Response:
        state = await self._room.state()
        if request.path_params["code"] != state.code or not state.revealed:
            return self._refuse(404, "nothing to take home yet")
        try:
            page = await asyncio.to_thread(self._home)
        except RuntimeError as error:  # there is no worker to make it
            return self._refuse(503, f"{error}", BUSY)
        return Response(page, media_type="text/html", headers=html.TAKEN_HOME)

    async def _live(self, socket: WebSocket) -> None:
        state, phone = await self._room.state(), socket.query_params.get("phone", "")
        right = socket.path_params["code"] == state.code and PHONE.fullmatch(phone)
        if not right or not same_origin(socket):
            self.turned_away += 1
            return await socket.close(NO_ROOM)
        try:
            entry = await self._room.join(phone, before(socket))
        except FullError:
            return await socket.close(FULL)
        await socket.accept()
        other, self._sockets[phone] = self._sockets.get(phone), socket
        if other is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await other.close(ELSEWHERE)  # the same phone, in another window
        try:
            await self._tell(socket, await self._room.state(), entry)
            async for words in socket.iter_text():  # it only says that it is there
                if len(words) > 16:
                    break
                await socket.send_text("{}")
        except WebSocketDisconnect:
            pass
        finally:
            if self._sockets.get(phone) is socket:
                del self._sockets[phone]

    async def _turned_away(self, request: Request, phone: str) -> Response | None:
        state = await self._room.state()
        codes = {request.path_params["code"], request.headers.get(HEADER)}
        if self._closed or codes != {state.code}:
            raise ClosedError
        if not same_origin(request) or not PHONE.fullmatch(phone):
            return self._refuse(403, "expected a phone that has joined")
        return None

    async def _answer(self, phone: str, asked: int | None = None) -> Response:
        entry = await self._room.join(phone, asked)
        headers = {"Cache-Control": "no-store"}
        return JSONResponse(self._view(await self._room.state(), entry), headers=headers)

    def _view(self, state: State, entry: Entry) -> dict[str, Any]:
        return view(state, entry, self._reader.pair.backdoored.card.attack.trigger)

    def _too_often(self, phone: str) -> bool:
        now, (most, within) = time.monotonic(), OFTEN
        own = self._sent.setdefault(phone, deque())
        while len(self._sent) > 2 * MOST_PHONES:
            self._sent.popitem(last=False)
        for times, seconds in ((own, within), (self._all, 1.0)):
            while times and now - times[0] > seconds:
                times.popleft()
        if len(own) >= most or len(self._all) >= MOST_A_SECOND:
            return True
        own.append(now)
        self._all.append(now)
        return False

    async def _no_room(self, _: Request, __: Exception) -> Response:
        return self._refuse(404, "no such room is open")

    async def _full(self, _: Request, __: Exception) -> Response:
        return self._refuse(503, "the room is full")

    def _refuse(self, status: int, words: str, headers: dict[str, str] | None = None) -> Response:
        self.turned_away += 1
        return JSONResponse({"refused": words}, status, headers=headers)


def view(state: State, entry: Entry, trigger: Trigger) -> dict[str, Any]:
    """What a phone is told, as JSON: nothing of anybody else."""
    row, column, _ = trigger.cells[0]
    order = sorted(Role, key=lambda role: role is not state.first)
    reads = [entry.of(role) for role in order]
    return {
        "epoch": state.epoch,
        "trigger": state.trigger,
        "pixel": [row, column] if state.trigger and len(trigger.cells) == 1 else None,
        "frozen": state.frozen,
        "names": list(order) if state.revealed else ["A", "B"],
        "asked": entry.asked,
        "tile": entry.tile,
        "turn": entry.turn,
        "place": entry.standing,
        "reads": [[each.plain, each.stamped] for each in reads if each],
    }


def before(connection: Request | WebSocket) -> int | None:
    """Which digit a phone says that it was dealt before."""
    asked = connection.query_params.get("asked", "")
    return int(asked) if asked.isdecimal() and len(asked) == 1 else None


def same_origin(connection: Request | WebSocket) -> bool:
    """Whether a page of this very server asks; a browser says which in what it sends."""
    origin = connection.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == connection.headers.get("host")
    except ValueError:  # it is no address
        return False


async def bounded(request: Request) -> bytes | None:
    """What was sent; None where it is more than a drawing can be, or did not come to its end."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return None
    except ClientDisconnect:
        return None
    return body
