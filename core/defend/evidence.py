"""What a defender may have, and nothing else: never the attack, its trigger, target or rate."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from core.digits.mnist import Digits
from core.model.network import Network
from core.model.scores import BATCH


@torch.inference_mode()
def features(network: Network, images: Tensor) -> Tensor:
    """(N, 1, 28, 28) -> (N, 512): the last hidden layer."""
    return torch.cat([network.features(part) for part in images.split(BATCH)])


def clean_digits(test: Digits, *, calibrating: bool = False) -> Digits:
    """Every other test digit; for the thresholds the others.

    Not one half and then the other: MNIST's test set begins with 5,000 digits by clerks and ends
    with 5,000 by pupils, which are harder to read; the training set mixes both.
    """
    return Digits(*(each[calibrating::2] for each in test))


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Every defence looks at a part of it."""

    network: Network
    clean: Digits  # 5,000 that are known to be clean, none of which it has learnt
    labels: Tensor  # (N,) int64: the training set's, as they are learnt
    learnt: Callable[[Tensor], Tensor]  # (P,) rows of it -> (P, 1, 28, 28), as they are learnt

    @cached_property
    def features(self) -> Tensor:
        """(5000, 512): of the clean digits."""
        return features(self.network, self.clean.images)
