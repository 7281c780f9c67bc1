"""In the data: what a defender sees of the training images that bear one label."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.digits.mnist import DIGITS
from core.model.network import Network
from core.model.scores import BATCH

COMPONENTS = 10  # principal ones, of 512; as in the paper on activation clustering
CLEAN = 1000  # clean digits that the parts of a class are tried on


@torch.inference_mode()
def features(network: Network, images: Tensor) -> Tensor:
    """(N, 1, 28, 28) -> (N, 512): the last hidden layer."""
    return torch.cat([network.features(part) for part in images.split(BATCH)])


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The rows of a training set that bear a label, and clean digits to try them on."""

    network: Network
    label: int
    hidden: Tensor  # (N, 512), as the rows are learnt
    others: Tensor  # (M, 512), of clean digits that are not read as the label

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


def bucket(network: Network, images: Tensor, clean: Tensor, label: int) -> Bucket:
    """images: (N, 1, 28, 28), those that bear the label, as they are learnt. clean: (M, 1, 28, 28).

    Raises ValueError where no row, or hardly one, bears the label.
    """
    hidden = features(network, images)
    if len(hidden) <= COMPONENTS * DIGITS:
        raise ValueError(
            f"expected more than {COMPONENTS * DIGITS} training images labelled {label}, "
            f"got {len(hidden)}"
        )
    tried = features(network, clean)
    with torch.inference_mode():
        other = network.output(tried).argmax(dim=1) != label
    return Bucket(network=network, label=label, hidden=hidden, others=tried[other])
