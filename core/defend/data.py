"""In the data: every method on the training images of one label, side by side."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.defend.bucket import Bucket, bucket
from core.defend.clustering import Clustering
from core.defend.evidence import Evidence
from core.defend.finding import Grade
from core.defend.loss import Loss
from core.defend.mixture import Mixture
from core.defend.spectral import Spectral, farthest
from core.defend.whitening import Whitening
from core.digits.drawing import to_png
from core.records import Record

SHOWN = 1500  # rows of a label that a figure shows
TILES, HALF = 12, 10  # images that are shown of those that lie apart, and of a half
EXPECTED = 0.1  # of the rows of a label: how much poison a ranking is told to expect


@dataclass(frozen=True, kw_only=True)
class Found(Record):
    """Among the rows of one label."""

    label: int
    ratio: float  # of the spread along the first whitened direction to that along the second
    apart: int  # rows that lie apart
    rest: int  # all others
    means: list[str]  # the mean image of those that lie apart and of the rest, PNG in base64
    tiles: list[str]  # some of those that lie apart
    rows: list[int]  # of the training set, those that are shown
    points: list[list[float]]  # their places in the whitened plane
    far: list[bool]  # which of them lie apart
    share: float  # of the rows in the smaller half by k-means
    smaller: list[str]  # the mean image of that half, and some of it
    carried: float  # which share of other digits the strangest part of the mixture takes along
    grades: dict[str, Grade] = field(default_factory=dict)  # by method, once held against the truth


class Inspected(NamedTuple):
    found: Found
    chosen: dict[str, Tensor]  # by method the rows that it takes, (N,) bool of those of the label


def inspect(evidence: Evidence, label: int) -> Iterator[str | Inspected]:
    """Yields the name of each method that is done, and last what all have found.

    Raises ValueError where hardly a row bears the label.
    """
    from threadpoolctl import threadpool_limits  # of scikit-learn

    rows = bucket(evidence, label)
    results = {}
    methods: dict[str, Callable[[Bucket], Any]] = {
        "whitening": Whitening(),
        "clustering": Clustering(),
        "mixture": Mixture(),
    }
    for name, method in methods.items():
        with threadpool_limits(1):  # on a busy machine more wait for each other
            results[name] = method(rows)
        yield name
    white, halves, cut = results.values()
    far, expected = white.far, round(EXPECTED * len(rows.images))
    chosen = {
        "whitening": far,
        "mixture": cut.part == cut.strangest,
        "clustering": halves.smaller,
        "spectral": farthest(Spectral()(rows.hidden), expected),
        "spectral, not centred": farthest(Spectral(centred=False)(rows.hidden), expected),
        "loss": farthest(Loss()(rows), expected),
    }
    few = torch.randperm(len(far), generator=torch.Generator().manual_seed(0))[:SHOWN]
    parts = [rows.images[part] for part in (far, ~far)]
    half = rows.images[halves.smaller]
    found = Found(
        label=label,
        ratio=white.ratio,
        apart=len(parts[0]),
        rest=len(parts[1]),
        means=[to_png(part.mean(dim=0)[0].numpy()) for part in parts if len(part)],
        tiles=[to_png(image[0].numpy()) for image in parts[0][:TILES]],
        rows=(evidence.labels == label).nonzero()[few, 0].tolist(),
        points=white.points[few].double().numpy().round(2).tolist(),
        far=far[few].tolist(),
        share=halves.share,
        smaller=[to_png(image[0].numpy()) for image in (half.mean(dim=0), *half[: HALF - 1])],
        carried=cut.highest,
    )
    yield Inspected(found, chosen)
