"""Where every talk stands, as its projector last said, for the speakers' notes."""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Any, Literal

import msgspec

KEPT = 50  # talks
SILENT = 900  # seconds without a word after which a talk is over


class Seen(msgspec.Struct):
    """What a projector says of itself; whoever has its page may say anything."""

    talk: Annotated[str, msgspec.Meta(max_length=40)]  # its name
    at: int  # an index of `scenes.STEPS`
    backdoored: Literal["", "A", "B"] = ""
    running: float | None = None  # seconds since the first scene was left
    here: float = 0.0  # seconds since this one was entered


@dataclass(frozen=True, kw_only=True)
class Talk:
    seen: Seen
    problems: tuple[str, ...]  # sentences for the speaker alone
    heard: float  # time.monotonic()


class Talks:
    """By the name in the URL; for all sessions, so it lies in none of Streamlit's caches."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._talks: dict[str, Talk] = {}  # the one heard last stands last

    def hear(self, record: dict[str, Any], problems: tuple[str, ...]) -> None:
        """record: a `Seen` as the projector sends it; what is none is not heard.

        The browser keeps the time; see core/web/talk/state.js.
        """
        try:
            seen = msgspec.convert(record, Seen)
        except msgspec.ValidationError:
            return
        talk = Talk(seen=seen, problems=problems, heard=time.monotonic())
        with self._lock:
            self._talks.pop(seen.talk, None)
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


TALKS = Talks()
