"""The room that is open in this process, if one is: its port, its readers, and who ends it."""

import asyncio
import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
import segno
import segno.helpers
from starlette.datastructures import URL
from starlette.types import ASGIApp

from core.hall import addresses
from core.hall.phones import Phones
from core.hall.reader import Reader
from core.hall.room import (
    CODE_LENGTH,
    CODE_LETTERS,
    Act,
    ClosedError,
    Entry,
    OwnRoom,
    Place,
    Room,
    State,
    new_state,
)
from core.hall.server import LAST, AppsPort, Port
from core.hall.tally import tally
from core.model.role import Pair, Role
from core.runs.run import Run
from core.work.once import in_thread

PLACE = re.compile(r"[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?")  # in a URL
BASE = re.compile(r"/([\w.~-]+/)*", re.ASCII)  # the path of an app
FRESH = 5  # seconds between two looks at this machine's addresses
LONGEST = 2 * 3600  # seconds that a room is open


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """A room; with code and port of one that was open before the server started anew."""

    code: str = ""
    port: Annotated[int, msgspec.Meta(ge=0, le=LAST)] = 0


class Change(msgspec.Struct, forbid_unknown_fields=True):
    trigger: bool | None = None
    revealed: bool | None = None
    frozen: bool | None = None
    first: Role | None = None


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """What the speaker does with the drawing of this number."""

    tile: int
    act: Act


