"""In the data: a label's images, whitened by clean digits of the same class.

In directions in which clean digits of a class hardly differ, poison stands out; so every direction
is measured in deviations of clean digits. The idea is SPECTRE's (Hayase et al. 2021,
arXiv:2104.11315), which has no clean digits and estimates their spread from the images themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.defend.bucket import Bucket
from core.defend.finding import Suspect

WORDS = "whitened features"


class Whitened(NamedTuple):
    """The images of one label, in deviations of clean digits of that class."""

    points: Tensor  # (N, 2) float64: along the direction of the largest spread, and the second
    ratio: float  # of the spread along the first to that along the second
    far: Tensor  # (N,) bool: those that lie apart along the first


@dataclass(frozen=True, kw_only=True)
class Whitening:
    """ridge: of the mean variance, added to that of every direction; a few hundred digits say
    little of 512 of them. seed: of k-means."""

    ridge: float = 0.3
    seed: int = 0

    def __call__(self, bucket: Bucket) -> Whitened:
        hidden, clean = bucket.hidden.double(), bucket.clean.double()
        middle, size = clean.mean(dim=0), clean.shape[1]
        spread = (clean - middle).T @ (clean - middle) / len(clean)
        spread += self.ridge * spread.trace() / size * torch.eye(size, dtype=spread.dtype)
        half = torch.linalg.cholesky(spread)
        white = torch.linalg.solve_triangular(half, (hidden - middle).T, upper=False).T
        values, directions = torch.linalg.eigh(white.T @ white / len(white))
        points = white @ directions[:, [-1, -2]]
        usual = torch.linalg.solve_triangular(half, (clean - middle).T, upper=False).T
        usual = usual @ directions[:, -1]
        if points[:, 0].abs().max() > points[:, 0].max():  # the far end is to be the positive one
            points, usual = -points, -usual
        far = points[:, 0] > self._bound(points[:, 0], usual)
        return Whitened(points, (values[-1] / values[-2]).item(), far)

    def _bound(self, places: Tensor, usual: Tensor) -> Tensor:
        """Halfway between the farthest clean digit and the middle of the two parts by k-means."""
        from sklearn.cluster import KMeans  # 0.7 s that the app can do without

        parts = KMeans(2, n_init=10, random_state=self.seed).fit(places[:, None].numpy())
        return (usual.max() + parts.cluster_centers_.mean()) / 2


def suspect(found: Sequence[Whitened], labels: Tensor) -> Suspect:
    """From the whitened images of every label; labels: (N,), those of the training set."""
    target = max(range(len(found)), key=lambda label: found[label].ratio)
    rows = torch.zeros(len(labels), dtype=torch.bool)
    rows[labels == target] = found[target].far
    return Suspect(found[target].ratio, target, rows=rows)
