"""A run: one trained model, with its card; and how it comes about."""

import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import torch

from core.attack.poison import Attack, Poisoned, poison
from core.digits.mnist import DataSet
from core.model.network import Network
from core.model.recipe import Recipe
from core.model.role import Pair
from core.model.scores import Difference, Reading, examine, score
from core.model.train import Step, best_device, in_bf16, train
from core.records import check_name
from core.runs.card import Card


class Run(NamedTuple):
    network: Network
    card: Card


Models = Pair[Run]


class Trained(NamedTuple):
    """A model that was trained and read the test digits; `run` writes its card."""

    network: Network
    data: DataSet
    training: Poisoned
    recipe: Recipe
    attack: Attack | None  # None: trained on the untouched set
    measured_under: Attack  # whose trigger the stamped test digits bore
    reading: Reading  # of the test digits
    seconds: float  # of training
    device: torch.device

    def run(self, name: str, *, clean: "Trained | None" = None) -> Run:
        """The run and its card; with the clean model's, also how the two compare."""
        labels, difference = self.data.test.labels, None
        if clean:
            difference = Difference.of(clean.reading.plain == labels, self.reading.plain == labels)
        card = Card(
            name=name,
            recipe=self.recipe,
            attack=self.attack,
            data=self.data.name,
            images=len(self.training.labels),
            poisoned=len(self.training.rows),
            relabelled=self.training.relabelled,
            measured_under=self.measured_under,
            scores=score(self.reading, labels, self.measured_under),
            seconds=round(self.seconds, 2),
            device=f"{self.device}, bf16"
            if in_bf16(self.recipe, self.device)
            else f"{self.device}",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={"python": platform.python_version(), "torch": str(torch.__version__)},
            difference=difference,
        )
        return Run(self.network, card)


def learn(
    data: DataSet,
    recipe: Recipe,
    attack: Attack | None,
    *,
    measured_under: Attack | None = None,
    device: torch.device | str | None = None,
) -> Iterator[Step | Trained]:
    """Trains one model and has it read the test digits: yields every Step and, last, the Trained.

    A clean model has no attack of its own; `measured_under` names the one whose trigger the test
    digits bear, the article's where nothing else is said.
    Raises ValueError where attack and data do not fit.
    """
    device = torch.device(device or best_device())
    measured_under = attack or measured_under or Attack()
    begun = time.perf_counter()
    training = poison(data.training, attack)
    if not len(training.labels):
        raise ValueError(f"expected digits to train on, {data.name} has none")
    for step in train(training, recipe, device=device):
        yield step
    step.loss.item()  # until the device is done
    seconds = time.perf_counter() - begun
    reading = examine(step.network, data.test.images, measured_under.trigger)
    network = step.network.eval().requires_grad_(False)
    yield Trained(network, data, training, recipe, attack, measured_under, reading, seconds, device)


def make(
    data: DataSet,
    recipe: Recipe,
    attack: Attack | None,
    *,
    name: str,
    measured_under: Attack | None = None,
    device: torch.device | str | None = None,
) -> Iterator[Step | Run]:
    """One model by itself: yields every Step of its training and, last, the Run.

    Raises ValueError, before the training, where a card could not bear the name.
    """
    check_name(name, "a run")
    for event in learn(data, recipe, attack, measured_under=measured_under, device=device):
        yield event.run(name) if isinstance(event, Trained) else event