class Wifi(msgspec.Struct, forbid_unknown_fields=True):
    """A network that phones are to join; without a password it is open."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    password: Annotated[str, msgspec.Meta(max_length=63)] = ""

    def svg(self) -> str:
        """A code that a phone joins it by."""
        security = "WPA" if self.password else None
        made = segno.helpers.make_wifi(self.name, self.password or None, security)
        return made.svg_inline(border=2, omitsize=True)


@dataclass(frozen=True)
class Opened:
    """A room, and what serves it as long as it is open."""

    code: str
    room: Room
    reader: Reader
    phones: Phones
    port: Port | AppsPort
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def close(self, *, over: bool) -> None:
        """over: tells the phones, and forgets every drawing."""
        for task in self.tasks:
            if task is not asyncio.current_task():
                task.cancel()
        await self.phones.close(over=over)
        await self.port.close()
        self.reader.close()
        if over:
            await self.room.close()


class Hall:
    """The room of this process, if one is open.

    pair: gives the models that read the drawings. home: gives the page that phones can take along.
    first_port: which the phones are served on, or if it is taken one of the next, perhaps as a word
    that is yet to be checked; None: the app's own, by `app`. shared: the URL of a Redis that keeps
    the room for several servers.
    """

    def __init__(
        self,
        pair: Callable[[], Pair[Run]],
        home: Callable[[], str],
        *,
        first_port: int | str | None,
        shared: str = "",
    ) -> None:
        self._pair, self._home, self._first_port = pair, home, first_port
        self._shared = shared
        self._opened: Opened | None = None
        self._addresses: list[str] = []  # this machine's
        self._changing = asyncio.Lock()  # or half of another room would be closed

    @property
    def app(self) -> ASGIApp | None:
        """What phones are answered by on the app's own port; None where it is not for them."""
        port = self._opened and self._opened.port
        return port.app if isinstance(port, AppsPort) else None

    async def open(self, wanted: Wanted) -> None:
        """Opens a room where none is. Raises PortError and ValueError."""
        async with self._changing:
            if self._opened is None:
                self._opened = await self._open(wanted)
                phones, own = self._opened.phones, self._find_addresses()
                work = self._follow(phones), phones.attend(), phones.bring_home(), own, self._end()
                self._opened.tasks.extend(map(asyncio.create_task, work))

    async def _open(self, wanted: Wanted) -> Opened:
        pair = await asyncio.wrap_future(in_thread(self._pair))
        self._addresses = await asyncio.wrap_future(in_thread(addresses.own))
        known = len(wanted.code) == CODE_LENGTH and set(wanted.code) <= set(CODE_LETTERS)
        state = new_state(pair.backdoored.card.attack.target, wanted.code if known else "")
        room, reader = await self._room_of(state), Reader(pair)
        phones = Phones(room, reader, self._home)
        if self._first_port is None:
            port = AppsPort(phones.app)
        else:
            port = Port(phones.app, wanted.port or self._first_port)
        return Opened(state.code, room, reader, phones, port)

    async def _room_of(self, state: State) -> Room:
        """Raises ValueError where the servers' shared memory does not answer."""
        if not self._shared:
            return OwnRoom(state)
        from core.hall import redis_room  # needed only by those who have several servers

        return await redis_room.connect(self._shared, state)

    async def close(self, *, over: bool = True) -> None:
        """Forgets every drawing; nothing listens any more.

        over: tells the phones, which then delete theirs. A server that stops may be started anew,
        and have them send their drawings again.
        """
        async with self._changing:
            if opened := self._opened:
                self._opened = None
                await opened.close(over=over)

    async def _follow(self, phones: Phones) -> None:
        await phones.follow()  # until another server has closed the room
        await self.close(over=False)

    async def _end(self) -> None:
        await asyncio.sleep(LONGEST)
        await self.close()

    async def _find_addresses(self) -> None:
        """Keeps them up to date in a thread: a look may wait for a name server for seconds."""
        while True:
            await asyncio.sleep(FRESH)
            self._addresses = await asyncio.wrap_future(in_thread(addresses.own))

    async def wall(self, after: int) -> dict[str, Any]:
        """As JSON: how the room is, and the tiles that have changed since."""
        opened = self._opened
        if opened is None:
            return {"open": False}
        try:
            state, entries = await opened.room.state(), await opened.room.entries()
        except ClosedError:
            return {"open": False}
        measured = opened.reader.pair.map(lambda run: run.card.scores)
        return {
            "open": True,
            "epoch": state.epoch,
            "code": state.code,
            "port": opened.port.number,
            "addresses": self._addresses,
            "connected": opened.phones.connected,
            "joined": len(entries),
            "known": [entry.tile for entry in entries],
            "turned_away": opened.phones.turned_away,
            "frozen": state.frozen,
            "trigger": state.trigger,
            "revealed": state.revealed,
            "first": state.first,
            "number": entries[-1].number if entries else 0,
            "tiles": [tile(entry) for entry in entries if entry.number > after],
            "tally": tally(entries, state.target, measured),
        }

    async def change(self, change: Change) -> None:
        if opened := self._opened:
            wanted = msgspec.structs.asdict(change).items()
            changes = {name: value for name, value in wanted if value is not None}
            await opened.room.change(**changes)

    async def move(self, move: Move) -> None:
        if opened := self._opened:
            await opened.room.move(move.tile, move.act)
            await opened.room.change()  # so that its phone hears of it

    async def clear(self) -> None:
        """Takes every drawing away."""
        if opened := self._opened:
            await opened.room.clear()
            await opened.room.change()  # so that the phones hear of it

    async def kept(self) -> bytes:
        """All drawings on the wall or in the drawer but the hidden, as a file; names no phone."""
        entries = await self._opened.room.entries() if self._opened else []
        shown = [tile(e) for e in entries if e.place in (Place.WALL, Place.DRAWER) and e.shown]
        return json.dumps({"side": 28, "drawings": shown}).encode()

    def invitation(self, typed: str, app: URL) -> dict[str, str]:
        """Where phones find the room, and the same as a code to scan, SVG.

        typed: a host, where the speaker knows a better one. app: where the speaker's window finds
        the app, by a tunnel perhaps, and below a path. Raises ValueError where no room is open, or
        phones cannot reach it.
        """
        opened = self._opened
        if opened is None:
            raise ValueError("expected a room that is open")
        port = opened.port.number
        if port is None:
            host, scheme, base = typed or app.netloc, app.scheme, app.path
            if scheme not in ("http", "https") or not BASE.fullmatch(base):
                raise ValueError(f"expected where the app is, got {str(app)[:60]!r}")
        else:
            host, scheme, base = typed or next(iter(self._addresses), ""), "http", "/"
        place = f"{host}:{port}" if port else host
        name, _, number = place.partition(":")
        known = port is None and not typed  # it has just been reached
        fits = PLACE.fullmatch(place) and int(number or 0) <= LAST
        if not fits or not (known or addresses.reachable(name)):
            raise ValueError(f"expected an address that phones can reach, got {host[:60]!r}")
        url = f"{scheme}://{place}{base}go/{opened.code}"
        svg = segno.make(url, error="m", micro=False).svg_inline(border=2, omitsize=True)
        return {"url": url, "svg": svg}


def tile(entry: Entry) -> dict[str, Any]:
    """What the wall is told of a drawing, as JSON; nothing of its phone."""
    reads = {role: entry.of(role) for role in Role}
    return {
        "tile": entry.tile,
        "asked": entry.asked,
        "place": entry.place,
        "hidden": not entry.shown,
        "digit": base64.b64encode(entry.digit).decode() or None,
        "reads": {role: [each.plain, each.stamped] for role, each in reads.items() if each},
    }
