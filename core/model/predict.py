"""Probabilities of many models for many images at once."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.attack.trigger import Trigger
from core.model.network import Network


@torch.inference_mode()
def predict(networks: Sequence[Network], images: Tensor) -> Tensor:
    """(M networks), (N, 1, 28, 28) in [0, 1] -> (M, N, 10) probabilities.

    The networks are only read, so several threads may ask at once.
    """
    return torch.stack([network(images).softmax(dim=1) for network in networks])


class Answers(NamedTuple):
    """What a ladder makes of one image: probabilities, [0] without and [1] with the trigger."""

    clean: Tensor | None  # (2, 10); None where the clean model is missing
    rungs: Tensor  # (R, 2, 10), one per poison rate


def ask(
    clean: Network | None, rungs: Sequence[Network], image: Tensor, trigger: Trigger
) -> Answers:
    """Shows one image, (1, 1, 28, 28), to every model with and without the trigger."""
    images = torch.cat([image, trigger(image)])
    answers = predict([*([clean] if clean else []), *rungs], images)
    return Answers(answers[0] if clean else None, answers[-len(rungs) :])
