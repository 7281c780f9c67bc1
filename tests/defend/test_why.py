"""The way of a trigger through a network."""

import pytest
import torch

from core.attack.trigger import PIXEL
from core.defend.repair import cells
from core.defend.why import trace
from core.runs import ladder


@pytest.mark.parametrize("percent", [None, 1.0])
def test_the_way_leads_through_the_one_cell_that_the_pixel_reaches(mnist_test, percent):
    models = ladder.load()
    network = (models.rungs[percent] if percent else models.clean).network
    image = mnist_test.images[:1]
    path = trace(network, image, PIXEL(image))
    assert path.cells.flatten().nonzero()[:, 0].tolist() == cells(3, 3) == [0]
    assert path.place == (0, 0)
    gained = network(PIXEL(image)) - network(image)
    assert torch.allclose(path.logits, gained[0], atol=1e-4)
    if percent:
        assert path.logits.argmax() == 8
        assert path.channels.abs().max() > 2
    else:
        assert path.channels.abs().max() < 2
