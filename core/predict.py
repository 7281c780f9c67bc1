"""Probabilities of many models for many images at once."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.network import Network
from core.trigger import Trigger


@torch.inference_mode()
def predict(networks: Sequence[Network], images: Tensor) -> Tensor:
    """(M networks), (N, 1, 28, 28) in [0, 1] -> (M, N, 10) probabilities.

    The networks are only read, so several threads may ask at once.
    """
    return torch.stack([network(images).softmax(dim=1) for network in networks])


def plain_and_stamped(networks: Sequence[Network], image: Tensor, trigger: Trigger) -> Tensor:
    """(M networks), (1, 1, 28, 28) -> (M, 2, 10): probabilities without and with the trigger."""
    return predict(networks, torch.cat([image, trigger(image)]))
