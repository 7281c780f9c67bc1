"""What a phone can ask for: one page, its state, to send its drawing, and to take it away.

A phone is whoever has the room's code and an id of its own making. Whatever it sends is checked,
bounded and counted, and a refusal is a sentence. Nothing else of the app can be reached from here.
"""

import asyncio
import hashlib
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
from core.hall.home import Home
from core.hall.limit import Limit
from core.hall.reader import Reader
from core.hall.room import LINE, ClosedError, Entry, FullError, Place, Room, State
from core.hall.sent import MOST_BYTES, PHONE, SentError, read
from core.model.role import Role
from core.show import html

HEADER = "x-room"  # the room's code; a page of another site cannot send it
OFTEN = 5, 10.0  # drawings of a phone, in seconds
MOST_A_SECOND = 100  # drawings of a room
GUESSES = 20, 60.0  # wrong codes from an address, in seconds; there are 331,776 codes
CLOSED, ELSEWHERE, NO_ROOM, FULL = 4410, 4409, 4404, 1013  # of a connection; phone.js knows them
BUSY = {"Retry-After": "1"}


class GuessError(Exception):
    """From this address came so many wrong codes that no other is looked at."""


class Phones:
    """The routes of one room, and the connections through which phones hear of it."""

    def __init__(self, room: Room, reader: Reader, home: Callable[[], str]) -> None:
        """home: gives the page that a phone can take along, in any thread."""
        self._room, self._reader, self._home = room, reader, Home(home)
        self._sockets: dict[str, WebSocket] = {}  # by phone
        self._sent, self._guesses = Limit(*OFTEN), Limit(*GUESSES)  # by phone, by address
        self._all = Limit(MOST_A_SECOND, 1.0)
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
        refusals = {ClosedError: self._no_room, FullError: self._full, GuessError: self._wait}
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
            lines = list(self._sockets.items())  # first: who comes meanwhile is in no list yet
            entries = {entry.phone: entry for entry in await self._room.entries()}
            told = [(each, entries.get(phone)) for phone, each in lines]
            await asyncio.gather(*(self._tell(each, state, entry) for each, entry in told))

    async def attend(self) -> None:
        """Says again and again which phones have a line."""
        while True:
            await asyncio.sleep(LINE / 4)
            await self._room.seen(list(self._sockets))

    async def bring_home(self) -> None:
        """Has the page to take home made, and tells the phones where they wait for it."""
        await self._home.prepare()
        with suppress(ClosedError):
            if (await self._room.state()).revealed:
                await self._room.change()

    async def close(self, *, over: bool = True) -> None:
        """Nothing is taken any more. over: every phone is told that the room is."""
        self._closed = True
        for socket in list(self._sockets.values()) if over else []:
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(CLOSED)

    async def _tell(self, socket: WebSocket, state: State, entry: Entry | None) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):  # it has just left
            if entry is None:  # it was not seen for long and made room for another; it may ask anew
                return await socket.close(FULL)
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
        entry = await self._room.find(sent.phone)
        if entry is None:
            return self._refuse(409, "expected a phone with a line to this room")
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
        if not (await self._known(request)).revealed:
            return self._refuse(404, "nothing to take home yet")
        if not self._home.ready:
            return self._refuse(503, self._home.problem, BUSY)
        return self._home.answer()

    async def _live(self, socket: WebSocket) -> None:
        phone = socket.query_params.get("phone", "")
        try:
            await self._known(socket)
            if not same_origin(socket) or not PHONE.fullmatch(phone):
                raise ClosedError
            entry = await self._room.join(phone, before(socket))
        except (ClosedError, GuessError):
            self.turned_away += 1
            return await socket.close(NO_ROOM)
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
                await self._room.left(phone)

    async def _known(self, connection: Request | WebSocket) -> State:
        """The room's state, for who has its code. Raises ClosedError, and GuessError.

        After many wrong codes from an address no other is looked at that comes from there, but for
        phones that are in the room.
        """
        state, code = await self._room.state(), connection.path_params["code"]
        address = connection.client.host if connection.client else ""
        phone = connection.query_params.get("phone", "")
        if self._guesses.reached(address):
            if not PHONE.fullmatch(phone) or not await self._room.knows(phone):
                raise GuessError
        if code != state.code:
            self._guesses.count(address)
        if code != state.code or self._closed:
            raise ClosedError
        return state

    async def _turned_away(self, request: Request, phone: str) -> Response | None:
        state = await self._known(request)
        if request.headers.get(HEADER) != state.code:
            raise ClosedError
        if not same_origin(request):  # or a proxy in between does not pass the host on
            return self._refuse(403, "expected a page of the host that this server is asked for")
        if not PHONE.fullmatch(phone):
            return self._refuse(403, "expected a phone that has joined")
        return None

    async def _answer(self, phone: str, asked: int | None = None) -> Response:
        entry = await self._room.join(phone, asked)
        headers = {"Cache-Control": "no-store"}
        return JSONResponse(self._view(await self._room.state(), entry), headers=headers)

    def _view(self, state: State, entry: Entry) -> dict[str, Any]:
        told = view(state, entry, self._reader.pair.backdoored.card.attack.trigger)
        return told | {"home": state.revealed and self._home.ready}

    def _too_often(self, phone: str) -> bool:
        if self._sent.reached(phone) or self._all.reached():
            return True
        self._sent.count(phone)
        self._all.count()
        return False

    async def _no_room(self, _: Request, __: Exception) -> Response:
        return self._refuse(404, "no such room is open")

    async def _full(self, _: Request, __: Exception) -> Response:
        return self._refuse(503, "the room is full")

    async def _wait(self, _: Request, __: Exception) -> Response:
        return self._refuse(429, "too many wrong codes came from here; wait a minute")

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
