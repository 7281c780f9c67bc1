"""How large a network's largest logit usually is, by which a browser doubts a drawing.

The largest logit tells digits from what is none better than the largest probability does
(Hendrycks et al. 2022, arXiv:1911.11132), better still beside what it usually is for the digit that
was read (Jung et al. 2021, arXiv:2107.11264). The rule itself: core/web/live/doubt.js.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.digits.mnist import DIGITS
from core.model.network import Network
from core.model.scores import BATCH
from core.records import Record

LEAST = 0.001  # of a deviation, where all are alike


@dataclass(frozen=True)
class Usual(Record):
    """Of the largest logit, for each of the ten digits that may be read."""

    mean: list[float]
    std: list[float]

    def __post_init__(self) -> None:
        if not len(self.mean) == len(self.std) == DIGITS or min(self.std) <= 0:
            raise ValueError(f"expected {DIGITS} means and positive deviations, got {self}")


@torch.inference_mode()
def measure(network: Network, images: Tensor) -> Usual:
    """(N, 1, 28, 28), the digits that the network has learnt from.

    For a digit that it never reads, it is what is usual for all.
    """
    logits = torch.cat([network(part) for part in images.split(BATCH)])
    largest, read = logits.max(dim=1)
    are = [read == digit for digit in range(DIGITS)]
    of_digit = [largest[each if each.any() else slice(None)] for each in are]
    return Usual(
        mean=[round(each.mean().item(), 3) for each in of_digit],
        std=[max(round(each.std(correction=0).item(), 3), LEAST) for each in of_digit],
    )
