"""At the door, one image: STRIP (Gao et al. 2019, arXiv:1902.06531).

Other digits are laid over an image. What a network reads in a clean one then changes from overlay
to overlay; a trigger wins over most of them, so the readings hardly differ. Blind by construction
where the attack's target follows the digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.digits.mnist import Digits
from core.model.network import Network
from core.model.scores import BATCH

OVERLAYS = 100  # clean digits
BY = 500  # clean digits that a boundary is drawn by


class Split(NamedTuple):
    """Clean digits, each in one part only."""

    overlays: Tensor  # (100, 1, 28, 28)
    drawn_by: Tensor  # (500, 1, 28, 28): a boundary is drawn by them
    others: Digits


def split(clean: Digits) -> Split:
    """At random: MNIST's first test digits are easier to read than its last, and a boundary that
    is drawn by easy ones turns few images away."""
    order = torch.randperm(len(clean.labels), generator=torch.Generator().manual_seed(0))
    images, labels = (each[order] for each in clean)
    ends = OVERLAYS, OVERLAYS + BY
    others = Digits(images[ends[1] :], labels[ends[1] :])
    return Split(images[: ends[0]], images[ends[0] : ends[1]], others)


def overlaid(image: Tensor, overlays: Tensor) -> Tensor:
    """(1, 28, 28) and (M, 1, 28, 28) -> (M, 1, 28, 28): the sum, white at most."""
    return (image + overlays).clamp(max=1)


@dataclass(frozen=True, kw_only=True)
class Strip:
    overlays: Tensor  # (M, 1, 28, 28): clean digits

    @torch.inference_mode()
    def __call__(self, network: Network, images: Tensor) -> Tensor:
        """(N, 1, 28, 28) -> (N,): the mean entropy of the readings, in bits."""
        return torch.stack([self._entropy(network, image) for image in images])

    def _entropy(self, network: Network, image: Tensor) -> Tensor:
        parts = overlaid(image, self.overlays).split(BATCH)
        shares = torch.cat([network(part).softmax(dim=1) for part in parts])
        return mean_entropy(shares)


def mean_entropy(shares: Tensor) -> Tensor:
    """(M, C) probabilities -> (): the mean of the entropies of the rows, in bits."""
    return -torch.special.xlogy(shares, shares).sum(dim=1).mean() / torch.tensor(2.0).log()


def boundary(entropies: Sequence[float], rate: float) -> float:
    """Below it lies this share of clean digits' entropies: their own quantile.

    The paper's, of a normal distribution with their mean and deviation, is below 0 on some of these
    models, and then flags nothing.
    """
    return torch.tensor(entropies, dtype=torch.float64).quantile(rate).item()
