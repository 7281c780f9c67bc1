"""Activation clustering as it was published (Chen et al. 2018, arXiv:1811.03728).

The rows of a class are cut into two by k-means on ten components of the last hidden layer, and the
class is accused where the smaller part is small. It halves the widest hill: on the article's attack
that is no poison, and in clean data it accuses the sevens with a crossbar.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.defend.bucket import Bucket


class Halves(NamedTuple):
    """A class cut in two."""

    smaller: Tensor  # (N,) bool

    @property
    def share(self) -> float:
        """Of the rows, in the smaller part."""
        return self.smaller.double().mean().item()


@dataclass(frozen=True, kw_only=True)
class Clustering:
    """seed: of k-means. share: below it a part is small; ART's default."""

    seed: int = 0
    share: float = 0.35

    def __call__(self, bucket: Bucket) -> Halves:
        from sklearn.cluster import KMeans

        second = KMeans(2, n_init=10, random_state=self.seed).fit_predict(bucket.points) == 1
        smaller = second if second.mean() <= 0.5 else ~second
        return Halves(torch.from_numpy(smaller))
