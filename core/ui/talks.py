"""Where every talk stands, and what its speaker asks of it from another device.

For all sessions of the server, so nothing of it lies in Streamlit's caches.
"""

import secrets
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any, Literal

import msgspec

KEPT = 50  # talks
SILENT = 900  # seconds without a word after which a talk is over
TRIES = 20  # wrong codes, after which a talk needs a new one
PRESSED = 8  # keys of a remote that a projector can be late for


class Seen(msgspec.Struct):
    """What a projector says of itself; whoever has its page may say anything."""

    talk: Annotated[str, msgspec.Meta(max_length=40)]  # its name
    at: int  # an index of `scenes.STEPS`
    backdoored: Literal["", "A", "B"] = ""
    rung: Annotated[int, msgspec.Meta(ge=0)] = 0  # of the poison rates
    code: Annotated[str, msgspec.Meta(max_length=8)] = ""  # that it has shown
    running: float | None = None  # seconds since the first scene was left
    here: float = 0.0  # seconds since this one was entered


@dataclass
class Talk:
    seen: Seen
    problems: tuple[str, ...] = ()  # sentences for the speaker alone
    flips: bool | None = None  # whether the pixel turns the drawing at this rate; None: no drawing
    heard: float = 0.0  # time.monotonic()
    tokens: set[str] = field(default_factory=set)  # of the windows that gave the code
    spent: str = ""  # the code that was given last, or guessed at too often
    wrong: int = 0  # codes since
    pressed: list[tuple[int, str]] = field(default_factory=list)  # keys of remotes, numbered


class Talks:
    """By the name in the URL, as its projector last said."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._talks: dict[str, Talk] = {}  # the one heard last stands last

    def hear(self, record: dict[str, Any], problems: tuple[str, ...], flips: bool | None) -> None:
        """record: a `Seen` as the projector sends it; what is none is not heard.

        The browser keeps the time; see core/web/talk/state.js.
        """
        try:
            seen = msgspec.convert(record, Seen)
        except msgspec.ValidationError:
            return
        with self._lock:
            talk = self._talks.pop(seen.talk, None) or Talk(seen)
            talk.seen, talk.problems, talk.flips = seen, problems, flips
            talk.heard = time.monotonic()
            self._talks[seen.talk] = talk
            while len(self._talks) > KEPT:
                del self._talks[next(iter(self._talks))]

    def find(self, name: str | None) -> Talk | None:
        with self._lock:
            return self._talks.get(name)

    def follow(self, name: str | None) -> str | None:
        """The name itself as long as its talk is on; else of the one that was heard last."""
        with self._lock:
            talk = self._talks.get(name)
            if talk and time.monotonic() - talk.heard < SILENT:
                return name
            return next(reversed(self._talks), None)

    def pair(self, name: str, code: str) -> str | None:
        """A token for whoever has the code that the stage showed; None where it is another.

        A code lets in once.
        """
        with self._lock:
            talk = self._talks.get(name)
            if talk is None or talk.seen.code in ("", talk.spent):
                return None
            right = secrets.compare_digest(code.encode(), talk.seen.code.encode())
            talk.wrong += not right
            if right or talk.wrong >= TRIES:
                talk.spent, talk.wrong = talk.seen.code, 0
            if not right:
                return None
            token = secrets.token_urlsafe(9)
            talk.tokens.add(token)
            return token

    def is_paired(self, name: str, token: str | None) -> bool:
        talk = self.find(name)
        return talk is not None and token in talk.tokens

    def press(self, name: str, key: str) -> None:
        """Has the projector do as if this key was pressed."""
        with self._lock:
            if talk := self._talks.get(name):
                number = talk.pressed[-1][0] + 1 if talk.pressed else 1
                talk.pressed = [*talk.pressed, (number, key)][-PRESSED:]

    def pressed(self, name: str | None) -> list[tuple[int, str]]:
        """The last keys of a talk's remotes, numbered from 1."""
        talk = self.find(name)
        return talk.pressed if talk else []


TALKS = Talks()
