"""In the data: every method on the training images of one label, side by side."""

from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from core.defend import mixture
from core.defend.bucket import bucket
from core.defend.clustering import Clustering
from core.defend.finding import Finding
from core.defend.grader import Grade, grade
from core.defend.mixture import Mixture
from core.defend.spectral import Spectral, farthest
from core.digits.drawing import to_png
from core.digits.mnist import Digits
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
    silhouette: float  # of the halves by k-means
    share: float  # of the rows in the smaller half
    points: list[list[float]]  # the first two components of the rows that are shown
    part: list[int]  # of each of those
    smaller: list[bool]  # of each of those: whether it is in the smaller half
    chosen: dict[str, list[int]] = field(default_factory=dict)  # by method: rows, until graded
    grades: dict[str, Grade] = field(default_factory=dict)  # by method

    @property
    def strangest(self) -> int:
        """The part that takes most along."""
        return self.rates.index(max(self.rates))

    def finding(self, threshold: float, source: str) -> Finding:
        """What the mixture says of the label."""
        return Finding(
            method="mixture",
            statistic=max(self.rates),
            threshold=threshold,
            source=source,
            target=self.label,
        )

    def graded(self, bears: Tensor) -> "Found":
        """bears: (rows,) bool, the truth."""
        grades = {}
        for method, rows in self.chosen.items():
            found = torch.zeros(self.rows, dtype=torch.bool)
            found[rows] = True
            grades[method] = grade(found, bears)
        return replace(self, chosen={}, grades=grades)


def inspect(
    network: Network, training: Digits, clean: Tensor, label: int, threshold: float
) -> Found:
    """training: as it is learnt. clean: (M, 1, 28, 28). threshold: of the mixture's parts.

    Raises ValueError where hardly a row bears the label.
    """
    from threadpoolctl import threadpool_limits  # of scikit-learn

    with threadpool_limits(1):  # on a busy machine more wait for each other
        return _inspect(network, training, clean, label, threshold)


def _inspect(
    network: Network, training: Digits, clean: Tensor, label: int, threshold: float
) -> Found:
    images = training.images[training.labels == label]
    rows = bucket(network, training, clean, label)
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
    return Found(
        label=label,
        rows=len(images),
        rates=cut.rates,
        sizes=[int(part.sum()) for part in parts],
        means=[to_png(images[part].mean(dim=0)[0].numpy()) for part in parts],
        silhouette=halves.silhouette,
        share=halves.share,
        points=rows.points[few.numpy(), :2].round(2).tolist(),
        part=cut.part[few].tolist(),
        smaller=halves.smaller[few].tolist(),
        chosen={method: found.nonzero()[:, 0].tolist() for method, found in chosen.items()},
    )
