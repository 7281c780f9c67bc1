"""The trigger scan: stamp a white square at every place, and count what digits become.

It needs a model's predictions and some clean digits, no training set and no weights. Our own; an
exhaustive search that needs no gradient, and this network's small steps do not see one pixel.
It cannot see a trigger of many weak pixels, a black one on ink, or one larger than its square.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.defend.finding import Suspect
from core.digits.drawing import SIDE
from core.digits.mnist import DIGITS
from core.model.network import Network
from core.model.scores import read

SHOWN = 100  # clean digits at every place
SIDES = (1, 2, 3, 4, 5)  # pixels of a square


class Turned(NamedTuple):
    """Of the places of one row: which share of digits turns into one other, and into which."""

    share: list[float]
    digit: list[int]


class Counts(NamedTuple):
    """What digits become once they are stamped, by place."""

    before: Tensor  # (10,) int64: how many were read as each digit
    after: Tensor  # (P, 10, 10) int64: of those read as the row, how many are read as the column

    def shares(self) -> Tensor:
        """(P, 10): of the digits not read as a class, which share becomes it."""
        other = self.after * (1 - torch.eye(DIGITS, dtype=torch.int64))
        rest = self.before.sum() - self.before
        return other.sum(dim=1) / rest.clamp(min=1)

    def turned(self) -> Turned:
        share, digit = self.shares().max(dim=1)
        return Turned([round(each, 4) for each in share.tolist()], digit.tolist())


@dataclass(frozen=True, kw_only=True)
class Scan:
    """Shows (N, 1, 28, 28) clean digits to a model, at every place with a white square there."""

    side: int = 1  # pixels of the square

    @property
    def places(self) -> int:
        """In a row, and rows of them."""
        return SIDE - self.side + 1

    def row(self, network: Network, images: Tensor, row: int) -> Counts:
        """The places of one row, from left to right."""
        before = read(network, images)
        kinds = before * DIGITS
        after = torch.zeros(self.places, DIGITS * DIGITS, dtype=torch.int64)
        for column in range(self.places):
            stamped = images.clone()
            stamped[:, :, row : row + self.side, column : column + self.side] = 1
            pairs = kinds + read(network, stamped)
            after[column] = torch.bincount(pairs, minlength=DIGITS * DIGITS)
        counts = torch.bincount(before, minlength=DIGITS)
        return Counts(counts, after.view(self.places, DIGITS, DIGITS))

    def __call__(self, network: Network, images: Tensor) -> Iterator[Counts]:
        """Yields the Counts of every row, from top to bottom. Leave the loop to cancel."""
        for row in range(self.places):
            yield self.row(network, images, row)


def suspect(rows: Sequence[Turned]) -> Suspect:
    """Return the place and the class where most digits turn, from all rows of a scan.

    Where several places turn equally many into the same class, it is the one in their middle: a
    model that saw the trigger move obeys it all around the place where it was put.
    """
    most = max(share for row in rows for share in row.share)
    places = [
        (i, j) for i, row in enumerate(rows) for j, share in enumerate(row.share) if share == most
    ]
    target = rows[places[0][0]].digit[places[0][1]]
    alike = [(i, j) for i, j in places if rows[i].digit[j] == target]
    middle = [sum(of) / len(alike) for of in zip(*alike, strict=True)]
    return Suspect(most, target, min(alike, key=lambda place: math.dist(place, middle)))


def words(side: int) -> str:
    """The name of a scan with such a square."""
    return "trigger scan, " + ("one pixel" if side == 1 else f"{side} by {side} pixels")
