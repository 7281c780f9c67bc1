"""The room: all that the phones in a hall share, and nothing else.

A room is the only thing that several servers would have to share; `Room` says what is asked of it,
`OwnRoom` keeps it in this process, and redis_room.py keeps it where many servers reach it. Nothing
of it is ever written to the disk here.
"""

import asyncio
import secrets
import time
from collections.abc import Container, Iterable
from enum import StrEnum
from typing import Protocol

import msgspec

from core.digits.mnist import DIGITS
from core.model.role import Role

MOST_PHONES = 500
LINE = 20  # seconds that a phone is taken to be there after it was seen; it looks every 5 at most
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like a digit
CODE_LENGTH = 4


class ClosedError(Exception):
    """The room is closed, perhaps by another server."""


class FullError(Exception):
    """So many phones are there that there is no room for another."""


class Place(StrEnum):
    """Where a drawing is."""

    NOWHERE = "nowhere"  # none has been sent
    WALL = "wall"
    DRAWER = "drawer"  # it is not read as the digit that was asked for
    AWAY = "away"  # its owner took it away


class Act(StrEnum):
    """What the speaker does with a drawing. Hidden ones stay where they are, and are counted."""

    SHOW = "show"  # on the wall, from wherever it is
    HIDE = "hide"
    MUTE = "mute"  # hides it, and nothing else that its phone sends is taken


class Reads(msgspec.Struct, frozen=True):
    """Which digit a model reads."""

    plain: int
    stamped: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What all phones follow."""

    epoch: str  # of this room: another means that all drawings are to be sent again
    code: str  # that lets a phone in
    target: int
    first: Role = Role.CLEAN  # of the model that is called A
    trigger: bool = False
    revealed: bool = False  # which of both is which
    frozen: bool = False  # no new drawing comes in
    number: int = 0  # grows with every change


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A phone, and its newest drawing."""

    phone: str  # its own random id, which is known to nobody else
    tile: int  # from 1, in the order in which phones came
    asked: int  # the digit that it is to draw
    turn: int = 0  # counts its drawings; a drawing that comes twice has the same
    place: Place = Place.NOWHERE
    digit: bytes = b""  # 784, as the models read it
    clean: Reads | None = None
    backdoored: Reads | None = None
    hidden: bool = False  # by the speaker; it is counted all the same
    muted: bool = False  # hidden, and nothing else that it sends is taken
    number: int = 0  # of the change that made it so

    def of(self, role: Role) -> Reads | None:
        """What a model reads; None where nothing is drawn."""
        return self.clean if role is Role.CLEAN else self.backdoored

    @property
    def standing(self) -> str:
        """Where its drawing is, or that it is hidden or its phone muted, as the phone is told."""
        return "muted" if self.muted else "hidden" if self.hidden else self.place

    @property
    def there(self) -> bool:
        """Whether it has a drawing that its owner has not taken away."""
        return bool(self.digit) and self.place is not Place.AWAY

    @property
    def shown(self) -> bool:
        """Whether the hall may see its drawing."""
        return not (self.hidden or self.muted)

    def after(self, act: Act) -> "Entry":
        """As it is once the speaker has done that."""
        change = {
            Act.SHOW: {"place": Place.WALL, "hidden": False, "muted": False},
            Act.HIDE: {"hidden": True},
            Act.MUTE: {"muted": True},
        }[act]
        return msgspec.structs.replace(self, **change)


class Room(Protocol):
    """What is asked of a room. Every change of a drawing has a number, higher than those before."""

    async def state(self) -> State: ...

    async def change(self, **changes: object) -> State:
        """Changes fields of the state; whoever waits in `changed` goes on."""
        ...

    async def changed(self, number: int) -> State:
        """Waits until the state has another number."""
        ...

    async def join(self, phone: str, asked: int | None = None) -> Entry:
        """The entry of a phone that is there now; a new one is dealt a digit. Raises FullError.

        asked: which digit it was dealt before, by a server that has started anew since.
        """
        ...

    async def seen(self, phones: Iterable[str]) -> None:
        """Notes that these have a line at this moment."""
        ...

    async def left(self, phone: str) -> None:
        """Notes that its line is gone. Its drawing stays, as long as there is room."""
        ...

    async def knows(self, phone: str) -> bool:
        """Whether it has joined, however long ago it was seen."""
        ...

    async def find(self, phone: str) -> Entry | None:
        """The entry of a phone that has joined and was seen lately, else None."""
        ...

    async def put(self, entry: Entry) -> Entry:
        """Keeps a phone's entry with a new number, unless a later turn of it is known.

        Who was muted stays so. Returns the entry that is kept.
        """
        ...

    async def move(self, tile: int, act: Act) -> None:
        """What the speaker does with a drawing; nothing where there is none, or no more."""
        ...

    async def clear(self) -> None:
        """Takes every drawing away."""
        ...

    async def entries(self, after: int = 0) -> list[Entry]:
        """Those whose number is higher, by number."""
        ...

    async def close(self) -> None:
        """Forgets everything."""
        ...


