"""Repairs: a network without the backdoor, made of what the defences have found.

None changes the network that it is given. They yield a Mended after every step, the last of which
is the end; leave the loop to cancel.
"""

import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from core.defend.evidence import Evidence
from core.defend.finding import Pattern
from core.digits.mnist import Digits
from core.model.network import Network
from core.model.recipe import Recipe
from core.model.scores import BATCH
from core.model.train import train

TUNING_BATCH, TUNING_RATE = 64, 1e-3  # digits a step and Adam's learning rate, of tuning
TUNING_EPOCHS = 3
BEARING = 0.5  # of the digits, with the pattern when it is unlearnt; a fifth, as published, leaves
# half of the backdoor in the ladder's 1 % model, and half of them a fifth
CELLS = 4  # rows and columns of the last maps


class Mended(NamedTuple):
    share: float  # of the work that is done, in [0, 1]
    network: Network  # as it is now


class Kept(NamedTuple):
    """A training set as it is learnt, as `train` takes one."""

    images: Tensor  # (N, 1, 28, 28)
    labels: Tensor  # (N,)

    def learnt(self, rows: Tensor, change: Callable[[Tensor], Tensor] | None = None) -> Digits:
        images = self.images[rows]
        return Digits(change(images) if change else images, self.labels[rows])

    def to(self, device: torch.device) -> "Kept":
        return Kept(self.images.to(device), self.labels.to(device))


def retrain(evidence: Evidence, recipe: Recipe, rows: Tensor) -> Iterator[Mended]:
    """Trains anew without the rows that were found, (N,) bool."""
    kept = (~rows).nonzero()[:, 0]
    for step in train(Kept(evidence.learnt(kept), evidence.labels[kept]), recipe, device="cpu"):
        yield Mended(step.seen / step.total, step.network)


def tune(network: Network, digits: Digits, epochs: int = TUNING_EPOCHS) -> Iterator[Mended]:
    """Goes on training, on clean digits alone."""
    network = copy.deepcopy(network).requires_grad_(True)
    adam = torch.optim.Adam(network.parameters(), TUNING_RATE)
    generator, size = torch.Generator().manual_seed(0), len(digits.labels)
    for epoch in range(epochs):
        order = torch.randperm(size, generator=generator)
        for i, rows in enumerate(order.split(TUNING_BATCH)):
            images, labels = (each[rows] for each in digits)
            loss = F.cross_entropy(network(images), labels)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            yield Mended((epoch + (i + 1) * TUNING_BATCH / size) / epochs, network)


def unlearn(network: Network, digits: Digits, pattern: Pattern) -> Iterator[Mended]:
    """The same, where some of the digits bear the pattern that was found and keep their labels.

    Neural Cleanse's own repair (Wang et al. 2019).
    """
    some = torch.rand(len(digits.labels), generator=torch.Generator().manual_seed(0)) < BEARING
    images = torch.where(some[:, None, None, None], pattern(digits.images), digits.images)
    return tune(network, Digits(images, digits.labels))


def cells(row: int, column: int) -> list[int]:
    """Which of the 16 cells of the last maps a pixel reaches, by rows.

    Two convolutions of 5 by 5, each followed by a pooling of 2 by 2.
    """

    def reached(place: int) -> set[int]:
        first = {i // 2 for i in range(place - 4, place + 1) if 0 <= i < 24}
        return {j // 2 for i in first for j in range(i - 4, i + 1) if 0 <= j < 8}

    return [CELLS * i + j for i in sorted(reached(row)) for j in sorted(reached(column))]


def cut(network: Network, digits: Digits, place: tuple[int, int]) -> Iterator[Mended]:
    """Cut the path of a pixel: the cells that it reaches always say what they usually say.

    That is their medians over clean digits; so what they carried goes into the biases. Our own.
    """
    usual = _maps(network, digits).flatten(1).quantile(0.5, dim=0)
    network = copy.deepcopy(network)
    weights = network.hidden.weight.data
    inputs = [len(usual) // 32 * channel + cell for channel in range(32) for cell in cells(*place)]
    network.hidden.bias.data += weights[:, inputs] @ usual[inputs]
    weights[:, inputs] = 0
    yield Mended(1.0, network)


def prune(network: Network, digits: Digits, channels: int) -> Iterator[Mended]:
    """Takes away the last channels that clean digits use least (Liu et al. 2018, arXiv:1805.12185),
    without the tuning that may follow it."""
    yield Mended(1.0, without(network, dormant(network, digits)[:channels]))


def dormant(network: Network, digits: Digits) -> Tensor:
    """(32,) int64: the channels of the last convolution, those that digits use least first."""
    return _maps(network, digits).mean(dim=(0, 2, 3)).argsort()


def without(network: Network, channels: Tensor) -> Network:
    """A copy in which these channels of the last convolution are silent."""
    network = copy.deepcopy(network)
    network.conv2.weight.data[channels] = 0
    network.conv2.bias.data[channels] = 0
    return network


@torch.inference_mode()
def _maps(network: Network, digits: Digits) -> Tensor:
    """(N, 32, 4, 4)."""
    return torch.cat([network.maps(part) for part in digits.images.split(BATCH)])
