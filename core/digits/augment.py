"""Augmentation: light random changes to the training images, others at every look."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.digits.drawing import SIDE


@dataclass(frozen=True, kw_only=True)
class Affine:
    """Light random turning, scaling and shifting, another one for every image.

    A function too: images (N, 1, 28, 28) and a generator in, new images out.
    """

    degrees: float = 12  # turned by up to this, either way
    scale: float = 0.15  # grown or shrunk by up to this share
    shift: float = 2  # pixels, moved by up to this in each direction
    shear: float = 0.1  # slanted by up to this many columns per row

    def __post_init__(self) -> None:
        for name, value, most in (
            ("degrees", self.degrees, 180),
            ("scale", self.scale, 0.9),
            ("shift", self.shift, SIDE),
            ("shear", self.shear, SIDE),
        ):
            if not 0 <= value <= most:
                raise ValueError(f"expected {name} from 0 to {most}, got {value}")

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        def uniform(limit: float) -> Tensor:
            draw = torch.rand(len(images), generator=generator, device=generator.device)
            return ((draw * 2 - 1) * limit).to(images.device)

        angle, slant = torch.deg2rad(uniform(self.degrees)), uniform(self.shear)
        zoom = 1 / (1 + uniform(self.scale))
        cos, sin = angle.cos() * zoom, angle.sin() * zoom
        row, col = (uniform(self.shift * 2 / SIDE) for _ in range(2))
        # affine_grid maps output to input, in coordinates (col, row) from -1 to 1
        theta = torch.stack([cos, slant * cos - sin, col, sin, slant * sin + cos, row], dim=1)
        grid = F.affine_grid(theta.view(-1, 2, 3), list(images.shape), align_corners=False)
        return F.grid_sample(images, grid, mode="bilinear", align_corners=False)
