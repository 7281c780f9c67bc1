"""One image at the door."""

import torch

from core.defend.pixels import despeckle, leave_one_out
from tests.defend.test_scan import ByHand, digits


def test_the_pixel_that_decides_is_named():
    image = digits(4)
    assert leave_one_out(ByHand(), image) == [(27, 27, 0)]
    image[0, 0, 3, 3] = image[0, 0, 10, 10] = 1
    assert leave_one_out(ByHand(), image) == [(3, 3, 4)]
    assert leave_one_out(ByHand(), torch.zeros(1, 1, 28, 28)) == []


def test_a_speck_goes_and_two_neighbours_stay():
    image = torch.zeros(1, 1, 28, 28)
    image[0, 0, 0, 0] = 1  # alone
    image[0, 0, 3, 3] = image[0, 0, 3, 4] = 0.5
    image[0, 0, 20, 20] = image[0, 0, 21, 21] = 1  # neighbours by their corners
    left = despeckle(image)
    assert left[0, 0].nonzero().tolist() == [[3, 3], [3, 4], [20, 20], [21, 21]]
    assert left[0, 0, 3, 3] == 0.5
