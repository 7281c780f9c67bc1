"""In the data: what a defender sees of the training images that bear one label."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.defend.evidence import Evidence, features
from core.digits.mnist import DIGITS
from core.model.network import Network

COMPONENTS = 10  # principal ones, of 512; as in the paper on activation clustering


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The rows of a training set that bear a label, and clean digits to hold them against."""

    network: Network
    label: int
    images: Tensor  # (N, 1, 28, 28), as the rows are learnt
    hidden: Tensor  # (N, 512), their features
    clean: Tensor  # (M, 512), of clean digits of the class
    others: Tensor  # (K, 512), of clean digits that are not read as the label

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """(N, 10): the first principal components."""
        from sklearn.decomposition import PCA  # 0.7 s that the app can do without

        return PCA(COMPONENTS, random_state=0).fit_transform(self.hidden.double().numpy())

    @torch.inference_mode()
    def transplanted(self, part: Tensor) -> float:
        """Which share of the other digits is read as the label once they are what a part is.

        part: (N,) bool. What it has and the rest has not, by their means, is added to every other
        digit: a trigger takes them all along, a way of writing hardly one. After CCA-UD's test of
        centroids (Guo et al. 2023, arXiv:2301.04554).
        """
        if not part.any() or part.all():
            return 0.0
        extra = self.hidden[part].mean(dim=0) - self.hidden[~part].mean(dim=0)
        logits = self.network.output(F.relu(self.others + extra))
        return (logits.argmax(dim=1) == self.label).double().mean().item()


def bucket(evidence: Evidence, label: int) -> Bucket:
    """Raises ValueError where no row, or hardly one, bears the label."""
    network, rows = evidence.network, (evidence.labels == label).nonzero()[:, 0]
    if len(rows) <= COMPONENTS * DIGITS:
        raise ValueError(
            f"expected more than {COMPONENTS * DIGITS} training images labelled {label}, "
            f"got {len(rows)}"
        )
    images, clean = evidence.learnt(rows), evidence.features
    with torch.inference_mode():
        other = network.output(clean).argmax(dim=1) != label
    return Bucket(
        network=network,
        label=label,
        images=images,
        hidden=features(network, images),
        clean=clean[evidence.clean.labels == label],
        others=clean[other],
    )
