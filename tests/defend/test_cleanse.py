"""Neural Cleanse: its statistics by hand, and its search on a network made by hand."""

import pytest
import torch
from torch import Tensor, nn

from core.defend import cleanse
from core.defend.cleanse import Cleanse


class ByHand(nn.Module):
    """Reads the digit whose pixel of row 27 is white; a white pixel at row 3, column 3 is an 8."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, images: Tensor) -> Tensor:
        logits = 10 * images[:, 0, 27, :10]
        return logits + 30 * images[:, 0, 3, 3, None] * (torch.arange(10) == 8)


def digits() -> Tensor:
    images = torch.zeros(100, 1, 28, 28)
    images[range(100), 0, 27, torch.arange(100) % 10] = 1
    return images


def test_statistics_by_hand():
    norms = torch.tensor([1.0, *range(10, 19)])
    assert cleanse.ratio(norms) == 10
    assert cleanse.index(norms) == pytest.approx(12.5 / (1.4826 * 2.5))  # the median is 13.5
    suspect = cleanse.suspect(norms.flip(0))
    assert (suspect.statistic, suspect.target) == (10, 9)


def test_the_smallest_mask_is_the_pixel_that_fires():
    network = ByHand().requires_grad_(False)
    *_, masks = Cleanse()(network, digits())
    suspect = cleanse.suspect(masks.norms)
    assert suspect.target == 8
    assert suspect.statistic > 1.5
    assert masks.norms[8] < 2
    assert masks.masks[8, 0].argmax() == 3 * 28 + 3
    assert (network(masks.suspect.pattern(digits())).argmax(dim=1) == 8).all()


def test_a_seed_gives_the_same_masks_and_a_search_can_be_left():
    network = ByHand().requires_grad_(False)
    first, again = (next(iter(Cleanse(seed=3)(network, digits()))) for _ in range(2))
    assert torch.equal(first.masks, again.masks)
    assert first.step == 1


def test_a_class_that_no_mask_has_reached_yet_is_shown_as_that():
    masks = next(iter(Cleanse()(ByHand().requires_grad_(False), digits())))
    shown = cleanse.shown(masks._replace(norms=torch.tensor([torch.inf] * 9 + [2.5])))
    assert shown.norms == [None] * 9 + [2.5]
    assert shown.suspect.target == 9
    assert len(shown.patterns) == 10
