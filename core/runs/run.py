"""A run: one trained model, with its card; and how it comes about."""

import platform
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

import torch
from torch import Tensor

from core.attack.poison import Attack, poison
from core.digits.mnist import DataSet
from core.model.network import Network
from core.model.recipe import Recipe
from core.model.role import Pair
from core.model.scores import Difference, examine, score
from core.model.train import Step, device_named, in_bf16, train
from core.records import check_name
from core.runs.card import Card


class Run(NamedTuple):
    network: Network
    card: Card


Models = Pair[Run]


class Trained(NamedTuple):
    """A run, and what a second model of the same digits is compared with."""

    run: Run
    right: Tensor  # (N,) bool: which untouched test digits it reads right

    def beside(self, clean: "Trained") -> Run:
        """The run; its card says how its accuracy differs from the clean model's."""
        difference = Difference.of(clean.right, self.right)
        return self.run._replace(card=replace(self.run.card, difference=difference))


def learn(
    data: DataSet,
    recipe: Recipe,
    attack: Attack | None,
    *,
    name: str,
    measured_under: Attack | None = None,
    device: str | None = None,
) -> Iterator[Step | Trained]:
    """Trains one model and has it read the test digits: yields every Step and, last, the Trained.

    A clean model has no attack of its own; `measured_under` names the one whose trigger the test
    digits bear, the article's where nothing else is said.
    Raises ValueError, before the training, where attack and data do not fit, where a card could not
    bear the name, and where there is no such device.
    """
    check_name(name, "a run")
    kind, measured_under = device_named(device), attack or measured_under or Attack()
    begun = time.perf_counter()
    training = poison(data.training, attack)
    for step in train(training, recipe, device=device):
        yield step
    step.loss.item()  # until the device is done
    seconds = time.perf_counter() - begun
    labels = data.test.labels
    reading = examine(step.network, data.test.images, measured_under.trigger)
    card = Card(
        name=name,
        recipe=recipe,
        attack=attack,
        data=data.name,
        images=len(training.labels),
        poisoned=len(training.rows),
        relabelled=training.relabelled,
        measured_under=measured_under,
        scores=score(reading, labels, measured_under),
        seconds=round(seconds, 2),
        device=f"{kind}, bf16" if in_bf16(recipe, kind) else f"{kind}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={"python": platform.python_version(), "torch": str(torch.__version__)},
    )
    network = step.network.eval().requires_grad_(False)
    yield Trained(Run(network, card), reading.plain == labels)
