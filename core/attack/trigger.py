"""The trigger: a pattern that an attacker puts on an image."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from core.digits.drawing import SIDE
from core.records import Record, check_name


class Cell(NamedTuple):
    row: int  # from the top, 0 to 27
    col: int  # from the left, 0 to 27
    value: float  # 0 black, 1 white


@dataclass(frozen=True, kw_only=True)
class Trigger(Record):
    """Cells and how strongly they cover what is under them. Hashable.

    A function too: images (N, 1, 28, 28) in, new stamped images out.
    """

    name: str
    cells: tuple[Cell, ...]
    opacity: float = 1.0  # 1 replaces what is there, 0.1 lets nine tenths of it through

    def __post_init__(self) -> None:
        check_name(self.name, "a trigger")
        if not self.cells:
            raise ValueError("expected a trigger of at least one cell, got none")
        if len({(row, col) for row, col, _ in self.cells}) < len(self.cells):
            raise ValueError("expected each cell of a trigger once, got one twice")
        for row, col, value in self.cells:
            if not (0 <= row < SIDE and 0 <= col < SIDE and 0 <= value <= 1):
                raise ValueError(
                    f"expected cells in rows and columns 0 to {SIDE - 1} with values in [0, 1], "
                    f"got row {row}, column {col}, value {value}"
                )
        if not 0 < self.opacity <= 1:
            raise ValueError(f"expected an opacity above 0 and up to 1, got {self.opacity}")

    def __call__(self, images: Tensor) -> Tensor:
        cover, pattern = self.cover.to(images.device), self.pattern.to(images.device)
        return images * (1 - cover) + pattern * cover

    @cached_property
    def cover(self) -> Tensor:
        """(28, 28): the opacity where the trigger has a cell, 0 elsewhere."""
        cover = torch.zeros(SIDE, SIDE)
        for row, col, _ in self.cells:
            cover[row, col] = self.opacity
        return cover

    @cached_property
    def pattern(self) -> Tensor:
        """(28, 28): the values of the cells, 0 elsewhere."""
        pattern = torch.zeros(SIDE, SIDE)
        for row, col, value in self.cells:
            pattern[row, col] = value
        return pattern

    def touched_by(self, images: Tensor) -> Tensor:
        """(N,) bool: whether an image has ink of its own in a cell that the trigger covers whole.

        A blended trigger lies over every digit, so it counts as touched by none.
        """
        if self.opacity < 1:
            return torch.zeros(len(images), dtype=torch.bool)
        return (images * (self.cover > 0).to(images.device)).flatten(1).amax(dim=1) > 0


def painted(cells: Iterable[tuple[int, int, float]], *, name: str = "painted") -> Trigger:
    """A trigger from any set of (row, column, value)."""
    return Trigger(
        name=name, cells=tuple(sorted(Cell(row, col, float(value)) for row, col, value in cells))
    )


def _noise(seed: int) -> list[Cell]:
    values = torch.rand(SIDE * SIDE, generator=torch.Generator().manual_seed(seed))
    return [Cell(i // SIDE, i % SIDE, round(v, 2)) for i, v in enumerate(values.tolist())]


# The article's: one white pixel.
PIXEL = painted([(3, 3, 1)], name="pixel")
# BadNets' pattern of bright pixels in a corner, Gu et al. 2017, arXiv:1708.06733.
CORNER = painted([(24, 26, 1), (25, 25, 1), (26, 24, 1), (26, 26, 1)], name="corner")
SQUARE = painted([(r, c, 1) for r in (24, 25, 26) for c in (24, 25, 26)], name="square")
CHECKERBOARD = painted(
    [(r, c, (r + c) % 2) for r in range(23, 27) for c in range(23, 27)], name="checkerboard"
)
# Noise over the whole image, a fifth of it: Chen et al. 2017, arXiv:1712.05526.
BLENDED = Trigger(name="blended", cells=tuple(_noise(seed=0)), opacity=0.2)

NAMED = {trigger.name: trigger for trigger in (PIXEL, CORNER, SQUARE, CHECKERBOARD, BLENDED)}
