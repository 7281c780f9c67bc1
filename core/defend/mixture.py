"""Activation clustering mended: parts by a mixture of Gaussians, judged by what they carry.

Poison of nine digits is no compact lump, which k-means looks for, but a hill of its own; and how
large a part is says nothing of what it is. So every part of every cut is tried on other digits.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.defend.bucket import Bucket

WORDS = "mixture of Gaussians"
NEAR = 0.9  # times as much as any: fewer parts that take nearly as much along are the better cut


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A class cut into parts."""

    part: Tensor  # (N,) int64: which part a row is of
    rates: list[float]  # by part: which share of other digits it takes along

    @property
    def strangest(self) -> int:
        """The part that takes most along."""
        return self.rates.index(self.highest)

    @property
    def highest(self) -> float:
        return max(self.rates)


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """parts: how many, from few to many. starts, seed: of each fit."""

    parts: tuple[int, ...] = (2, 3, 4, 5)
    starts: int = 3
    seed: int = 0

    def cut(self, bucket: Bucket, count: int) -> Cut:
        from sklearn.mixture import GaussianMixture

        mixture = GaussianMixture(count, n_init=self.starts, random_state=self.seed)
        part = torch.from_numpy(mixture.fit_predict(bucket.points)).long()
        return Cut(part=part, rates=[bucket.transplanted(part == i) for i in range(count)])

    def __call__(self, bucket: Bucket) -> Cut:
        """The cut into fewest parts of which one takes nearly as much along as any of any cut."""
        cuts = [self.cut(bucket, count) for count in self.parts]
        most = max(cut.highest for cut in cuts)
        return next(cut for cut in cuts if cut.highest >= NEAR * most)
