"""What the worker can do: long work, of which it says how far it is.

Each is a message: the app makes it, and the worker does what it says. What it answers meanwhile:
questions.py.
"""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

import msgspec
import torch

from core.attack.poison import Attack
from core.digits import mnist
from core.digits.drawing import from_bytes
from core.model.recipe import Recipe
from core.model.role import Pair, Role
from core.runs import file, library, sweep
from core.runs.card import Card
from core.runs.run import Models, News, Point, train_both

KEPT_UNSAVED = 10  # pairs of models that wait for room on the disk
INTERVAL = 0.2  # seconds between two messages about how far a model is

paces: dict[str, float] = {}  # seconds an image, by what makes a recipe slow or fast
_unsaved: dict[str, Models] = {}  # by token: trained, but there was no room on the disk


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A value; on the line its class is told by the field `type`."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Never changed: what draws it may do so while the job goes on."""

    shares: dict[str, float] = field(default_factory=lambda: dict.fromkeys(Role, 0.0))
    points: dict[Role, tuple[Point, ...]] = field(default_factory=lambda: dict.fromkeys(Role, ()))
    total: int = 0  # images that a model is shown, repeats counted
    cards: Pair[Card] | None = None  # once both models are measured
    run: str | None = None  # the id under which they are kept
    unsaved: str | None = None  # the token of models that wait to be saved again
    swept: tuple[Card, ...] = ()  # of a sweep

    @property
    def share(self) -> float:
        """Of all that is to be done, in [0, 1]."""
        return sum(self.shares.values()) / len(self.shares)

    def after(self, news: News) -> "Progress":
        """Once one of both trainings has gone on."""
        points = self.points
        if news.point:
            points = {**points, news.role: (*points[news.role], news.point)}
        shares = {**self.shares, news.role: news.seen / news.total}
        return replace(self, shares=shares, points=points, total=news.total)

    def measured(self, cards: Pair[Card]) -> "Progress":
        """Once both models are trained and measured."""
        return replace(self, cards=cards, shares=dict.fromkeys(Role, 1.0))


# Work: long, one at a time. `run` yields how far it is, None where there is nothing new; `begun` is
# how far before that. It is cancelled by leaving that loop where it is `in_place`, and else done to
# its end.


class Train(Message):
    """Both models, measured and saved as a run."""

    in_place: ClassVar[bool] = True
    begun: ClassVar[Progress] = Progress()
    recipe: Recipe
    attack: Attack
    title: str  # of the run
    watched: bytes = b""  # a digit of 784 bytes that is read again and again, or none

    def run(self) -> Iterator[Progress | None]:
        library.check_writable()
        digits, progress = mnist.load(), self.begun
        begun, due = time.perf_counter(), 0.0
        watched = None
        if self.watched:
            watched = torch.from_numpy(from_bytes(self.watched))[None, None]
        training = train_both(digits, self.recipe, self.attack, name=self.title, watched=watched)
        for event in training:
            if isinstance(event, Pair):
                models = event
            elif event is None:
                yield None
            else:
                progress, now = progress.after(event), time.perf_counter()
                if event.point or now >= due:
                    due = now + INTERVAL
                    yield progress
        images = self.recipe.shown(len(digits.training.labels))
        # now: when the slower of both was trained, and not measured yet
        paces[pace_key(self.recipe)] = (now - begun) / images
        yield from _save(models, secrets.token_hex(4), progress)


class TrainMany(Message):
    """A small sweep: a backdoored model for each rate and seed."""

    in_place: ClassVar[bool] = True
    begun: ClassVar[Progress] = Progress(shares={"sweep": 0.0})
    recipe: Recipe
    attack: Attack
    rates: tuple[float, ...]  # shares of the training set
    seeds: int  # how many, from 1

    @property
    def wanted(self) -> int:
        """How many models."""
        return len(self.rates) * self.seeds

    def run(self) -> Iterator[Progress | None]:
        plan = sweep.Sweep(
            recipe=self.recipe,
            attack=self.attack,
            rates=self.rates,
            seeds=tuple(range(1, self.seeds + 1)),
        )
        cards = []
        for card in sweep.run(plan, sweep.path_in(library.home()), backend="threading"):
            if card:
                cards.append(card)
                yield Progress(swept=tuple(cards), shares={"sweep": len(cards) / self.wanted})
            else:
                yield None


class SaveAgain(Message):
    """The models of a training that could not be saved."""

    in_place: ClassVar[bool] = False  # a moment's work; left in the middle, the models were lost
    token: str  # `Progress.unsaved` of that training

    @property
    def begun(self) -> Progress:
        return Progress(unsaved=self.token)

    def run(self) -> Iterator[Progress]:
        if self.token not in _unsaved:
            raise ValueError(
                "expected models that wait to be saved; the worker has been restarted since"
            )
        yield from _save(_unsaved.pop(self.token), self.token, self.begun)


Work = Train | TrainMany | SaveAgain


def _save(models: Models, token: str, progress: Progress) -> Iterator[Progress]:
    progress = progress.measured(models.map(lambda run: run.card))
    yield progress
    try:
        id = library.add(models)
    except file.StoreError:
        _unsaved[token] = models
        for old in list(_unsaved)[:-KEPT_UNSAVED]:
            del _unsaved[old]
        yield replace(progress, unsaved=token)
        raise
    yield replace(progress, run=id, unsaved=None)


def pace_key(recipe: Recipe) -> str:
    return f"{recipe.batch} {recipe.bf16} {recipe.augment is not None}"
