"""At the door, one image: which single pixel decides, and a digit without specks.

Kin to NEO (Udeshi et al. 2019, arXiv:1908.02203), which tries random places. One pixel that stands
alone is no part of any stroke; a trigger of two neighbours goes through both.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from core.model.network import Network
from core.model.scores import read


class Deciding(NamedTuple):
    """A pixel without which the reading is another."""

    row: int
    column: int
    reads: int  # what the model reads without it


def leave_one_out(network: Network, image: Tensor) -> list[Deciding]:
    """(1, 1, 28, 28): every inked pixel is made black, one after the other."""
    inked = image[0, 0].nonzero()
    if not len(inked):
        return []
    without = image.repeat(len(inked), 1, 1, 1)
    without[range(len(inked)), 0, inked[:, 0], inked[:, 1]] = 0
    readings, before = read(network, without), read(network, image).item()
    return [
        Deciding(*place, reads)
        for place, reads in zip(inked.tolist(), readings.tolist(), strict=True)
        if reads != before
    ]


def despeckle(images: Tensor) -> Tensor:
    """(N, 1, 28, 28) without the pixels whose eight neighbours are all black."""
    around = torch.ones(1, 1, 3, 3)
    around[0, 0, 1, 1] = 0
    neighbours = F.conv2d(F.pad((images > 0).float(), (1, 1, 1, 1)), around)
    return images * (neighbours > 0)
