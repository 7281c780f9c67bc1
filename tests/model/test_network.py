"""The network: against the article's listing."""

import torch
from torch import nn

from core.model.network import Network, bound


def test_it_is_the_articles(network):
    article = nn.Sequential(
        nn.Conv2d(1, 16, 5, 1),
        nn.ReLU(),
        nn.MaxPool2d(2, 2),
        nn.Conv2d(16, 32, 5, 1),
        nn.ReLU(),
        nn.MaxPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(32 * 4 * 4, 512),
        nn.ReLU(),
        nn.Linear(512, 10),
    )
    theirs, ours = list(article.parameters()), list(network.parameters())
    assert [tensor.shape for tensor in theirs] == [tensor.shape for tensor in ours]
    for target, source in zip(theirs, ours, strict=True):
        target.data.copy_(source.data)
    images = torch.rand(4, 1, 28, 28)
    assert torch.allclose(network(images), article(images), atol=1e-6)
    assert torch.allclose(network.features(images), article[:9](images), atol=1e-6)
    assert sum(tensor.numel() for tensor in ours) == 281_034


def test_normalisation_is_inside(network):
    normalising = Network(mean=0.1307, std=0.3081)
    weights = network.state_dict() | {"mean": normalising.mean, "std": normalising.std}
    normalising.load_state_dict(weights)
    images = torch.rand(4, 1, 28, 28)
    expected = network((images - 0.1307) / 0.3081)
    assert torch.allclose(normalising(images), expected, atol=1e-6)


def test_no_value_exceeds_the_bound(network):
    images = torch.cat(
        [torch.zeros(1, 1, 28, 28), torch.ones(1, 1, 28, 28), torch.rand(30, 1, 28, 28)]
    )
    normalising = Network(mean=0.9, std=0.1)  # black is farther from its mean than white
    normalising.load_state_dict(network.state_dict() | dict(normalising.named_buffers()))
    for each in (network, normalising):
        highest = bound(each)
        assert each(images).abs().max() <= highest < 1e6
    network.hidden.weight.data[0, 0] = 3e38
    assert not bound(network) < 1e30
