"""The worker's line: all that goes along it, as values; JSON, a message a line.

The app sends `Start`, `Cancel` and `Ask`. The worker sends the `Note`s of a job and its `End`, an
`Answer` or a `Refusal` to each question, and `HangUp` where it cannot go on.
"""

from enum import StrEnum
from typing import Any

import msgspec

from core.work.questions import Question
from core.work.tasks import Message, Progress, Work

SHOWN = 60  # bytes of a damaged line that are told


class DamagedLineError(ValueError):
    """A line is no message; says what was expected and what came."""


class State(StrEnum):
    """Of a job. The last three are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Start(Message):
    job: str
    work: Work


class Cancel(Message):
    job: str


class Ask(Message):
    number: int
    question: Question


class Note(Message):
    job: str
    progress: Progress


class End(Message):
    job: str
    state: State
    words: str = ""  # why it failed


class Answer(Message):
    number: int
    value: Any  # JSON, as the question says


class Refusal(Message):
    number: int
    words: str  # why there is no answer


class HangUp(Message):
    """The worker ends after this."""

    words: str  # why


ToWorker = Start | Cancel | Ask
ToApp = Note | End | Answer | Refusal | HangUp
_TO_WORKER, _TO_APP = msgspec.json.Decoder(ToWorker), msgspec.json.Decoder(ToApp)


def line(message: ToWorker | ToApp) -> bytes:
    return msgspec.json.encode(message) + b"\n"


def read_in_worker(line: bytes) -> ToWorker:
    """Raises DamagedLineError."""
    return _read(line, _TO_WORKER)


def read_in_app(line: bytes) -> ToApp:
    """Raises DamagedLineError."""
    return _read(line, _TO_APP)


def _read(line: bytes, decoder: msgspec.json.Decoder) -> Any:
    try:
        return decoder.decode(line)
    except ValueError as error:  # of msgspec, of UTF-8
        shown = line[:SHOWN].decode(errors="replace").strip()
        raise DamagedLineError(f"expected a message, got {shown!r} ({error})") from None