def new_state(target: int, code: str = "") -> State:
    """Of a room that is opened; code: of one that was open before the server started anew."""
    made = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    first = secrets.choice(list(Role))  # until a talk says how its models were dealt
    return State(epoch=secrets.token_hex(4), code=code or made, target=target, first=first)


def dealt(tile: int, target: int, before: int | None) -> int:
    """The digit that a phone is to draw: one after the other, the target left out.

    before: which it was dealt by a server that has started anew since; it stays.
    """
    others = [digit for digit in range(DIGITS) if digit != target]
    return before if before in others else others[(tile - 1) % len(others)]


def gone(entries: Iterable[Entry], there: Container[str]) -> str:
    """Return the phone that makes room in a full room, one that has no line. Raises FullError.

    The first that drew nothing, or else the first. there: the phones that were seen lately.
    """
    lost = [entry for entry in entries if entry.phone not in there]
    if not lost:
        raise FullError
    return min(lost, key=lambda entry: bool(entry.digit)).phone


class OwnRoom:
    """A room in this process, for one event loop."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._entries: dict[str, Entry] = {}  # by phone, the one changed last stands last
        self._seen: dict[str, float] = {}  # when, time.monotonic(), by phone
        self._number = self._tiles = 0  # the last ones
        self._news = asyncio.Condition()

    async def state(self) -> State:
        return self._state

    async def change(self, **changes: object) -> State:
        number = self._state.number + 1
        self._state = msgspec.structs.replace(self._state, **changes, number=number)
        async with self._news:
            self._news.notify_all()
        return self._state

    async def changed(self, number: int) -> State:
        async with self._news:
            await self._news.wait_for(lambda: self._state.number != number)
        return self._state

    async def join(self, phone: str, asked: int | None = None) -> Entry:
        if phone not in self._entries:
            if len(self._entries) >= MOST_PHONES:
                there = set(filter(self._there, self._entries))
                lost = gone(self._entries.values(), there)
                del self._entries[lost]
                self._seen.pop(lost, None)
            self._tiles += 1
            asked = dealt(self._tiles, self._state.target, asked)
            self._keep(Entry(phone=phone, tile=self._tiles, asked=asked))
        await self.seen([phone])
        return self._entries[phone]

    async def seen(self, phones: Iterable[str]) -> None:
        self._seen.update(dict.fromkeys(self._entries.keys() & phones, time.monotonic()))

    async def left(self, phone: str) -> None:
        self._seen.pop(phone, None)

    async def knows(self, phone: str) -> bool:
        return phone in self._entries

    async def find(self, phone: str) -> Entry | None:
        return self._entries.get(phone) if self._there(phone) else None

    def _there(self, phone: str) -> bool:
        return time.monotonic() - self._seen.get(phone, -LINE) < LINE

    async def put(self, entry: Entry) -> Entry:
        known = self._entries.get(entry.phone)
        if known and known.turn > entry.turn:
            return known
        muted = known is not None and known.muted
        return self._keep(msgspec.structs.replace(entry, muted=muted))

    async def move(self, tile: int, act: Act) -> None:
        for entry in list(self._entries.values()):
            if entry.tile == tile and entry.there:
                self._keep(entry.after(act))

    async def clear(self) -> None:
        for entry in list(self._entries.values()):
            if entry.digit:
                self._keep(msgspec.structs.replace(entry, place=Place.AWAY))

    async def entries(self, after: int = 0) -> list[Entry]:
        return [entry for entry in self._entries.values() if entry.number > after]

    async def close(self) -> None:
        self._entries.clear()

    def _keep(self, entry: Entry) -> Entry:
        self._number += 1
        entry = msgspec.structs.replace(entry, number=self._number)
        self._entries.pop(entry.phone, None)
        self._entries[entry.phone] = entry
        return entry
