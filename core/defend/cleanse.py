"""In the weights: Neural Cleanse (Wang et al. 2019, doi:10.1109/SP.2019.00031), ten masks at once.

For every class the smallest mask is sought whose pattern turns other digits into that class: where
one class needs far less than all the others, that is a backdoor's target. Constants are those of
the authors' code; its rule, an anomaly index above 2, fires on a third of clean models by chance
alone (ten values of one normal distribution), so a ratio stands in its place, held against clean
models.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from core.defend.finding import Pattern, Suspect
from core.digits.drawing import SIDE, to_png
from core.digits.mnist import DIGITS
from core.model.network import Network
from core.model.scores import read
from core.records import Record

CLEAN = 500  # digits to search with
WORDS = "Neural Cleanse"
RULE = 2.0  # the published one: an index above it is a backdoor
NORMAL = 1.4826  # of a median absolute deviation, the deviation of a normal distribution


class Masks(NamedTuple):
    """What is found so far for each class."""

    step: int  # from 1
    norms: Tensor  # (10,): the smallest that has worked, the sum of its 784 shares
    masks: Tensor  # (10, 1, 28, 28) in [0, 1]: how much of a pixel is replaced
    patterns: Tensor  # (10, 1, 28, 28) in [0, 1]: what replaces it

    @property
    def suspect(self) -> Suspect:
        """The class of the smallest, and its pattern."""
        found = suspect(self.norms)
        return found._replace(
            pattern=Pattern(self.masks[found.target], self.patterns[found.target])
        )


@dataclass(frozen=True, kw_only=True)
class Shown(Record):
    """The same for a page."""

    step: int
    norms: list[float | None]  # None: no mask has worked yet
    patterns: list[str]  # what each mask puts on a black image, PNG in base64

    @property
    def suspect(self) -> Suspect:
        return suspect(torch.tensor([torch.inf if norm is None else norm for norm in self.norms]))


def shown(masks: Masks) -> Shown:
    patterns = (masks.masks * masks.patterns)[:, 0].numpy()
    norms = [round(norm, 2) if norm < torch.inf else None for norm in masks.norms.tolist()]
    return Shown(step=masks.step, norms=norms, patterns=[to_png(each) for each in patterns])


@dataclass(frozen=True, kw_only=True)
class Cleanse:
    """The search. `lr`, `betas`, `success`, `first`, `up`, `down` are the authors'."""

    steps: int = 320
    batch: int = 32  # digits a step and class
    lr: float = 0.1  # Adam's
    betas: tuple[float, float] = (0.5, 0.9)
    success: float = 0.99  # share of digits that a mask is to turn
    patience: int = 5  # steps of success, or without, before the price of a mask changes
    first: float = 1e-3  # price of a mask's norm, once it has worked
    up: float = 2.0  # times as dear after success
    down: float = 2.0**1.5  # times as cheap without
    seed: int = 0

    def __call__(self, network: Network, images: Tensor) -> Iterator[Masks]:
        """Yields the Masks after every step. images: (N, 1, 28, 28) clean digits.

        The same seed gives the same masks on the same machine with as many threads. Leave the
        loop to cancel.
        """
        generator = torch.Generator().manual_seed(self.seed)
        readings, every = read(network, images), torch.arange(DIGITS)
        others = [(readings != label).nonzero()[:, 0] for label in range(DIGITS)]
        shape = (DIGITS, 1, SIDE, SIDE)
        mask = torch.randn(shape, generator=generator).requires_grad_()
        pattern = torch.randn(shape, generator=generator).requires_grad_()
        adam = torch.optim.Adam([mask, pattern], self.lr, self.betas)
        price = torch.zeros(DIGITS)
        good, bad = torch.zeros(DIGITS), torch.zeros(DIGITS)
        best = Masks(0, torch.full([DIGITS], torch.inf), torch.ones(shape), torch.zeros(shape))
        wanted = every.repeat_interleave(self.batch)
        for step in range(1, self.steps + 1):
            drawn = [
                rows[torch.randint(len(rows), [self.batch], generator=generator)] for rows in others
            ]
            digits = images[torch.cat(drawn)].view(DIGITS, self.batch, SIDE, SIDE)
            m, p = mask.tanh() / 2 + 0.5, pattern.tanh() / 2 + 0.5
            logits = network((digits + m * (p - digits)).view(-1, 1, SIDE, SIDE))
            losses = F.cross_entropy(logits, wanted, reduction="none").view(DIGITS, self.batch)
            norms = m.sum(dim=(1, 2, 3))
            adam.zero_grad(set_to_none=True)
            (losses.mean(dim=1) + price * norms).sum().backward()
            adam.step()

            with torch.no_grad():
                turned = (logits.argmax(dim=1) == wanted).view(DIGITS, self.batch)
                works = turned.double().mean(dim=1) >= self.success
                better = works & (norms < best.norms)
                best = Masks(
                    step,
                    torch.where(better, norms, best.norms),
                    torch.where(better[:, None, None, None], m, best.masks),
                    torch.where(better[:, None, None, None], p, best.patterns),
                )
                good, bad = torch.where(works, good + 1, 0), torch.where(works, 0, bad + 1)
                dearer, cheaper = good >= self.patience, bad >= self.patience
                price = torch.where(
                    dearer, torch.where(price > 0, price * self.up, self.first), price
                )
                price = torch.where(cheaper, price / self.down, price)
                good[dearer], bad[cheaper] = 0, 0
            yield best


def ratio(norms: Tensor) -> float:
    """How many times the second smallest norm is larger than the smallest."""
    smallest, second = norms.sort().values[:2].tolist()
    return second / smallest


def index(norms: Tensor) -> float:
    """The authors' anomaly index: how many deviations the smallest norm is below the median.

    With the median proper, where torch.median of ten values takes the lower of the middle two.
    """
    middle = norms.double().quantile(0.5)
    deviation = NORMAL * (norms.double() - middle).abs().quantile(0.5)
    return ((middle - norms.min()) / deviation).item()


def suspect(norms: Tensor) -> Suspect:
    """The class of the smallest norm, and how much smaller that is than any other's."""
    return Suspect(ratio(norms), norms.argmin().item(), published=index(norms))
