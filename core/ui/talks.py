"""Where every talk stands, and what its speaker asks of it from another device.

For all sessions of the server, so nothing of it lies in Streamlit's caches. A talk's secret is made
by the browser that shows it, and whoever has the secret may steer. So the speaker's devices still
steer after the server was started anew, as soon as that browser has spoken.
"""

import secrets
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any, Literal

import msgspec

from core.hall.room import CODE_LETTERS

KEPT = 1000  # talks
SILENT = 900  # seconds without a word after which a talk is over
CODE_LENGTH = 8  # letters: 10 ** 11 codes, so that nobody guesses one while a talk lasts
PRESSED = 8  # keys of a remote that a projector can be late for

# No half of a character, which no page can be sent
Text = Annotated[str, msgspec.Meta(pattern=r"^[^\ud800-\udfff]*\Z")]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**7)]


class Seen(msgspec.Struct):
    """What a projector says of itself; whoever has its page may say anything."""

    talk: Annotated[Text, msgspec.Meta(max_length=40)]  # its name
    secret: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]{16,64}\Z")]
    at: int  # an index of `scenes.STEPS`
    backdoored: Literal["", "A", "B"] = ""
    rung: Annotated[int, msgspec.Meta(ge=0)] = 0  # of the poison rates
    running: Seconds | None = None  # since the first scene was left
    here: Seconds = 0.0  # since this one was entered
    turn: int = 0  # of the drawing
    digit: Annotated[str, msgspec.Meta(max_length=10**6)] | None = None  # a PNG as a data URL
    problem: Annotated[Text, msgspec.Meta(max_length=500)] = ""  # a sentence for the speaker


def read(record: Any) -> Seen | None:
    """What a projector has sent; None where it is no `Seen`."""
    try:
        return msgspec.convert(record, Seen)
    except msgspec.ValidationError:
        return None


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@dataclass
class Talk:
    seen: Seen  # without the drawing
    problems: tuple[str, ...] = ()  # sentences for the speaker alone
    flips: bool | None = None  # whether the pixel turns the drawing at this rate; None: no drawing
    heard: float = 0.0  # time.monotonic()
    looked: float = 0.0  # the same: when its projector was last known to be there
    code: str = field(default_factory=_new_code)  # by which the next device becomes a remote
    pressed: list[tuple[int, str]] = field(default_factory=list)  # keys of remotes, numbered


class Talks:
    """By the name in the URL, as its projector last said."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._talks: dict[str, Talk] = {}

    def hear(self, seen: Seen, problems: tuple[str, ...], flips: bool | None) -> Talk | None:
        """The talk as it is now; None where another projector has its name.

        The browser keeps the time; see core/web/talk/state.js.
        """
        with self._lock:
            talk = self._talks.get(seen.talk) or Talk(seen)
            if not _same(talk.seen.secret, seen.secret):
                return None
            talk.seen = msgspec.structs.replace(seen, digit=None)
            talk.problems, talk.flips, talk.heard = problems, flips, time.monotonic()
            self._keep(talk)
            return talk

    def keep(self, talk: Talk) -> None:
        """Its projector is still there, so that it is the last to be forgotten."""
        with self._lock:
            self._keep(talk)

    def _keep(self, talk: Talk) -> None:
        if self._talks.setdefault(talk.seen.talk, talk) is not talk:
            return  # another has come to its name meanwhile
        talk.looked = time.monotonic()
        if len(self._talks) > KEPT:
            oldest = min(self._talks, key=lambda name: self._talks[name].looked)
            del self._talks[oldest]

    def find(self, name: str | None) -> Talk | None:
        with self._lock:
            return self._talks.get(name)

    def follow(self, name: str | None) -> str | None:
        """The name itself as long as its talk is on; else of the one that was heard last."""
        with self._lock:
            talk = self._talks.get(name)
            if talk and time.monotonic() - talk.heard < SILENT:
                return name
            return max(self._talks, key=lambda each: self._talks[each].heard, default=None)

    def pair(self, name: str, typed: str) -> str | None:
        """The talk's secret for whoever has the code that its notes show; None where it is another.

        A code lets in once.
        """
        code = "".join(typed.split()).upper()
        with self._lock:
            talk = self._talks.get(name)
            if talk is None or not _same(code, talk.code):
                return None
            talk.code = _new_code()
            return talk.seen.secret

    def is_paired(self, name: str, token: str | None) -> bool:
        talk = self.find(name)
        return talk is not None and _same(token or "", talk.seen.secret)

    def press(self, name: str, key: str) -> None:
        """Has the projector do as if this key was pressed."""
        with self._lock:
            if talk := self._talks.get(name):
                number = talk.pressed[-1][0] + 1 if talk.pressed else 1
                talk.pressed = [*talk.pressed, (number, key)][-PRESSED:]


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


TALKS = Talks()
