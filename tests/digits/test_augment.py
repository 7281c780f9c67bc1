"""Augmentation: what it moves, and by how much at most."""

import math

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


@pytest.mark.parametrize(
    ("limits", "settings"),
    [
        ({"degrees": 40}, {"angle": -40}),
        ({"scale": 0.3}, {"scale": 1.3}),
        ({"shift": 3}, {"translate": [-3, -3]}),
        ({"shear": 0.1}, {"shear": [math.degrees(math.atan(0.1)), 0]}),
    ],
    ids=["turned", "grown", "shifted", "slanted"],
)
def test_augmentation_moves_as_torchvision_does(small, monkeypatch, limits, settings):
    """At the largest draw. Both sample bilinearly, from places that differ by rounding alone:
    some 1e-7 of 28 pixels, times a step of at most 1 between two pixels."""
    from torchvision.transforms import InterpolationMode  # 2 s, which no other process needs
    from torchvision.transforms import functional as reference

    still = {"degrees": 0, "scale": 0, "shift": 0, "shear": 0}
    monkeypatch.setattr(torch, "rand", lambda *size, **_: torch.ones(*size))
    images = small.test.images[:20]
    expected = reference.affine(
        images,
        interpolation=InterpolationMode.BILINEAR,
        **({"angle": 0, "translate": [0, 0], "scale": 1, "shear": [0, 0]} | settings),
    )
    moved = Affine(**(still | limits))(images, torch.Generator())
    assert torch.allclose(moved, expected, atol=1e-4)
    assert not torch.allclose(moved, images, atol=0.1)


def test_nonsense_augmentation_is_refused():
    with pytest.raises(ValueError, match="scale"):
        Affine(scale=1.5)
