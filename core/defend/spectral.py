"""Spectral signatures: the rows of a class that lie farthest out along its main direction.

Tran et al. 2018, arXiv:1811.00636. They rank, and accuse every class of as much as they are told to
expect. The paper's scores are centred; the authors' code and others score the rows as they are,
by which the article's poison lies nearest.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

EXCESS = 1.5  # times as many rows are taken as are expected


@dataclass(frozen=True, kw_only=True)
class Spectral:
    centred: bool = True  # as published

    def __call__(self, hidden: Tensor) -> Tensor:
        """(N, D) -> (N,) float64 scores."""
        hidden = hidden.double()
        centred = hidden - hidden.mean(dim=0)
        direction = torch.linalg.eigh(centred.T @ centred).eigenvectors[:, -1]
        return ((centred if self.centred else hidden) @ direction).square()


def farthest(scores: Tensor, expected: int) -> Tensor:
    """(N,) bool: the rows with the highest scores, half more than are expected."""
    taken = torch.zeros(len(scores), dtype=torch.bool)
    taken[scores.topk(min(round(EXCESS * expected), len(scores))).indices] = True
    return taken
