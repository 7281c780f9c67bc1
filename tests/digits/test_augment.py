"""Augmentation: what it moves, and by how much at most."""

import pytest
import torch

from core.digits.augment import Affine


def test_no_augmentation_is_the_identity(toy):
    still = Affine(degrees=0, scale=0, shift=0, shear=0)
    moved = still(toy.images, torch.Generator().manual_seed(0))
    assert torch.allclose(moved, toy.images, atol=1e-5)


def test_augmentation_moves_a_point_by_no_more_than_it_says():
    images = torch.zeros(200, 1, 28, 28)
    images[:, 0, 14, 14] = 1
    moved = Affine(degrees=0, scale=0, shift=3, shear=0)(images, torch.Generator().manual_seed(0))
    assert ((moved > 0).nonzero()[:, 2:] - 14).abs().max() <= 4  # three, and a half-covered pixel
    assert len({image.numpy().tobytes() for image in moved}) == 200


def test_nonsense_augmentation_is_refused():
    with pytest.raises(ValueError, match="scale"):
        Affine(scale=1.5)
