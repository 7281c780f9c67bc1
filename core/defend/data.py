"""In the data: every method on the training images of one label, side by side."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.defend import mixture
from core.defend.bucket import Bucket, bucket
from core.defend.clustering import Clustering
from core.defend.finding import Finding, Grade
from core.defend.mixture import Mixture
from core.defend.spectral import Spectral, farthest
from core.digits.drawing import to_png
from core.model.network import Network
from core.records import Record

SHOWN = 1500  # rows of a label that a figure shows
EXPECTED = 0.1  # of the rows of a label: how much poison spectral signatures are told to expect


@dataclass(frozen=True, kw_only=True)
class Found(Record):
    """Among the rows of one label."""

    label: int
    rows: int
    rates: list[float]  # by part of the mixture: which share of other digits it takes along
    sizes: list[int]  # of the parts
    means: list[str]  # of the parts: the mean image as PNG, base64
    share: float  # of the rows in the smaller half by k-means
    points: list[list[float]]  # the first two components of the rows that are shown
    part: list[int]  # of each of those
    grades: dict[str, Grade] = field(default_factory=dict)  # by method, once held against the truth

    @property
    def highest(self) -> float:
        return max(self.rates)

    @property
    def strangest(self) -> int:
        """The part that takes most along."""
        return self.rates.index(self.highest)

    def finding(self, threshold: float, source: str) -> Finding:
        """What the mixture says of the label."""
        return Finding(
            method="mixture",
            statistic=self.highest,
            threshold=threshold,
            source=source,
            target=self.label,
        )


def inspect(
    network: Network, images: Tensor, clean: Tensor, label: int, threshold: float
) -> tuple[Found, dict[str, Tensor]]:
    """What is found, and by method the rows that are chosen, (N,) bool.

    images: (N, 1, 28, 28), those that bear the label, as they are learnt. clean: (M, 1, 28, 28).
    threshold: of the mixture's parts. Raises ValueError where hardly a row bears the label.
    """
    from threadpoolctl import threadpool_limits  # of scikit-learn

    with threadpool_limits(1):  # on a busy machine more wait for each other
        return _inspect(bucket(network, images, clean, label), images, threshold)


def _inspect(rows: Bucket, images: Tensor, threshold: float) -> tuple[Found, dict[str, Tensor]]:
    cut, halves = Mixture()(rows), Clustering()(rows)
    expected = round(EXPECTED * len(images))
    chosen = {
        "mixture": mixture.rows(cut, threshold),
        "clustering": halves.smaller,
        "spectral": farthest(Spectral()(rows.hidden), expected),
        "spectral, not centred": farthest(Spectral(centred=False)(rows.hidden), expected),
    }
    few = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))[:SHOWN]
    parts = [cut.part == i for i in range(len(cut.rates))]
    found = Found(
        label=rows.label,
        rows=len(images),
        rates=cut.rates,
        sizes=[int(part.sum()) for part in parts],
        means=[to_png(images[part].mean(dim=0)[0].numpy()) for part in parts],
        share=halves.share,
        points=rows.points[few.numpy(), :2].round(2).tolist(),
        part=cut.part[few].tolist(),
    )
    return found, chosen
