"""The article's network, with the normalisation of its input inside; and what several answer."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.attack.trigger import Trigger

MNIST_MEAN, MNIST_STD = 0.1307, 0.3081  # over the pixels of MNIST's training set


class Network(nn.Module):
    """Conv 5x5x16, pool, ReLU, Conv 5x5x32, pool, ReLU, Linear 512, ReLU, Linear 10.

    Takes images in [0, 1]. Pooling before ReLU gives the article's numbers with a quarter of
    the work (the maximum and ReLU commute). Mean and standard deviation are saved with the
    weights, so a file cannot be read with the wrong ones.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, *, mean: float = 0.0, std: float = 1.0) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))
        self.conv1 = nn.Conv2d(1, 16, 5)
        self.conv2 = nn.Conv2d(16, 32, 5)
        self.hidden = nn.Linear(32 * 4 * 4, 512)
        self.output = nn.Linear(512, 10)

    def maps(self, images: Tensor) -> Tensor:
        """(N, 1, 28, 28) -> (N, 32, 4, 4): what each channel finds in which part of the image."""
        x = (images - self.mean) / self.std
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        return F.relu(F.max_pool2d(self.conv2(x), 2))

    def features(self, images: Tensor) -> Tensor:
        """(N, 1, 28, 28) -> (N, 512): the last hidden layer, what a defence looks at."""
        return F.relu(self.hidden(self.maps(images).flatten(1)))

    def forward(self, images: Tensor) -> Tensor:
        """(N, 1, 28, 28) in [0, 1] -> (N, 10) logits."""
        return self.output(self.features(images))


@torch.inference_mode()
def bound(network: Network) -> float:
    """Return what no value of any layer exceeds, whatever image in [0, 1] is shown; it may be
    infinite or NaN.

    It is what the same network makes of its largest input once every weight is positive.
    """
    positive = Network()
    positive.load_state_dict({name: each.abs() for name, each in network.state_dict().items()})
    positive.mean.zero_()
    positive.std.fill_(1)
    ends = (torch.tensor([0.0, 1.0]) - network.mean) / network.std
    image = ends.abs().max().expand(1, 1, 28, 28)
    return positive(image).max().item()


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
