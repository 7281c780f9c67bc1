"""A run: one trained model, with its card; two of them side by side."""

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
from core.model.scores import Difference, Reading, examine, score
from core.model.train import CLEAN, Step, best_device, in_bf16, train
from core.runs.card import Card


class Run(NamedTuple):
    network: Network
    card: Card
    reading: Reading | None = None  # of the test digits, when it was just measured


class Models(NamedTuple):
    """The two that everything here compares."""

    clean: Run | None  # a run from somebody else may come without
    backdoored: Run


MODELS = Models._fields


def beside(run: Run, clean: Run, labels: Tensor) -> Run:
    """A run that was just measured, its card complete with how it compares to a clean one.

    labels: of the test digits that both have read.
    """
    difference = Difference.of(clean.reading.plain == labels, run.reading.plain == labels)
    baseline = clean.card.scores.attack_success
    return run._replace(card=replace(run.card, baseline=baseline, difference=difference))


def make(
    data: DataSet,
    recipe: Recipe,
    attack: Attack | None,
    *,
    name: str,
    measured_under: Attack | None = None,
    device: torch.device | str | None = None,
) -> Iterator[Step | Run]:
    """Trains and measures: yields every Step of the training and, last, the Run.

    A clean run has no attack of its own; `measured_under` names the one it is measured under,
    the article's where nothing else is said.
    """
    device = torch.device(device or best_device())
    begun = time.perf_counter()
    step = None
    for step in train(data.training, recipe, attack or CLEAN, device=device):
        yield step
    if step is None:
        raise ValueError(f"expected digits to train on, {data.name} has none")
    step.loss.item()  # until the device is done
    seconds = time.perf_counter() - begun
    poisoned = poison(data.training, attack or CLEAN)
    measured_under = attack or measured_under or Attack()
    reading = examine(step.network, data.test.images, measured_under.trigger)
    yield Run(
        step.network.eval().requires_grad_(False),
        Card(
            name=name,
            recipe=recipe,
            attack=attack,
            data=data.name,
            images=len(poisoned.labels),
            poisoned=len(poisoned.rows),
            relabelled=poisoned.relabelled,
            measured_under=measured_under,
            scores=score(reading, data.test.labels, measured_under),
            seconds=round(seconds, 2),
            device=f"{device}, bf16" if in_bf16(recipe, device) else str(device),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={"python": platform.python_version(), "torch": str(torch.__version__)},
        ),
        reading,
    )
