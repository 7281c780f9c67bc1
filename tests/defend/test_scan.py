"""The trigger scan against a model made by hand, and on the ladder."""

import torch
from torch import Tensor, nn

from core.defend.scan import Counts, Scan, suspect


class ByHand(nn.Module):
    """Says 8 where the pixel at row 3, column 3 is white, else what its first pixel says."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, images: Tensor) -> Tensor:
        logits = torch.zeros(len(images), 10)
        kinds = (images[:, 0, 27, 27] * 10).round().long().clamp(max=9)
        logits[range(len(images)), kinds] = 1
        logits[:, 8] += 2 * (images[:, 0, 3, 3] > 0.5)
        return logits


def digits(*kinds: int) -> Tensor:
    """Images that ByHand reads as these."""
    images = torch.zeros(len(kinds), 1, 28, 28)
    images[:, 0, 27, 27] = torch.tensor(kinds) / 10
    return images


def test_one_place_turns_everything_into_an_8():
    images = digits(0, 1, 1, 8)
    rows = list(Scan()(ByHand(), images))
    shares = torch.cat([counts.shares() for counts in rows]).view(28, 28, 10)
    assert shares[3, 3, 8] == 1  # of the three that are no 8
    shares[3, 3, 8] = 0
    shares[27, 27] = 0  # where it reads the digit from
    assert shares.max() == 0
    assert rows[3].before.tolist() == [1, 2, 0, 0, 0, 0, 0, 0, 1, 0]
    assert rows[3].after[3].nonzero().tolist() == [[0, 8], [1, 8], [8, 8]]
    turned = [counts.turned() for counts in rows[:27]]
    assert (turned[3].share[3], turned[3].digit[3]) == (1, 8)
    assert suspect(turned) == (1, 8, (3, 3), None, None, None)


def test_a_square_turns_them_wherever_it_lies_on_the_pixel():
    rows = list(Scan(side=3)(ByHand(), digits(0, 1)))
    assert len(rows) == 26
    shares = torch.cat([counts.shares() for counts in rows]).view(26, 26, 10)[:25, :25, 8]
    assert shares.nonzero().tolist() == [[row, col] for row in (1, 2, 3) for col in (1, 2, 3)]
    assert suspect([counts.turned() for counts in rows[:25]]).place == (2, 2)  # the middle of them


def test_of_nothing_nothing_turns():
    counts = Counts(torch.zeros(10, dtype=torch.int64), torch.zeros(1, 10, 10, dtype=torch.int64))
    assert counts.shares().tolist() == [[0.0] * 10]
