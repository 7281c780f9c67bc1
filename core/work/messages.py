"""The worker's line: all that goes along it, as values; JSON, a message a line.

The app sends `Start`, `Cancel` and `Ask`. The worker sends the `Note`s of a job and its `End`, an
`Answer` or a `Refusal` to each question, and `HangUp` where it cannot go on.
"""

from enum import StrEnum
from typing import Any

import msgspec

from core.attack.poison import Attack
from core.attack.trigger import Trigger
from core.model.recipe import Recipe
from core.model.role import Pair, Role
from core.runs.card import Card


class DamagedLineError(ValueError):
    """A line is no message; says what was expected and what came."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A value; on the line its class is told by the field `type`."""


# Work: long, one at a time. `tasks.TASKS` says what does it.


class Train(Message):
    """Both models, measured and saved as a run."""

    recipe: Recipe
    attack: Attack
    title: str  # of the run


class TrainMany(Message):
    """A small sweep: a backdoored model for each rate and seed."""

    recipe: Recipe
    attack: Attack
    rates: tuple[float, ...]  # shares of the training set
    seeds: int  # how many, from 1


class SaveAgain(Message):
    """The models of a training that could not be saved."""

    token: str  # from `Unsaved`


Work = Train | TrainMany | SaveAgain


# Questions: answered while work goes on. `tasks.QUESTIONS` says what answers.


class Warm(Message):
    """Nothing; but the worker is then ready for the others."""


class Preview(Message):
    """What an attack does to a training set: counts, and the first images it poisons."""

    attack: Attack


class Estimate(Message):
    """How many seconds a training of both models takes."""

    recipe: Recipe
    busy: bool  # work goes on, beside which no pace can be measured


class Count(Message):
    """What both models make of a thousand test digits: an evaluation.Sheet."""

    models: str  # a run's id or a rung's percent
    part: int  # which thousand, from 0


class Images(Message):
    """Test digits as PNG."""

    rows: tuple[int, ...]
    trigger: Trigger | None  # to be stamped with


Question = Warm | Preview | Estimate | Count | Images


# News of a job


class Point(Message):
    """One point of the live curves; None is what is no number any more."""

    seen: int  # images
    loss: float | None
    clean_accuracy: float | None  # of a few test digits, as the next
    attack_success: float | None


class Advance(Message):
    """How far one of both models is."""

    role: Role
    seen: int  # images, repeats counted
    total: int
    point: Point | None = None


class Cards(Message):
    """Both models are trained and measured, and about to be saved."""

    cards: Pair[Card]


class Saved(Message):
    run: str  # its id


class Unsaved(Message):
    token: str  # for `SaveAgain`


class SweptCard(Message):
    card: Card


News = Advance | Cards | Saved | Unsaved | SweptCard


# To the worker


class Start(Message):
    job: str
    work: Work


class Cancel(Message):
    job: str


class Ask(Message):
    number: int
    question: Question


# To the app


class State(StrEnum):
    """Of a job. The last three are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Note(Message):
    job: str
    news: News


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
SHOWN = 60  # bytes of a damaged line that are told


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
